"""What RFC 9113 says beyond the suites that are there, or what they leave out: over TLS and in cleartext."""

import struct

import pytest

from harness.frames import (
    ACK, COMPRESSION_ERROR, CONTINUATION, DATA, END_HEADERS, END_STREAM, ENHANCE_YOUR_CALM, FLOW_CONTROL_ERROR,
    FRAME_SIZE_ERROR, GOAWAY, HEADERS, PADDED, PING, PREFACE, PRIORITISED, PRIORITY, PROTOCOL_ERROR, PUSH_PROMISE,
    RST_STREAM, SETTINGS, STREAM_CLOSED, WINDOW_UPDATE, data, frame, goaway, ping, priority, reset, settings,
    window_update)
from test_conformance import closes, post, stream_ends, stream_fails
from test_conformance_accepted import answers, goes_on, is_over

RESERVED = 1 << 31


def literal(name, value):
    """A field that is not indexed, without Huffman coding."""
    return bytes([0, len(name)]) + name + bytes([len(value)]) + value


# 3.4 The connection preface

@pytest.mark.parametrize("sent", [
    lambda c: [bytes([byte]) for byte in PREFACE + settings() + c.headers(1)],
    lambda c: [PREFACE + settings() + c.headers(1)],
    lambda c: [PREFACE, settings() + settings() + settings((0x99, 1)), c.headers(1)],
    lambda c: [PREFACE[:17], PREFACE[17:] + settings()[:4], settings()[4:], c.headers(1)],
], ids=["byte by byte", "with a request at once", "more settings than one", "cut within both"])
def test_a_preface_may_come_in_any_pieces_and_with_whatever_may_follow(connect, sent):
    connection = connect(handshake=False)
    connection.send(*sent(connection))
    assert connection.status(1) == 404


@pytest.mark.parametrize("first", [
    lambda c: settings(flags=ACK), lambda c: c.headers(1), lambda c: window_update(0, 1), lambda c: goaway(),
], ids=["an acknowledgement", "a request", "WINDOW_UPDATE", "GOAWAY"])
def test_what_follows_the_preface_must_be_settings(connect, first):
    connection = connect(handshake=False)
    connection.send(PREFACE, first(connection))
    closes(connection, PROTOCOL_ERROR)


# What must be overlooked.

OVERLOOKED = {
    "undefined flags of HEADERS": lambda c: c.send(frame(HEADERS, 0x05 | 0x52, 1, c.block())),
    "undefined flags of DATA": lambda c: c.send(c.headers(1, post(c), end=False), frame(DATA, 0xf7, 1, b"x")),
    "undefined flags of CONTINUATION": lambda c: c.send(c.headers(1, whole=False), frame(CONTINUATION, 0xff, 1)),
    "undefined flags of SETTINGS": lambda c: c.send(frame(SETTINGS, 0xfe), c.headers(1)),
    "undefined flags of WINDOW_UPDATE": lambda c: c.send(frame(WINDOW_UPDATE, 0xff, 0, b"\0\0\0\1"), c.headers(1)),
    "undefined flags of GOAWAY and PRIORITY": lambda c: c.send(
        frame(PRIORITY, 0xff, 1, struct.pack(">IB", 0, 1)), c.headers(1), frame(GOAWAY, 0xff, 0, bytes(8))),
    "the reserved bit of a stream": lambda c: c.send(frame(HEADERS, 5, 1 | RESERVED, c.block())),
    "the reserved bit of stream 0": lambda c: c.send(frame(SETTINGS, 0, RESERVED), c.headers(1)),
    "the reserved bit of an increment": lambda c: c.send(
        frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", 1 | RESERVED)), c.headers(1)),
    "the reserved bit of a last stream": lambda c: c.send(
        c.headers(1), frame(GOAWAY, 0, 0, struct.pack(">II", RESERVED, 0))),
    "frames of other extensions": lambda c: c.send(
        frame(0xa, 0, 0, b"\0\0x"), frame(0xc, 0, 0, b"\0\1x"), frame(0x10, 0, 0, b"\0\0\0\1u=1"), frame(0x10, 0, 1),
        c.headers(1)),
    "an unknown frame of the largest size": lambda c: c.send(frame(0x20, 0, 0, bytes(16384)), c.headers(1)),
    "PRIORITY of an even stream": lambda c: c.send(priority(2), c.headers(1)),
    "padding that is not zero": lambda c: c.send(
        c.headers(1, post(c), end=False), frame(DATA, PADDED | END_STREAM, 1, b"\x03xabc")),
    "DATA of nothing but padding": lambda c: c.send(
        c.headers(1, post(c), end=False), frame(DATA, PADDED, 1, b"\x05" + bytes(5)), data(1, b"x", end=True)),
    "HEADERS with a priority and padding": lambda c: c.send(
        frame(HEADERS, PADDED | PRIORITISED | 5, 1, b"\x02" + struct.pack(">IB", 0, 1) + c.block() + bytes(2))),
    "32 unknown settings": lambda c: c.send(settings(*[(0x50 + n, 1) for n in range(32)]), c.headers(1)),
    "MAX_CONCURRENT_STREAMS of 0, which is for pushes": lambda c: c.send(settings((3, 0)), c.headers(1)),
    "no HPACK table": lambda c: c.send(settings((1, 0)), c.headers(1)),
    "the largest HPACK table": lambda c: c.send(settings((1, 2**32 - 1)), c.headers(1)),
    "the largest frames": lambda c: c.send(settings((5, 2**24 - 1)), c.headers(1)),
    "no fields wanted, which is advice": lambda c: c.send(settings((6, 0)), c.headers(1)),
    "the largest window": lambda c: c.send(window_update(0, 2**31 - 1 - 65535), c.headers(1)),
    "GOAWAY with words": lambda c: c.send(c.headers(1), goaway(0, 0, b"bye" * 100)),
    "HPACK: three size updates": lambda c: c.send(c.headers(1, block=b"\x20\x20\x3f\xe1\x1f" + c.block())),
}


@pytest.mark.parametrize("case", OVERLOOKED)
def test_what_means_nothing_changes_nothing(connect, case):
    connection = connect()
    OVERLOOKED[case](connection)
    answers(connection)
    assert not any(frame.kind in (RST_STREAM, GOAWAY) and frame.code for frame in connection.frames), connection.frames


def test_frames_of_streams_that_were_passed_over_are_those_of_closed_streams(connect):
    connection = connect()
    connection.send(connection.headers(7), window_update(5, 1), reset(5), priority(5))
    answers(connection, 7)
    goes_on(connection)
    for sent in (data(5, b"x"), connection.headers(5)):
        connection = connect()
        connection.send(connection.headers(7), sent)
        closes(connection, STREAM_CLOSED, PROTOCOL_ERROR)


def test_the_last_stream_number_can_be_used(connect):
    connection = connect()
    connection.send(connection.headers(2**31 - 1))
    answers(connection, 2**31 - 1)
    connection.send(connection.headers(1))
    closes(connection, PROTOCOL_ERROR)


# Connection errors.

CONNECTION_ERRORS = {
    "4.2 an unknown frame that is too large": (lambda c: c.send(frame(0x20, 0, 0, bytes(16385))), FRAME_SIZE_ERROR),
    "4.2 SETTINGS that are too large": (lambda c: c.send(frame(SETTINGS, 0, 0, bytes(16386))), FRAME_SIZE_ERROR),
    "5.1 idle: DATA of an even stream": (lambda c: c.send(data(2, b"x")), PROTOCOL_ERROR),
    "5.1 idle: RST_STREAM of an even stream": (lambda c: c.send(reset(2)), PROTOCOL_ERROR),
    "5.1 idle: WINDOW_UPDATE of an even stream": (lambda c: c.send(window_update(2, 1)), PROTOCOL_ERROR),
    "5.1 DATA behind trailers": (
        lambda c: c.send(c.headers(1, post(c), end=False), c.headers(1, [("x", "y")]), data(1, b"x")), STREAM_CLOSED),
    "6.1 padded DATA without a length of padding": (
        lambda c: c.send(c.headers(1, post(c), end=False), frame(DATA, PADDED, 1)), PROTOCOL_ERROR, FRAME_SIZE_ERROR),
    "6.1 padding as long as the payload": (
        lambda c: c.send(c.headers(1, post(c), end=False), frame(DATA, PADDED, 1, b"\x01")), PROTOCOL_ERROR),
    "6.2 padding as long as the payload": (
        lambda c: c.send(frame(HEADERS, PADDED | 5, 1, b"\x03" + bytes(2))), PROTOCOL_ERROR),
    "6.4 RST_STREAM of five bytes": (
        lambda c: c.send(c.headers(1, post(c), end=False), frame(RST_STREAM, 0, 1, bytes(5))), FRAME_SIZE_ERROR),
    "6.5 an acknowledgement on a stream": (lambda c: c.send(frame(SETTINGS, ACK, 1)), PROTOCOL_ERROR),
    "6.5 more settings than anybody has": (
        lambda c: c.send(settings(*[(0x50 + n, 1) for n in range(33)])), ENHANCE_YOUR_CALM),
    "6.5.2 ENABLE_PUSH of 2^32-1": (lambda c: c.send(settings((2, 2**32 - 1))), PROTOCOL_ERROR),
    "6.6 PUSH_PROMISE on stream 0": (
        lambda c: c.send(frame(PUSH_PROMISE, END_HEADERS, 0, b"\0\0\0\2" + c.block())), PROTOCOL_ERROR),
    "6.7 an acknowledged PING of six bytes": (lambda c: c.send(frame(PING, ACK, 0, bytes(6))), FRAME_SIZE_ERROR),
    "6.7 PING of nine bytes": (lambda c: c.send(frame(PING, 0, 0, bytes(9))), FRAME_SIZE_ERROR),
    "6.8 GOAWAY that takes back": (
        lambda c: c.send(c.headers(1, c.fields("PATCH", "/v1/products/x"), end=False), goaway(0) + goaway(2)),
        PROTOCOL_ERROR),
    "6.9 WINDOW_UPDATE by the reserved bit alone": (
        lambda c: c.send(frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", RESERVED))), PROTOCOL_ERROR),
    "6.9 WINDOW_UPDATE of five bytes": (lambda c: c.send(frame(WINDOW_UPDATE, 0, 0, bytes(5))), FRAME_SIZE_ERROR),
    "6.10 CONTINUATION of another stream": (
        lambda c: c.send(c.headers(1, whole=False), frame(CONTINUATION, END_HEADERS, 3)), PROTOCOL_ERROR),
    "6.10 PING within a header block": (lambda c: c.send(c.headers(1, whole=False), ping()), PROTOCOL_ERROR),
    "6.10 SETTINGS within a header block": (lambda c: c.send(c.headers(1, whole=False), settings()), PROTOCOL_ERROR),
    "6.10 RST_STREAM within a header block": (lambda c: c.send(c.headers(1, whole=False), reset(1)), PROTOCOL_ERROR),
    "RFC 9218 NO_RFC7540_PRIORITIES of 2": (lambda c: c.send(settings((9, 2))), PROTOCOL_ERROR),
    "RFC 8441 ENABLE_CONNECT_PROTOCOL of 2": (lambda c: c.send(settings((8, 2))), PROTOCOL_ERROR),
    "HPACK: an integer that does not end": (
        lambda c: c.send(c.headers(1, block=c.block() + b"\x7f" + b"\xff" * 9 + b"\x0f")), COMPRESSION_ERROR),
    "HPACK: an integer of many zeros": (
        lambda c: c.send(c.headers(1, block=c.block() + b"\xff" + b"\x80" * 20 + b"\x00")), COMPRESSION_ERROR),
    "HPACK: a string beyond the block": (
        lambda c: c.send(c.headers(1, block=c.block() + b"\x00\x05ab")), COMPRESSION_ERROR),
    "HPACK: a string of gigabytes": (
        lambda c: c.send(c.headers(1, block=c.block() + b"\x00\x7f\xff\xff\xff\x7f")), COMPRESSION_ERROR),
    "HPACK: a size update within a block": (
        lambda c: c.send(c.headers(1, block=c.block() + b"\x20" + literal(b"a", b"b"))), COMPRESSION_ERROR),
    "HPACK: a size update in CONTINUATION": (
        lambda c: c.send(c.headers(1, whole=False), frame(CONTINUATION, END_HEADERS, 1, b"\x20")), COMPRESSION_ERROR),
    "HPACK: a field that was put out of the table": (
        lambda c: c.send(c.headers(1, c.fields(more=[("x", "y")])), c.headers(3, block=b"\x20\xbe")),
        COMPRESSION_ERROR),
}


@pytest.mark.parametrize("case", CONNECTION_ERRORS)
def test_a_connection_error_is_told_and_the_connection_closed(connect, case):
    connection = connect()
    perform, *codes = CONNECTION_ERRORS[case]
    perform(connection)
    closes(connection, *codes)


# Stream errors.

@pytest.mark.parametrize("sent", [
    lambda c: c.headers(1, block=b""),
    lambda c: frame(HEADERS, PADDED | 5, 1, b"\x03" + bytes(3)),
    lambda c: c.headers(1, block=c.block() + literal(b"x ", b"y")),
    lambda c: c.headers(1, block=c.block() + literal(b"", b"y")),
    lambda c: c.headers(1, block=c.block() + literal(b"x", b"y\0")),
    lambda c: c.headers(1, block=c.block() + literal(b"x", b"\r")),
    lambda c: c.headers(1, block=c.block() + literal(b"\xff", b"y")),
], ids=["no fields at all", "nothing but padding", "a space", "no name", "NUL", "CR", "beyond ASCII"])
def test_a_malformed_request_is_a_stream_error_and_leaves_hpack_intact(connect, sent):
    connection = connect()
    connection.send(sent(connection), connection.headers(3, connection.fields(more=[("x-kept", "z")])))
    stream_fails(connection, PROTOCOL_ERROR)
    answers(connection, 3)
    goes_on(connection)


# 6.9 Windows of the gateway's own

def test_padding_is_given_back_to_both_windows(connect):
    """More than a megabyte, nearly all of it padding: more than either window, and counted in both (section 6.1)."""
    connection = connect()
    target = "softwareone" if connection.scheme == "https" else "s"
    path = f"/v1/products/PRD-1234-5678-9012?dryRun=true&target={target}"
    connection.send(
        connection.headers(1, connection.fields("PATCH", path, [("content-type", "application/json")]), end=False))
    padded = frame(DATA, PADDED, 1, b"\xff" + b" " * 20 + bytes(255)) * 100
    # Less than half of the stream's window: nobody has to give less back at a time.
    size = 100 * 276

    def window(stream):
        return 65535 - sent + sum(
            int.from_bytes(found.payload, "big") for found in connection.frames
            if found.kind == WINDOW_UPDATE and found.stream == stream)

    for sent in range(0, 48 * size, size):
        while min(window(0), window(1)) < size:
            more = connection.wait_for(lambda frame: frame.kind == WINDOW_UPDATE, 10)
            assert more, f"a window stays shut: {window(0)} on the connection, {window(1)} on the stream"
        connection.send(padded)
    connection.send(data(1, b'{"name": "x"}', end=True))
    assert connection.status(1, 10) == 200


def test_a_window_that_shrinks_below_nothing_opens_again_by_as_much(connect):
    """Section 6.9.2: what was sent already stays counted when INITIAL_WINDOW_SIZE gets smaller, on every stream."""
    connection = connect(values=((4, 40),))
    for stream in (1, 3):
        connection.send(connection.headers(stream))
        assert connection.wait_for(
            lambda frame: frame.kind == DATA and frame.stream == stream and len(frame.payload) == 40)
    connection.send(settings((4, 10)), window_update(1, 30), window_update(3, 30))
    goes_on(connection)
    assert not any(frame.kind == DATA and frame.stream for frame in connection.frames[-2:])
    connection.send(window_update(1, 1), window_update(3, 2))
    for stream, length in ((1, 1), (3, 2)):
        assert connection.wait_for(
            lambda frame: frame.kind == DATA and frame.stream == stream and len(frame.payload) == length)


def test_an_answer_is_cut_into_frames_of_what_the_caller_takes(connect):
    connection = connect(values=((4, 1 << 20), (5, 16384)))
    connection.send(window_update(0, 1 << 20), connection.headers(1, connection.fields(path="/openapi.json")))
    stream_ends(connection)
    sizes = [len(frame.payload) for frame in connection.frames if frame.kind == DATA]
    assert sum(sizes) > 16384 and max(sizes) <= 16384, sizes


# Fields of answers

@pytest.mark.parametrize("method, path, status, has_body", [
    ("GET", "/v1/targets", 200, True), ("HEAD", "/v1/targets", 200, False), ("HEAD", "/nowhere", 404, False),
    ("OPTIONS", "*", 204, False), ("OPTIONS", "/v1/targets", 204, False), ("TRACE", "/v1/targets", 405, True),
    ("PATCH", "/nowhere", 404, True), ("BREW", "/v1/targets", 405, True),
])
def test_every_answer_has_one_date_one_via_one_id_and_a_body_only_where_it_may(connect, method, path, status, has_body):
    connection = connect()
    connection.send(connection.headers(1, connection.fields(method, path)))
    found = connection.wait_for(lambda frame: frame.kind == HEADERS)
    fields = connection.decoder.decode(found.payload)
    names = [name for name, _ in fields]
    assert fields[0] == (":status", str(status))
    for name in ("date", "via", "x-request-id"):
        assert names.count(name) == 1, fields
    assert not {"connection", "keep-alive", "transfer-encoding", "upgrade", "proxy-connection"} & set(names)
    assert names == [name.lower() for name in names]
    assert found.ends_stream != has_body
    assert ("content-length" in names) == (status != 204)
    if has_body:
        is_over(connection)
        sent = sum(len(frame.payload) for frame in connection.frames if frame.kind == DATA)
        assert dict(fields)["content-length"] == str(sent)
    goes_on(connection)
