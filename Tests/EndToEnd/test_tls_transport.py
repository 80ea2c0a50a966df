"""TLS as it comes over a real network and from peers that mean no good: in pieces, cut off, renegotiated, outdated."""

import json
import socket
import ssl
import subprocess
import threading

import pytest

from harness.frames import ACK, HEADERS, PREFACE, FrameConnection, frame, settings
from harness.waiting import until
from test_metrics import total

PRODUCT = "/v1/products/EXT-PROD-12345?target=cor"


class Pieces:
    """A TLS connection whose records are carried by the test: whole, in pieces, or not to the end."""

    def __init__(self, gateway, authority, protocol, size=None, version=None):
        context = ssl.create_default_context(cafile=authority.path)
        context.set_alpn_protocols([protocol])
        if version:
            context.minimum_version = context.maximum_version = version
        self.size = size
        self.socket = socket.create_connection(("localhost", gateway.port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received, self.sent = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.received, self.sent, server_hostname="localhost")
        self.call(self.tls.do_handshake)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def flush(self, keep=0):
        """Sends what there is, but for the last `keep` bytes."""
        data = self.sent.read()
        data = data[:len(data) - keep]
        for start in range(0, len(data), self.size or len(data) or 1):
            self.socket.sendall(data[start:start + (self.size or len(data))])

    def call(self, step):
        while True:
            try:
                result = step()
            except ssl.SSLWantReadError:
                self.flush()
                received = self.socket.recv(65536)
                if not received:
                    raise ConnectionError("the gateway has closed") from None
                self.received.write(received)
                continue
            self.flush()
            return result

    def write(self, data):
        self.tls.write(data)
        self.flush()

    def read_until(self, mark):
        text = b""
        while mark not in text:
            text += self.call(lambda: self.tls.read(65536))
        return text


def update(body, *fields):
    lines = [f"PATCH {PRODUCT} HTTP/1.1", "Host: localhost", "Content-Type: application/json", *fields, "", ""]
    return "\r\n".join(lines).encode() + body


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["TLS 1.2", "TLS 1.3"])
def test_records_that_come_byte_by_byte_are_read(gateway, sandbox, authority, version):
    body = json.dumps({"name": "In pieces"}).encode()
    with Pieces(gateway, authority, "http/1.1", size=1, version=version) as connection:
        connection.write(update(body, f"Content-Length: {len(body)}"))
        assert b"HTTP/1.1 200" in connection.read_until(b'"In pieces"')
    with Pieces(gateway, authority, "h2", size=1, version=version) as connection:
        connection.write(PREFACE + settings() + settings(flags=ACK))
        connection.write(frame(HEADERS, 5, 1, b"\x82\x87\x44\x0b/v1/targets\x41\x09localhost"))
        connection.read_until(b'"targets"')


@pytest.mark.parametrize("end", ["a FIN", "close_notify", "a reset", "half a record"])
@pytest.mark.parametrize("framing", ["Content-Length: 15", "Transfer-Encoding: chunked"])
def test_a_body_that_is_cut_off_is_no_body(gateway, sandbox, authority, end, framing):
    """All of the JSON is there, but not the body's end: nothing is sent to the vendor, however the caller has gone."""
    request_id = f"cut-{end}-{framing}".replace(" ", "-").replace(":", "")
    body = b'{"name": "x"}' if "Length" in framing else b'd\r\n{"name": "x"}\r\n'
    with Pieces(gateway, authority, "http/1.1") as connection:
        connection.write(update(b"", framing, "Expect: 100-continue", f"X-Request-Id: {request_id}"))
        # The request has begun: a reset can take nothing of that back.
        connection.read_until(b"HTTP/1.1 100 Continue\r\n\r\n")
        connection.write(body)
        if end == "close_notify":
            try:
                connection.tls.unwrap()
            except ssl.SSLError:
                connection.flush()
        elif end == "half a record":
            connection.tls.write(b"  ")
            connection.flush(keep=5)
        elif end == "a reset":
            connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    assert gateway.exchange_line(request_id)["end"] == "caller_left"
    assert sandbox.exchanges() == []


@pytest.mark.parametrize("garbage", [
    b"\x17\x03\x03\x00\x20" + bytes(32), b"\x17\x03\x03\x00\x00", b"\x15\x03\x03\x00\x02\x02\x0a", b"\xff" * 100,
    b"\x17\x03\x03\xff\xff" + bytes(70000), b"GET / HTTP/1.1\r\n\r\n",
], ids=["a wrong record", "an empty record", "a bare alert", "no record", "a record that is too large", "no TLS"])
@pytest.mark.parametrize("protocol", ["h2", "http/1.1"])
def test_garbage_within_a_connection_ends_it_and_nothing_else(gateway, authority, protocol, garbage):
    with gateway.connect() as neighbour:
        with Pieces(gateway, authority, protocol) as connection:
            connection.socket.sendall(garbage)
            connection.socket.settimeout(10)
            try:
                while connection.socket.recv(65536):
                    pass
            except ConnectionResetError:
                pass
        assert neighbour.request("GET", "/v1/targets").status == 200


def s_client(gateway, *options, stdin=b""):
    return subprocess.run(
        ["openssl", "s_client", "-connect", f"localhost:{gateway.port}", "-alpn", "h2", *options], input=stdin,
        capture_output=True, timeout=30)


@pytest.mark.parametrize("cipher", [
    "AES128-SHA", "AES128-GCM-SHA256", "AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES128-SHA256",
    "ECDHE-RSA-AES256-SHA384", "DHE-RSA-AES128-SHA", "PSK-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-CCM8", "NULL-SHA256",
])
def test_no_cipher_of_the_prohibited_is_agreed_on(gateway, cipher):
    """RFC 9113 section 9.2.2 and appendix A, over TLS 1.2."""
    result = s_client(gateway, "-tls1_2", "-cipher", f"{cipher}:@SECLEVEL=0", stdin=b"Q\n")
    assert b"Cipher is (NONE)" in result.stdout, result.stdout[-500:]


def test_old_versions_compression_and_renegotiation_are_off(gateway):
    """RFC 9113 section 9.2 and 9.2.1."""
    for version in ("-tls1", "-tls1_1"):
        assert b"Cipher is (NONE)" in s_client(gateway, version, "-cipher", "ALL:@SECLEVEL=0", stdin=b"Q\n").stdout
    result = s_client(gateway, "-tls1_2", "-comp", stdin=b"Q\n")
    assert b"Compression: NONE" in result.stdout and b"ALPN protocol: h2" in result.stdout
    # R asks for another handshake, which the gateway does not make; it may end the connection or go on with it.
    client = subprocess.Popen(
        ["openssl", "s_client", "-connect", f"localhost:{gateway.port}", "-alpn", "h2", "-tls1_2"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = []

    def read():
        for line in iter(client.stdout.readline, b""):
            output.append(line)

    threading.Thread(target=read, daemon=True).start()
    try:
        until(lambda: any(b"Verify return code" in line for line in output), "the handshake is over")
        client.stdin.write(b"R\n")
        client.stdin.flush()
        until(lambda: any(b"no renegotiation" in line for line in output), "renegotiation is refused", seconds=10)
    finally:
        client.kill()
        client.wait()
    assert gateway.request("GET", "/v1/targets").status == 200


def test_new_keys_in_the_middle_of_a_connection_change_nothing(gateway, authority):
    """K asks for new keys of both sides (RFC 8446 section 4.6.3), again and again, with HTTP/2 in between."""
    client = subprocess.Popen(
        ["openssl", "s_client", "-connect", f"localhost:{gateway.port}", "-alpn", "http/1.1", "-tls1_3"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = []

    def read():
        for line in iter(client.stdout.readline, b""):
            output.append(line)

    def asks(letter):
        before = sum(b"KEYUPDATE" in line for line in output)
        client.stdin.write(letter + b"\n")
        client.stdin.flush()
        until(lambda: sum(b"KEYUPDATE" in line for line in output) > before, "the client asks for new keys")

    threading.Thread(target=read, daemon=True).start()
    try:
        until(lambda: any(b"Verify return code" in line for line in output), "the handshake is over")
        for number in range(1, 6):
            asks(b"K")
            asks(b"k")
            client.stdin.write(b"GET /v1/targets HTTP/1.1\r\nHost: localhost\r\n\r\n")
            client.stdin.flush()
            until(lambda: sum(b"HTTP/1.1 200" in line for line in output) == number, "the request is answered")
    finally:
        client.kill()
        client.wait()


@pytest.mark.alone
def test_handshakes_that_do_not_begin_hold_next_to_nothing(start_gateway):
    """Neither without a word nor with half of one: two thousand are 32 MiB at most, of 64 that an attack may take."""
    gateway = start_gateway({"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}}, tls=True, workers=1)
    gateway.request("GET", "/v1/targets")
    before = gateway.memory_bytes()
    half = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(90)
    peers = []
    try:
        for number in range(600):
            peers.append(socket.create_connection(("127.0.0.1", gateway.port), timeout=10))
            if number % 2:
                peers[-1].sendall(half)
        until(lambda: gateway.metric("product_gateway_worker_downstream_connections_open") >= 600, "all are accepted")
        assert (gateway.memory_bytes() - before) / 600 < 16 * 1024
    finally:
        for peer in peers:
            peer.close()


def test_a_peer_that_stops_in_the_handshake_or_never_begins_leaves_nothing(start_gateway, authority):
    gateway = start_gateway(
        {"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}}, tls=True, workers=1,
        limits={"handshakeTimeout": "500ms"})
    hello = ssl.MemoryBIO()
    tls = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), hello, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    greeting = hello.read()
    for said in (b"", greeting[:1], greeting[:100], greeting):
        with socket.create_connection(("localhost", gateway.port), timeout=10) as connection:
            connection.sendall(said)
            while connection.recv(65536):
                pass
    until(lambda: total(gateway, "product_gateway_worker_downstream_connections_open") == 0, "nothing is left")
    assert total(gateway, "product_gateway_tls_connections_open") == 0
    with FrameConnection(gateway.port, authority=authority.path) as connection:
        connection.send(connection.headers(1))
        assert connection.status(1) == 404
