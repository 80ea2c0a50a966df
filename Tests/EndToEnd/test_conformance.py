"""The rules of RFC 9113 and RFC 7541 as a conformance suite checks them: frame by frame, over TLS and in cleartext.

Each case sends something and says what must come of it. The sections are those of RFC 7540, by whose numbers suites go.
"""

import struct

import pytest

from harness.frames import (
    ACK, COMPRESSION_ERROR, CONTINUATION, DATA, END_HEADERS, END_STREAM, FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR, GOAWAY,
    HEADERS, NO_ERROR, PADDED, PING, PREFACE, PRIORITISED, PRIORITY, PROTOCOL_ERROR, PUSH_PROMISE, REFUSED_STREAM,
    RST_STREAM, SETTINGS, STREAM_CLOSED, WINDOW_UPDATE, data, frame, ping, priority, reset, settings, window_update)

LARGE = "x" * 4000
POST = [(":method", "POST")]


# What must come of it.

def closes(connection, *codes):
    """A connection error: GOAWAY says why, and then the connection is really closed."""
    assert connection.wait_for_close(), f"still open: {connection.frames}"
    found = [frame.code for frame in connection.frames if frame.kind == GOAWAY]
    assert found and found[-1] in codes, f"no GOAWAY with {codes}: {connection.frames}"


def stream_fails(connection, *codes):
    """A stream error, or a connection error with the same code."""
    found = connection.wait_for(lambda frame: frame.kind in (RST_STREAM, GOAWAY) and frame.code in codes)
    assert found, f"no error {codes}: {connection.frames}"


def stream_ends(connection):
    assert connection.wait_for(lambda frame: frame.ends_stream), f"no end of the stream: {connection.frames}"


def post(connection, *more):
    return connection.fields("POST", more=more)


# 3.5 The connection preface

def test_the_first_frame_of_the_gateway_is_settings(connect):
    connection = connect(handshake=False)
    connection.send(PREFACE, settings((4, 65535)))
    assert connection.wait_for(lambda frame: True)
    assert connection.frames[0].kind == SETTINGS and not connection.frames[0].is_ack


@pytest.mark.parametrize("preface", [
    b"INVALID CONNECTION PREFACE\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n" + settings(),
    PREFACE + ping(), b"\x00" * 64,
], ids=["other words", "half right", "no SETTINGS", "zeros"])
def test_an_invalid_preface_ends_the_connection(connect, preface):
    connection = connect(handshake=False)
    connection.send(preface)
    assert connection.wait_for_close(), connection.frames


# Connection errors: the frames, and the code that GOAWAY must have.

CONNECTION_ERRORS = {
    "4.2 HEADERS larger than the largest frame": (
        lambda c: c.send(c.headers(1, c.fields(more=[(f"x-{n}", LARGE) for n in range(5)]))), FRAME_SIZE_ERROR),
    "4.3 a broken header block": (lambda c: c.send(frame(HEADERS, 5, 1, b"\x40")), COMPRESSION_ERROR),
    "4.3 PRIORITY within a header block": (
        lambda c: c.send(c.headers(1, whole=False), priority(1), frame(CONTINUATION, END_HEADERS, 1, b"")),
        PROTOCOL_ERROR),
    "4.3 HEADERS of another stream within a header block": (
        lambda c: c.send(c.headers(1, whole=False), c.headers(3)), PROTOCOL_ERROR),
    "5.1 idle: DATA": (lambda c: c.send(data(1, b"test", end=True)), PROTOCOL_ERROR),
    "5.1 idle: RST_STREAM": (lambda c: c.send(reset(1)), PROTOCOL_ERROR),
    "5.1 idle: WINDOW_UPDATE": (lambda c: c.send(window_update(1, 100)), PROTOCOL_ERROR),
    "5.1 idle: CONTINUATION": (
        lambda c: c.send(frame(CONTINUATION, END_HEADERS, 1, c.block())), PROTOCOL_ERROR),
    "5.1.1 an even stream": (lambda c: c.send(c.headers(2)), PROTOCOL_ERROR),
    "5.1.1 a smaller stream than before": (lambda c: c.send(c.headers(5), c.headers(3)), PROTOCOL_ERROR),
    "5.4.1 PING on a stream": (lambda c: c.send(frame(PING, 0, 3, bytes(8))), PROTOCOL_ERROR),
    "5.5 an unknown frame within a header block": (
        lambda c: c.send(c.headers(1, whole=False), frame(0x16, 0, 0, bytes(8))), PROTOCOL_ERROR),
    "6.1 DATA on stream 0": (lambda c: c.send(data(0, b"test", end=True)), PROTOCOL_ERROR),
    "6.1 DATA with too much padding": (
        lambda c: c.send(c.headers(1, post(c), end=False), frame(DATA, PADDED | END_STREAM, 1, b"\x06Test")),
        PROTOCOL_ERROR),
    "6.2 HEADERS on stream 0": (lambda c: c.send(c.headers(0)), PROTOCOL_ERROR),
    "6.2 HEADERS with too much padding": (
        lambda c: c.send(frame(HEADERS, PADDED | 5, 1, b"\xff" + c.block())), PROTOCOL_ERROR),
    "6.2 HEADERS too short for their padding": (
        lambda c: c.send(frame(HEADERS, PADDED | 5, 1)), FRAME_SIZE_ERROR, PROTOCOL_ERROR),
    "6.2 HEADERS too short for their priority": (
        lambda c: c.send(frame(HEADERS, PRIORITISED | 5, 1, b"\0\0")), FRAME_SIZE_ERROR, PROTOCOL_ERROR),
    "6.3 PRIORITY on stream 0": (lambda c: c.send(priority(0)), PROTOCOL_ERROR),
    "6.4 RST_STREAM on stream 0": (lambda c: c.send(reset(0)), PROTOCOL_ERROR),
    "6.4 RST_STREAM of three bytes": (
        lambda c: c.send(c.headers(1, post(c), end=False), frame(RST_STREAM, 0, 1, bytes(3))), FRAME_SIZE_ERROR),
    "6.5 an acknowledgement with settings": (lambda c: c.send(settings((4, 100), flags=ACK)), FRAME_SIZE_ERROR),
    "6.5 SETTINGS on a stream": (
        lambda c: c.send(frame(SETTINGS, 0, 1, bytes.fromhex("000300000064"))), PROTOCOL_ERROR),
    "6.5 SETTINGS of three bytes": (lambda c: c.send(frame(SETTINGS, 0, 0, bytes(3))), FRAME_SIZE_ERROR),
    "6.5.2 ENABLE_PUSH of 2": (lambda c: c.send(settings((2, 2))), PROTOCOL_ERROR),
    "6.5.2 INITIAL_WINDOW_SIZE above 2^31-1": (lambda c: c.send(settings((4, 1 << 31))), FLOW_CONTROL_ERROR),
    "6.5.2 MAX_FRAME_SIZE below 2^14": (lambda c: c.send(settings((5, 16383))), PROTOCOL_ERROR),
    "6.5.2 MAX_FRAME_SIZE above 2^24-1": (lambda c: c.send(settings((5, 1 << 24))), PROTOCOL_ERROR),
    "6.6 PUSH_PROMISE from a client": (
        lambda c: c.send(
            c.headers(1, post(c), end=False), frame(PUSH_PROMISE, END_HEADERS, 1, bytes([0, 0, 0, 2]) + c.block())),
        PROTOCOL_ERROR),
    "6.7 PING of six bytes": (lambda c: c.send(frame(PING, 0, 0, bytes(6))), FRAME_SIZE_ERROR),
    "6.8 GOAWAY on a stream": (lambda c: c.send(frame(GOAWAY, 0, 1, bytes(8))), PROTOCOL_ERROR),
    "6.8 GOAWAY of four bytes": (lambda c: c.send(frame(GOAWAY, 0, 0, bytes(4))), FRAME_SIZE_ERROR),
    "6.9 WINDOW_UPDATE by 0 on the connection": (lambda c: c.send(window_update(0, 0)), PROTOCOL_ERROR),
    "6.9 WINDOW_UPDATE of three bytes": (lambda c: c.send(frame(WINDOW_UPDATE, 0, 0, bytes(3))), FRAME_SIZE_ERROR),
    "6.9.1 the connection's window above 2^31-1": (
        lambda c: c.send(window_update(0, 2**31 - 1), window_update(0, 2**31 - 1)), FLOW_CONTROL_ERROR),
    "6.9.2 settings that take a stream's window above 2^31-1": (
        lambda c: c.send(c.headers(1, post(c), end=False), window_update(1, 2**30), settings((4, 2**31 - 1))),
        FLOW_CONTROL_ERROR),
    "6.10 CONTINUATION, then DATA": (
        lambda c: c.send(
            c.headers(1, post(c), end=False, whole=False), frame(CONTINUATION, 0, 1, c.block([("x", LARGE)])),
            data(1, b"test", end=True)), PROTOCOL_ERROR),
    "6.10 CONTINUATION on stream 0": (
        lambda c: c.send(c.headers(1, whole=False), frame(CONTINUATION, END_HEADERS, 0, c.block([("x", LARGE)]))),
        PROTOCOL_ERROR),
    "6.10 CONTINUATION after END_HEADERS": (
        lambda c: c.send(c.headers(1), frame(CONTINUATION, END_HEADERS, 1, c.block([("x", LARGE)]))), PROTOCOL_ERROR),
    "6.10 CONTINUATION after a last CONTINUATION": (
        lambda c: c.send(
            c.headers(1, whole=False), frame(CONTINUATION, END_HEADERS, 1, c.block([("x", LARGE)])),
            frame(CONTINUATION, END_HEADERS, 1, c.block([("x", LARGE)]))), PROTOCOL_ERROR),
    "6.10 DATA instead of CONTINUATION": (
        lambda c: c.send(
            c.headers(1, post(c), end=False, whole=False), data(1, b"test", end=True),
            frame(CONTINUATION, 0, 1, c.block([("x", LARGE)]))), PROTOCOL_ERROR),
    "HPACK 2.3.3 an index beyond the tables": (
        lambda c: c.send(c.headers(1, block=c.block() + b"\xfe")), COMPRESSION_ERROR),
    "HPACK 2.3.3 a literal's index beyond the tables": (
        lambda c: c.send(c.headers(1, block=c.block() + b"\x7f\xe0\x01\x03foo")), COMPRESSION_ERROR),
    "HPACK 4.2 a size update at the end of a block": (
        lambda c: c.send(c.headers(1, block=c.block() + b"\x20")), COMPRESSION_ERROR),
    "HPACK 5.2 padding of more than 7 bits": (
        lambda c: c.send(c.headers(1, block=c.block() + bytes.fromhex("0085f2b24a84ff8449509fff"))), COMPRESSION_ERROR),
    "HPACK 5.2 padding of zeros": (
        lambda c: c.send(c.headers(1, block=c.block() + bytes.fromhex("0085f2b24a84ff83495090"))), COMPRESSION_ERROR),
    "HPACK 5.2 the end-of-string symbol": (
        lambda c: c.send(c.headers(1, block=c.block() + bytes.fromhex("0085f2b24a87fffffffd25427f"))),
        COMPRESSION_ERROR),
    "HPACK 6.1 index 0": (lambda c: c.send(c.headers(1, block=c.block() + b"\x80")), COMPRESSION_ERROR),
    "HPACK 6.3 a table larger than allowed": (
        lambda c: c.send(c.headers(1, block=b"\x3f\xe2\x1f" + c.block())), COMPRESSION_ERROR),
}


@pytest.mark.parametrize("case", CONNECTION_ERRORS)
def test_a_connection_error_is_told_and_the_connection_closed(connect, case):
    connection = connect()
    perform, *codes = CONNECTION_ERRORS[case]
    perform(connection)
    closes(connection, *codes)


# Stream errors.

def after_the_end(*frames):
    """What follows an exchange that is over on both sides."""
    def perform(connection):
        connection.send(connection.headers(1))
        stream_ends(connection)
        connection.send(*[part(connection) for part in frames])
    return perform


STREAM_ERRORS = {
    "4.2 DATA larger than the largest frame": (
        lambda c: c.send(c.headers(1, post(c), end=False), data(1, bytes(16385), end=True)), (FRAME_SIZE_ERROR,)),
    "5.1 half-closed: DATA": (lambda c: c.send(c.headers(1), data(1, b"test", end=True)), (STREAM_CLOSED,)),
    "5.1 half-closed: HEADERS": (lambda c: c.send(c.headers(1), c.headers(1)), (STREAM_CLOSED,)),
    "5.1 half-closed: CONTINUATION": (
        lambda c: c.send(c.headers(1), frame(CONTINUATION, END_HEADERS, 1, c.block())),
        (STREAM_CLOSED, PROTOCOL_ERROR)),
    "5.1 half-closed after a body: DATA": (
        lambda c: c.send(c.headers(1, post(c), end=False), data(1, b"x", end=True), data(1, b"test", end=True)),
        (STREAM_CLOSED,)),
    "5.1 closed: DATA after RST_STREAM": (
        lambda c: c.send(c.headers(1, end=False), reset(1), data(1, b"test", end=True)), (STREAM_CLOSED,)),
    "5.1 closed: HEADERS after RST_STREAM": (
        lambda c: c.send(c.headers(1, end=False), reset(1), c.headers(1)), (STREAM_CLOSED,)),
    "5.1 closed: CONTINUATION after RST_STREAM": (
        lambda c: c.send(
            c.headers(1, end=False), reset(1), frame(CONTINUATION, END_HEADERS, 1, c.block([("x", LARGE)]))),
        (STREAM_CLOSED, PROTOCOL_ERROR)),
    "5.1 closed: DATA": (after_the_end(lambda c: data(1, b"test", end=True)), (STREAM_CLOSED,)),
    "5.1 closed: HEADERS": (after_the_end(lambda c: c.headers(1)), (STREAM_CLOSED,)),
    "5.1 closed: CONTINUATION": (
        after_the_end(lambda c: frame(CONTINUATION, END_HEADERS, 1, c.block([("x", LARGE)]))),
        (STREAM_CLOSED, PROTOCOL_ERROR)),
    "5.3.1 HEADERS that depend on themselves": (
        lambda c: c.send(frame(HEADERS, PRIORITISED | 5, 1, struct.pack(">IB", 1, 255) + c.block())),
        (PROTOCOL_ERROR,)),
    "5.3.1 PRIORITY that depends on itself": (lambda c: c.send(priority(1, parent=1)), (PROTOCOL_ERROR,)),
    "6.3 PRIORITY of four bytes": (
        lambda c: c.send(c.headers(1), frame(PRIORITY, 0, 1, bytes(4))), (FRAME_SIZE_ERROR,)),
    "6.9 WINDOW_UPDATE by 0 on a stream": (
        lambda c: c.send(c.headers(1, post(c), end=False), window_update(1, 0)), (PROTOCOL_ERROR,)),
    "6.9.1 a stream's window above 2^31-1": (
        lambda c: c.send(c.headers(1, post(c), end=False), window_update(1, 2**31 - 1), window_update(1, 2**31 - 1)),
        (FLOW_CONTROL_ERROR,)),
    "8.1 a second HEADERS without END_STREAM": (
        lambda c: c.send(
            c.headers(1, post(c), end=False), data(1, b"test"), c.headers(1, [("x-test", "ok")], end=False)),
        (PROTOCOL_ERROR,)),
    "8.1.2 a name in capitals": (
        lambda c: c.send(c.headers(1, block=c.block() + b"\x00\x06X-TEST\x02ok")), (PROTOCOL_ERROR,)),
    "8.1.2.1 an unknown pseudo field": (
        lambda c: c.send(c.headers(1, c.fields(more=[(":test", "ok")]))), (PROTOCOL_ERROR,)),
    "8.1.2.1 a pseudo field of answers": (
        lambda c: c.send(c.headers(1, c.fields(more=[(":status", "200")]))), (PROTOCOL_ERROR,)),
    "8.1.2.1 a pseudo field in trailers": (
        lambda c: c.send(c.headers(1, post(c), end=False), data(1, b"test"), c.headers(1, POST, end=True)),
        (PROTOCOL_ERROR,)),
    "8.1.2.1 a pseudo field in trailers without END_STREAM": (
        lambda c: c.send(c.headers(1, post(c), end=False), data(1, b"test"), c.headers(1, POST, end=False)),
        (PROTOCOL_ERROR,)),
    "8.1.2.1 a pseudo field behind a field": (
        lambda c: c.send(c.headers(1, [("x-test", "ok")] + c.fields())), (PROTOCOL_ERROR,)),
    "8.1.2.2 a connection field": (
        lambda c: c.send(c.headers(1, c.fields(more=[("connection", "keep-alive")]))), (PROTOCOL_ERROR,)),
    "8.1.2.2 TE that is not trailers": (
        lambda c: c.send(c.headers(1, c.fields(more=[("trailers", "test"), ("te", "trailers, deflate")]))),
        (PROTOCOL_ERROR,)),
    "8.1.2.3 an empty :path": (lambda c: c.send(c.headers(1, c.fields(path=""))), (PROTOCOL_ERROR,)),
    "8.1.2.6 content-length that is not the body's": (
        lambda c: c.send(c.headers(1, post(c, ("content-length", "1")), end=False), data(1, b"test", end=True)),
        (PROTOCOL_ERROR,)),
    "8.1.2.6 content-length that is not the sum of the frames": (
        lambda c: c.send(
            c.headers(1, post(c, ("content-length", "1")), end=False), data(1, b"test"), data(1, b"test", end=True)),
        (PROTOCOL_ERROR,)),
    "8.1.2.6 content-length of more than comes": (
        lambda c: c.send(c.headers(1, post(c, ("content-length", "9")), end=False), data(1, b"test", end=True)),
        (PROTOCOL_ERROR,)),
}
for name in (":method", ":scheme", ":path"):
    STREAM_ERRORS[f"8.1.2.3 no {name}"] = (
        lambda c, name=name: c.send(c.headers(1, c.fields(without=[name]))), (PROTOCOL_ERROR,))
    STREAM_ERRORS[f"8.1.2.3 {name} twice"] = (
        lambda c, name=name: c.send(c.headers(1, [f for f in c.fields() if f[0] == name] + c.fields())),
        (PROTOCOL_ERROR,))


@pytest.mark.parametrize("case", STREAM_ERRORS)
def test_a_stream_error_is_told(connect, case):
    connection = connect()
    perform, codes = STREAM_ERRORS[case]
    perform(connection)
    stream_fails(connection, *codes)


@pytest.mark.parametrize("case", [case for case in STREAM_ERRORS if case.startswith(("5.1 closed", "8.1"))])
def test_a_stream_error_is_told_although_the_answer_was_early(connect, case):
    """The frames come one by one, each after the gateway has had time to answer and to act on the one before."""
    perform, codes = STREAM_ERRORS[case]
    for _ in range(5):
        connection = connect()
        send_slowly(connection)
        perform(connection)
        found = connection.wait_for(lambda frame: frame.kind in (RST_STREAM, GOAWAY) and frame.code in codes)
        if found or any(frame.code in codes for frame in connection.frames):
            return
        # On a busy machine the second may be over in which the gateway waits for the rest of such a request.
        assert any(
            frame.kind == RST_STREAM and frame.code == NO_ERROR for frame in connection.frames), connection.frames
    pytest.fail(f"no error {codes} in any of five connections")


def send_slowly(connection):
    send = connection.send

    def slowly(*parts):
        for part in parts:
            send(part)
            connection.send(ping())
            connection.wait_for(lambda frame: frame.kind == PING)

    connection.send = lambda *parts: send(*parts) if len(parts) == 1 else slowly(*parts)


def test_more_streams_than_allowed_are_refused(connect):
    connection = connect(values=((4, 0),))
    count = connection.peer_settings[3]
    connection.send(*[connection.headers(2 * number + 1) for number in range(count + 1)])
    stream_fails(connection, PROTOCOL_ERROR, REFUSED_STREAM)


def test_whoever_goes_on_sending_although_it_has_its_answer_is_told_to_stop(connect):
    connection = connect()
    connection.send(connection.headers(1, post(connection), end=False), data(1, b"the beginning"))
    stream_ends(connection)
    found = connection.wait_for(lambda frame: frame.kind == RST_STREAM, 5)
    assert found and found.code == NO_ERROR and found.stream == 1
    # Its frames may still be on their way then.
    connection.send(data(1, b"the rest", end=True), connection.headers(3))
    assert connection.wait_for(lambda frame: frame.kind == HEADERS and frame.stream == 3)
    assert not any(frame.kind == GOAWAY for frame in connection.frames)
