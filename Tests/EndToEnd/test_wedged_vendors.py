"""Connections that live and are of no use: the vendor's end answers PINGs and nothing else, or never opens its window
again, or is a firewall that has forgotten them. A few updates time out on one; the others are sent on another."""

import json
import threading

import pytest

from harness.frame_vendor import FrameVendor
from harness.http1_vendor import HTTP1Vendor, Say, answer
from harness.waiting import until
from test_vendor_frames import GOOD, UPDATE

TIMEOUTS = {"connect": "400ms", "attempt": "400ms", "total": "2s"}


@pytest.fixture
def wedge(start_gateway):
    vendors = []

    def start(vendor, **target):
        vendors.append(vendor)
        return start_gateway(
            {"acme": {"dialect": "elastic-path", "baseURL": vendor.url, "retries": {"attempts": 1},
                      "timeouts": TIMEOUTS, **target}}, defaultTarget="acme", workers=1)

    yield start
    for vendor in vendors:
        vendor.stop()


def statuses(gateway, count, product=None):
    """Of so many updates, one after the other."""
    with gateway.connect() as connection:
        return [connection.request("PATCH", UPDATE, product or {"name": "x"}).status for _ in range(count)]


def test_a_connection_that_answers_pings_and_nothing_else_costs_two_updates(wedge):
    def perform(connection, stream):
        if connection.number > 1 or stream == 1:
            connection.send(connection.answer(stream, GOOD))

    vendor = FrameVendor(perform, answers_pings=True)
    gateway = wedge(vendor)
    assert statuses(gateway, 1) == [200]
    with gateway.connect() as caller:
        # Together: after the first alone the next may be sent on another connection, until the PING is answered.
        streams = [caller.send("PATCH", UPDATE, {"name": "x"}) for _ in range(2)]
        assert [caller.answer(stream).status for stream in streams] == [504, 504]
    assert statuses(gateway, 7) == [200] * 7
    assert len(vendor.connections) == 2
    until(lambda: vendor.connections[0].is_closed, "the wedged connection is closed")
    assert [line["timeouts"] for line in gateway.lines("vendor connection given up")] == [2]
    vendor.check()


def test_a_window_that_is_spent_costs_two_updates(wedge):
    vendor = FrameVendor(
        lambda connection, stream: connection.send(connection.answer(stream, GOOD)), answers_pings=True,
        opens_windows=lambda connection: connection.number > 1)
    gateway = wedge(vendor)
    large = {"name": "x", "description": "y" * 25_000}
    # Two fit into 65,535 bytes, the third does not.
    assert statuses(gateway, 2, large) == [200] * 2
    with gateway.connect() as caller:
        streams = [caller.send("PATCH", UPDATE, large) for _ in range(2)]
        assert [caller.answer(stream).status for stream in streams] == [504, 504]
    assert statuses(gateway, 6, large) == [200] * 6
    assert len(vendor.connections) == 2
    vendor.check()


def test_what_is_under_way_on_a_wedged_connection_keeps_its_time(wedge):
    """Two that time out do not take a third with them that is answered late."""
    held = []

    def perform(connection, stream):
        if connection.number > 1:
            connection.send(connection.answer(stream, GOOD))
        else:
            held.append((connection, stream))

    vendor = FrameVendor(perform, answers_pings=True)
    gateway = wedge(vendor, timeouts={"connect": "2s", "attempt": "2s", "total": "5s"})
    with gateway.connect() as caller:
        # The first two time out half a second before the third.
        first = [caller.send("PATCH", UPDATE, {"name": "x"}) for _ in range(2)]
        until(lambda: len(held) == 2, "the first two are with the vendor")
        threading.Event().wait(0.5)
        late = caller.send("PATCH", UPDATE, {"name": "late"})
        assert [caller.answer(stream).status for stream in first] == [504, 504]
        connection, stream = held[2]
        connection.send(connection.answer(stream, GOOD))
        assert caller.answer(late).status == 200
        assert caller.request("PATCH", UPDATE, {"name": "x"}).status == 200
    assert len(vendor.connections) == 2


BODY = answer(200, json.loads(GOOD))


def test_over_http1_a_connection_that_hangs_costs_one_update(wedge):
    vendor = HTTP1Vendor(
        lambda request: BODY if request.connection > 1 or request.number == 1 else Say(then="silent"))
    gateway = wedge(vendor, connections={"versions": ["http/1.1"]})
    assert statuses(gateway, 10) == [200, 504] + [200] * 8
    assert vendor.connections == 2


def test_over_http1_many_connections_that_all_hang_cost_one_update(wedge):
    barrier = threading.Barrier(6)

    def together(request):
        if request.connection <= 6 and request.number == 1:
            barrier.wait(20)
            return BODY
        return BODY if request.connection > 6 else Say(then="silent")

    vendor = HTTP1Vendor(together)
    gateway = wedge(
        vendor, connections={"versions": ["http/1.1"]}, timeouts={"connect": "2s", "attempt": "2s", "total": "5s"})
    with gateway.connect() as caller:
        streams = [caller.send("PATCH", UPDATE, {"name": "x"}) for _ in range(6)]
        assert {caller.answer(stream).status for stream in streams} == {200}
        assert vendor.connections == 6
        found = [caller.request("PATCH", UPDATE, {"name": "x"}).status for _ in range(10)]
    assert found == [504] + [200] * 9
    assert vendor.connections == 7
