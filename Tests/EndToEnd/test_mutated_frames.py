"""Sessions with damaged bytes, from callers and from vendors: none of them ends the gateway or fills its memory.

The damage is drawn from fixed seeds, so that a failure can be repeated: the seed and the number are in its message.
"""

import json
import random
import socket

import h2.config
import h2.connection
import pytest

from harness.vendor import Raw, Reply

ID = "60afe403-a191-455e-b771-c510c928a308"
GOOD = Reply(200, {"data": {"id": ID, "type": "product", "attributes": {"name": "x"}}})
SESSIONS = 120


def damaged(data, draw):
    data = bytearray(data)
    for _ in range(draw.choice([0, 1, 1, 1, 2, 5, 20])):
        if not data:
            break
        position = draw.randrange(len(data))
        kind = draw.randrange(5)
        if kind == 0:
            data[position] = draw.randrange(256)
        elif kind == 1:
            data[position] ^= 1 << draw.randrange(8)
        elif kind == 2:
            del data[position:position + draw.randrange(1, 12)]
        elif kind == 3:
            data[position:position] = draw.randbytes(draw.randrange(1, 12))
        else:
            data[position:position] = data[draw.randrange(len(data)):][:draw.randrange(1, 60)]
    return bytes(data)


def session(draw):
    """The bytes of a client with a few requests, then damaged; the preface mostly stays whole."""
    client = h2.connection.H2Connection(h2.config.H2Configuration(
        client_side=True, header_encoding="utf-8", validate_outbound_headers=False, normalize_outbound_headers=False))
    client.initiate_connection()
    for _ in range(draw.randrange(1, 5)):
        stream = client.get_next_available_stream_id()
        body = json.dumps({"name": "x" * draw.randrange(50)}).encode()
        path = draw.choice([f"/v1/products/{ID}", "/v1/products", "/v1/targets", "/nothing"])
        fields = [
            (":method", draw.choice(["PATCH", "PUT", "POST", "GET"])), (":scheme", "http"), (":authority", "localhost"),
            (":path", path), ("content-type", "application/json")]
        if draw.random() < 0.2:
            fields.append(("content-length", str(len(body) + draw.choice([0, 1, -1]))))
        client.send_headers(stream, fields)
        client.send_data(stream, body, end_stream=draw.random() < 0.9)
        if draw.random() < 0.15:
            client.reset_stream(stream)
    data = client.data_to_send()
    return data[:24] + damaged(data[24:], draw) if draw.random() < 0.95 else damaged(data, draw)


@pytest.mark.parametrize("seed", [1, 2])
def test_damaged_sessions_of_callers_do_no_harm(vendor_gateway, seed):
    _, gateway = vendor_gateway(GOOD, limits={"bodyTimeout": "500ms", "handshakeTimeout": "500ms"})
    for number in range(SESSIONS):
        draw = random.Random(seed * 100_000 + number)
        data = session(draw)
        with socket.create_connection(("localhost", gateway.port), timeout=10) as connection:
            connection.settimeout(0.03)
            try:
                # In pieces, so that frames begin and end anywhere in what is read.
                while data:
                    size = draw.randrange(1, 400)
                    connection.sendall(data[:size])
                    data = data[size:]
                while connection.recv(65536):
                    pass
            except OSError:
                pass
        assert gateway.process.poll() is None, f"seed {seed}, session {number}: {gateway.text[-3000:]}"
    assert gateway.request("PATCH", f"/v1/products/{ID}", {"name": "x"}).status == 200


@pytest.mark.parametrize("seed", [3])
def test_damaged_answers_of_a_vendor_do_no_harm(vendor_gateway, seed):
    vendor, gateway = vendor_gateway(
        GOOD, target={"timeouts": {"connect": "200ms", "attempt": "200ms", "total": "300ms"}})
    for number in range(SESSIONS // 2):
        draw = random.Random(seed * 100_000 + number)
        server = h2.connection.H2Connection(h2.config.H2Configuration(
            client_side=False, validate_outbound_headers=False, normalize_outbound_headers=False))
        client = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
        client.initiate_connection()
        client.send_headers(1, [
            (":method", "PUT"), (":scheme", "http"), (":authority", "x"), (":path", "/")], end_stream=True)
        server.initiate_connection()
        server.receive_data(client.data_to_send())
        server.data_to_send()
        server.send_headers(
            1, [(":status", draw.choice(["200", "404", "500", "100", "x"])), ("content-type", "application/json")])
        server.send_data(1, GOOD.body, end_stream=True)
        vendor.script = [Raw(damaged(server.data_to_send(), draw), seconds=0.1)]
        answer = gateway.request("PATCH", f"/v1/products/{ID}", {"name": "x"})
        assert answer.status in (200, 404, 502, 503, 504), f"seed {seed}, answer {number}: {answer}"
        assert gateway.process.poll() is None, f"seed {seed}, answer {number}: {gateway.text[-3000:]}"
    vendor.script = []
    assert gateway.request("PATCH", f"/v1/products/{ID}", {"name": "x"}).status == 200
