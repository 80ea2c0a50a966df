"""Callers that make work for nothing: each is told to calm down, neighbours and the vendor notice nothing.

The neighbours' updates share the one connection to the vendor with what the attack has sent there.
"""

import socket
import struct
import threading

import hpack
import pytest

from harness.bystanders import PRODUCT, Bystanders
from harness.frames import (
    ACK, CONTINUATION, DATA, END_HEADERS, END_STREAM, ENHANCE_YOUR_CALM, FLOW_CONTROL_ERROR, GOAWAY, HEADERS, PADDED,
    PING, PRIORITISED, PROTOCOL_ERROR, REFUSED_STREAM, RST_STREAM, WINDOW_UPDATE, FrameConnection, data, frame, goaway,
    ping, priority, reset, settings, window_update)
from harness.vendor import Never, Reply
from harness.waiting import until

pytestmark = pytest.mark.alone
ID = PRODUCT.rsplit("/", 1)[1]
GOOD = Reply(200, {"data": {"id": ID, "type": "product", "attributes": {"name": "x"}}})
JSON = [("content-type", "application/json")]


def held(request):
    """Updates named `held` are never answered."""
    return Never() if b"held" in request.body else GOOD


@pytest.fixture
def shared(vendor_gateway):
    """A gateway of one worker and one connection to its vendor: everybody shares it."""
    def start(usually=held, target=None, limits=None, **members):
        return vendor_gateway(
            usually, workers=1, limits=limits or {},
            target={
                "connections": {"max": 1}, "timeouts": {"connect": "1s", "attempt": "2s", "total": "2s"},
                **(target or {})}, **members)
    return start


@pytest.fixture
def attack(shared):
    """A gateway under attack, with its neighbours: whatever the attacker does, they are served."""
    vendor, gateway = shared()
    with Bystanders(gateway, megabytes=40) as others:
        with FrameConnection(gateway.port) as attacker:
            yield attacker
        others.must_be_served(20)
    assert vendor.resets == 0
    assert vendor.connections == 1


def request(attacker, stream, body=b'{"name": "held"}', end=True):
    """The frames of a whole update, the same bytes for every stream."""
    if not hasattr(attacker, "update_block"):
        # The second block is made of what the first has put into HPACK's table.
        attacker.send(attacker.headers(1, attacker.fields("PATCH", PRODUCT, JSON)) + reset(1))
        attacker.update_block = attacker.block(attacker.fields("PATCH", PRODUCT, JSON))
    return frame(HEADERS, END_HEADERS, stream, attacker.update_block) + data(stream, body, end=end)


def is_calmed(attacker, *codes):
    """It is told why, and the connection is closed."""
    assert attacker.wait_for_close(10), "the attack goes on"
    found = [frame.code for frame in attacker.frames if frame.kind == GOAWAY]
    # A connection that is closed while more comes may lose its last words.
    assert not found or found[-1] in codes, attacker.frames[-5:]


def flood(attacker, piece, times, pieces=100):
    for _ in range(times):
        if attacker.is_closed:
            return
        attacker.send(piece * pieces)
        attacker.read_once(0.001)


# Streams that every flood meets: one that is over and one that is open.
OVER, OPEN = 1, 3

FLOODS = {
    "PING": ping(),
    "acknowledgements of PINGs that nobody sent": ping(flags=ACK),
    "SETTINGS": settings(),
    "SETTINGS that change every window": settings((4, 100)) + settings((4, 65535)),
    "SETTINGS that change HPACK's table": settings((1, 0)) + settings((1, 65535)),
    "WINDOW_UPDATE of the connection by 1": window_update(0, 1),
    "WINDOW_UPDATE of a stream by 1": window_update(OPEN, 1),
    "WINDOW_UPDATE of a stream that is over": window_update(OVER, 1),
    "PRIORITY": priority(OPEN, weight=16),
    "PRIORITY of ever new streams in a loop": b"".join(
        priority(2 * number + 1, parent=2 * ((number + 1) % 10) + 1, exclusive=True) for number in range(10)),
    "empty DATA": data(OPEN),
    # So little of it that the stream's window is not what ends it.
    "DATA of padding only": frame(DATA, PADDED, OPEN, b"\x04" + bytes(4)),
    "unknown frames": frame(0x77, 0, OPEN),
    "GOAWAY": goaway(),
}


@pytest.mark.parametrize("kind", FLOODS)
def test_a_flood_of_frames_that_carry_nothing_is_cut_off(attack, kind):
    attack.send(request(attack, OPEN, b'{"name": "', end=False))
    flood(attack, FLOODS[kind], 400)
    is_calmed(attack, ENHANCE_YOUR_CALM)


def is_reset(attacker, stream):
    """The gateway resets a stream at once: a window that overflows makes it (RFC 9113 section 6.9.1)."""
    attacker.send(request(attacker, stream, b'{"name": "', end=False) + window_update(stream, 2**31 - 1))
    assert attacker.wait_for(lambda frame: frame.kind == RST_STREAM and frame.stream == stream, 10)


LATE = {
    "DATA": data(OPEN, b"x" * 100),
    "empty DATA": data(OPEN),
    "trailers": frame(HEADERS, END_HEADERS, OPEN, b"\x00\x01x\x01y"),
}


@pytest.mark.parametrize("kind", LATE)
def test_frames_of_a_stream_that_the_gateway_has_reset_cost_their_sender_as_much_as_others(attack, kind):
    is_reset(attack, OPEN)
    flood(attack, LATE[kind], 400)
    is_calmed(attack, ENHANCE_YOUR_CALM)


def test_a_body_that_was_under_way_when_its_stream_was_reset_is_no_attack_and_starves_nobody(attack):
    """A sender that is slow to hear of the reset goes on for eight windows of the connection, then sends an update."""
    is_reset(attack, OPEN)
    updates = [frame for frame in attack.frames if frame.kind == WINDOW_UPDATE and frame.stream == 0]
    window = 65535 + sum(int.from_bytes(frame.payload, "big") for frame in updates)
    for _ in range(8 * 64):
        while window < 16384:
            more = attack.wait_for(lambda frame: frame.kind == WINDOW_UPDATE and frame.stream == 0, 10)
            assert more, "the connection's window stays shut"
            window += int.from_bytes(more.payload, "big")
        attack.send(data(OPEN, bytes(16384)))
        window -= 16384
    attack.send(request(attack, OPEN + 2, b'{"name": "x"}'))
    assert attack.wait_for(lambda frame: frame.kind == HEADERS and frame.stream == OPEN + 2, 10), attack.frames[-5:]
    assert not any(frame.kind == GOAWAY for frame in attack.frames)


def test_a_window_that_overflows_ends_its_stream_and_then_its_connection(attack):
    attack.send(request(attack, 3, end=False), window_update(3, 2**31 - 1))
    found = attack.wait_for(lambda frame: frame.kind == RST_STREAM and frame.stream == 3)
    assert found and found.code == FLOW_CONTROL_ERROR
    attack.send(window_update(0, 2**31 - 1))
    is_calmed(attack, FLOW_CONTROL_ERROR)


def test_endless_header_blocks_are_cut_off(attack):
    """CVE-2024-27316: CONTINUATION without end, each with fields that are decoded and thrown away."""
    attack.send(attack.headers(1, whole=False))
    flood(attack, frame(CONTINUATION, 0, 1, b"\x00\x01x\x01y" * 100), 2000, pieces=2)
    is_calmed(attack, ENHANCE_YOUR_CALM)


def test_endless_empty_continuations_are_cut_off(attack):
    attack.send(attack.headers(1, whole=False))
    flood(attack, frame(CONTINUATION, 0, 1), 2000, pieces=50)
    is_calmed(attack, ENHANCE_YOUR_CALM)


def test_hpack_bombs_are_refused(attack):
    """A field of 4,000 bytes in HPACK's table, and then named by single bytes, stream after stream."""
    bomb = attack.block() + b"\x40\x01x\x7f\xa1\x1e" + b"y" * 4000 + b"\xbe" * 3000
    attack.send(attack.headers(1, block=bomb))
    for stream in range(3, 300, 2):
        attack.send(attack.headers(stream, block=b"\x82\x84\x86" + b"\xbe" * 10000))
        attack.read_once(0.001)
    assert not any(frame.kind == HEADERS and frame.stream > 1 for frame in attack.frames)


def test_thousands_of_tiny_fields_behind_a_shut_window_hold_no_memory(attack):
    """CVE-2026-49975: each byte names a field again, and a window that never opens keeps what was made of them."""
    attack.send(frame(0x4, 0, 0, b"\x00\x04\x00\x00\x00\x00"))
    bomb = attack.block() + b"\x40\x01a\x00" + b"\xbe" * 1900
    attack.send(attack.headers(1, block=bomb))
    for stream in range(3, 513, 2):
        attack.send(attack.headers(stream, block=b"\x82\x84\x86" + b"\xbe" * 1900))
        attack.read_once(0.001)
    assert attack.wait_for(lambda frame: frame.kind in (HEADERS, RST_STREAM, GOAWAY), 10), "none is refused"
    assert not any(frame.kind == DATA and frame.payload for frame in attack.frames)


@pytest.mark.parametrize("body", [b"", b'{"name": "held"}'], ids=["before their bodies", "when they are complete"])
def test_rapid_resets_reach_the_vendor_neither_as_resets_nor_as_work_without_bound(shared, body):
    """CVE-2023-44487. What was sent completely is left to finish, and there may be twenty such at a time."""
    vendor, gateway = shared()
    with Bystanders(gateway, megabytes=40) as others, FrameConnection(gateway.port) as attacker:
        for first in range(3, 20_000, 200):
            attacker.send(b"".join(
                request(attacker, stream, body, end=bool(body)) + reset(stream)
                for stream in range(first, first + 200, 2)))
            attacker.read_once(0.001)
            if attacker.is_closed:
                break
        is_calmed(attacker, ENHANCE_YOUR_CALM)
        others.must_be_served(50)
        assert vendor.resets == 0
        assert sum(b"held" in each.body for each in vendor.requests) <= 20
    if body:
        refused = [frame for frame in attacker.frames if frame.kind == RST_STREAM]
        assert all(frame.code == REFUSED_STREAM for frame in refused)


MADE_RESETS = {
    "WINDOW_UPDATE by 0": lambda stream: window_update(stream, 0),
    "a window that overflows": lambda stream: window_update(stream, 2**31 - 1),
    "a second HEADERS": lambda stream: frame(HEADERS, END_HEADERS, stream, b"\x88"),
}


@pytest.mark.parametrize("kind", MADE_RESETS)
def test_resets_that_the_gateway_is_made_to_send_count_like_the_callers_own(shared, kind):
    """CVE-2025-8671: the caller never resets; it makes the gateway do so with a frame that is wrong there."""
    vendor, gateway = shared()
    with Bystanders(gateway, megabytes=40) as others, FrameConnection(gateway.port) as attacker:
        for first in range(3, 20_000, 200):
            attacker.send(b"".join(
                request(attacker, stream, end=kind != "a second HEADERS") + MADE_RESETS[kind](stream)
                for stream in range(first, first + 200, 2)))
            attacker.read_once(0.001)
            if attacker.is_closed:
                break
        is_calmed(attacker, ENHANCE_YOUR_CALM, PROTOCOL_ERROR)
        others.must_be_served(50)
        assert vendor.resets == 0
        assert sum(b"held" in each.body for each in vendor.requests) <= 20


def test_an_update_that_was_sent_completely_is_finished_and_recorded_when_its_caller_leaves(shared):
    gate = threading.Event()

    def wait_for_the_caller_to_leave(request):
        if b"left" in request.body:
            gate.wait(10)
        return GOOD

    vendor, gateway = shared(wait_for_the_caller_to_leave)
    assert gateway.request("PATCH", PRODUCT, {"name": "x"}).status == 200
    with FrameConnection(gateway.port) as caller:
        fields = caller.fields("PATCH", PRODUCT, [*JSON, ("x-request-id", "left-alone")])
        caller.send(caller.headers(1, fields, end=False) + data(1, b'{"name": "left"}', end=True))
        until(lambda: len(vendor.requests) == 2, "the vendor has it")
        caller.send(reset(1), ping())
        assert caller.wait_for(lambda frame: frame.kind == PING and frame.is_ack)
        gate.set()
        line = gateway.exchange_line("left-alone")
    assert [each.headers["x-request-id"] for each in vendor.requests[1:]] == ["left-alone"]
    assert vendor.resets == 0
    assert line["end"] == "caller_left" and line["vendorStatus"] == 200, line


@pytest.mark.parametrize("hard", [False, True], ids=["closed", "reset"])
def test_a_thousand_callers_that_leave_are_all_recorded_and_nobody_waits_for_them(shared, hard):
    """Each has sent an update and is gone; the vendor answers none of them."""
    vendor, gateway = shared(target={"connections": {"max": 4}})
    count = 1000
    with Bystanders(gateway, megabytes=60):
        block = hpack.Encoder().encode([
            (":method", "PATCH"), (":scheme", "http"), (":authority", "localhost"), (":path", PRODUCT), *JSON])
        for number in range(count):
            caller = socket.create_connection(("localhost", gateway.port), timeout=20)
            if hard:
                caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            name = b"held" if number % 10 == 0 else b"gone"
            caller.sendall(
                b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + settings() + frame(HEADERS, END_HEADERS, 1, block)
                + data(1, b'{"name": "' + name + b'"}', end=True))
            caller.close()
    until(
        lambda: gateway.metric("product_gateway_worker_exchanges_in_flight") == 0
        and gateway.metric("product_gateway_upstream_streams_open") == 0, "all are over")
    assert vendor.resets <= count // 10, "those that the vendor never answered"
