"""A small HTTP/1.1 client that does what a test says, right or wrong: bytes over a blocking socket."""

import socket
import ssl
import time

from .http2_client import Answer, ConnectionGone, encoded
from .waiting import DEADLINE_SECONDS


class HTTP1Connection:
    """One connection. With `authority` (a PEM file) TLS, whose ALPN offers `alpn` (None: no ALPN at all)."""

    def __init__(self, host, port, authority=None, alpn=("http/1.1",), timeout=DEADLINE_SECONDS, receive_buffer=None):
        self.timeout = timeout
        self.host = f"{host}:{port}"
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.socket.connect((socket.gethostbyname(host), port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if authority:
            context = ssl.create_default_context(cafile=authority)
            if alpn:
                context.set_alpn_protocols(list(alpn))
            self.socket = context.wrap_socket(self.socket, server_hostname=host)
            assert self.socket.selected_alpn_protocol() == (alpn[0] if alpn else None)
        self._input = b""
        self.is_closed = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        try:
            self.socket.close()
        except OSError:
            pass

    # Sending

    def send_bytes(self, data):
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError) as error:
            raise ConnectionGone(str(error)) from error

    def head(self, method, path, headers=None, body=None):
        """A request's line and fields."""
        given = {"host": self.host, **{name.lower(): value for name, value in (headers or {}).items()}}
        if body is not None and "content-type" not in given:
            given["content-type"] = "application/json"
        if body and "content-length" not in given and "transfer-encoding" not in given:
            given["content-length"] = str(len(body))
        lines = [f"{method} {path} HTTP/1.1"] + [
            f"{name}: {value}" for name, value in given.items() if value is not None]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8")

    def send(self, method, path, body=None, headers=None):
        body = encoded(body)
        self.send_bytes(self.head(method, path, headers, body) + (body or b""))

    def request(self, method, path, body=None, headers=None, timeout=None):
        self.send(method, path, body, headers)
        return self.answer(method, timeout)

    # Receiving

    def answer(self, method="GET", timeout=None):
        """Reads one answer, interim ones before it included. `method`: that of its request, as HEAD has no body."""
        answer = Answer()
        while True:
            head = self._until(b"\r\n\r\n", timeout)
            lines = head.decode("latin-1").split("\r\n")
            version, status, _ = lines[0].split(" ", 2)
            assert version == "HTTP/1.1", lines[0]
            fields = [tuple(line.split(": ", 1)) for line in lines[1:-2]]
            if status[0] != "1":
                break
            answer.interim.append(status)
        answer.status = int(status)
        answer.fields = [(":status", status)] + fields
        answer.headers = dict(fields)
        length = int(answer.headers.get("content-length", "0"))
        if method != "HEAD":
            answer.body = self._exactly(length, timeout)
        answer.is_complete = True
        return answer

    def _until(self, mark, timeout):
        while mark not in self._input:
            self._read(timeout)
        end = self._input.index(mark) + len(mark)
        result, self._input = self._input[:end], self._input[end:]
        return result

    def _exactly(self, length, timeout):
        while len(self._input) < length:
            self._read(timeout)
        result, self._input = self._input[:length], self._input[length:]
        return result

    def _read(self, timeout=None):
        self.socket.settimeout(timeout or self.timeout)
        try:
            data = self.socket.recv(65536)
        except (socket.timeout, TimeoutError) as error:
            raise AssertionError("the gateway did not answer in time") from error
        except (ConnectionResetError, ssl.SSLError):
            data = b""
        if not data:
            self.is_closed = True
            raise ConnectionGone("the connection was closed before that")
        self._input += data

    def rest(self, seconds=DEADLINE_SECONDS):
        """Everything until the gateway's end of the connection, which must come."""
        end = time.monotonic() + seconds
        try:
            while True:
                self._read(max(0.01, end - time.monotonic()))
        except ConnectionGone:
            return self._input
