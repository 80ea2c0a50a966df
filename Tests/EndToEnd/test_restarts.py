"""A new gateway takes over from an old one on the same port, again and again under load: no caller loses an update."""

import collections
import json
import signal
import socket
import threading

import pytest

from harness.configuration import listener, write
from harness.http2_client import Connection, ConnectionGone
from harness.processes import Gateway, command
from harness.vendor import Reply
from harness.waiting import until

pytestmark = pytest.mark.alone
ID = "60afe403-a191-455e-b771-c510c928a308"
UPDATE = f"/v1/products/{ID}"
RESTARTS = 10
REFUSED_STREAM = 7


def echo(request):
    """Takes an update as Elastic Path does: the answer has what was written."""
    return Reply(200, {"data": {"id": ID, "type": "product", "attributes": request.json["data"]["attributes"]}})


class Caller(threading.Thread):
    """Follows RFC 9113 and nothing more: says again only what a GOAWAY or REFUSED_STREAM left out (sections 6.8, 8.7).

    Every update is written under a name of its own. What it cannot account for is lost.
    """

    def __init__(self, number, gateway, batch, batches_per_connection):
        super().__init__(daemon=True)
        self.number = number
        self.open = gateway.connect
        self.batch = batch
        self.batches_per_connection = batches_per_connection
        self.must_stop = threading.Event()
        self.made = 0
        # To be said again.
        self.waiting = []
        self.answered = collections.Counter()
        self.repeated = 0
        self.faults = []

    def run(self):
        while not self.must_stop.is_set() or self.waiting:
            try:
                connection = self.open()
            except (OSError, ConnectionGone) as error:
                # There is always one that listens, so nobody may be turned away. Nothing was said yet.
                self.faults.append(f"no connection: {error}")
                self.must_stop.wait(0.1)
                continue
            with connection:
                # Says its first batch with the preface, without waiting for the other side's (section 3.4).
                batches = 0
                while self.may_go_on(connection, batches):
                    self.say(connection)
                    batches += 1

    def may_go_on(self, connection, batches):
        return (
            connection.goaway is None and not connection.is_closed and batches < self.batches_per_connection
            and (not self.must_stop.is_set() or self.waiting))

    def next_names(self):
        names, self.waiting = self.waiting[:self.batch], self.waiting[self.batch:]
        while len(names) < self.batch and not self.must_stop.is_set():
            self.made += 1
            names.append(f"caller {self.number} update {self.made}")
        return names

    def say(self, connection):
        streams = {}
        for name in self.next_names():
            stream = connection.h2.get_next_available_stream_id()
            streams[stream] = name
            try:
                connection.send("PATCH", UPDATE, {"name": name})
            except ConnectionGone:
                # Perhaps it went out, perhaps not: what has come in tells, as for the others.
                pass
        try:
            connection.read_until(lambda: all(connection.answers[stream].is_complete for stream in streams))
        except ConnectionGone:
            pass
        for stream, name in streams.items():
            self.account(connection, stream, name)

    def account(self, connection, stream, name):
        answer = connection.answers[stream]
        if answer.is_complete and answer.status is not None:
            self.answered[name] += 1
            if answer.status != 200 or answer.json["product"]["name"] != name:
                self.faults.append(f"{name}: {answer}")
        elif answer.reset == REFUSED_STREAM or (connection.last_stream is not None and stream > connection.last_stream):
            self.repeated += 1
            self.waiting.append(name)
        else:
            self.faults.append(
                f"{name}: stream {stream} has no answer, last stream {connection.last_stream}, reset {answer.reset}")


@pytest.mark.parametrize("is_tls", [False, True], ids=["h2c", "TLS"])
def test_ten_restarts_under_load_lose_no_update(tmp_path, start_vendor, authority, certificate, is_tls):
    """Two instances share the port while one takes over from the other. Each update reaches the vendor exactly once."""
    vendor = start_vendor(echo)
    configuration = {
        "listener": {**listener(certificate if is_tls else None), "sharePort": True},
        "admin": {"host": "127.0.0.1", "port": 0}, "workers": 2,
        "defaultTarget": "acme", "targets": {"acme": {"dialect": "elastic-path", "baseURL": vendor.url}}}
    options = {"authority": authority.path, "is_tls": is_tls}
    current = Gateway("--config", write(tmp_path, configuration), **options)
    configuration["listener"]["port"] = current.port
    file = write(tmp_path, json.dumps(configuration), "same-port.json")
    # Two stay on their connections until they are told to go, two come anew all the time: those meet the backlog.
    callers = [
        Caller(1, current, 4, 10**9), Caller(2, current, 4, 10**9), Caller(3, current, 2, 1),
        Caller(4, current, 1, 2)]
    for caller in callers:
        caller.start()

    def answered():
        return sum(caller.answered.total() for caller in callers)

    try:
        for _ in range(RESTARTS):
            count = answered()
            until(lambda: answered() > count + 40, "the load runs")
            following = Gateway("--config", file, **options)
            assert following.port == current.port
            current.signal(signal.SIGTERM)
            assert current.wait() == 0, current.text[-2000:]
            assert current.lines("stopped")[0]["level"] == "info"
            current = following
    finally:
        for caller in callers:
            caller.must_stop.set()
        for caller in callers:
            caller.join(20)
        code = current.stop()
    assert code == 0
    assert [fault for caller in callers for fault in caller.faults] == []
    said = collections.Counter(
        f"caller {caller.number} update {number + 1}" for caller in callers for number in range(caller.made))
    assert sum((caller.answered for caller in callers), collections.Counter()) == said
    # What the vendor was told: every update once, also those that had to be said to two gateways.
    assert collections.Counter(request.json["data"]["attributes"]["name"] for request in vendor.requests) == said


def test_callers_that_wait_to_be_accepted_are_answered_before_the_port_is_closed(vendor_gateway):
    """The kernel has accepted them, with their requests, while the gateway had no time; a close would reset them."""
    _, gateway = vendor_gateway(echo)
    gateway.signal(signal.SIGSTOP)
    connections = []
    try:
        for number in range(60):
            connection = gateway.connect()
            connections.append(
                (connection, f"waiting {number}", connection.send("PATCH", UPDATE, {"name": f"waiting {number}"})))
        gateway.signal(signal.SIGTERM)
    finally:
        gateway.signal(signal.SIGCONT)
    for connection, name, stream in connections:
        with connection:
            assert connection.answer(stream).json["product"]["name"] == name
            connection.read_until(lambda: connection.goaway is not None)
            assert connection.goaway == 0
    assert gateway.wait() == 0


def test_while_one_stops_new_callers_reach_the_other(tmp_path, start_vendor):
    """The one that stops still has work, so it takes its time; nobody who comes now is given to it."""
    gate = threading.Event()

    def slow(request):
        if request.json["data"]["attributes"]["name"] == "slow":
            gate.wait(20)
        return echo(request)

    vendor = start_vendor(slow)
    configuration = {
        "listener": {**listener(), "sharePort": True}, "admin": {"host": "127.0.0.1", "port": 0}, "workers": 2,
        "defaultTarget": "acme",
        "targets": {"acme": {"dialect": "elastic-path", "baseURL": vendor.url}}}
    old = Gateway("--config", write(tmp_path, configuration), is_tls=False)
    configuration["listener"]["port"] = old.port
    held = old.connect()
    stream = held.send("PATCH", UPDATE, {"name": "slow"})
    until(lambda: vendor.requests, "the request is with the vendor")
    new = Gateway("--config", write(tmp_path, json.dumps(configuration), "same-port.json"), is_tls=False)
    try:
        old.signal(signal.SIGTERM)
        until(lambda: old.lines("stopping"), "the old gateway is stopping")
        held.read_until(lambda: held.goaway is not None)
        for number in range(40):
            assert new.update("acme", ID, {"name": f"new {number}"}).status == 200
        until(lambda: len(new.lines("exchange")) == 40, "the new gateway has logged them all")
        gate.set()
        assert held.answer(stream).json["product"]["name"] == "slow"
        held.close()
        assert old.wait() == 0
    finally:
        gate.set()
        old.kill()
        assert new.stop() == 0


@pytest.mark.parametrize("second", ["plaintext", "the same"])
def test_a_port_that_another_gateway_listens_on_is_not_shared_in_silence(tmp_path, start_gateway, certificate, second):
    gateway = start_gateway({"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}}, tls=True, workers=2)
    configuration = json.loads(gateway.file.read_text())
    configuration["listener"] = {
        **listener(certificate if second == "the same" else None), "port": gateway.port}
    file = write(tmp_path, configuration, "second.json")
    refused = command("run", "--config", file)
    assert refused.returncode == 1
    assert "another process listens there" in refused.stderr.decode()
    assert "$.listener.sharePort" in refused.stderr.decode()
    for _ in range(20):
        assert gateway.request("GET", "/v1/targets").status == 200


def test_a_port_that_is_shared_on_purpose_is_told(tmp_path, start_gateway):
    targets = {"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}}
    first = start_gateway(targets, listener={**listener(), "sharePort": True})
    assert not first.lines("another process listens on the same port")
    second = start_gateway(targets, listener={**listener(), "port": first.port, "sharePort": True})
    assert second.port == first.port
    [line] = second.lines("another process listens on the same port")
    assert (line["level"], line["port"]) == ("info", first.port)


def test_a_process_that_does_not_share_the_port_is_not_joined(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        file = write(tmp_path, {
            "listener": {**listener(), "port": other.getsockname()[1], "sharePort": True},
            "admin": {"host": "127.0.0.1", "port": 0},
            "targets": {"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}}})
        refused = command("run", "--config", file)
    assert refused.returncode == 1
    assert "does not share the port" in refused.stderr.decode()
