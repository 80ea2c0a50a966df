"""A vendor that does what a test says: refuses, breaks off, talks nonsense, or keeps silent.

Written with python3-h2, so that it shares nothing with the gateway's own HTTP/2.
"""

import json
import socket
import ssl
import struct
import threading
import time

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
import h2.settings


class Request:
    def __init__(self, number, stream, headers, connection):
        self.number = number
        self.stream = stream
        self.headers = dict(headers)
        self.method = self.headers[":method"]
        self.path = self.headers[":path"]
        self.body = b""
        # Which of the vendor's connections it came on, counted from 1.
        self.connection = connection

    @property
    def json(self):
        return json.loads(self.body)


class Reply:
    """An ordinary answer. `length`: a content-length that may be a lie. `ends`: whether the stream is ended."""

    def __init__(self, status=200, body=b"", headers=None, content_type="application/json", length=None, ends=True,
                 interim=(), trailers=None):
        self.interim = interim
        self.trailers = trailers
        self.status = status
        if isinstance(body, str):
            body = body.encode("utf-8")
        elif not isinstance(body, bytes):
            body = json.dumps(body).encode("utf-8")
        self.body = body
        self.headers = headers or {}
        self.content_type = content_type
        self.length = length
        self.ends = ends

    def perform(self, peer, request):
        fields = [(":status", str(self.status))]
        if self.content_type:
            fields.append(("content-type", self.content_type))
        if self.length is not None:
            fields.append(("content-length", str(self.length)))
        # A list of pairs where a name comes twice.
        fields += self.headers if isinstance(self.headers, list) else list(self.headers.items())
        for status in self.interim:
            peer.h2.send_headers(request.stream, [(":status", str(status)), ("link", "</x>; rel=preload")])
        ends_now = self.ends and not self.body
        peer.h2.send_headers(request.stream, fields, end_stream=ends_now)
        if self.body:
            peer.queue_body(request.stream, self.body, self.ends, self.trailers)


class Early:
    """Answers when the request's fields are there, without its body; then resets the stream (RFC 9113 section 8.1)."""

    def __init__(self, reply):
        self.reply = reply

    def perform(self, peer, request):
        self.reply.perform(peer, request)
        peer.flush()
        peer.h2.reset_stream(request.stream, h2.errors.ErrorCodes.NO_ERROR)


class Never:
    """Takes the request and says nothing."""

    def perform(self, peer, request):
        pass


class Close:
    """Closes the connection; with `reply` after it has begun that answer. `hard`: with a TCP reset."""

    def __init__(self, reply=None, hard=False):
        self.reply = reply
        self.hard = hard

    def perform(self, peer, request):
        if self.reply:
            self.reply.perform(peer, request)
            peer.flush()
        peer.close(self.hard)


class Reset:
    """Resets the stream; with `reply` in the middle of that answer."""

    def __init__(self, code=h2.errors.ErrorCodes.INTERNAL_ERROR, reply=None):
        self.code = code
        self.reply = reply

    def perform(self, peer, request):
        if self.reply:
            self.reply.perform(peer, request)
            peer.flush()
        peer.h2.reset_stream(request.stream, self.code)


class GoAway:
    """Sends GOAWAY: with `processed` off the request that came is not processed; then closes."""

    def __init__(self, processed=False, reply=None):
        self.processed = processed
        self.reply = reply

    def perform(self, peer, request):
        last = request.stream if self.processed else max(0, request.stream - 2)
        # Written by hand: h2 takes a GOAWAY for the end of everything.
        peer.raw(struct.pack(">I", 8)[1:] + b"\x07\x00" + struct.pack(">I", 0) + struct.pack(">II", last, 0))
        if self.reply:
            self.reply.perform(peer, request)
            peer.flush()
        peer.wait_for_close()


class Raw:
    """Bytes as they are, in the middle of a connection, and nothing more on it: silence, until the gateway closes it or
    `seconds` have passed."""

    def __init__(self, data=b"", seconds=10):
        self.data = data
        self.seconds = seconds

    def perform(self, peer, request):
        peer.raw(self.data)
        peer.wait_for_close(self.seconds)


class Vendor:
    """Listens on loopback. `script`: what to do with each request, in order; then `usually`."""

    def __init__(
        self, usually=None, certificate=None, protocols=("h2",), streams_max=100, window=65535, accepts=True
    ):
        self.usually = usually or Reply(200, b"{}")
        self.script = []
        self.token_script = []
        self.token = {"access_token": "vendor-token", "token_type": "Bearer", "expires_in": 3600}
        self.requests = []
        self.token_requests = []
        self.handshake_failures = 0
        # RST_STREAM frames that the gateway has sent.
        self.resets = 0
        self.connections = 0
        self.open = 0
        self.closes_on_accept = False
        self.streams_max = streams_max
        self.window = window
        self.lock = threading.Lock()
        self._peers = set()
        self._context = None
        if certificate:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(certificate.certificate, certificate.key)
            if protocols:
                self._context.set_alpn_protocols(list(protocols))
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._stopped = False
        if accepts:
            self._listener.listen(128)
            threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self):
        return f"{'https' if self._context else 'http'}://localhost:{self.port}"

    def stop(self):
        self._stopped = True
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._listener.close()
        with self.lock:
            peers = list(self._peers)
        for peer in peers:
            peer.close()

    def _accept(self):
        while not self._stopped:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self.lock:
                self.connections += 1
                number = self.connections
            if self.closes_on_accept:
                connection.close()
                continue
            threading.Thread(target=self._serve, args=(connection, number), daemon=True).start()

    def _serve(self, connection, number):
        if self._context:
            try:
                connection.settimeout(10)
                connection = self._context.wrap_socket(connection, server_side=True)
            except (ssl.SSLError, OSError):
                with self.lock:
                    self.handshake_failures += 1
                connection.close()
                return
        peer = _Peer(self, connection, number)
        with self.lock:
            self._peers.add(peer)
            self.open += 1
        try:
            peer.serve()
        except (OSError, ssl.SSLError, h2.exceptions.ProtocolError):
            pass
        finally:
            peer.close()
            with self.lock:
                self._peers.discard(peer)
                self.open -= 1

    def next_action(self, request):
        with self.lock:
            if "oauth" in request.path:
                self.token_requests.append(request)
                return self.token_script.pop(0) if self.token_script else Reply(200, self.token)
            self.requests.append(request)
            action = self.script.pop(0) if self.script else self.usually
        return action(request) if callable(action) else action


class _Peer:
    """One connection of the gateway's."""

    def __init__(self, vendor, connection, number):
        self.vendor = vendor
        self.socket = connection
        self.number = number
        self.h2 = h2.connection.H2Connection(
            h2.config.H2Configuration(
                client_side=False, header_encoding="utf-8", validate_outbound_headers=False,
                normalize_outbound_headers=False))
        self.requests = {}
        self.bodies = {}
        self.is_closed = False

    def serve(self):
        self.socket.settimeout(120)
        self.h2.initiate_connection()
        self.h2.update_settings({
            h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: self.vendor.streams_max,
            h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: self.vendor.window,
        })
        self.flush()
        while not self.is_closed:
            data = self.socket.recv(65536)
            if not data:
                return
            for event in self.h2.receive_data(data):
                self._take(event)
            self._write_bodies()
            self.flush()

    def _take(self, event):
        if isinstance(event, h2.events.RequestReceived):
            request = Request(len(self.vendor.requests) + 1, event.stream_id, event.headers, self.number)
            self.requests[event.stream_id] = request
            if isinstance(self.vendor.usually, Early):
                self.requests.pop(event.stream_id)
                self.vendor.next_action(request).perform(self, request)
        elif isinstance(event, h2.events.DataReceived):
            if event.stream_id in self.requests:
                self.requests[event.stream_id].body += event.data
            if event.flow_controlled_length:
                self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            request = self.requests.pop(event.stream_id, None)
            if request is None:
                return
            action = self.vendor.next_action(request)
            if not self.is_closed:
                try:
                    action.perform(self, request)
                except h2.exceptions.StreamClosedError:
                    pass
        elif isinstance(event, h2.events.StreamReset):
            with self.vendor.lock:
                self.vendor.resets += 1
            self.requests.pop(event.stream_id, None)
            self.bodies.pop(event.stream_id, None)

    def queue_body(self, stream, body, ends, trailers=None):
        self.bodies[stream] = (body, ends, trailers)
        self._write_bodies()

    def _write_bodies(self):
        for stream, (body, ends, trailers) in list(self.bodies.items()):
            while body:
                room = min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size)
                if room <= 0:
                    break
                part, body = body[:room], body[room:]
                self.h2.send_data(stream, part, end_stream=ends and not body and not trailers)
            if body:
                self.bodies[stream] = (body, ends, trailers)
            else:
                del self.bodies[stream]
                if trailers:
                    self.h2.send_headers(stream, trailers, end_stream=True)

    def flush(self):
        data = self.h2.data_to_send()
        if data:
            self.socket.sendall(data)

    def raw(self, data):
        self.flush()
        self.socket.sendall(data)

    def wait_for_close(self, seconds=10):
        """Reads on until the gateway closes, for at most `seconds`."""
        self.flush()
        end = time.monotonic() + seconds
        try:
            while time.monotonic() < end:
                self.socket.settimeout(max(0.01, end - time.monotonic()))
                if not self.socket.recv(65536):
                    break
        except OSError:
            pass
        self.close()

    def close(self, hard=False):
        if self.is_closed:
            return
        self.is_closed = True
        try:
            if hard:
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()
