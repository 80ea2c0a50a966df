"""Requests that are reset at once, CVE-2023-44487 and CVE-2025-8671, from one connection and from many."""

import socket
import threading
import time

import pytest

from harness.bystanders import PRODUCT, Bystanders
from harness.frame_vendor import FrameVendor
from harness.frames import (
    END_HEADERS, END_STREAM, ENHANCE_YOUR_CALM, GOAWAY, HEADERS, PING, PROTOCOL_ERROR, FrameConnection, data, frame,
    ping, reset, window_update)
from harness.vendor import Never, Reply
from harness.waiting import until

pytestmark = pytest.mark.alone
GOOD = Reply(200, {"data": {
    "id": PRODUCT.rsplit("/", 1)[1], "type": "product", "attributes": {"name": "x"}}})


@pytest.fixture
def shared(vendor_gateway):
    """The vendor does not answer what is `held`, so that nothing is answered before it is reset.

    To the gateway it looks ill, which asks it for little at once: whoever else wants something of it has to wait.
    """
    return vendor_gateway(
        lambda request: Never() if b"held" in request.body else GOOD, workers=1, target={
            "connections": {"max": 4}, "timeouts": {"connect": "200ms", "attempt": "300ms", "total": "10s"}})


def update(attacker, stream, name=b"held"):
    if not hasattr(attacker, "update_block"):
        fields = attacker.fields("PATCH", PRODUCT, [("content-type", "application/json")])
        attacker.send(attacker.headers(1, fields) + reset(1))
        attacker.update_block = attacker.block(fields)
    head = frame(HEADERS, END_HEADERS, stream, attacker.update_block)
    return head + data(stream, b'{"name": "' + name + b'"}', end=True)


def in_vain(vendor):
    return sum(b"held" in request.body for request in vendor.requests)


WAYS = {
    "reset": reset,
    "made to reset": lambda stream: window_update(stream, 2**31 - 1),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_reset_in_the_same_write_reaches_no_vendor(shared, way):
    vendor, gateway = shared
    with Bystanders(gateway, megabytes=40) as others, FrameConnection(gateway.port) as attacker:
        for stream in range(3, 1200, 2):
            attacker.send(update(attacker, stream) + WAYS[way](stream))
            if attacker.is_closed:
                break
        others.must_be_served(20)
        found = attacker.wait_for(lambda frame: frame.kind == GOAWAY, 10)
        assert found and found.code in (ENHANCE_YOUR_CALM, PROTOCOL_ERROR)
    # A write may be read in two pieces now and then.
    assert in_vain(vendor) < 30, f"{in_vain(vendor)} requests in vain"
    assert vendor.resets == 0


def read(attacker, stream):
    if not hasattr(attacker, "read_block"):
        attacker.send(attacker.headers(1, attacker.fields("GET", PRODUCT)) + reset(1))
        attacker.read_block = attacker.block(attacker.fields("GET", PRODUCT))
    return frame(HEADERS, END_HEADERS | END_STREAM, stream, attacker.read_block)


def test_a_read_that_is_reset_in_the_same_write_reaches_no_vendor(shared):
    vendor, gateway = shared
    # The vendor is connected, so that nothing waits for that.
    assert gateway.request("PATCH", PRODUCT, {"name": "wanted"}).status == 200
    with FrameConnection(gateway.port) as caller:
        for stream in range(3, 123, 2):
            caller.send(read(caller, stream) + reset(stream))
            caller.read_once(0.002)
        caller.send(ping())
        assert caller.wait_for(lambda frame: frame.kind == PING and frame.is_ack, 10)
    # A write may be read in two pieces now and then.
    assert sum(request.method == "GET" for request in vendor.requests) < 10


LENGTH = len(b'{"name": "held"}')
OVER_HTTP1 = (f"PATCH {PRODUCT} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
              f"Content-Length: {LENGTH}\r\n\r\n").encode() + b'{"name": "held"}'


def resets(gateway, stop):
    """Pairs, the reset some milliseconds behind its request."""
    with FrameConnection(gateway.port) as attacker:
        stream = 3
        while not stop.is_set() and not attacker.is_closed:
            attacker.send(b"".join(update(attacker, number) for number in range(stream, stream + 8, 2)))
            time.sleep(0.005)
            attacker.send(b"".join(reset(number) for number in range(stream, stream + 8, 2)))
            attacker.read_once(0.001)
            stream += 8


def closes(gateway, _):
    """Requests by the hundred, and the end of the connection behind them."""
    with FrameConnection(gateway.port) as attacker:
        attacker.send(b"".join(update(attacker, number) for number in range(3, 203, 2)))
        time.sleep(0.005)


def closes_http1(gateway, _):
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=10) as attacker:
        attacker.sendall(OVER_HTTP1)
        time.sleep(0.003)


def attack(gateway, stop, way):
    while not stop.is_set():
        try:
            way(gateway, stop)
        except (OSError, AssertionError):
            time.sleep(0.01)


def late(connection, stream):
    """A vendor that takes the time of a database; what it says is the same bytes each time, whoever says it."""
    body = b'{"data":{"id":"%s","type":"product","attributes":{"name":"x"}}}' % PRODUCT.rsplit("/", 1)[1].encode()
    head = b"\x88\x0f\x10\x10application/json"
    answer = frame(HEADERS, END_HEADERS, stream, head) + data(stream, body, end=True)
    threading.Timer(0.03, lambda: connection.send(answer)).start()


def test_ten_connections_of_one_address_have_less_than_a_thousand_requests_in_vain_sent_in_five_seconds(vendor_gateway):
    """However they give up, and although the vendor is well and would take all of them."""
    vendor = FrameVendor(late, answers_pings=True, opens_windows=lambda _: True)
    _, gateway = vendor_gateway(vendor=vendor, target={"connections": {"max": 4}}, workers=1)
    stop = threading.Event()
    with Bystanders(gateway, megabytes=64) as others:
        ways = 4 * [resets] + 3 * [closes] + 3 * [closes_http1]
        attackers = [threading.Thread(target=attack, args=(gateway, stop, way), daemon=True) for way in ways]
        began = time.monotonic()
        for attacker in attackers:
            attacker.start()
        until(lambda: time.monotonic() - began > 5, "five seconds are over", pause=0.1)
        count = len(vendor.requests) - others.answered
        others.must_be_served(20)
        stop.set()
        for attacker in attackers:
            attacker.join(20)
    vendor.stop()
    assert count < 1000, f"{count} requests in vain"
    assert max(others.seconds["PATCH"][-20:]) < 0.5, others.seconds["PATCH"][-20:]


def test_a_client_that_gives_some_requests_up_is_no_attacker(shared):
    """A hundred of three hundred given up at once, as somebody does who leaves a page."""
    vendor, gateway = shared
    with FrameConnection(gateway.port) as caller:
        for first in range(3, 603, 60):
            streams = range(first, first + 60, 2)
            given_up = set(list(streams)[:10])
            caller.send(b"".join(update(caller, stream, b"wanted") for stream in streams))
            caller.send(b"".join(reset(stream) for stream in given_up))
            waiting = set(streams) - given_up
            while waiting:
                found = caller.wait_for(lambda frame: frame.ends_stream and frame.stream in waiting, 10)
                assert found, f"{len(waiting)} are not answered: {caller.frames[-3:]}"
                waiting.discard(found.stream)
        assert not any(frame.kind == GOAWAY for frame in caller.frames)
