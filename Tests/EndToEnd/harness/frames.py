"""HTTP/2 in single frames, right or wrong: a connection that sends what it is told and keeps every frame that comes.

RFC 9113 section 4.1 has the frame header, section 6 the payloads. Header blocks are made by python3-hpack, or by hand.
"""

import socket
import ssl
import struct
import time

import hpack

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, ACK, END_HEADERS, PADDED, PRIORITISED = 0x1, 0x1, 0x4, 0x8, 0x20

(NO_ERROR, PROTOCOL_ERROR, INTERNAL_ERROR, FLOW_CONTROL_ERROR, SETTINGS_TIMEOUT, STREAM_CLOSED,
 FRAME_SIZE_ERROR) = range(7)
REFUSED_STREAM, CANCEL, COMPRESSION_ERROR, CONNECT_ERROR, ENHANCE_YOUR_CALM = range(7, 12)

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def frame(kind, flags=0, stream=0, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def settings(*values, flags=0):
    return frame(SETTINGS, flags, 0, b"".join(struct.pack(">HI", name, value) for name, value in values))


def data(stream, body=b"", end=False):
    return frame(DATA, END_STREAM if end else 0, stream, body)


def reset(stream, code=CANCEL):
    return frame(RST_STREAM, 0, stream, struct.pack(">I", code))


def window_update(stream, increment):
    return frame(WINDOW_UPDATE, 0, stream, struct.pack(">I", increment))


def ping(payload=b"12345678", flags=0):
    return frame(PING, flags, 0, payload)


def priority(stream, parent=0, weight=15, exclusive=False):
    return frame(PRIORITY, 0, stream, struct.pack(">IB", parent | (1 << 31 if exclusive else 0), weight))


def goaway(last=0, code=NO_ERROR, debug=b""):
    return frame(GOAWAY, 0, 0, struct.pack(">II", last, code) + debug)


class Frame:
    """One frame that has come."""

    def __init__(self, kind, flags, stream, payload):
        self.kind, self.flags, self.stream, self.payload = kind, flags, stream, payload

    @property
    def code(self):
        """The error code of a RST_STREAM or GOAWAY."""
        offset = {RST_STREAM: 0, GOAWAY: 4}.get(self.kind)
        return None if offset is None else struct.unpack_from(">I", self.payload, offset)[0]

    @property
    def ends_stream(self):
        return self.kind in (DATA, HEADERS) and bool(self.flags & END_STREAM)

    @property
    def is_ack(self):
        return self.kind in (SETTINGS, PING) and bool(self.flags & ACK)

    def __repr__(self):
        code = "" if self.code is None else f" code={self.code}"
        return f"<{self.kind} flags={self.flags:#x} stream={self.stream} length={len(self.payload)}{code}>"


class FrameConnection:
    """One connection in frames. With `authority` (a PEM file) over TLS with ALPN h2, without it in cleartext."""

    # As long as a conformance suite waits before it calls a case failed.
    SECONDS = 2

    def __init__(
        self, port, authority=None, host="localhost", handshake=True, values=((4, 65535),), receive_buffer=None):
        self.scheme = "https" if authority else "http"
        self.authority = f"{host}:{port}"
        self.socket = socket.socket()
        if receive_buffer:
            # Before connecting: the window that TCP offers follows from it.
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(20)
        self.socket.connect((host, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if authority:
            context = ssl.create_default_context(cafile=authority)
            context.set_alpn_protocols(["h2"])
            self.socket = context.wrap_socket(self.socket, server_hostname=host)
            assert self.socket.selected_alpn_protocol() == "h2"
        self._begin()
        if handshake:
            self.send(PREFACE + settings(*values))
            self.wait_for(lambda frame: frame.kind == SETTINGS and not frame.is_ack, 20)
            self.send(settings(flags=ACK))
            self.wait_for(lambda frame: frame.kind == SETTINGS and frame.is_ack, 20)

    def _begin(self):
        """What is known of a connection on which nothing has been said yet."""
        self.encoder = hpack.Encoder()
        self.decoder = hpack.Decoder()
        self.frames = []
        # What `wait_for` has not looked at yet.
        self._unseen = []
        self._input = b""
        self.is_closed = False
        self.peer_settings = {}
        self.statuses = {}

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

    def send(self, *parts):
        """Each part on its own; a connection that is gone takes nothing, and reading will tell."""
        for part in parts:
            try:
                self.socket.settimeout(20)
                self.socket.sendall(part)
            except (OSError, ssl.SSLError):
                return

    def fields(self, method="GET", path="/", more=(), without=()):
        fields = [(":method", method), (":scheme", self.scheme), (":path", path), (":authority", self.authority)]
        return [field for field in fields if field[0] not in without] + list(more)

    def block(self, fields=None):
        return self.encoder.encode(self.fields() if fields is None else fields)

    def headers(self, stream, fields=None, end=True, whole=True, block=None):
        flags = (END_STREAM if end else 0) | (END_HEADERS if whole else 0)
        return frame(HEADERS, flags, stream, self.block(fields) if block is None else block)

    # Receiving

    def read_once(self, seconds):
        self.socket.settimeout(max(0.001, seconds))
        try:
            received = self.socket.recv(65536)
        except (socket.timeout, TimeoutError, ssl.SSLWantReadError):
            return
        except (OSError, ssl.SSLError):
            received = b""
        if not received:
            self.is_closed = True
            return
        self.take(received)

    def take(self, received):
        """Keeps the frames that are whole by now."""
        self._input += received
        while len(self._input) >= 9:
            length = int.from_bytes(self._input[:3], "big")
            if len(self._input) < 9 + length:
                break
            kind, flags, stream = self._input[3], self._input[4], int.from_bytes(self._input[5:9], "big") & 0x7fffffff
            found = Frame(kind, flags, stream, self._input[9:9 + length])
            self._input = self._input[9 + length:]
            if kind == SETTINGS and not found.is_ack:
                self.peer_settings.update(struct.iter_unpack(">HI", found.payload))
            self.frames.append(found)
            self._unseen.append(found)

    def wait_for(self, condition, seconds=None):
        """The first frame from here on for which `condition` holds, or None when time or the connection is over."""
        end = time.monotonic() + (seconds or self.SECONDS)
        while True:
            while self._unseen:
                found = self._unseen.pop(0)
                if condition(found):
                    return found
            left = end - time.monotonic()
            if self.is_closed or left <= 0:
                return None
            self.read_once(left)

    def wait_for_close(self, seconds=None):
        """Whether the connection is closed in time. Everything that comes before is kept in `frames`."""
        end = time.monotonic() + (seconds or self.SECONDS)
        while not self.is_closed and time.monotonic() < end:
            self.read_once(end - time.monotonic())
        return self.is_closed

    def status(self, stream, seconds=None):
        """The status of the final answer on a stream. HPACK wants every block in its order, whatever its stream."""
        end = time.monotonic() + (seconds or self.SECONDS)
        while stream not in self.statuses:
            found = self.wait_for(lambda frame: frame.kind == HEADERS, end - time.monotonic())
            if found is None:
                return None
            status = int(dict(self.decoder.decode(found.payload)).get(":status", 0))
            if status >= 200:
                self.statuses[found.stream] = status
        return self.statuses[stream]
