"""Exchanges and connections that end in every way there is leave nothing behind: no session, no stream, no memory.

The number of exchanges and of connections can be set from outside: `GATEWAY_LEAK_EXCHANGES=100000
GATEWAY_LEAK_CONNECTIONS=1000` is the long variant, for a release build.
"""

import math
import os
import random
import socket
import struct
from concurrent.futures import ThreadPoolExecutor

import hpack
import pytest

from harness.frames import (
    ACK, DATA, END_HEADERS, END_STREAM, HEADERS, RST_STREAM, FrameConnection, data, frame, goaway, ping, reset,
    settings,
    window_update)
from harness.vendor import Close, GoAway, Never, Reply, Reset
from harness.waiting import until

pytestmark = pytest.mark.alone
# Few, because an address that resets what it sends is soon cut off at every second request; check-all takes 100,000.
EXCHANGES = int(os.environ.get("GATEWAY_LEAK_EXCHANGES", "600"))
CONNECTIONS = int(os.environ.get("GATEWAY_LEAK_CONNECTIONS", "30"))
SIDE_BY_SIDE = 5
ID = "60afe403-a191-455e-b771-c510c928a308"
PATH = f"/v1/products/{ID}"
JSON = [("content-type", "application/json")]
# What the gateway's memory may grow by in the second half: arenas of malloc in several threads come and go in pieces of
# a megabyte or so; what leaks at each exchange or connection shows in the long variant all the more.
TOLERANCE_BYTES = 12_000_000
GAUGES = [
    "product_gateway_http2_sessions_open", "product_gateway_tls_connections_open",
    "product_gateway_worker_exchanges_in_flight", "product_gateway_worker_downstream_connections_open",
    "product_gateway_downstream_streams_open", "product_gateway_upstream_streams_open",
    "product_gateway_upstream_connections_open", "product_gateway_upstream_queue_depth",
]


def product(size):
    return {"data": {"id": ID, "type": "product", "attributes": {"description": "y" * size}}}


GOOD, LARGE = Reply(200, product(10)), Reply(200, product(30_000))
ACTIONS = {
    b"large": LARGE, b"reset": Reset(), b"cut": Reset(reply=Reply(200, b"{", ends=False)), b"never": Never(),
    b"close": Close(), b"hard": Close(hard=True), b"goaway": GoAway(processed=True, reply=GOOD),
    b"fail": Reply(503, b"no"),
    b"nonsense": Reply(200, b"<html>"),
}


def vendor_action(request):
    return next((action for name, action in ACTIONS.items() if b'"' + name + b'"' in request.body), GOOD)


class Caller:
    """One connection, which makes its exchanges and then ends in a way of its own."""

    def __init__(self, gateway, draw, authority):
        self.draw = draw
        self.connection = FrameConnection(gateway.port, authority=authority)
        self.stream = -1
        self.open = set()

    def update(self, name, end=True):
        fields = self.connection.fields("PATCH", PATH, JSON)
        return self.connection.headers(self.stream, fields, end=False) + data(
            self.stream, b'{"name": "' + name + (b'"}' if end else b""), end=end)

    def exchange(self):
        """The frames of one exchange; most are ordinary."""
        self.stream += 2
        kind = self.draw.random()
        if kind < 0.35:
            self.open.add(self.stream)
            return self.update(b"ok")
        if kind < 0.55:
            self.open.add(self.stream)
            path = self.draw.choice(["/v1/targets", "/nothing", "/openapi.json"])
            return self.connection.headers(self.stream, self.connection.fields(path=path))
        if kind < 0.65:
            self.open.add(self.stream)
            return self.connection.headers(
                self.stream, self.connection.fields("PATCH", PATH + "?dryRun=true", JSON), end=False) + data(
                    self.stream, b'{"name": "x"}', end=True)
        if kind < 0.70:
            return self.update(b"ok") + reset(self.stream)
        if kind < 0.75:
            return self.update(b"half", end=False) + reset(self.stream)
        if kind < 0.78:
            # Answered early: its request does not come to an end.
            return self.connection.headers(self.stream, self.connection.fields("POST", "/nothing"), end=False)
        if kind < 0.81:
            return self.connection.headers(self.stream, self.connection.fields(more=[("connection", "x")]))
        if kind < 0.84:
            # Trailers.
            self.open.add(self.stream)
            return self.update(b'ok"}', end=False) + self.connection.headers(self.stream, [("x-check", "1")])
        if kind < 0.87:
            return self.update(b"half", end=False)
        if kind < 0.90:
            return self.update(b"ok") + window_update(self.stream, 2**31 - 1)
        self.open.add(self.stream)
        return self.update(self.draw.choice([b"large", b"large", b"fail", b"nonsense", b"reset", b"cut"]))

    def finish(self, seconds=20):
        """Reads until everything that was asked properly is answered, or the connection is over."""
        def is_end(found):
            if found.ends_stream or found.kind == RST_STREAM:
                self.open.discard(found.stream)
            if found.kind == DATA and found.payload:
                self.connection.send(window_update(0, len(found.payload)))
            return not self.open
        if self.open:
            assert self.connection.wait_for(is_end, seconds) or self.connection.is_closed, self.connection.frames[-5:]

    def end(self):
        """One of the ways in which connections end."""
        connection = self.connection
        way = self.draw.randrange(9)
        if way == 0:
            connection.send(goaway())
            connection.wait_for_close(5)
        elif way == 1:
            connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif way == 2:
            # Half closed: the gateway sees the end while it may still write.
            socket.socket.shutdown(connection.socket, socket.SHUT_WR)
            connection.wait_for_close(5)
        elif way == 3:
            connection.send(frame(0x6, 0, 0, b"short"))
            connection.wait_for_close(5)
        elif way == 4:
            # In the middle of a header block.
            connection.send(connection.headers(self.stream + 2, whole=False))
        elif way == 5:
            # In the middle of a frame.
            connection.send(self.update(b"ok")[:-5])
        elif way == 6:
            # With updates under way.
            for name in (b"ok", b"large", b"close"):
                self.stream += 2
                connection.send(self.update(name))
        elif way == 7:
            # With an answer that is never read.
            connection.send(settings((4, 0)))
            self.stream += 2
            connection.send(self.update(b"large"))
            connection.wait_for(lambda found: found.kind == HEADERS, 5)
        connection.close()


def counts(gateway):
    return (gateway.metric("product_gateway_exchanges_total"),
            gateway.metric("product_gateway_downstream_connections_total"))


def rounds(gateway, draw, authority, exchanges, connections):
    """Goes on until the gateway itself has counted that many more of both.

    Not every exchange that is begun is one for the gateway, and many connections end before their time.
    """
    each = max(1, exchanges // connections)
    exchanges_before, connections_before = counts(gateway)
    while True:
        exchanges_now, connections_now = counts(gateway)
        missing = max(connections_before + connections - connections_now,
                      (exchanges_before + exchanges - exchanges_now) / each)
        if missing <= 0:
            return
        # Most of a connection's time is waiting for time-outs, so some wait side by side.
        seeds = [(number, draw.random()) for number in range(math.ceil(missing))]
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            list(pool.map(
                lambda one: one_connection(
                    gateway, random.Random(one[1]), authority, each, gives_up_early=one[0] % 10 == 0), seeds))


def one_connection(gateway, draw, authority, exchanges, gives_up_early):
    # Some are given up within the TLS handshake, or before they have said a word.
    if gives_up_early:
        early = socket.create_connection(("localhost", gateway.port), timeout=20)
        early.sendall(draw.choice([b"", b"\x16\x03\x01\x02\x00\x01", b"GARBAGE" * 10, b"PRI * HTTP"]))
        early.close()
    caller = Caller(gateway, draw, authority)
    left = exchanges
    while left > 0 and not caller.connection.is_closed:
        count = min(left, 20)
        caller.connection.send(b"".join(caller.exchange() for _ in range(count)))
        caller.finish()
        left -= count
    caller.end()


def settle(gateway):
    """Waits until nothing is open any more; every gauge says so."""
    until(lambda: all(gateway.metric(name) == 0 for name in GAUGES), "nothing is open", seconds=60, pause=0.2)


@pytest.mark.parametrize("is_tls", [True, False], ids=["TLS", "cleartext"])
def test_nothing_is_left_however_exchanges_and_connections_end(vendor_gateway, authority, is_tls):
    vendor, gateway = vendor_gateway(
        vendor_action, tls=is_tls,
        limits={"answerTimeout": "1s", "bodyTimeout": "1s", "idleTimeout": "1s", "handshakeTimeout": "1s"},
        target={
            "timeouts": {"connect": "1s", "attempt": "3s", "total": "5s"},
            "connections": {"idleTimeout": "1s"}, "retries": {"attempts": 1}})
    draw = random.Random(9113)
    trusted = authority.path if is_tls else None
    # Once through everything, so that what is kept for ever is there before the first weighing.
    rounds(gateway, draw, trusted, EXCHANGES // 8, CONNECTIONS // 8)
    weights = []
    for _ in range(2):
        rounds(gateway, draw, trusted, math.ceil(EXCHANGES * 7 / 16), math.ceil(CONNECTIONS * 7 / 16))
        settle(gateway)
        weights.append(gateway.memory_bytes())
    exchanges, connections = counts(gateway)
    print(f"{exchanges:.0f} exchanges, {connections:.0f} connections, "
          f"resident memory {weights[0] / 1e6:.1f} MB after the first half, {weights[1] / 1e6:.1f} MB after the second")
    assert exchanges >= EXCHANGES and connections >= CONNECTIONS
    assert weights[1] - weights[0] < TOLERANCE_BYTES, weights
