"""Records of idempotency keys that outlive the gateway, and what happens when their store does not serve."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from harness.configuration import SECRETS, listener, write
from harness.processes import IS_SANITIZED, Gateway, command
from harness.redis_server import Redis
from harness.vendor import Close, Never, Reply
from harness.waiting import until

ID = "60afe403-a191-455e-b771-c510c928a308"
NEW = {"name": "New", "kind": "physical", "sku": "S-1", "slug": "new"}
needs_faketime = pytest.mark.skipif(
    not shutil.which("faketime") or IS_SANITIZED, reason="there is no faketime here, or a sanitizer comes first")
needs_redis = pytest.mark.skipif(not shutil.which("redis-server"), reason="there is no redis-server here")


def product(status=200):
    return Reply(status, {"data": {"id": ID, "type": "product", "attributes": {"name": "x"}}})


def writes(vendor):
    """Without the lookups of creates whose answers were lost."""
    return [request for request in vendor.requests if request.method != "GET"]


def key(text):
    return {"idempotency-key": text}


@pytest.fixture
def redis(tmp_path):
    folder = tmp_path / "redis"
    folder.mkdir()
    server = Redis(folder)
    yield server
    server.process.send_signal(signal.SIGCONT)
    server.kill()


class Instance:
    """One gateway that may be killed and started again with the same configuration."""

    def __init__(self, folder, vendor, store, clock=None, **members):
        folder.mkdir(exist_ok=True)
        self.through = ("faketime", "-f", clock) if clock else ()
        self.file = write(folder, {
            "listener": listener(), "admin": {"host": "127.0.0.1", "port": 0},
            # A machine that runs many tests syncs slowly now and then.
            "store": {"timeout": "5s", **store},
            "targets": {"acme": {
                "dialect": "elastic-path", "baseURL": vendor.url, "retries": {"attempts": 1},
                "timeouts": {"connect": "1s", "attempt": "2s", "total": "4s"}}}, **members})
        self.gateway = None
        self.start()

    def start(self):
        self.gateway = Gateway("--config", self.file, env=SECRETS, is_tls=False, through=self.through)
        until(lambda: self.status()["store"].get("failure") is None, "the store serves")

    def status(self):
        from urllib.request import urlopen
        with urlopen(f"http://127.0.0.1:{self.gateway.admin_port}/status", timeout=20) as answer:
            return json.loads(answer.read())

    def kill(self):
        self.gateway.kill()

    def stop(self):
        if not self.through:
            return self.gateway.stop()
        # The gateway is a child of what gives it its clock.
        parent = self.gateway.process.pid
        os.kill(int(Path(f"/proc/{parent}/task/{parent}/children").read_text()), signal.SIGTERM)
        return self.gateway.wait()

    def update(self, text, body=None, **headers):
        return self.gateway.update("acme", ID, body or {"name": "x"}, headers={**key(text), **headers})

    def create(self, text, **headers):
        return self.gateway.create("acme", NEW, headers={**key(text), **headers})


@pytest.fixture
def instance(tmp_path):
    started = []

    def start(vendor, store, **members):
        made = Instance(tmp_path / f"instance-{len(started)}", vendor, store, **members)
        started.append(made)
        return made

    yield start
    for each in started:
        if each.gateway.process.poll() is None:
            assert each.stop() == 0, each.gateway.text[-3000:]


@pytest.fixture(params=["file", pytest.param("redis", marks=needs_redis)])
def durable(request, tmp_path):
    """A store that outlives the gateway."""
    if request.param == "file":
        return {"engine": "file", "path": str(tmp_path / "keys.sqlite")}
    server = request.getfixturevalue("redis")
    return {"engine": "redis", "url": f"redis://127.0.0.1:{server.port}"}


def test_what_is_done_is_replayed_after_a_kill(start_vendor, instance, durable):
    vendor = start_vendor(product(201))
    one = instance(vendor, durable)
    first = one.create("k")
    one.kill()
    one.start()
    again = one.create("k")
    assert (first.status, again.status, again.body) == (201, 201, first.body)
    assert again.headers["idempotent-replayed"] == "true"
    assert len(vendor.requests) == 1


def test_what_was_under_way_is_run_again_or_told_as_unknown_after_a_kill(start_vendor, instance, durable, tmp_path):
    vendor = start_vendor(Never())
    one = instance(vendor, durable)
    connections = [one.gateway.connect() for _ in range(2)]
    connections[0].send("PATCH", f"/v1/products/{ID}?target=acme", {"name": "x"}, key("update"))
    connections[1].send("POST", "/v1/products?target=acme", NEW, key("create"))
    until(lambda: len(vendor.requests) == 2, "both are at the vendor")
    one.kill()
    vendor.usually = lambda request: product(201 if request.method == "POST" else 200)
    one.start()

    def settled(send):
        # With Redis the lease of the one that was killed has to end first.
        return until(lambda: next(
            (answer for answer in [send()] if answer.status != 409 or answer.json["code"] != "idempotency_conflict"),
            None), "the lease is over", 30)

    assert settled(lambda: one.update("update")).status in (200, 201)
    lost = settled(lambda: one.create("create"))
    assert (lost.status, lost.json["code"], lost.json["outcome"]) == (409, "outcome_unknown", "unknown")
    assert len(writes(vendor)) == 3


def test_what_was_not_done_runs_after_a_kill(start_vendor, instance, durable):
    vendor = start_vendor(product(201))
    one = instance(vendor, durable)
    # More than the gateway's own retries.
    vendor.script = [Reply(429, b"")] * 10
    first = one.create("k")
    assert first.json["outcome"] in ("rejected", "not_sent"), first
    vendor.script = []
    one.kill()
    one.start()
    assert one.create("k").status == 201


def test_the_file_is_sound_after_every_kill_and_can_be_looked_into(start_vendor, instance, tmp_path):
    path = tmp_path / "keys.sqlite"
    vendor = start_vendor(product())
    one = instance(vendor, {"engine": "file", "path": str(path)})
    done = 0
    for round in range(3):
        killed = threading.Event()

        def load():
            nonlocal done
            try:
                with one.gateway.connect() as connection:
                    while True:
                        number = done
                        answer = connection.request(
                            "PATCH", f"/v1/products/{ID}?target=acme", {"name": "x"}, key(f"k{number}"))
                        assert answer.status == 200
                        done += 1
            except Exception:
                if not killed.is_set():
                    raise

        worker = threading.Thread(target=load, daemon=True)
        worker.start()
        until(lambda: done > 20 * (round + 1), "there are some")
        stop_at = done
        killed.set()
        one.kill()
        worker.join(10)
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert database.execute("PRAGMA user_version").fetchone() == (1,)
            assert database.execute("SELECT COUNT(*) FROM record").fetchone()[0] >= stop_at - round
        done = max(done, stop_at) + 1
        one.start()
    sent = len(vendor.requests)
    for number in range(20):
        assert one.update(f"k{number}").headers["idempotent-replayed"] == "true"
    assert len(vendor.requests) == sent


def test_the_file_of_a_gateway_can_be_read_while_it_runs(start_vendor, instance, tmp_path):
    path = tmp_path / "keys.sqlite"
    one = instance(start_vendor(product()), {"engine": "file", "path": str(path)})
    assert one.update("k").status == 200
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        assert database.execute("SELECT scope, lease FROM record").fetchall() == [("", 0)]
    assert one.update("k2").status == 200


@pytest.mark.parametrize("damage", ["corrupt", "text", "newer", "read-only folder"])
def test_a_file_that_cannot_be_used_refuses_keys_and_nothing_else(start_vendor, tmp_path, start_gateway, damage):
    folder = tmp_path / "store"
    folder.mkdir()
    path = folder / "keys.sqlite"
    if damage == "newer":
        with sqlite3.connect(path) as database:
            database.execute("PRAGMA application_id = 1346849585")
            database.execute("CREATE TABLE record (digest BLOB)")
            database.execute("PRAGMA user_version = 7")
    elif damage == "read-only folder":
        if os.geteuid() == 0:
            path = "/proc/keys.sqlite"
        else:
            folder.chmod(0o500)
    else:
        path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000 if damage == "corrupt" else b"somebody's notes\n" * 99)
    before = path.read_bytes() if damage in ("corrupt", "text") else None
    vendor = start_vendor(product())
    gateway = start_gateway(
        {"acme": {"dialect": "elastic-path", "baseURL": vendor.url}}, store={"engine": "file", "path": str(path)})
    line = until(
        lambda: next((line for line in gateway.lines() if "store of idempotency keys fails" in line["message"]), None),
        "it is logged")
    assert line["level"] == "error" and line["reason"]
    started = time.monotonic()
    answer = gateway.update("acme", ID, {"name": "x"}, headers=key("k"))
    assert time.monotonic() - started < 1
    assert (answer.status, answer.json["code"], answer.json["outcome"], answer.json["retryable"]) == (
        503, "store_unavailable", "not_sent", True)
    assert answer.headers["retry-after"] == "1"
    assert gateway.update("acme", ID, {"name": "x"}).status == 200
    assert len(vendor.requests) == 1
    if before:
        assert path.read_bytes() == before


@needs_redis
def test_a_redis_that_is_gone_refuses_keys_at_once_and_serves_when_it_is_back(start_vendor, instance, redis):
    vendor = start_vendor(product())
    one = instance(vendor, {"engine": "redis", "url": f"redis://127.0.0.1:{redis.port}"})
    assert one.update("k").status == 200
    redis.kill()
    until(lambda: one.update("other").status == 503, "it is noticed")
    with one.gateway.connect() as connection:
        slowest = 0
        for number in range(20):
            started = time.monotonic()
            answer = connection.request("PATCH", f"/v1/products/{ID}?target=acme", {"name": "x"}, key(f"n{number}"))
            slowest = max(slowest, time.monotonic() - started)
            assert (answer.status, answer.json["code"], answer.json["outcome"]) == (
                503, "store_unavailable", "not_sent")
    assert slowest < 0.5
    assert one.gateway.update("acme", ID, {"name": "x"}).status == 200
    sent = len(vendor.requests)
    redis.start()
    # Each worker has a connection of its own.
    until(lambda: one.update("k").headers.get("idempotent-replayed") == "true", "it serves again")
    assert len(vendor.requests) == sent


@needs_redis
def test_a_redis_that_hangs_costs_a_tenth_of_a_second(start_vendor, instance, redis):
    vendor = start_vendor(product())
    one = instance(vendor, {"engine": "redis", "url": f"redis://127.0.0.1:{redis.port}", "timeout": "50ms"})
    assert one.update("k").status == 200
    redis.process.send_signal(signal.SIGSTOP)
    with one.gateway.connect() as connection:
        started = time.monotonic()
        answer = connection.request("PATCH", f"/v1/products/{ID}?target=acme", {"name": "x"}, key("hung"))
        assert time.monotonic() - started < 0.5
        assert (answer.status, answer.json["code"]) == (503, "store_unavailable")
    redis.process.send_signal(signal.SIGCONT)
    # The claim that came too late is given back: it does not block the key for the lease.
    until(lambda: one.update("hung").status == 200, "the key is free", 10)
    assert len(vendor.requests) == 2


@needs_redis
@pytest.mark.parametrize("clock", [None, pytest.param("+2s", marks=needs_faketime)])
def test_two_gateways_share_keys_whatever_their_clocks_say(start_vendor, instance, redis, clock):
    released = threading.Event()

    def answer(request):
        released.wait(10)
        return product(201)

    vendor = start_vendor(answer)
    store = {"engine": "redis", "url": f"redis://127.0.0.1:{redis.port}"}
    one, other = instance(vendor, store, instances=2), instance(vendor, store, clock=clock, instances=2)
    for number, (owner, late) in enumerate(((one, other), (other, one))):
        released.clear()
        with owner.gateway.connect() as connection:
            stream = connection.send("POST", "/v1/products?target=acme", NEW, key(f"k{number}"))
            until(lambda: len(vendor.requests) > number, "the vendor is asked")
            assert late.create(f"k{number}").json["code"] == "idempotency_conflict"
            released.set()
            first = connection.answer(stream)
        again = late.create(f"k{number}")
        assert again.headers["idempotent-replayed"] == "true" and again.body == first.body
    assert len(vendor.requests) == 2


@needs_redis
def test_an_owner_that_was_stopped_past_its_lease_sends_nothing(start_vendor, instance, redis):
    """SIGSTOP while the create waits for its connection: another gateway takes over, and the first stays out."""
    vendor = start_vendor(product(201), accepts=False)
    store = {"engine": "redis", "url": f"redis://127.0.0.1:{redis.port}"}
    one = instance(vendor, store)
    with one.gateway.connect() as connection:
        connection.send("POST", "/v1/products?target=acme", NEW, key("k"))
        until(lambda: one.gateway.metric("product_gateway_idempotency_claims_total"), "it is claimed")
        one.gateway.signal(signal.SIGSTOP)
        other_vendor = start_vendor(product(201))
        other = instance(other_vendor, store)
        taken = until(
            lambda: next((answer for answer in [other.create("k")] if answer.status != 409
                          or answer.json["code"] != "idempotency_conflict"), None), "it is taken over", 20)
        one.gateway.signal(signal.SIGCONT)
    # Where the first had recorded that it sends, the product is looked up, and nobody can know whether it did.
    assert taken.status in (201, 409), taken
    assert len(vendor.requests) == 0
    creates = [request for request in other_vendor.requests if request.method == "POST"]
    assert len(creates) == (1 if taken.status == 201 else 0)


@needs_redis
class Relay:
    """The address of whichever server is the primary."""

    def __init__(self, port):
        self.target = port
        self.ends = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                one, _ = self.listener.accept()
                other = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                return
            self.ends += [one, other]
            for source, sink in ((one, other), (other, one)):
                threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    @staticmethod
    def _pass_on(source, sink):
        try:
            while part := source.recv(65_536):
                sink.sendall(part)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def lead_to(self, port):
        """Connections that there are stay: whoever has one finds out by itself."""
        self.target = port

    def close(self):
        self.listener.close()


def redis_command(port, *words):
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        connection.sendall(b"*%d\r\n" % len(words) + b"".join(
            b"$%d\r\n%s\r\n" % (len(word), word) for word in map(str.encode, words)))
        return connection.recv(65_536).decode()


@needs_redis
@pytest.mark.parametrize("is_planned", [True, False], ids=["handed over", "killed"])
def test_a_failover_to_a_replica_keeps_what_is_known(start_vendor, instance, redis, tmp_path, is_planned):
    folder = tmp_path / "replica"
    folder.mkdir()
    replica = Redis(folder, "--replicaof", "127.0.0.1", str(redis.port))
    relay = Relay(redis.port)
    try:
        until(lambda: "master_link_status:up" in redis_command(replica.port, "INFO", "replication"), "it follows")
        vendor = start_vendor(lambda request: product(201 if request.method == "POST" else 200))
        store = {"engine": "redis", "url": f"redis://127.0.0.1:{relay.port}"}
        one, other = instance(vendor, store), instance(vendor, store)
        first = [one.create(f"before-{number}") for number in range(20)]
        vendor.script = [Close()]
        assert one.create("lost").json["outcome"] == "unknown"
        # The replica has it all: a primary answers before.
        assert redis_command(redis.port, "WAIT", "1", "5000") == ":1\r\n" or is_planned
        until(lambda: redis_command(replica.port, "DBSIZE") == redis_command(redis.port, "DBSIZE"), "it has all")
        relay.lead_to(replica.port)
        if is_planned:
            redis_command(redis.port, "FAILOVER", "TO", "127.0.0.1", str(replica.port))
        else:
            redis.kill()
            redis_command(replica.port, "REPLICAOF", "NO", "ONE")
        until(lambda: "role:master" in redis_command(replica.port, "INFO", "replication"), "it is the primary")

        def settled(send):
            # Until the gateways are connected to the new one, keys are refused and nothing is sent.
            return until(lambda: next(
                (answer for answer in [send()] if answer.status != 503), None), "the new primary serves", 20)

        count = len(writes(vendor))
        for gateway in (one, other):
            for number in range(20):
                again = settled(lambda: gateway.create(f"before-{number}"))
                assert (again.status, again.body) == (201, first[number].body)
                assert again.headers["idempotent-replayed"] == "true"
            assert settled(lambda: gateway.create("lost")).json["code"] == "outcome_unknown"
        assert len(writes(vendor)) == count
        assert settled(lambda: other.create("after")).status == 201
        assert settled(lambda: one.create("after")).headers["idempotent-replayed"] == "true"
    finally:
        relay.close()
        replica.kill()


def test_a_redis_that_may_lose_records_is_warned_of(start_vendor, instance, tmp_path):
    folder = tmp_path / "forgetful"
    folder.mkdir()
    server = Redis(folder, "--appendonly", "no", "--maxmemory-policy", "allkeys-lru")
    try:
        one = instance(start_vendor(product()), {"engine": "redis", "url": f"redis://127.0.0.1:{server.port}"})
        reasons = until(
            lambda: [line["reason"] for line in one.gateway.lines("the store of idempotency keys")] or None,
            "it is warned of")
        until(lambda: len(one.gateway.lines("the store of idempotency keys")) == 2, "both are told")
        reasons = [line["reason"] for line in one.gateway.lines("the store of idempotency keys")]
        assert any("appendonly" in reason for reason in reasons) and any("noeviction" in reason for reason in reasons)
    finally:
        server.kill()


def test_check_says_what_does_not_survive(tmp_path):
    targets = {"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}}

    def check(**members):
        file = write(tmp_path, {"targets": targets, "listener": {"host": "127.0.0.1"}, **members})
        result = command("check", "--config", file)
        return result.returncode, result.stdout.decode()

    assert "do not survive a restart" in check()[1]
    assert "do not survive" not in check(store={"engine": "file", "path": "keys.sqlite"})[1]
    assert "done again" in check(instances=3)[1]
    for store, word in (
            ({"engine": "file"}, "needs a path"), ({"engine": "redis"}, "needs a url"),
            ({"path": "x"}, "only the engine"), ({"engine": "redis", "url": "http://x"}, "redis://"),
            ({"engine": "redis", "url": "redis://u:p@x"}, "password"),
            ({"engine": "redis", "url": "redis://localhost/3"}, "database"),
            ({"engine": "redis", "url": "redis://localhost", "user": "u"}, "with a password")):
        code, text = check(store=store)
        assert code == 1 and word in text, text


def test_keys_show_tells_what_is_known_of_one(start_vendor, instance, durable):
    vendor = start_vendor(product(201))
    one = instance(vendor, durable)
    first = one.create("k-done")
    vendor.script = [Never()]
    assert one.create("k-lost").json["outcome"] == "unknown"

    def show(*arguments):
        result = command("keys", "show", "", *arguments, "--config", one.file, env=SECRETS)
        return result.returncode, result.stdout.decode()

    code, text = show("k-done")
    assert code == 0 and first.headers["x-request-id"] in text and "acme: done; answered with 201 ok" in text
    line = one.gateway.exchange_line(first.headers["x-request-id"])
    assert text.startswith(line["key"])
    code, text = show("k-lost", "--json")
    known = json.loads(text)
    assert (code, known["known"], known["targets"]) == (0, True, [{"target": "acme", "stage": "sending"}])
    assert show("never")[0] == 1
    assert command("keys", "show", "", "k", "--config", one.file.parent / "none.json").returncode == 2


def test_keys_in_memory_are_told_by_the_gateway_alone(tmp_path):
    file = write(tmp_path, {"targets": {"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}}})
    result = command("keys", "show", "shop", "k", "--config", file)
    assert result.returncode == 2 and b"memory" in result.stderr
