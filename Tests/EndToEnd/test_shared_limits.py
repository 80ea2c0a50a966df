"""Limits and pauses that several gateways keep together: three of them and one Redis."""

import hashlib
import shutil
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.configuration import SECRETS, listener, write
from harness.processes import Gateway
from harness.redis_server import Redis
from harness.vendor import Reply
from harness.waiting import until

pytestmark = pytest.mark.skipif(not shutil.which("redis-server"), reason="there is no redis-server here")

ID = "60afe403-a191-455e-b771-c510c928a308"
KEY = "a-key-that-is-long-enough-for-a-test"
PROOF = {"authorization": f"Bearer {KEY}"}
INSTANCES = 3


def product():
    return Reply(200, {"data": {"id": ID, "type": "product", "attributes": {"name": "x"}}})


@pytest.fixture
def redis(tmp_path):
    folder = tmp_path / "redis"
    folder.mkdir()
    server = Redis(folder)
    yield server
    server.process.send_signal(signal.SIGCONT)
    server.kill()


@pytest.fixture
def replicas(tmp_path, redis):
    started = []

    def start(vendor, caller, **target):
        callers = {"pim": {"identify": [{"keySHA256": [hashlib.sha256(KEY.encode()).hexdigest()]}], **caller}}
        for number in range(INSTANCES):
            folder = tmp_path / f"replica-{number}"
            folder.mkdir()
            started.append(Gateway("--config", write(folder, {
                "listener": listener(), "admin": {"host": "127.0.0.1", "port": 0}, "instances": INSTANCES,
                "store": {"engine": "redis", "url": f"redis://127.0.0.1:{redis.port}"},
                **({"callers": callers} if caller else {}),
                "targets": {"acme": {
                    "dialect": "elastic-path", "baseURL": vendor.url, "retries": {"attempts": 1}, **target}}}),
                env=SECRETS, is_tls=False))
        for gateway in started:
            until(lambda: gateway.metric("product_gateway_limits_alone") == 0, "limits are shared")
        return started

    yield start
    for gateway in started:
        if gateway.process.poll() is None:
            assert gateway.stop() == 0, gateway.text[-3000:]


def flood(gateways, seconds, threads=2, headers=None):
    """Sends to all of them as fast as they answer.

    :return: how many were done, of each, and for how long it lasted.
    """
    begun = time.monotonic()

    def send(gateway):
        done = 0
        with gateway.connect() as connection:
            while time.monotonic() - begun < seconds:
                answer = connection.request(
                    "PATCH", f"/v1/products/{ID}?target=acme", {"name": "x"}, headers or PROOF)
                assert answer.status in (200, 429), answer
                done += answer.status == 200
        return done

    with ThreadPoolExecutor(len(gateways) * threads) as pool:
        counts = list(pool.map(send, [gateway for gateway in gateways for _ in range(threads)]))
    return [sum(counts[i * threads:(i + 1) * threads]) for i in range(len(gateways))], time.monotonic() - begun


def test_three_replicas_let_in_one_limit_and_no_more_than_a_lease_each_beyond(start_vendor, replicas):
    vendor = start_vendor(product())
    gateways = replicas(vendor, {"rate": {"requests": 60, "per": "1s", "burst": 20}})
    done, seconds = flood(gateways, 4)
    lease = 6  # a tenth of a second's worth; a burst of 20 for three is no more
    most = 20 + 60 * seconds + INSTANCES * lease
    assert sum(done) <= most, done
    assert len(vendor.requests) == sum(done)
    # All of it is used, and one alone would have let in no less.
    assert sum(done) >= 60 * 4 * 0.8, done
    assert all(gateway.metric("product_gateway_limits_decided_alone_total") <= 1 for gateway in gateways)


def test_a_quota_that_is_used_up_at_one_replica_is_used_up_at_the_others(start_vendor, replicas):
    gateways = replicas(start_vendor(product()), {"quota": {"requests": 30, "per": "24h"}})
    first, _ = flood(gateways[:1], 1.5, threads=1)
    assert first == [30]
    others, _ = flood(gateways[1:], 1.0, threads=1)
    assert sum(others) <= 2 * 10  # what each may let in before it asks: a third of the burst
    again, _ = flood(gateways, 0.5, threads=1)
    assert sum(again) == 0
    answer = gateways[1].update("acme", ID, {"name": "x"}, headers=PROOF)
    assert answer.json["code"] == "rate_limited"
    assert answer.headers["ratelimit"].startswith('"quota";r=0;')


def test_without_redis_each_replica_lets_in_its_part_and_says_so(start_vendor, replicas, redis):
    from json import loads
    from urllib.request import urlopen

    def limits(gateway):
        with urlopen(f"http://127.0.0.1:{gateway.admin_port}/status", timeout=20) as answer:
            return loads(answer.read())["store"]["limits"]

    gateways = replicas(start_vendor(product()), {"rate": {"requests": 60, "per": "1s", "burst": 3}})
    assert [limits(gateway) for gateway in gateways] == ["shared"] * 3
    redis.kill()
    flood(gateways, 1.0)
    assert [limits(gateway) for gateway in gateways] == ["alone"] * 3
    done, seconds = flood(gateways, 3)
    assert all(count <= 20 * seconds + 2 for count in done), done
    assert all(count >= 20 * 3 * 0.8 for count in done), done
    for gateway in gateways:
        assert gateway.metric("product_gateway_limits_decided_alone_total") > 0
        line = until(
            lambda: next(iter(gateway.lines("limits cannot be shared: this instance lets in its part of each")), None),
            "the log says so")
        assert line["instances"] == 3
    redis.start()
    for gateway in gateways:
        until(lambda: limits(gateway) == "shared", "limits are shared again")
        until(lambda: gateway.lines("limits are shared with other instances"), "the log says so")


def test_the_pace_of_a_vendor_is_kept_by_all_together(start_vendor, replicas):
    vendor = start_vendor(product())
    gateways = replicas(vendor, {}, rate={"requests": 50, "per": "1s", "burst": 5})
    begun = time.monotonic()
    stop = begun + 3

    def send(gateway):
        while time.monotonic() < stop:
            answer = gateway.update("acme", ID, {"name": "x"}, headers=PROOF)
            assert answer.status in (200, 429), answer

    threads = [threading.Thread(target=send, args=(gateway,)) for gateway in gateways for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - begun
    assert len(vendor.requests) <= 5 + 50 * seconds + INSTANCES * 5
    assert len(vendor.requests) >= 50 * 3 * 0.7


def test_a_pause_that_one_replica_was_told_of_is_kept_by_all(start_vendor, replicas):
    vendor = start_vendor(lambda request: Reply(429, {}, headers={"retry-after": "30"}))
    gateways = replicas(vendor, {})
    assert gateways[0].update("acme", ID, {"name": "x"}, headers=PROOF).status == 429
    for gateway in gateways[1:]:
        until(lambda: gateway.metric("product_gateway_target_pause_seconds") > 20, "the others know of the pause")
        answer = gateway.update("acme", ID, {"name": "x"}, headers=PROOF)
        assert (answer.status, answer.json["outcome"]) == (429, "not_sent")
    assert len(vendor.requests) == 1
