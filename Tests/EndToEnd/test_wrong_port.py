"""Callers that speak without TLS to a port that speaks TLS, or the other way round: told so in what they speak."""

import socket
import ssl
import subprocess

import pytest

from harness.frames import GOAWAY, PREFACE, FrameConnection, settings

SENTENCE = "This port speaks TLS"


def talk(port, *parts, seconds=10):
    """Sends each part on its own; everything that comes until the other side closes."""
    with socket.create_connection(("localhost", port), timeout=seconds) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for part in parts:
            connection.sendall(part)
        received = b""
        while part := connection.recv(65536):
            received += part
        return received


@pytest.mark.parametrize("line", [
    b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"PATCH /v1/products/1?target=cor HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}",
    b"OPTIONS * HTTP/1.0\r\n\r\n",
], ids=lambda line: line.split(b" ")[0].decode())
def test_http_on_the_tls_port_is_answered_with_a_sentence(gateway, line):
    head, _, body = talk(gateway.port, line).decode().partition("\r\n\r\n")
    lines = head.split("\r\n")
    fields = dict(field.lower().split(": ", 1) for field in lines[1:])
    assert lines[0] == "HTTP/1.1 400 Bad Request"
    assert fields["connection"] == "close" and fields["content-type"].startswith("text/plain")
    assert int(fields["content-length"]) == len(body)
    assert body.startswith(SENTENCE) and body.endswith("\n")


def test_http_that_comes_in_pieces_is_answered_too(gateway):
    assert SENTENCE.encode() in talk(gateway.port, b"P", b"A", b"TCH / HT", b"TP/1.1\r\n", b"Host: x\r\n\r\n")


def test_http_with_a_body_on_the_tls_port_is_not_cut_off_before_its_answer_is_read(gateway):
    body = b"x" * 300_000
    with socket.create_connection(("localhost", gateway.port), timeout=10) as connection:
        connection.sendall(b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        received = b""
        while part := connection.recv(65536):
            received += part
    assert SENTENCE.encode() in received


def test_http2_on_the_tls_port_is_told_in_http2(gateway):
    connection = FrameConnection(gateway.port, handshake=False)
    connection.send(PREFACE + settings())
    found = connection.wait_for(lambda frame: frame.kind == GOAWAY, 5)
    assert found and SENTENCE.encode() in found.payload, connection.frames
    assert connection.wait_for_close(5)


def test_curl_says_what_the_gateway_said(gateway):
    result = subprocess.run(
        ["curl", "-sS", f"http://localhost:{gateway.port}/v1/targets"], capture_output=True, text=True, timeout=20)
    assert result.returncode == 0 and result.stdout.startswith(SENTENCE), result


@pytest.mark.parametrize("data", [b"\x00" * 100, b"\xff\xfe\xfd\xfc\xfb\xfa", b"SSH-2.0-OpenSSH_9.2\r\n", b"hello\r\n"])
def test_what_is_neither_is_closed_without_a_word_of_http(gateway, data):
    assert b"HTTP" not in talk(gateway.port, data)


def test_tls_on_a_port_without_it_is_told_by_an_alert(plain_gateway):
    context = ssl._create_unverified_context()
    with socket.create_connection(("localhost", plain_gateway.port), timeout=10) as connection:
        with pytest.raises(ssl.SSLError) as error:
            context.wrap_socket(connection, server_hostname="localhost")
    assert error.value.reason == "SSLV3_ALERT_HANDSHAKE_FAILURE", error.value
