"""Callers that do not read, vendors that do not read, and too many of both: nobody else notices, memory is bounded.

Every test has well-behaved neighbours on connections of their own. Their updates share the one connection to the vendor
with whatever the test does, and all of them must succeed.
"""

import json
import resource
import signal
import socket
import time

import pytest

from harness.bystanders import PRODUCT, Bystanders
from harness.frames import CANCEL, DATA, HEADERS, RST_STREAM, FrameConnection, data, window_update
from harness.vendor import Never, Reply
from harness.waiting import until

pytestmark = pytest.mark.alone
ID = PRODUCT.rsplit("/", 1)[1]


def product(size):
    return {"data": {"id": ID, "type": "product", "attributes": {"description": "y" * size}}}


SMALL = Reply(200, product(10))


def by_name(size):
    """Large answers for updates that ask for them, small ones for the others."""
    large = Reply(200, product(size))
    return lambda request: large if b"large" in request.body else SMALL


def update(connection, stream, body=b'{"name": "large"}', end=True):
    fields = connection.fields("PATCH", PRODUCT, [("content-type", "application/json")])
    return connection.headers(stream, fields, end=False) + data(stream, body, end=end)


@pytest.fixture
def shared(vendor_gateway):
    """A gateway of one worker and one connection to its vendor: everybody shares it."""
    def start(usually, target=None, limits=None, **members):
        return vendor_gateway(
            usually, workers=1, limits={"answerTimeout": "1s", **(limits or {})},
            target={
                "connections": {"max": 1}, "timeouts": {"connect": "1s", "attempt": "10s", "total": "20s"},
                **(target or {})}, **members)
    return start


@pytest.mark.parametrize("window", [0, 1, 100], ids=["a window of 0", "of 1 byte", "of 100 bytes"])
def test_a_hundred_stalled_streams_stop_nobody_and_are_cut_off(shared, window):
    vendor, gateway = shared(by_name(20_000))
    with Bystanders(gateway, megabytes=60) as others, FrameConnection(gateway.port, values=((4, window),)) as stalled:
        stalled.send(b"".join(update(stalled, 2 * number + 1) for number in range(100)))
        until(lambda: sum(b"large" in request.body for request in vendor.requests) == 100, "all are with the vendor")
        others.must_be_served(100)
        reset = set()
        while len(reset) < 100:
            found = stalled.wait_for(lambda frame: frame.kind == RST_STREAM, 10)
            assert found, f"{len(reset)} of 100 are cut off"
            assert found.code == CANCEL
            reset.add(found.stream)
    assert vendor.connections == 1, "all shared one connection"
    # The work was done and is on record, although nobody read of it.
    until(lambda: sum(line["status"] == 200 for line in gateway.lines("exchange")) >= 100, "every update is recorded")


def test_a_window_that_never_opens_on_the_connection_stops_nobody(shared):
    """The streams' windows are large, the connection's 65,535 bytes are used up and never given back."""
    _, gateway = shared(by_name(20_000))
    with Bystanders(gateway, megabytes=60) as others, FrameConnection(gateway.port, values=((4, 1 << 20),)) as stalled:
        stalled.send(b"".join(update(stalled, 2 * number + 1) for number in range(50)))
        others.must_be_served(50)
        assert stalled.wait_for(lambda frame: frame.kind == RST_STREAM, 10), "nobody is cut off"
        assert sum(len(frame.payload) for frame in stalled.frames if frame.kind == DATA) <= 65535


def test_a_caller_that_dribbles_credit_is_cut_off_in_time(shared):
    """A byte now and then keeps a stream alive for ever elsewhere: here the whole answer has its time."""
    _, gateway = shared(by_name(20_000))
    with Bystanders(gateway, megabytes=60), FrameConnection(gateway.port, values=((4, 0),)) as slow:
        slow.send(b"".join(update(slow, 2 * number + 1) for number in range(20)))
        assert slow.wait_for(lambda frame: frame.kind == HEADERS, 10)
        end = time.monotonic() + 8
        while sum(frame.kind == RST_STREAM for frame in slow.frames) < 20:
            assert time.monotonic() < end, "still not cut off"
            slow.send(b"".join(window_update(2 * number + 1, 1) for number in range(20)))
            slow.wait_for(lambda frame: False, 0.05)


def test_a_caller_that_does_not_read_its_socket_is_closed(shared):
    _, gateway = shared(by_name(200_000))
    with Bystanders(gateway, megabytes=90) as others:
        stalled = FrameConnection(gateway.port, values=((4, 1 << 30),), receive_buffer=4096)
        stalled.send(window_update(0, 1 << 30))
        stalled.send(b"".join(update(stalled, 2 * number + 1) for number in range(100)))
        others.must_be_served(50)
        until(lambda: gateway_connections(gateway) <= 2, "the stalled connection is closed", seconds=15)
        stalled.close()


def gateway_connections(gateway):
    """Open connections of callers, the neighbours' two included."""
    return gateway.metric("product_gateway_worker_downstream_connections_open")


def test_answers_that_nobody_reads_are_held_up_to_the_connections_buffer(shared):
    """A hundred megabytes of answers, a caller that reads nothing, a buffer of four."""
    vendor, gateway = shared(
        by_name(1_000_000), limits={"answerTimeout": "5s", "connectionBuffer": "4MiB"})
    with Bystanders(gateway, megabytes=45) as others, FrameConnection(gateway.port, values=((4, 0),)) as stalled:
        for number in range(100):
            stalled.send(update(stalled, 2 * number + 1))
            until(
                lambda: len(stalled_answers(vendor)) > number or stalled.wait_for(lambda frame: True, 0.01),
                "the next one is taken or refused")
        others.must_be_served(50)


def stalled_answers(vendor):
    return [request for request in vendor.requests if b"large" in request.body]


def test_a_vendor_that_does_not_read_holds_no_more_of_a_callers_bodies_than_the_connections_buffer(
    shared, start_vendor):
    """Fast bodies of one megabyte for a vendor whose windows stay shut; the neighbours have another vendor."""
    slow = start_vendor(Never(), window=0)
    vendor, gateway = shared(SMALL, limits={"connectionBuffer": "4MiB"})
    document = json.loads(gateway.file.read_text())
    document["targets"]["slow"] = {
        **document["targets"]["acme"], "baseURL": slow.url, "timeouts": {"attempt": "4s", "total": "4s"}}
    gateway.file.write_text(json.dumps(document))
    gateway.signal(signal.SIGHUP)
    until(lambda: "slow" in gateway.request("GET", "/v1/targets").text, "the slow vendor is known")
    body = b'{"description": "' + b"x" * 1_000_000 + b'"}'
    with Bystanders(gateway, megabytes=60) as others, gateway.connect(timeout=5) as fast:
        sent = 0
        streams = []
        end = time.monotonic() + 3
        while len(streams) < 60 and time.monotonic() < end:
            stream = fast.begin(
                "PATCH", f"{PRODUCT}?target=slow", {"content-type": "application/json"}, end=False)
            streams.append(stream)
            offset = 0
            while offset < len(body) and time.monotonic() < end:
                room = min(fast.h2.local_flow_control_window(stream), 16384, len(body) - offset)
                if room <= 0:
                    fast.read_once(0.05)
                    continue
                fast.h2.send_data(stream, body[offset:offset + room], end_stream=offset + room == len(body))
                fast.flush()
                offset += room
                sent += room
        others.must_be_served(50)
        assert sent < 4 * 1024 * 1024 + 3_000_000, f"{sent / 1e6:.1f} MB were taken for a vendor that takes nothing"


@pytest.mark.parametrize("count", [150, 255])
def test_a_dead_vendor_does_not_take_all_streams_of_its_callers_connection(shared, start_vendor, count):
    """Requests to a vendor that is well must not wait until those to one that is dead time out."""
    dead = start_vendor(Never())
    _, gateway = shared(SMALL)
    document = json.loads(gateway.file.read_text())
    document["targets"]["dead"] = {
        **document["targets"]["acme"], "baseURL": dead.url, "timeouts": {"attempt": "9s", "total": "9s"},
        "connections": {"max": 4}}
    gateway.file.write_text(json.dumps(document))
    gateway.signal(signal.SIGHUP)
    until(lambda: "dead" in gateway.request("GET", "/v1/targets").text, "the dead vendor is known")
    with FrameConnection(gateway.port) as caller:
        assert caller.peer_settings.get(3, 0) >= 256, caller.peer_settings
        def dead_update(stream, name=None):
            more = [("x-request-id", name)] if name else []
            fields = caller.fields(
                "PATCH", f"{PRODUCT}?target=dead", [("content-type", "application/json"), *more])
            return caller.headers(stream, fields, end=False) + data(stream, b'{"name": "x"}', end=True)

        def answered(stream):
            return caller.wait_for(lambda frame: frame.kind == HEADERS and frame.stream == stream, 1)

        caller.send(b"".join(dead_update(2 * number + 1) for number in range(count)))
        until(lambda: len(dead.requests) == count, "the dead vendor has them")
        stream = 2 * count + 1
        caller.send(update(caller, stream, b'{"name": "x"}'))
        assert answered(stream), "waits for the dead one"
        # Longer than a vendor may be silent: what would hold more than half of the streams is answered at once.
        caller.wait_for(lambda frame: False, 1.2)
        stream += 2
        caller.send(dead_update(stream, "one-too-many"))
        assert answered(stream)
        line = gateway.exchange_line("one-too-many")
        assert (line["status"], line["code"], line["outcome"]) == (503, "overloaded", "not_sent"), line
    # What it was asked for is over, and the gateway need not wait for it when it stops.
    dead.stop()


def test_two_thousand_idle_connections_stop_nobody(shared):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 10_000)), hard))
    _, gateway = shared(SMALL)
    idle = []
    try:
        with Bystanders(gateway, megabytes=64) as others:
            for _ in range(2000):
                connection = socket.create_connection(("localhost", gateway.port), timeout=20)
                idle.append(connection)
                connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes.fromhex("000000040000000000"))
            until(lambda: gateway_connections(gateway) == 2002, "all are accepted")
            others.must_be_served(100)
    finally:
        for connection in idle:
            connection.close()
    until(lambda: gateway_connections(gateway) == 0, "all are gone")
