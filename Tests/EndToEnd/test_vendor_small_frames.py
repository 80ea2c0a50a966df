"""A vendor that writes as it goes and answers in frames of a few bytes is no attacker."""

import json

import pytest

from harness.frame_vendor import JSON, FrameVendor
from harness.frames import END_HEADERS, HEADERS, data, frame
from harness.waiting import until
from test_metrics import total
from test_vendor_frames import ABUSE, ID, UPDATE


def product(name):
    return json.dumps({"data": {"id": ID, "type": "product", "attributes": {"name": name}}}).encode()


class Dribbler(FrameVendor):
    """Answers with `body`, `size` bytes a frame."""

    def __init__(self, body, size, **options):
        self.body = body
        self.size = size
        super().__init__(self.dribble, **options)

    def dribble(self, connection, stream):
        head = frame(HEADERS, END_HEADERS, stream, connection.encoder.encode([(":status", "200"), *JSON]))
        parts = [self.body[start:start + self.size] for start in range(0, len(self.body), self.size)]
        frames = [data(stream, part, end=number == len(parts) - 1) for number, part in enumerate(parts)]
        connection.send(head + b"".join(frames))


@pytest.fixture
def dribble(start_gateway):
    vendors = []

    def start(body, size, **members):
        vendor = Dribbler(body, size)
        vendors.append(vendor)
        gateway = start_gateway(
            {"acme": {"dialect": "elastic-path", "baseURL": vendor.url, "retries": {"attempts": 1}}},
            defaultTarget="acme", workers=1, **members)
        return vendor, gateway

    yield start
    for vendor in vendors:
        vendor.stop()
        vendor.check()


def test_hundreds_of_answers_in_16_byte_frames_share_one_connection(dribble):
    vendor, gateway = dribble(product("x" * 1500), 16)
    with gateway.connect() as connection:
        for _ in range(30):
            streams = [connection.send("PATCH", UPDATE, {"name": "x"}) for _ in range(10)]
            assert {connection.answer(stream).status for stream in streams} == {200}
    assert len(vendor.connections) == 1
    assert total(gateway, ABUSE) == 0


def test_a_large_answer_in_10_byte_frames_arrives_whole(dribble):
    vendor, gateway = dribble(product("y" * 100_000), 10)
    answer = gateway.request("PATCH", UPDATE, {"name": "x"})
    assert answer.status == 200, answer
    assert answer.json["product"]["name"] == "y" * 100_000
    assert len(vendor.connections) == 1


def test_an_answer_that_is_too_large_in_small_frames_costs_its_own_stream_only(dribble):
    vendor, gateway = dribble(product("z" * 200_000), 10, limits={"answerBody": 20_000})
    with gateway.connect() as connection:
        for _ in range(3):
            answer = connection.request("PATCH", UPDATE, {"name": "x"})
            assert (answer.status, answer.json["code"]) == (502, "vendor_unintelligible"), answer
            assert "more than the gateway takes" in answer.json["detail"], answer
        vendor.body = product("x")
        assert connection.request("PATCH", UPDATE, {"name": "x"}).status == 200
    assert len(vendor.connections) == 1, "the rest of such an answer is on its way when it is given up"
    assert total(gateway, ABUSE) == 0


def test_frames_that_carry_nothing_are_a_flood_still(dribble):
    vendor, gateway = dribble(product("x"), 16)

    def flood(connection, stream):
        connection.send(frame(HEADERS, END_HEADERS, stream, connection.encoder.encode([(":status", "200"), *JSON])))
        for _ in range(200):
            connection.send(data(stream) * 100)

    vendor.perform = flood
    assert gateway.request("PATCH", UPDATE, {"name": "x"}).status == 502
    until(lambda: vendor.connections[0].is_closed, "the gateway has closed the connection")
    assert total(gateway, ABUSE, target="acme") == 1
