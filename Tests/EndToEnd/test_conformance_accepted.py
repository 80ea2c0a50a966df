"""What a conformance suite says must be accepted: frames that are right although they are rare, windows of any size.

The sections are those of RFC 7540, by whose numbers suites go; RFC 7541 where HPACK is said.
"""

import struct

import pytest

from harness.frames import (
    ACK, CONTINUATION, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PADDED, PING, PRIORITISED, PRIORITY, RST_STREAM,
    SETTINGS, data, frame, goaway, ping, priority, reset, settings, window_update)


def answers(connection, stream=1):
    found = connection.wait_for(lambda frame: frame.kind == HEADERS and frame.stream == stream)
    assert found, f"no answer: {connection.frames}"


def goes_on(connection, payload=b"h2 \x00\xff go"):
    """A PING is answered with what was in it."""
    connection.send(ping(payload))
    found = connection.wait_for(lambda frame: frame.kind == PING and frame.is_ack)
    assert found and found.payload == payload, f"no PING comes back: {connection.frames}"


def sends(connection, length):
    """The next DATA frame has this length: the window was respected."""
    found = connection.wait_for(lambda frame: frame.kind == DATA)
    assert found and len(found.payload) == length, f"not DATA of {length} bytes: {connection.frames}"


def acknowledges(connection):
    assert connection.wait_for(lambda frame: frame.kind == SETTINGS and frame.is_ack), connection.frames


def is_over(connection):
    """The exchange on stream 1 has come to its end."""
    assert connection.wait_for(lambda frame: frame.ends_stream), connection.frames


def post(connection, *more):
    return connection.fields("POST", more=more)


# The frames, and what must come of them.
ACCEPTED = {
    "PRIORITY on an idle stream": (lambda c: c.send(priority(1, weight=255)), goes_on),
    "PRIORITY on an idle stream, then HEADERS on a lower one": (
        lambda c: c.send(priority(3, weight=255), c.headers(1)), answers),
    "PRIORITY on a half-closed stream": (
        lambda c: c.send(settings((4, 0)), c.headers(1), priority(1, weight=255), window_update(1, 1)),
        lambda c: sends(c, 1)),
    "PRIORITY with the highest priority": (lambda c: c.send(priority(1, weight=255), c.headers(1)), answers),
    "PRIORITY with the lowest priority": (lambda c: c.send(priority(1, weight=0), c.headers(1)), answers),
    "PRIORITY with a dependency": (lambda c: c.send(priority(3, parent=1), c.headers(1)), answers),
    "PRIORITY with an exclusive dependency": (
        lambda c: c.send(priority(1, exclusive=True), c.headers(1)), answers),
    "WINDOW_UPDATE on a half-closed stream": (
        lambda c: c.send(settings((4, 0)), c.headers(1), window_update(1, 1)), lambda c: sends(c, 1)),
    "RST_STREAM on a half-closed stream": (lambda c: c.send(c.headers(1), reset(1)), goes_on),
    "DATA": (lambda c: c.send(c.headers(1, post(c), end=False), data(1, b"test", end=True)), answers),
    "DATA in several frames": (
        lambda c: c.send(c.headers(1, post(c), end=False), data(1, b"te"), data(1, b"st", end=True)), answers),
    "DATA with padding": (
        lambda c: c.send(c.headers(1, post(c), end=False), frame(DATA, PADDED | END_STREAM, 1, b"\x06test" + bytes(6))),
        answers),
    "DATA of 2^14 bytes": (
        lambda c: c.send(c.headers(1, post(c), end=False), data(1, bytes(16384), end=True)), answers),
    "HEADERS": (lambda c: c.send(c.headers(1)), answers),
    "HEADERS with padding": (
        lambda c: c.send(frame(HEADERS, PADDED | 5, 1, b"\x06" + c.block() + bytes(6))), answers),
    "HEADERS with a priority": (
        lambda c: c.send(frame(HEADERS, PRIORITISED | 5, 1, struct.pack(">IB", 0, 255) + c.block())), answers),
    "RST_STREAM of an open stream": (lambda c: c.send(c.headers(1, post(c), end=False), reset(1)), goes_on),
    "RST_STREAM with an unknown code": (
        lambda c: c.send(c.headers(1, post(c), end=False), reset(1, 0xff)), goes_on),
    "SETTINGS": (lambda c: c.send(settings((3, 100))), acknowledges),
    "SETTINGS without any": (lambda c: c.send(settings()), acknowledges),
    "SETTINGS of unknown names": (lambda c: c.send(settings((0xff, 1), (0x2b, 1 << 31))), acknowledges),
    "an acknowledged PING that nobody has sent": (lambda c: c.send(ping(b"not mine", flags=ACK)), goes_on),
    "PING": (lambda c: None, goes_on),
    "PING with undefined flags": (
        lambda c: c.send(ping(flags=0x16)), lambda c: acknowledged_ping(c)),
    "PING with the reserved bit": (
        lambda c: c.send(frame(PING, 0, 1 << 31, bytes(8))), lambda c: acknowledged_ping(c)),
    "WINDOW_UPDATE of the connection": (lambda c: c.send(window_update(0, 1)), goes_on),
    "WINDOW_UPDATE of a stream": (
        lambda c: c.send(settings((4, 0)), c.headers(1), window_update(1, 1)), lambda c: sends(c, 1)),
    "one CONTINUATION": (
        lambda c: c.send(c.headers(1, whole=False), frame(CONTINUATION, END_HEADERS, 1, c.block([("x", "y" * 4000)]))),
        answers),
    "two CONTINUATION": (
        lambda c: c.send(
            c.headers(1, whole=False), frame(CONTINUATION, 0, 1, c.block([("x", "y" * 4000)])),
            frame(CONTINUATION, END_HEADERS, 1, c.block([("x", "y" * 4000)]))), answers),
    "an empty CONTINUATION": (
        lambda c: c.send(c.headers(1, whole=False), frame(CONTINUATION, END_HEADERS, 1)), answers),
    "a frame of an unknown type": (lambda c: c.send(frame(0x16, 0, 0, bytes(8))), goes_on),
    "a frame of an unknown type on a stream": (lambda c: c.send(frame(0xf0, 0xff, 7, bytes(8)), c.headers(1)), answers),
    "a GET request": (lambda c: c.send(c.headers(1)), answers),
    "a HEAD request": (lambda c: c.send(c.headers(1, c.fields("HEAD"))), answers),
    "a POST request": (
        lambda c: c.send(c.headers(1, post(c), end=False), data(1, b"test", end=True)), answers),
    "a POST request with trailers": (
        lambda c: c.send(
            c.headers(1, post(c, ("trailer", "x-test")), end=False), data(1, b"test"),
            c.headers(1, [("x-test", "ok")])),
        answers),
    "an OPTIONS request for everything": (lambda c: c.send(c.headers(1, c.fields("OPTIONS", "*"))), answers),
    "te: trailers": (lambda c: c.send(c.headers(1, c.fields(more=[("te", "trailers")]))), answers),
    "no :authority but a host": (
        lambda c: c.send(c.headers(1, c.fields(without=[":authority"], more=[("host", c.authority)]))), answers),
    "HPACK: an indexed field": (lambda c: c.send(c.headers(1, block=c.block() + b"\xba")), answers),
    "HPACK: indexing with a known name": (
        lambda c: c.send(c.headers(1, block=c.block() + b"\x7a\x06h2spec")), answers),
    "HPACK: indexing with a known name, Huffman coded": (
        lambda c: c.send(c.headers(1, block=c.block() + bytes.fromhex("7a849c48aca4"))), answers),
    "HPACK: indexing with a new name": (
        lambda c: c.send(c.headers(1, block=c.block() + b"\x40\x06x-test\x06h2spec")), answers),
    "HPACK: indexing with a new name, Huffman coded": (
        lambda c: c.send(c.headers(1, block=c.block() + bytes.fromhex("4085f2b24a84ff849c48aca4"))), answers),
    "HPACK: not indexed": (lambda c: c.send(c.headers(1, block=c.block() + b"\x00\x06x-test\x06h2spec")), answers),
    "HPACK: never indexed": (lambda c: c.send(c.headers(1, block=c.block() + b"\x10\x06x-test\x06h2spec")), answers),
    "HPACK: never indexed, with a known name": (
        lambda c: c.send(c.headers(1, block=c.block() + b"\x1f\x2b\x06h2spec")), answers),
    "HPACK: a size update": (lambda c: c.send(c.headers(1, block=b"\x20" + c.block())), answers),
    "HPACK: two size updates": (
        lambda c: c.send(c.headers(1, block=b"\x20\x3f\xe1\x1f" + c.block())), answers),
    "6.5.3 the last of two values": (lambda c: two_windows(c), lambda c: sends(c, 1)),
    "6.9.1 a window of one byte": (lambda c: window_of_one(c), lambda c: sends(c, 1)),
    "6.9.2 a window that opens later": (lambda c: window_later(c), lambda c: sends(c, 1)),
    "6.9.2 a negative window": (lambda c: negative_window(c), lambda c: sends(c, 1)),
}


def acknowledged_ping(connection):
    found = connection.wait_for(lambda frame: frame.kind == PING and frame.is_ack)
    assert found and found.flags == ACK and found.stream == 0, connection.frames


def two_windows(connection):
    connection.send(settings((4, 100), (4, 1)))
    acknowledges(connection)
    connection.send(connection.headers(1))


def window_of_one(connection):
    connection.send(settings((4, 1)))
    acknowledges(connection)
    connection.send(connection.headers(1))


def window_later(connection):
    connection.send(settings((4, 0)))
    acknowledges(connection)
    connection.send(connection.headers(1), settings((4, 1)))
    acknowledges(connection)


def negative_window(connection):
    connection.send(settings((4, 3)))
    acknowledges(connection)
    connection.send(connection.headers(1))
    sends(connection, 3)
    connection.send(settings((4, 2)))
    acknowledges(connection)
    connection.send(window_update(1, 2))


@pytest.mark.parametrize("case", ACCEPTED)
def test_what_is_right_is_accepted(connect, case):
    connection = connect()
    perform, check = ACCEPTED[case]
    perform(connection)
    check(connection)
    assert not any(frame.kind in (RST_STREAM, GOAWAY) for frame in connection.frames), connection.frames


def test_a_priority_frame_on_a_closed_stream_is_accepted(connect):
    connection = connect()
    connection.send(connection.headers(1))
    is_over(connection)
    connection.send(priority(1, weight=255))
    goes_on(connection)


def test_late_frames_that_may_follow_the_end_of_a_stream_are_ignored(connect):
    """RFC 9113 section 5.1: WINDOW_UPDATE and RST_STREAM may be on their way when a stream closes."""
    connection = connect()
    connection.send(connection.headers(1))
    is_over(connection)
    connection.send(window_update(1, 10), reset(1), window_update(1, 10))
    goes_on(connection)


@pytest.mark.parametrize("code", [0, 0xff])
def test_a_caller_that_says_goodbye_is_answered_and_let_go(connect, code):
    connection = connect()
    connection.send(connection.headers(1), goaway(0, code), ping())
    assert connection.status(1)
    assert connection.wait_for_close(), connection.frames


@pytest.mark.parametrize("frames", [1, 40])
def test_one_byte_at_a_time_the_whole_answer_comes(connect, frames):
    connection = connect(values=((4, 1),))
    connection.send(connection.headers(1, connection.fields(path="/v1/targets/nobody")))
    body = b""
    while True:
        found = connection.wait_for(lambda frame: frame.kind == DATA)
        assert found and len(found.payload) <= frames, connection.frames[-3:]
        body += found.payload
        if found.ends_stream:
            break
        connection.send(window_update(1, frames))
    assert body.startswith(b"{") and body.endswith(b"}")


def test_the_connections_window_is_respected_across_streams(connect):
    """65,535 bytes for all streams together, whatever their own windows say (section 6.9.1)."""
    connection = connect(values=((4, 1 << 20),))
    count = 60
    connection.send(
        *[connection.headers(2 * number + 1, connection.fields(path="/openapi.json")) for number in range(count)])

    def received():
        return sum(len(frame.payload) for frame in connection.frames if frame.kind == DATA)

    assert connection.wait_for(lambda _: received() >= 65535)
    connection.wait_for(lambda _: False, 0.5)
    assert received() == 65535
    connection.send(window_update(0, 1 << 24))
    while (ended := sum(frame.ends_stream for frame in connection.frames)) < count:
        assert connection.wait_for(lambda frame: frame.ends_stream), f"{ended} of {count} answers are whole"
