"""Frames that no proper client sends, and rules of RFC 9113 that an HTTP/2 library leaves to its user."""

import struct

import pytest

from harness.http2_client import Answer, ConnectionGone

PRODUCT = "/v1/products/EXT-PROD-12345?target=cor"


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def is_well(gateway):
    gateway.must_run()
    return gateway.request("GET", "/v1/targets").status == 200


def read_to_the_end(connection, seconds=10):
    try:
        connection.read_until(lambda: connection.is_closed, seconds)
    except ConnectionGone:
        pass


@pytest.mark.parametrize("data", [
    frame(0, 0, 0, b"data on stream 0"),
    frame(1, 4, 0, b"\x82"),
    frame(1, 4, 2, b"\x82"),
    frame(1, 4, 1, b"\xff\xff\xff\xff\xff\xff\xff\xff"),
    frame(3, 0, 99, b"\x00\x00\x00\x08"),
    frame(4, 0, 0, b"\x00\x05\x00\x00\x00\x01"),
    frame(4, 1, 0, b"\x00\x00\x00\x00\x00\x01"),
    frame(6, 0, 0, b"short"),
    frame(6, 0, 1, b"12345678"),
    frame(8, 0, 0, b"\x00\x00\x00\x00"),
    frame(8, 0, 0, b"\x7f\xff\xff\xff"),
    frame(9, 4, 1, b"\x82"),
    frame(0, 0, 99, b"idle stream"),
    b"\xff" * 200,
], ids=[
    "DATA on 0", "HEADERS on 0", "HEADERS on an even stream", "broken HPACK", "RST_STREAM of an idle stream",
    "a tiny MAX_FRAME_SIZE", "SETTINGS ACK with a payload", "a short PING", "PING on a stream",
    "WINDOW_UPDATE by 0", "WINDOW_UPDATE over the limit", "CONTINUATION without HEADERS", "DATA on an idle stream",
    "no frame at all",
])
def test_a_connection_error_ends_the_connection_and_nothing_else(gateway, data):
    with gateway.connect() as bystander:
        assert bystander.request("GET", "/v1/targets").status == 200
        with gateway.connect() as connection:
            assert connection.request("GET", "/v1/targets").status == 200
            connection.send_bytes(data)
            read_to_the_end(connection)
            assert connection.is_closed
            assert connection.goaway not in (None, 0), "no GOAWAY says why"
        assert bystander.request("GET", "/v1/targets").status == 200


@pytest.mark.parametrize("fields", [
    [(":method", "GET"), (":scheme", "https"), (":authority", "localhost")],
    [(":method", "GET"), (":path", "/v1/targets"), (":authority", "localhost")],
    [(":scheme", "https"), (":path", "/v1/targets"), (":authority", "localhost")],
    [(":method", "GET"), (":scheme", "https"), (":path", ""), (":authority", "localhost")],
    [(":method", "GET"), (":scheme", "https"), (":path", "/v1/targets"), (":status", "200")],
    [(":method", "GET"), (":method", "PUT"), (":scheme", "https"), (":path", "/v1/targets")],
    [(":method", "GET"), (":scheme", "https"), (":path", "/v1/targets"), ("X-Upper", "x")],
    [(":method", "GET"), (":scheme", "https"), (":path", "/v1/targets"), ("connection", "close")],
    [(":method", "GET"), (":scheme", "https"), (":path", "/v1/targets"), ("transfer-encoding", "chunked")],
    [(":method", "GET"), (":scheme", "https"), (":path", "/v1/targets"), ("te", "gzip")],
    [(":method", "GET"), (":scheme", "https"), ("x", "y"), (":path", "/v1/targets")],
    [(":method", "GET"), (":scheme", "https"), (":path", "/v1/targets"), ("x", "a\r\nb: c")],
    [(":method", "PUT"), (":scheme", "https"), (":path", PRODUCT), ("content-length", "x")],
], ids=[
    "no :path", "no :scheme", "no :method", "an empty :path", "a :status", "two :methods", "capitals", "connection",
    "transfer-encoding", "te", "a pseudo field behind the others", "a line break in a value", "a bad content-length",
])
def test_a_malformed_request_is_reset_or_refused_and_the_connection_goes_on(gateway, sandbox, fields):
    with gateway.connect(validates=False) as connection:
        stream = connection.h2.get_next_available_stream_id()
        connection.answers[stream] = Answer()
        connection.h2.send_headers(stream, fields, end_stream=True)
        connection.flush()
        answer = connection.answers[stream]
        connection.read_until(lambda: answer.is_complete or connection.is_closed)
        assert answer.reset is not None or answer.status in (400, 411, 415), answer
        if not connection.is_closed:
            assert connection.request("GET", "/v1/targets").status == 200
    assert sandbox.exchanges() == []


def split(connection, data, position):
    """Sends `data` in two parts, each read by the gateway on its own."""
    connection.send_bytes(data[:position])
    # An answer on the same connection would not come inside a frame; one on another shows that the worker went on.
    connection.bystander.request("GET", "/v1/targets/nobody", headers={"x-request-id": "the-bystander"})
    connection.send_bytes(data[position:])


@pytest.mark.parametrize("is_continued", [False, True], ids=["HEADERS", "HEADERS and CONTINUATION"])
def test_a_header_block_that_arrives_in_pieces_is_read_whole_and_unmixed(start_gateway, is_continued):
    gateway = start_gateway({"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}}, workers=1)
    for part in range(1, 8):
        with gateway.connect() as connection, gateway.connect() as bystander:
            connection.bystander = bystander
            request_id = f"in-pieces-{part}"
            stream = connection.h2.get_next_available_stream_id()
            connection.answers[stream] = Answer()
            connection.h2.send_headers(
                stream, connection.fields("GET", "/v1/targets", {"x-request-id": request_id, "x-other": "y" * 50}),
                end_stream=True)
            data = connection.h2.data_to_send()
            block = data[9:]
            if is_continued:
                cut = len(block) * part // 8
                split(connection, frame(1, 1, stream, block[:cut]) + frame(9, 4, stream, block[cut:]), 9 + cut)
            else:
                split(connection, data, 9 + len(block) * part // 8)
            answer = connection.answer(stream)
            assert answer.status == 200, answer
            assert answer.headers["x-request-id"] == request_id


def test_a_content_length_that_lies_is_refused(gateway, sandbox):
    for length, body in ((5, b'{"name": "x"}'), (500, b'{"name": "x"}')):
        with gateway.connect(validates=False) as connection:
            stream = connection.begin(
                "PATCH", PRODUCT, {"content-type": "application/json", "content-length": str(length)}, end=False)
            connection.h2.send_data(stream, body, end_stream=True)
            connection.flush()
            answer = connection.answers[stream]
            connection.read_until(lambda: answer.is_complete or connection.is_closed)
            assert answer.reset == 1 or answer.status == 400, answer
    assert sandbox.exchanges() == []


def test_trailers_of_a_request_are_taken_and_dropped(gateway, sandbox):
    with gateway.connect() as connection:
        stream = connection.begin("PATCH", PRODUCT, {"content-type": "application/json"}, end=False)
        connection.h2.send_data(stream, b'{"name": "x"}')
        connection.h2.send_headers(stream, [("x-checksum", "1")], end_stream=True)
        connection.flush()
        assert connection.answer(stream).status == 200
    sent = {field["name"] for field in sandbox.products_requests("cor")[0]["request"]["headers"]}
    assert "x-checksum" not in sent


def test_a_body_in_many_tiny_frames_is_read(gateway, sandbox):
    with gateway.connect() as connection:
        stream = connection.begin("PATCH", PRODUCT, {"content-type": "application/json"}, end=False)
        body = b'{"name": "' + b"tiny" * 200 + b'"}'
        for position in range(len(body)):
            connection.h2.send_data(stream, body[position:position + 1], end_stream=position == len(body) - 1)
        connection.flush()
        answer = connection.answer(stream)
        assert answer.status == 200 and answer.json["product"]["name"] == "tiny" * 200


def test_a_caller_with_a_tiny_window_gets_its_whole_answer(gateway):
    with gateway.connect(window=10) as connection:
        answer = connection.request("GET", "/v1/schemas/product-update.json")
        assert answer.status == 200
        assert len(answer.body) == int(answer.headers["content-length"])


def test_more_streams_than_allowed_are_refused_and_the_rest_answered(gateway):
    with gateway.connect() as connection:
        # Unfinished requests stay open: 256 are allowed.
        streams = [
            connection.begin("PATCH", PRODUCT, {"content-type": "application/json"}, end=False) for _ in range(256)]
        extra = streams[-1] + 2
        block = connection.h2.encoder.encode(connection.fields("GET", "/v1/targets"))
        connection.answers[extra] = Answer()
        connection.send_bytes(frame(1, 5, extra, block))
        for stream in streams:
            connection.h2.send_data(stream, b"{", end_stream=True)
        connection.flush()
        assert {connection.answer(stream).status for stream in streams} == {400}


def test_a_rapid_reset_attack_is_cut_off_and_its_neighbours_are_served(gateway, sandbox):
    with gateway.connect() as neighbour:
        with gateway.connect() as attacker:
            try:
                for _ in range(20_000):
                    stream = attacker.h2.get_next_available_stream_id()
                    attacker.h2.send_headers(
                        stream, attacker.fields("PATCH", PRODUCT, {"content-type": "application/json"}))
                    attacker.h2.reset_stream(stream, 8)
                    if stream % 400 == 1:
                        attacker.flush()
                        assert neighbour.request("GET", "/v1/targets").status == 200
                attacker.flush()
                read_to_the_end(attacker, 5)
            except ConnectionGone:
                pass
        assert neighbour.request("GET", "/v1/targets").status == 200
    assert sandbox.exchanges() == []


@pytest.mark.parametrize("flood", [
    frame(6, 0, 0, b"12345678"), frame(4, 0, 0),
], ids=["PING", "SETTINGS"])
def test_a_flood_of_useless_frames_is_cut_off(gateway, flood):
    with gateway.connect() as attacker:
        try:
            for _ in range(400):
                attacker.send_bytes(flood * 200)
            read_to_the_end(attacker)
            assert attacker.is_closed
        except ConnectionGone:
            pass
    assert is_well(gateway)


def test_a_flood_of_priorities_is_cut_off_or_costs_nothing(gateway):
    with gateway.connect() as attacker:
        try:
            for _ in range(400):
                attacker.send_bytes(frame(2, 0, 1, b"\x00\x00\x00\x00\x10") * 200)
            assert attacker.request("GET", "/v1/targets").status == 200
        except ConnectionGone:
            pass
    assert is_well(gateway)


def test_endless_continuation_frames_are_cut_off(gateway):
    with gateway.connect() as attacker:
        try:
            attacker.send_bytes(frame(1, 0, 1, b"\x82\x87\x84"))
            for _ in range(5000):
                attacker.send_bytes(frame(9, 0, 1, b"\x00\x01x\x01y" * 100))
            read_to_the_end(attacker)
            assert attacker.is_closed
        except ConnectionGone:
            pass
    assert is_well(gateway)


def test_a_compressed_header_bomb_is_refused(gateway):
    """One field of 4 KB in HPACK's table, named two thousand times in a block of two thousand bytes."""
    with gateway.connect() as attacker:
        block = b"\x82\x87\x84\x40\x01x" + b"\x7f\xa1\x1e" + b"y" * 4000 + b"\xbe" * 2000
        stream = attacker.h2.get_next_available_stream_id()
        answer = attacker.answers[stream] = Answer()
        # h2 is told of the stream, and what it would send is thrown away.
        attacker.h2.send_headers(stream, attacker.fields("GET", "/v1/targets"), end_stream=True)
        attacker.h2.data_to_send()
        try:
            attacker.send_bytes(frame(1, 5, stream, block))
            attacker.read_until(lambda: answer.is_complete or attacker.is_closed)
            assert answer.status in (None, 400, 431)
        except ConnectionGone:
            pass
    assert is_well(gateway)
