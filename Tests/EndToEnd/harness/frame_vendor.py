"""A vendor in single frames, right or wrong: whatever a test wants to send, when a request has come whole.

Written by hand, so that it can break every rule; over TLS with ALPN `h2`, or in cleartext with prior knowledge.
"""

import socket
import ssl
import threading

from .frames import (
    ACK, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PING, PREFACE, SETTINGS, FrameConnection, frame, ping,
    settings, window_update)

JSON = (("content-type", "application/json"),)


class VendorConnection(FrameConnection):
    """One connection of the gateway's, from the vendor's side."""

    def __init__(self, accepted, number):
        self.socket = accepted
        self.number = number
        self._begin()

    def read_preface(self):
        self.socket.settimeout(10)
        while len(self._input) < len(PREFACE):
            received = self.socket.recv(65536)
            if not received:
                raise ConnectionError("the gateway has closed before it said anything")
            self._input += received
        assert self._input.startswith(PREFACE), self._input
        received, self._input = self._input[len(PREFACE):], b""
        self.take(received)

    def answer(self, stream, body=b"", status=200, more=JSON, end=True):
        """The frames of an answer."""
        fields = [(":status", str(status)), *more]
        head = frame(HEADERS, END_HEADERS | (0 if body or not end else END_STREAM), stream, self.encoder.encode(fields))
        if not body:
            return head
        parts = [body[start:start + 16384] for start in range(0, len(body), 16384)]
        return head + b"".join(
            frame(DATA, END_STREAM if end and number == len(parts) - 1 else 0, stream, part)
            for number, part in enumerate(parts))

    def codes(self, kind=GOAWAY):
        """The error codes of the frames of a kind that the gateway has sent."""
        return [found.code for found in self.frames if found.kind == kind]


class FrameVendor:
    """Listens on loopback. `perform(connection, stream)` is called for each request when all of it is there; what it
    sends is up to it. `greeting`: what is sent first, SETTINGS in the ordinary case. `answers_pings`: whether a PING is
    acknowledged. `opens_windows(connection)`: whether the gateway gets back what it has used of its windows."""

    def __init__(self, perform, certificate=None, greeting=settings(), answers_pings=False, opens_windows=None):
        self.perform = perform
        self.answers_pings = answers_pings
        self.opens_windows = opens_windows
        self.greeting = greeting
        self.connections = []
        # (connection, stream), in the order in which they came.
        self.requests = []
        self.failures = []
        self.context = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate.certificate, certificate.key)
            self.context.set_alpn_protocols(["h2"])
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self):
        return f"{'https' if self.context else 'http'}://localhost:{self.port}"

    def stop(self):
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
        for connection in list(self.connections):
            connection.close()

    def _accept(self):
        while True:
            try:
                accepted, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(accepted,), daemon=True).start()

    def _serve(self, accepted):
        try:
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.context:
                accepted.settimeout(10)
                accepted = self.context.wrap_socket(accepted, server_side=True)
            connection = VendorConnection(accepted, len(self.connections) + 1)
            self.connections.append(connection)
            connection.read_preface()
            connection.send(self.greeting)
            self._listen(connection)
        except (OSError, ssl.SSLError):
            pass
        except Exception as failure:  # A mistake of the test's: shown by `check`.
            self.failures.append(failure)

    def _listen(self, connection):
        while not connection.is_closed:
            found = connection.wait_for(lambda frame: True, 60)
            if found is None:
                return
            if found.kind == SETTINGS and not found.is_ack:
                connection.send(settings(flags=ACK))
            elif found.kind == PING and not found.is_ack and self.answers_pings:
                connection.send(ping(found.payload, ACK))
            elif found.kind == DATA and found.payload and self.opens_windows and self.opens_windows(connection):
                connection.send(window_update(0, len(found.payload)))
                if not found.ends_stream:
                    connection.send(window_update(found.stream, len(found.payload)))
            if found.ends_stream:
                self.requests.append((connection, found.stream))
                self.perform(connection, found.stream)

    def check(self):
        assert not self.failures, self.failures
