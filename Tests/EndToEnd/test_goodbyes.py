"""RFC 9113 section 6.8, frame by frame: how the gateway ends a connection, and how it takes the caller's end of it."""

import signal
import struct
import threading

import pytest

from harness.frames import (
    DATA, ENHANCE_YOUR_CALM, GOAWAY, HEADERS, NO_ERROR, PING, PROTOCOL_ERROR, RST_STREAM, STREAM_CLOSED,
    FrameConnection, data, goaway, ping, reset, settings)
from harness.vendor import Reply
from harness.waiting import until

ID = "60afe403-a191-455e-b771-c510c928a308"
UPDATE = f"/v1/products/{ID}"
GOOD = Reply(200, {"data": {"id": ID, "type": "product", "attributes": {"name": "x"}}})
NOBODY = {"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}}
EVERYTHING = 2**31 - 1


def last_stream(found):
    return struct.unpack_from(">I", found.payload)[0]


def goodbye(connection, seconds=5):
    found = connection.wait_for(lambda frame: frame.kind == GOAWAY, seconds)
    assert found, f"no GOAWAY: {connection.frames}"
    return found


@pytest.fixture
def held(vendor_gateway):
    """A gateway whose vendor answers when it is let."""
    gate = threading.Event()

    def answer(request):
        gate.wait(15)
        return GOOD

    # Half of the drain is how long a caller with requests under way is not told.
    vendor, gateway = vendor_gateway(answer, workers=1, drainTimeout="4s", target={
        "timeouts": {"connect": "1s", "attempt": "15s", "total": "20s"}})
    gateway.gate, gateway.vendor = gate, vendor
    yield gateway
    gate.set()


def update(connection, stream, end=True):
    fields = connection.fields("PATCH", UPDATE, [("content-type", "application/json")])
    return connection.headers(stream, fields, end=False) + data(stream, b'{"name": "x"}', end=end)


def test_a_stop_takes_what_comes_before_the_second_goaway_and_ignores_what_comes_after_it(held):
    with FrameConnection(held.port) as connection:
        connection.send(update(connection, 1))
        until(lambda: held.vendor.requests, "the vendor has the update")
        held.signal(signal.SIGTERM)
        first = goodbye(connection)
        assert (last_stream(first), first.code) == (EVERYTHING, NO_ERROR)
        # The caller has not heard of it yet: its next request is on its way.
        connection.send(connection.headers(3))
        assert connection.status(3) == 404
        second = goodbye(connection)
        assert (last_stream(second), second.code) == (3, NO_ERROR)
        # Beyond the last stream nothing is processed and nothing is answered; HPACK goes on, and the rest of its frames
        # come to nothing as well.
        late = [
            connection.headers(5, connection.fields("PATCH", UPDATE, [("x-late", "y")]), end=False),
            data(5, b"{}", end=True)]
        connection.send(*late, connection.headers(7), reset(7), ping())
        assert connection.wait_for(lambda frame: frame.kind == PING and frame.is_ack)
        held.gate.set()
        assert connection.status(1) == 200
        assert connection.wait_for_close(5)
        assert not any(frame.kind in (HEADERS, DATA, RST_STREAM) and frame.stream > 3 for frame in connection.frames)
    assert len(held.vendor.requests) == 1
    assert held.wait() == 0


def test_a_caller_with_requests_under_way_hears_of_the_stop_when_they_are_answered(held):
    """httpx, Java's client and others take the first GOAWAY for the failure of everything that is under way."""
    with FrameConnection(held.port) as connection:
        connection.send(update(connection, 1))
        until(lambda: held.vendor.requests, "the vendor has the update")
        held.signal(signal.SIGTERM)
        until(lambda: held.lines("stopping"), "the gateway stops")
        # Requests that come meanwhile are answered as ever.
        connection.send(connection.headers(3))
        assert connection.status(3) == 404
        held.gate.set()
        assert connection.status(1) == 200
        answered = connection.wait_for(lambda frame: frame.kind == DATA and frame.stream == 1 and frame.ends_stream)
        told = goodbye(connection)
        assert connection.frames.index(answered) < connection.frames.index(told), "told while a request was under way"
        assert last_stream(told) == EVERYTHING
        assert last_stream(goodbye(connection)) == 3
        assert connection.wait_for_close(5)
    assert held.wait() == 0


def test_the_codes_of_two_goaways_never_take_anything_back(held):
    """A caller that breaks a rule while the gateway stops: the last stream may only become smaller (section 6.8)."""
    with FrameConnection(held.port) as connection:
        connection.send(update(connection, 1))
        until(lambda: held.vendor.requests, "the vendor has the update")
        held.signal(signal.SIGTERM)
        goodbye(connection)
        goodbye(connection)
        connection.send(connection.headers(1))
        assert connection.wait_for_close(5)
        found = [frame for frame in connection.frames if frame.kind == GOAWAY]
        last = [last_stream(frame) for frame in found]
        assert last == sorted(last, reverse=True) and found[-1].code == STREAM_CLOSED, found
    held.gate.set()
    assert held.wait() == 0


@pytest.mark.parametrize("code", [NO_ERROR, PROTOCOL_ERROR, ENHANCE_YOUR_CALM, 0xabcdef])
def test_a_caller_that_says_goodbye_gets_the_answers_that_it_waits_for(held, code):
    with FrameConnection(held.port) as connection:
        connection.send(update(connection, 1), update(connection, 3, end=False))
        until(lambda: held.vendor.requests, "the vendor has the first update")
        # The second's end comes behind the goodbye.
        connection.send(goaway(0, code, b"words for people"), data(3, end=True), ping())
        assert connection.wait_for(lambda frame: frame.kind == PING and frame.is_ack)
        held.gate.set()
        assert {connection.status(1), connection.status(3)} == {200}
        assert connection.wait_for_close(5)
        assert not any(frame.kind in (RST_STREAM, GOAWAY) and frame.code for frame in connection.frames)


def test_an_idle_caller_is_told_that_nothing_was_lost(start_gateway):
    gateway = start_gateway(NOBODY, workers=1, limits={"idleTimeout": "1s"})
    with FrameConnection(gateway.port) as connection:
        connection.send(connection.headers(1), connection.headers(3))
        assert connection.status(3) == 404
        found = goodbye(connection)
        assert (last_stream(found), found.code) == (3, NO_ERROR)
        assert connection.wait_for_close(5)


def test_frames_that_ask_for_nothing_do_not_keep_a_connection(start_gateway):
    gateway = start_gateway(NOBODY, workers=1, limits={"idleTimeout": "1s"})
    with FrameConnection(gateway.port) as connection:
        for _ in range(100):
            connection.send(ping(), settings())
            if connection.wait_for(lambda frame: frame.kind == GOAWAY, 0.1):
                break
        assert connection.wait_for_close(5), "PING and SETTINGS keep an idle connection open"


@pytest.mark.parametrize("is_told", [True, False], ids=["with GOAWAY", "without a word"])
def test_a_caller_that_closes_leaves_its_update_to_finish(held, is_told):
    with FrameConnection(held.port) as connection:
        connection.send(update(connection, 1))
        until(lambda: held.vendor.requests, "the vendor has the update")
        if is_told:
            connection.send(goaway())
    held.gate.set()
    until(lambda: held.lines("exchange"), "the exchange is recorded")
    line = held.lines("exchange")[-1]
    assert (line["end"], line["vendorStatus"]) == ("caller_left", 200), line
    assert held.vendor.resets == 0
