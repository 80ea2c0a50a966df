"""A vendor that breaks the rules of HTTP/2, frame by frame: what the caller is told, and what becomes of its neighbour.

Two requests share the vendor's connection. The neighbour's comes first and is answered last; the other one's is met
with something that RFC 9113 forbids, or that costs the vendor nothing and the gateway much.
"""

import json
import struct
import threading

import pytest

from harness.frame_vendor import JSON, FrameVendor
from harness.frames import (
    CANCEL, COMPRESSION_ERROR, CONTINUATION, END_HEADERS, ENHANCE_YOUR_CALM, FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR,
    GOAWAY, HEADERS, INTERNAL_ERROR, NO_ERROR, PADDED, PROTOCOL_ERROR, PUSH_PROMISE, REFUSED_STREAM, RST_STREAM, data,
    frame, goaway, ping, priority, reset, settings, window_update)
from harness.waiting import until
from test_metrics import total

ID = "60afe403-a191-455e-b771-c510c928a308"
UPDATE = f"/v1/products/{ID}"
GOOD = json.dumps({"data": {"id": ID, "type": "product", "attributes": {"name": "x"}}}).encode()
OK = [(":status", "200"), *JSON]
ABUSE = "product_gateway_upstream_sessions_ended_for_abuse_total"


def headers(connection, stream, fields, end=False, whole=True):
    flags = (1 if end else 0) | (END_HEADERS if whole else 0)
    return frame(HEADERS, flags, stream, connection.encoder.encode(fields))


class Meeting:
    """A gateway, its vendor in frames, and two callers."""

    def __init__(self, start_gateway, action, **options):
        self.action = action
        self.neighbour = None
        self.has_acted = threading.Event()
        self.vendor = FrameVendor(self.perform, **options)
        self.gateway = start_gateway(
            {"acme": {
                "dialect": "elastic-path", "baseURL": self.vendor.url, "retries": {"attempts": 1},
                "timeouts": {"connect": "2s", "attempt": "5s", "total": "8s"}}},
            defaultTarget="acme", workers=1)

    def perform(self, connection, stream):
        if self.neighbour is None:
            self.neighbour = (connection, stream)
        else:
            self.action(connection, stream)
            self.has_acted.set()

    def call(self):
        """Both answers: that of the caller who is met with the action, and its neighbour's."""
        with self.gateway.connect() as connection:
            first = connection.send("PATCH", UPDATE, {"name": "x"})
            until(lambda: self.neighbour, "the neighbour's request is with the vendor")
            second = connection.send("PATCH", UPDATE, {"name": "x"})
            met = connection.answer(second)
            # All of the vendor's frames are out before the next are made: HPACK wants them in their order.
            assert self.has_acted.wait(30)
            line, stream = self.neighbour
            line.send(line.answer(stream, GOOD))
            return met, connection.answer(first)

    def must_work(self):
        """The next request is answered, whatever has become of the connection."""
        self.action = lambda connection, stream: connection.send(connection.answer(stream, GOOD))
        assert self.gateway.request("PATCH", UPDATE, {"name": "x"}).status == 200
        self.vendor.check()


@pytest.fixture
def meet(start_gateway):
    started = []

    def meet(action, **options):
        meeting = Meeting(start_gateway, action, **options)
        started.append(meeting)
        return meeting

    yield meet
    for meeting in started:
        meeting.vendor.stop()


def check(answer, code, outcome, retryable=True):
    statuses = {"vendor_unintelligible": 502, "vendor_unreachable": 502, "vendor_unavailable": 503}
    problem = answer.json
    assert (answer.status, problem["code"]) == (statuses[code], code), answer
    assert (problem["outcome"], problem["retryable"], problem["origin"]) == (outcome, retryable, "vendor"), problem
    return problem


# Answers that are malformed: a stream error, told as what it is; the neighbour notices nothing.

def whole(fields, body=GOOD):
    return lambda c, s: c.send(headers(c, s, fields), data(s, body, end=True))


MALFORMED = {
    "no :status": whole([("content-type", "application/json")]),
    "two :status": whole([(":status", "200")] + OK),
    ":status that is no number": whole([(":status", "abc")]),
    ":status of two digits": whole([(":status", "99")]),
    ":status of four digits": whole([(":status", "1000")]),
    "101": lambda c, s: c.send(headers(c, s, [(":status", "101")]), c.answer(s, GOOD)),
    "a pseudo field of requests": whole(OK + [(":path", "/")]),
    "a pseudo field behind a field": whole([("x", "y"), (":status", "200")]),
    "an unknown pseudo field": whole(OK + [(":x", "y")]),
    "a name in capitals": whole(OK + [("X-Upper", "y")]),
    "a name with a space": whole(OK + [("x y", "z")]),
    "connection": whole(OK + [("connection", "close")]),
    "transfer-encoding": whole(OK + [("transfer-encoding", "chunked")]),
    "upgrade": whole(OK + [("upgrade", "h2c")]),
    "a line break in a value": whole(OK + [("x", "a\nb")]),
    "a NUL in a value": whole(OK + [("x", "a\0b")]),
    "two lengths": whole(OK + 2 * [("content-length", str(len(GOOD)))]),
    "a length that is no number": whole(OK + [("content-length", "x")]),
    "less than its length": whole(OK + [("content-length", str(len(GOOD) + 1))]),
    "more than its length": whole(OK + [("content-length", "5")]),
    "204 with a body": whole([(":status", "204")]),
    "204 with a length": lambda c, s: c.send(headers(c, s, [(":status", "204"), ("content-length", "5")], end=True)),
    "an interim answer that ends the stream": lambda c, s: c.send(headers(c, s, [(":status", "100")], end=True)),
    "an interim answer behind the final one": lambda c, s: c.send(
        headers(c, s, OK), headers(c, s, [(":status", "103")]), data(s, GOOD, end=True)),
    "two final answers": lambda c, s: c.send(headers(c, s, OK), headers(c, s, OK), data(s, GOOD, end=True)),
    "trailers with a :status": lambda c, s: c.send(
        headers(c, s, OK), data(s, GOOD), headers(c, s, [(":status", "200")], end=True)),
    "trailers that do not end the stream": lambda c, s: c.send(
        headers(c, s, OK), data(s, GOOD), headers(c, s, [("x", "y")])),
    "a window that overflows": lambda c, s: c.send(window_update(s, 2**31 - 1), c.answer(s, GOOD)),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_answer_is_told_as_one_and_the_neighbour_is_answered(meet, case):
    meeting = meet(MALFORMED[case])
    met, neighbour = meeting.call()
    problem = check(met, "vendor_unintelligible", "unknown")
    assert "well-formed" in problem["detail"], problem
    assert neighbour.status == 200
    connection = meeting.vendor.connections[0]
    until(lambda: connection.codes(RST_STREAM), "the vendor is told")
    assert connection.codes(RST_STREAM) == [FLOW_CONTROL_ERROR if "window" in case else PROTOCOL_ERROR]
    meeting.must_work()
    assert len(meeting.vendor.connections) == 1
    assert total(meeting.gateway, "product_gateway_attempts_total", outcome="answer_malformed") == 1


# What a vendor may do.

FINE = {
    "interim answers": lambda c, s: c.send(
        headers(c, s, [(":status", "103")]), headers(c, s, [(":status", "100")]), c.answer(s, GOOD)),
    "a thousand interim answers": lambda c, s: c.send(headers(c, s, [(":status", "103")]) * 1000, c.answer(s, GOOD)),
    "trailers": lambda c, s: c.send(headers(c, s, OK), data(s, GOOD), headers(c, s, [("x", "y")], end=True)),
    "RST_STREAM with NO_ERROR behind the answer": lambda c, s: c.send(c.answer(s, GOOD), reset(s, NO_ERROR)),
    "frames behind the end": lambda c, s: c.send(
        c.answer(s, GOOD), data(s, b"late", end=True), headers(c, s, OK, end=True)),
    "unknown frames and settings": lambda c, s: c.send(
        frame(0x77, 0xff, s, b"x"), frame(0x77, 0xff, 0, b"x"), settings((0x77, 1)), c.answer(s, GOOD)),
    "undefined flags": lambda c, s: c.send(
        frame(HEADERS, END_HEADERS | 0x52, s, c.encoder.encode(OK)), data(s, GOOD, end=True)),
    "padding": lambda c, s: c.send(
        headers(c, s, OK), frame(0, PADDED, s, b"\x05" + bytes(5)), frame(0, PADDED | 1, s, b"\x03" + GOOD + bytes(3))),
    "PRIORITY": lambda c, s: c.send(priority(s), c.answer(s, GOOD)),
    "ENABLE_PUSH of 0": lambda c, s: c.send(settings((2, 0)), c.answer(s, GOOD)),
    "no HPACK table": lambda c, s: c.send(settings((1, 0)), c.answer(s, GOOD)),
    "GOAWAY that names the request": lambda c, s: c.send(goaway(s), c.answer(s, GOOD)),
    "two GOAWAY, as a graceful end has them": lambda c, s: c.send(goaway(2**31 - 1), goaway(s), c.answer(s, GOOD)),
}


@pytest.mark.parametrize("case", FINE)
def test_what_a_vendor_may_do_disturbs_nobody(meet, case):
    meeting = meet(FINE[case])
    met, neighbour = meeting.call()
    assert (met.status, neighbour.status) == (200, 200), (met, neighbour)
    meeting.must_work()
    assert meeting.vendor.connections[0].codes(GOAWAY) == []


# Streams that the vendor ends: only that it says so makes the request unprocessed.

@pytest.mark.parametrize("action, code, outcome", [
    (lambda c, s: c.send(reset(s, REFUSED_STREAM)), "vendor_unavailable", "not_sent"),
    (lambda c, s: c.send(reset(s, CANCEL)), "vendor_unreachable", "unknown"),
    (lambda c, s: c.send(reset(s, ENHANCE_YOUR_CALM)), "vendor_unreachable", "unknown"),
    (lambda c, s: c.send(reset(s, 0xabcdef)), "vendor_unreachable", "unknown"),
    (lambda c, s: c.send(reset(s, NO_ERROR)), "vendor_unreachable", "unknown"),
    (lambda c, s: c.send(headers(c, s, OK), reset(s, CANCEL)), "vendor_unintelligible", "unknown"),
    (lambda c, s: c.send(headers(c, s, OK), reset(s, REFUSED_STREAM)), "vendor_unintelligible", "unknown"),
], ids=["refused", "cancelled", "calmed", "unknown code", "no error", "cancelled after the fields",
        "refused after the fields"])
def test_a_stream_that_the_vendor_resets_is_told_with_what_is_known_of_it(meet, action, code, outcome):
    meeting = meet(action)
    met, neighbour = meeting.call()
    check(met, code, outcome)
    assert neighbour.status == 200
    meeting.must_work()


def test_what_a_goaway_leaves_out_was_not_sent_and_what_it_names_is_unknown_until_it_is_answered(meet):
    def leave_out_the_last(connection, stream):
        connection.send(goaway(stream - 2, INTERNAL_ERROR, b"debug data"))

    meeting = meet(leave_out_the_last)
    met, neighbour = meeting.call()
    check(met, "vendor_unavailable", "not_sent")
    assert neighbour.status == 200
    meeting.must_work()
    assert len(meeting.vendor.connections) == 2

    def name_both_and_close(connection, stream):
        connection.send(goaway(stream, INTERNAL_ERROR))
        connection.close()

    meeting = meet(name_both_and_close)
    for answer in meeting.call():
        check(answer, "vendor_unreachable", "unknown")
    meeting.must_work()


# What ends the connection: both requests were sent and nobody knows what became of them.

CONNECTION_ERRORS = {
    "DATA before any fields": (lambda c, s: c.send(data(s, GOOD, end=True)), PROTOCOL_ERROR),
    "RST_STREAM of an idle stream": (lambda c, s: c.send(reset(s + 2)), PROTOCOL_ERROR),
    "HEADERS of an idle stream": (lambda c, s: c.send(headers(c, s + 2, OK)), PROTOCOL_ERROR),
    "HEADERS of a stream of its own": (lambda c, s: c.send(headers(c, 2, OK)), PROTOCOL_ERROR),
    "HEADERS on stream 0": (lambda c, s: c.send(headers(c, 0, OK)), PROTOCOL_ERROR),
    "DATA on stream 0": (lambda c, s: c.send(data(0, b"x")), PROTOCOL_ERROR),
    "a push, which is switched off": (
        lambda c, s: c.send(frame(PUSH_PROMISE, END_HEADERS, s, struct.pack(">I", 2) + c.encoder.encode(
            [(":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "x")]))), PROTOCOL_ERROR),
    "ENABLE_PUSH of 1": (lambda c, s: c.send(settings((2, 1))), PROTOCOL_ERROR),
    "MAX_FRAME_SIZE below 2^14": (lambda c, s: c.send(settings((5, 1))), PROTOCOL_ERROR),
    "INITIAL_WINDOW_SIZE above 2^31-1": (lambda c, s: c.send(settings((4, 1 << 31))), FLOW_CONTROL_ERROR),
    "settings that take a stream's window above 2^31-1": (
        lambda c, s: c.send(window_update(s, 1 << 30), settings((4, 2**31 - 1))), FLOW_CONTROL_ERROR),
    "the connection's window above 2^31-1": (lambda c, s: c.send(window_update(0, 2**31 - 1)), FLOW_CONTROL_ERROR),
    "WINDOW_UPDATE by 0": (lambda c, s: c.send(window_update(0, 0)), PROTOCOL_ERROR),
    "a frame that is too large": (lambda c, s: c.send(frame(0, 0, s, bytes(16385))), FRAME_SIZE_ERROR),
    "a broken header block": (lambda c, s: c.send(frame(HEADERS, 5, s, b"\xff\xff\xff")), COMPRESSION_ERROR),
    "CONTINUATION of nothing": (lambda c, s: c.send(frame(CONTINUATION, END_HEADERS, s)), PROTOCOL_ERROR),
    "DATA within a header block": (
        lambda c, s: c.send(headers(c, s, OK, whole=False), data(s, GOOD, end=True)), PROTOCOL_ERROR),
    "PING of six bytes": (lambda c, s: c.send(ping(b"123456")), FRAME_SIZE_ERROR),
    "GOAWAY that takes back": (lambda c, s: c.send(goaway(s), goaway(s + 2)), PROTOCOL_ERROR),
    "HTTP/1.1 in the middle of it": (lambda c, s: c.send(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 9), FRAME_SIZE_ERROR),
}


@pytest.mark.parametrize("case", CONNECTION_ERRORS)
def test_a_connection_error_of_the_vendors_is_told_to_it_and_leaves_both_outcomes_unknown(meet, case):
    action, code = CONNECTION_ERRORS[case]
    meeting = meet(action)
    for answer in meeting.call():
        problem = check(answer, "vendor_unreachable", "unknown")
        assert "broke a rule of HTTP/2" in problem["detail"], problem
    connection = meeting.vendor.connections[0]
    until(lambda: connection.is_closed, "the gateway has closed the connection")
    assert connection.codes(GOAWAY) == [code], connection.frames
    meeting.must_work()
    assert total(meeting.gateway, ABUSE) == 0


# Floods.

def flood(part, before=None):
    def send(connection, stream):
        if before:
            connection.send(before(connection, stream))
        piece = (part(connection, stream) if callable(part) else part) * 100
        for _ in range(300):
            connection.send(piece)

    return send


FLOODS = {
    "PING": flood(ping()),
    "acknowledgements of PINGs that nobody sent": flood(ping(flags=1)),
    "SETTINGS": flood(settings((4, 65535))),
    "interim answers": flood(lambda c, s: headers(c, s, [(":status", "103")])),
    "empty DATA": flood(lambda c, s: data(s), lambda c, s: headers(c, s, OK)),
    "DATA of padding only": flood(lambda c, s: frame(0, PADDED, s, b"\x03" + bytes(3)), lambda c, s: headers(c, s, OK)),
    "WINDOW_UPDATE": flood(window_update(0, 1)),
    "PRIORITY": flood(priority(3)),
    "unknown frames": flood(frame(0x77)),
    "DATA of a stream that is over": flood(lambda c, s: data(s, b"x"), lambda c, s: c.answer(s, GOOD)),
    "CONTINUATION": flood(
        lambda c, s: frame(CONTINUATION, 0, s), lambda c, s: headers(c, s, OK, whole=False)),
}


@pytest.mark.parametrize("case", FLOODS)
def test_a_vendor_that_floods_is_told_to_calm_down_cut_off_and_counted(meet, case):
    meeting = meet(FLOODS[case])
    met, neighbour = meeting.call()
    if "over" in case:
        assert met.status == 200, met
    else:
        code = "vendor_unintelligible" if "DATA" in case else "vendor_unreachable"
        assert "the gateway closed the connection" in check(met, code, "unknown")["detail"]
    assert "the gateway closed the connection" in check(neighbour, "vendor_unreachable", "unknown")["detail"]
    connection = meeting.vendor.connections[0]
    until(lambda: connection.is_closed, "the gateway has closed the connection", seconds=20)
    # A connection that is closed while more comes may lose its last words.
    assert connection.codes(GOAWAY) in ([ENHANCE_YOUR_CALM], []), connection.frames[-5:]
    assert total(meeting.gateway, ABUSE, target="acme") == 1
    meeting.must_work()


def test_a_vendor_that_floods_slowly_enough_to_listen_hears_why_the_connection_ends(meet):
    """With pauses in which the gateway looks at what has come: nothing is on its way when it says its last words."""
    def flood_and_listen(connection, stream):
        for _ in range(200):
            connection.send(ping(flags=1) * 50)
            connection.read_once(0.002)
            if connection.is_closed:
                return

    meeting = meet(flood_and_listen)
    meeting.call()
    connection = meeting.vendor.connections[0]
    until(lambda: connection.is_closed, "the gateway has closed the connection", seconds=20)
    assert connection.codes(GOAWAY) == [ENHANCE_YOUR_CALM], connection.frames[-5:]
    assert total(meeting.gateway, ABUSE, target="acme", kind="control_frames") == 1


def test_a_vendor_whose_fields_are_endless_or_a_bomb_is_not_decoded_to_the_end(meet):
    bomb = b"\x88" + b"\x40\x01a\x7f\xa1\x1e" + b"b" * 4000 + b"\xbe" * 3000

    def throw(connection, stream):
        connection.send(frame(HEADERS, END_HEADERS | 1, stream, bomb))

    meeting = meet(throw)
    met, neighbour = meeting.call()
    assert "more than the gateway takes" in check(met, "vendor_unintelligible", "unknown")["detail"]
    assert neighbour.status == 200
    meeting.must_work()


def test_a_body_far_beyond_its_window_ends_its_stream_and_not_its_neighbours(meet):
    def pour(connection, stream):
        connection.send(headers(connection, stream, OK))
        for _ in range(1000):
            connection.send(data(stream, bytes(16384)))

    meeting = meet(pour)
    met, neighbour = meeting.call()
    check(met, "vendor_unintelligible", "unknown")
    assert neighbour.status == 200
    meeting.must_work()


# Greetings.

@pytest.mark.parametrize("greeting, code", [
    (b"HTTP/1.1 400 Bad Request\r\n\r\n", PROTOCOL_ERROR), (ping(), PROTOCOL_ERROR),
    (settings(flags=1), PROTOCOL_ERROR),
    (settings((5, 1)), PROTOCOL_ERROR), (settings((4, 1 << 31)), FLOW_CONTROL_ERROR), (b"", PROTOCOL_ERROR),
], ids=["HTTP/1.1", "PING", "an acknowledgement", "a frame size of 1", "a window of 2^31", "an answer at once"])
def test_a_vendor_that_does_not_begin_with_settings_that_are_right_is_left(meet, greeting, code):
    meeting = meet(lambda connection, stream: None, greeting=greeting)
    meeting.vendor.perform = lambda connection, stream: connection.send(connection.answer(stream, GOOD))
    check(meeting.gateway.request("PATCH", UPDATE, {"name": "x"}), "vendor_unreachable", "unknown")
    connection = meeting.vendor.connections[0]
    until(lambda: connection.is_closed, "the gateway has closed the connection")
    assert connection.codes(GOAWAY) == [code], connection.frames


@pytest.mark.parametrize("greeting", [settings((3, 1)), settings((4, 2**31 - 1)), settings((1, 0), (6, 1))],
                         ids=["one stream", "the largest window", "no HPACK table"])
def test_a_vendor_may_state_what_it_likes_within_the_rules(meet, greeting):
    meeting = meet(lambda connection, stream: None, greeting=greeting)

    def answer(connection, stream):
        connection.send(connection.answer(stream, GOOD))

    meeting.vendor.perform = answer
    with meeting.gateway.connect() as connection:
        streams = [connection.send("PATCH", UPDATE, {"name": "x"}) for _ in range(3)]
        assert [connection.answer(stream).status for stream in streams] == [200, 200, 200]


def test_a_goaway_as_a_greeting_leaves_nothing_sent(meet):
    meeting = meet(lambda connection, stream: None, greeting=settings() + goaway(0))
    check(meeting.gateway.request("PATCH", UPDATE, {"name": "x"}), "vendor_unavailable", "not_sent")


def test_over_tls_it_is_the_same(start_gateway, authority, certificate):
    """One case of each kind: what is read does not depend on how it was carried."""
    for action, code, outcome in (
        (MALFORMED["no :status"], "vendor_unintelligible", "unknown"),
        (lambda c, s: c.send(reset(s, REFUSED_STREAM)), "vendor_unavailable", "not_sent"),
        (CONNECTION_ERRORS["a broken header block"][0], "vendor_unreachable", "unknown"),
        (FLOODS["PING"], "vendor_unreachable", "unknown"),
    ):
        vendor = FrameVendor(action, certificate=certificate)
        gateway = start_gateway(
            {"acme": {"dialect": "elastic-path", "baseURL": vendor.url, "tls": {"caFile": authority.path},
                      "retries": {"attempts": 1}}}, defaultTarget="acme", workers=1)
        try:
            check(gateway.request("PATCH", UPDATE, {"name": "x"}), code, outcome)
            vendor.check()
        finally:
            vendor.stop()
