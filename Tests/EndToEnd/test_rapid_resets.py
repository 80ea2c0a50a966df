"""Requests that are reset at once, CVE-2023-44487 and CVE-2025-8671, from one connection and from many."""

import threading
import time

import pytest

from harness.bystanders import PRODUCT, Bystanders
from harness.frames import (
    END_HEADERS, ENHANCE_YOUR_CALM, GOAWAY, HEADERS, PROTOCOL_ERROR, FrameConnection, data, frame, reset, window_update)
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


def attack(gateway, stop):
    """Pairs on connection after connection, the reset some milliseconds behind its request."""
    while not stop.is_set():
        try:
            with FrameConnection(gateway.port) as attacker:
                stream = 3
                while not stop.is_set() and not attacker.is_closed:
                    attacker.send(b"".join(update(attacker, number) for number in range(stream, stream + 8, 2)))
                    time.sleep(0.01)
                    attacker.send(b"".join(reset(number) for number in range(stream, stream + 8, 2)))
                    attacker.read_once(0.01)
                    stream += 8
        except (OSError, AssertionError):
            time.sleep(0.05)


def test_ten_connections_of_one_address_have_less_than_a_thousand_requests_in_vain_sent_in_five_seconds(shared):
    vendor, gateway = shared
    stop = threading.Event()
    with Bystanders(gateway, megabytes=64) as others:
        attackers = [threading.Thread(target=attack, args=(gateway, stop), daemon=True) for _ in range(10)]
        for attacker in attackers:
            attacker.start()
        began = time.monotonic()
        until(lambda: time.monotonic() - began > 5, "five seconds are over", pause=0.1)
        count = in_vain(vendor)
        others.must_be_served(20)
        stop.set()
        for attacker in attackers:
            attacker.join(20)
    assert count < 1000, f"{count} requests in vain"
    assert gateway.metric("product_gateway_downstream_sessions_ended_for_abuse_total") > 0


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
