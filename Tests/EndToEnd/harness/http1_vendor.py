"""A vendor that speaks HTTP/1.1 and nothing else, and says byte for byte what a test wants."""

import json
import socket
import ssl
import struct
import threading


def answer(status=200, body=b"", headers=(), length=True, version="HTTP/1.1"):
    """An ordinary answer's bytes. `length` off: the end of the connection is the end of the body."""
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    lines = [f"{version} {status} Status", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def chunked(body, sizes=(1, 2, 3), status=200, trailers=""):
    """The same in chunks."""
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    out, rest, number = b"", body, 0
    while rest:
        size = sizes[number % len(sizes)]
        part, rest, number = rest[:size], rest[size:], number + 1
        out += f"{len(part):X};x=y\r\n".encode() + part + b"\r\n"
    head = f"HTTP/1.1 {status} Status\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head.encode() + out + b"0\r\n" + trailers.encode() + b"\r\n"


class Request:
    def __init__(self, method, path, headers, connection, number):
        self.method = method
        self.path = path
        # Names in lower case; those that come twice are a mistake of ours.
        self.headers = dict(headers)
        assert len(self.headers) == len(headers), headers
        self.body = b""
        # Which connection it came on, and as which request on that.
        self.connection = connection
        self.number = number

    @property
    def json(self):
        return json.loads(self.body)


class Say:
    """Says `data`, then: "keep"s the connection, "close"s it, "reset"s it, closes it "rudely" (TLS without
    close_notify), or is "silent"."""

    def __init__(self, data=b"", then="keep"):
        self.data = data
        self.then = then


class HTTP1Vendor:
    """Listens on loopback. `script`: what to do with each request, in order, then `usually`: bytes or a `Say`.

    `early`: answers before it has read the body, and never reads it.
    """

    def __init__(self, usually, certificate=None, protocols=("http/1.1",), early=False, maximum_version=None):
        self.usually = usually
        self.script = []
        self.early = early
        self.requests = []
        self.connections = 0
        self.resumed = 0
        self.open = 0
        self.greeting = None
        self.lock = threading.Lock()
        self._sockets = set()
        self._context = None
        if certificate:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(certificate.certificate, certificate.key)
            if maximum_version:
                self._context.maximum_version = maximum_version
            if protocols:
                self._context.set_alpn_protocols(list(protocols))
        self._listener = socket.socket()
        if early:
            # So that a large body cannot be on its way whole.
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(128)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self):
        return f"{'https' if self._context else 'http'}://localhost:{self.port}"

    def stop(self):
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._listener.close()
        self.close_all()

    def close_all(self):
        """Closes every connection, as a server does whose idle time is over."""
        with self.lock:
            sockets = list(self._sockets)
        for connection in sockets:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self.lock:
                self.connections += 1
                number = self.connections
            threading.Thread(target=self._serve, args=(connection, number), daemon=True).start()

    def _serve(self, connection, number):
        try:
            connection.settimeout(60)
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
                with self.lock:
                    self.resumed += bool(connection.session_reused)
            with self.lock:
                self._sockets.add(connection)
                self.open += 1
            if self.greeting:
                connection.sendall(self.greeting)
            try:
                self._converse(connection, number)
            finally:
                with self.lock:
                    self._sockets.discard(connection)
                    self.open -= 1
        except (OSError, ssl.SSLError):
            pass
        finally:
            connection.close()

    def _converse(self, connection, number):
        received = b""
        count = 0
        while True:
            while b"\r\n\r\n" not in received:
                data = connection.recv(65536)
                if not data:
                    return
                received += data
            head, received = received.split(b"\r\n\r\n", 1)
            line, *fields = head.decode("latin-1").split("\r\n")
            method, path, version = line.split(" ")
            assert version == "HTTP/1.1", line
            count += 1
            pairs = [field.split(": ", 1) for field in fields]
            request = Request(method, path, [(name.lower(), value) for name, value in pairs], number, count)
            length = int(request.headers.get("content-length", 0))
            while len(received) < length and not self.early:
                data = connection.recv(65536)
                if not data:
                    return
                received += data
            request.body, received = received[:length], received[length:]
            with self.lock:
                if "oauth" not in path:
                    self.requests.append(request)
                action = self.script.pop(0) if self.script else self.usually
            if callable(action):
                action = action(request)
            if isinstance(action, bytes):
                action = Say(action)
            connection.sendall(action.data)
            if self.early:
                threading.Event().wait(1)
                return
            if action.then == "keep":
                continue
            if action.then == "close" and self._context:
                try:
                    connection.unwrap()
                except (OSError, ssl.SSLError):
                    pass
            elif action.then == "rudely" and self._context:
                raw = socket.socket(fileno=connection.detach())
                raw.close()
            elif action.then == "reset":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            elif action.then == "silent":
                while connection.recv(65536):
                    pass
            return
