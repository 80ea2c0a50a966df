"""The failing vendor's connections, and the ways to fail that belong to a version of HTTP."""

import hpack

from .failing_vendor import DONE, EITHER, NOT_DONE, Gone, Request, Way, drain, reset
from .frames import (
    ACK, CONTINUATION, DATA, END_HEADERS, END_STREAM, HEADERS, PING, PREFACE, PUSH_PROMISE, RST_STREAM, SETTINGS,
    data, frame, goaway, ping, settings, window_update)

JSON = ("content-type", "application/json")


class HTTP1Line:
    def __init__(self, accepted, first):
        self.socket = accepted
        self.received = first
        self.is_over = False

    def requests(self):
        while True:
            head = self._until(b"\r\n\r\n")
            line, *fields = head.decode("latin-1").split("\r\n")
            method, path, _ = line.split(" ")
            headers = {name.lower(): value for name, value in (field.split(": ", 1) for field in fields if field)}
            body = self._take(int(headers.get("content-length", 0)))
            yield Request(method, path, headers, body)

    def _more(self):
        received = self.socket.recv(65536)
        if not received:
            raise Gone
        self.received += received

    def _until(self, mark):
        while mark not in self.received:
            self._more()
        found, self.received = self.received.split(mark, 1)
        return found

    def _take(self, count):
        while len(self.received) < count:
            self._more()
        found, self.received = self.received[:count], self.received[count:]
        return found

    def say(self, data):
        self.socket.sendall(data)

    def close(self, hard=False):
        self.is_over = True
        if hard:
            reset(self.socket)

    @staticmethod
    def head(status=200, length=None, headers=(), version="HTTP/1.1"):
        lines = [f"{version} {status} Status", "Content-Type: application/json"]
        lines += [f"{name}: {value}" for name, value in headers]
        if length is not None:
            lines.append(f"Content-Length: {length}")
        return "\r\n".join(lines).encode() + b"\r\n\r\n"

    def answer(self, request, status, body, headers=()):
        is_bare = status in (204, 304) or status < 200
        self.say(self.head(status, None if is_bare else len(body), headers) + (b"" if is_bare else body))


def http1(name, effect, *parts, then="close"):
    """Says `parts` (bytes, or functions of the good body) and then closes, resets, hangs, or goes on."""
    def act(line, request, good):
        for part in parts:
            line.say(part(good) if callable(part) else part)
        if then == "hang":
            line.is_over = True
            drain(line.socket)
        elif then != "keep":
            line.close(hard=then == "reset")

    return Way(f"HTTP/1.1: {name}", effect, act)


head = HTTP1Line.head
CHUNKED = [("Transfer-Encoding", "chunked")]


def chunk(body):
    return f"{len(body):x}\r\n".encode() + body + b"\r\n"


HTTP1_WAYS = [
    http1("closes instead", EITHER),
    http1("resets instead", EITHER, then="reset"),
    http1("hangs", EITHER, then="hang"),
    http1("closes within the status line", EITHER, b"HTTP/1.1 2"),
    http1("resets within the fields", EITHER, b"HTTP/1.1 200 OK\r\nContent-Le", then="reset"),
    http1("hangs within the fields", EITHER, b"HTTP/1.1 200 OK\r\nContent-Le", then="hang"),
    http1("closes behind the fields", EITHER, lambda good: head(200, len(good))),
    http1("resets behind the fields", EITHER, lambda good: head(200, len(good)), then="reset"),
    http1("hangs behind the fields", EITHER, lambda good: head(200, len(good)), then="hang"),
    http1("closes within the body", EITHER, lambda good: head(200, len(good)) + good[:-3]),
    http1("resets within the body", EITHER, lambda good: head(200, len(good)) + good[:-3], then="reset"),
    http1("hangs within the body", EITHER, lambda good: head(200, len(good)) + good[:-3], then="hang"),
    http1("closes before the last chunk", EITHER, lambda good: head(200, None, CHUNKED) + chunk(good)),
    http1("closes within a chunk", EITHER, lambda good: head(200, None, CHUNKED) + chunk(good)[:-9]),
    http1("a chunk of no size", EITHER, lambda good: head(200, None, CHUNKED) + b"zz\r\n" + good),
    http1("a chunk longer than it says", EITHER, lambda good: head(200, None, CHUNKED) + b"2\r\n" + good),
    http1("two framings", EITHER, lambda good: head(200, len(good), CHUNKED) + chunk(good) + b"0\r\n\r\n"),
    http1("two lengths", EITHER, lambda good: head(200, len(good), [("Content-Length", "5")]) + good),
    http1("a length that is no number", EITHER, lambda good: head(200, "x") + good),
    http1("a negative length", EITHER, lambda good: head(200, -1) + good),
    http1("an unknown coding", EITHER, lambda good: head(200, None, [("Transfer-Encoding", "gzip")]) + good),
    http1("no status", EITHER, b"HTTP/1.1 OK\r\n\r\n"),
    http1("a status of 99", EITHER, lambda good: head(99, len(good)) + good),
    http1("a status of 1000", EITHER, lambda good: head(1000, len(good)) + good),
    http1("HTTP/0.9", EITHER, lambda good: good),
    http1("HTTP/2's preface", EITHER, PREFACE),
    http1("a NUL in a field", EITHER, lambda good: head(200, len(good), [("X-Nul", "a\0b")]) + good),
    http1("a folded field", EITHER, lambda good: b"HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\n" + head(200, 2)[17:] + b"{}"),
    http1("101", EITHER, head(101, None, [("Upgrade", "h2c")]), then="hang"),
    http1("interim answers without end", EITHER, b"HTTP/1.1 103 Early\r\n\r\n" * 500, then="hang"),
    http1("an interim answer and no other", EITHER, b"HTTP/1.1 100 Continue\r\n\r\n"),
    # What is right, with something unusual around it.
    http1("an interim answer first", DONE, b"HTTP/1.1 103 Early\r\n\r\n",
          lambda good: head(200, len(good)) + good, then="keep"),
    http1("closes behind the answer", DONE, lambda good: head(200, len(good)) + good),
    http1("says that it closes", DONE, lambda good: head(200, len(good), [("Connection", "close")]) + good),
    http1("something behind the answer", DONE, lambda good: head(200, len(good)) + good + b"HTTP/1.1 500 No\r\n\r\n"),
    http1("HTTP/1.0", DONE, lambda good: head(200, len(good), version="HTTP/1.0") + good),
    http1("chunks of a byte", DONE, lambda good: head(200, None, CHUNKED)
          + b"".join(chunk(good[at:at + 1]) for at in range(len(good))) + b"0\r\n\r\n", then="keep"),
]


class HTTP2Line:
    """In single frames, so that every rule can be broken."""

    def __init__(self, accepted, first):
        self.socket = accepted
        self.received = first
        self.is_over = False
        self.encoder = hpack.Encoder()
        self.decoder = hpack.Decoder()
        self.heads = {}
        self.bodies = {}

    def requests(self):
        while len(self.received) < len(PREFACE):
            self._more()
        self.received = self.received[len(PREFACE):]
        self.say(settings())
        while True:
            kind, flags, stream, payload = self._frame()
            if kind == SETTINGS and not flags & ACK:
                self.say(settings(flags=ACK))
            elif kind == PING and not flags & ACK:
                self.say(ping(payload, ACK))
            elif kind == RST_STREAM:
                self.heads.pop(stream, None)
            elif kind == HEADERS:
                self.heads[stream] = dict(self.decoder.decode(payload))
                self.bodies[stream] = b""
            elif kind == DATA:
                self.bodies[stream] = self.bodies.get(stream, b"") + payload
                if payload:
                    self.say(window_update(0, len(payload)))
            if kind in (HEADERS, DATA) and flags & END_STREAM and stream in self.heads:
                fields = self.heads.pop(stream)
                request = Request(fields[":method"], fields[":path"], fields, self.bodies.pop(stream))
                request.stream = stream
                yield request

    def _more(self):
        received = self.socket.recv(65536)
        if not received:
            raise Gone
        self.received += received

    def _frame(self):
        while len(self.received) < 9:
            self._more()
        length = int.from_bytes(self.received[:3], "big")
        while len(self.received) < 9 + length:
            self._more()
        kind, flags = self.received[3], self.received[4]
        stream = int.from_bytes(self.received[5:9], "big") & 0x7fffffff
        payload, self.received = self.received[9:9 + length], self.received[9 + length:]
        return kind, flags, stream, payload

    def say(self, data):
        self.socket.sendall(data)

    def close(self, hard=False):
        self.is_over = True
        if hard:
            reset(self.socket)

    def head(self, stream, fields, end=False):
        return frame(HEADERS, END_HEADERS | (END_STREAM if end else 0), stream, self.encoder.encode(fields))

    def answer(self, request, status, body, headers=()):
        fields = [(":status", str(status)), JSON, *headers]
        parts = [body[at:at + 16384] for at in range(0, len(body), 16384)]
        if status in (204, 304):
            parts = []
        self.say(self.head(request.stream, fields, end=not parts))
        for number, part in enumerate(parts):
            self.say(data(request.stream, part, end=number == len(parts) - 1))


def http2(name, effect, *parts, then="keep"):
    """Says `parts`, functions of (line, stream, good body), and then goes on, closes, resets, or hangs."""
    def act(line, request, good):
        for part in parts:
            line.say(part(line, request.stream, good))
        if then == "hang":
            line.is_over = True
            drain(line.socket)
        elif then != "keep":
            line.close(hard=then == "reset")

    return Way(f"HTTP/2: {name}", effect, act)


OK = [(":status", "200"), JSON]


def fields_of(*fields):
    """A whole answer with these fields."""
    return lambda line, stream, good: line.head(stream, list(fields)) + data(stream, good, end=True)


def right(line, stream, good):
    return line.head(stream, OK) + data(stream, good, end=True)


def opened(line, stream, good):
    return line.head(stream, OK)


def half(line, stream, good):
    return line.head(stream, OK) + data(stream, good[:-3])


def raw(part):
    return lambda line, stream, good: part(stream) if callable(part) else part


def stream_reset(code):
    return raw(lambda stream: frame(RST_STREAM, 0, stream, code.to_bytes(4, "big")))


def left_out(line, stream, good):
    return goaway(max(stream - 2, 0))


HTTP2_WAYS = [
    *[http2(f"RST_STREAM with code {code}", EITHER, stream_reset(code)) for code in (0, 1, 2, 3, 5, 8, 11, 13, 0xabc)],
    http2("RST_STREAM with REFUSED_STREAM", NOT_DONE, stream_reset(7)),
    http2("RST_STREAM behind the fields", EITHER, opened, stream_reset(2)),
    http2("REFUSED_STREAM behind the fields", EITHER, opened, stream_reset(7)),
    http2("RST_STREAM within the body", EITHER, half, stream_reset(8)),
    http2("RST_STREAM with NO_ERROR within the body", EITHER, half, stream_reset(0)),
    http2("no answer on the stream", EITHER),
    http2("fields and no more", EITHER, opened),
    http2("half a body and no more", EITHER, half),
    http2("GOAWAY that leaves the request out", NOT_DONE, left_out, then="hang"),
    http2("GOAWAY that names the request, and closes", EITHER, raw(lambda stream: goaway(stream)), then="close"),
    http2("GOAWAY that names the request, and resets", EITHER, raw(lambda stream: goaway(stream, 2)), then="reset"),
    http2("GOAWAY that names all, and closes", EITHER, raw(goaway(2**31 - 1)), then="close"),
    http2("GOAWAY within the answer, and closes", EITHER, opened, raw(lambda stream: goaway(stream)), then="close"),
    http2("GOAWAY that takes back", EITHER, raw(lambda stream: goaway(stream) + goaway(stream + 2)), then="hang"),
    http2("closes instead", EITHER, then="close"),
    http2("resets instead", EITHER, then="reset"),
    http2("closes behind the fields", EITHER, opened, then="close"),
    http2("resets behind the fields", EITHER, opened, then="reset"),
    http2("closes within the body", EITHER, half, then="close"),
    http2("resets within the body", EITHER, half, then="reset"),
    http2("closes within a frame", EITHER, lambda line, stream, good: right(line, stream, good)[:-5], then="close"),
    http2("no :status", EITHER, fields_of(JSON)),
    http2("two :status", EITHER, fields_of((":status", "200"), *OK)),
    http2("a :status that is no number", EITHER, fields_of((":status", "abc"))),
    http2("a name in capitals", EITHER, fields_of(*OK, ("X-Upper", "y"))),
    http2("a field of the connection", EITHER, fields_of(*OK, ("connection", "close"))),
    http2("a length that is too long", EITHER, fields_of(*OK, ("content-length", "9999"))),
    http2("a length that is too short", EITHER, fields_of(*OK, ("content-length", "5"))),
    http2("two final answers", EITHER, opened, opened),
    http2("trailers that do not end", EITHER, opened, lambda line, stream, good: line.head(stream, [("x", "y")])),
    http2("a window that overflows", EITHER, raw(lambda stream: window_update(stream, 2**31 - 1))),
    http2("DATA on no stream", EITHER, raw(data(0, b"x")), then="hang"),
    http2("DATA before the fields", EITHER, raw(lambda stream: data(stream, b"x")), then="hang"),
    http2("a frame that is too large", EITHER, raw(lambda stream: frame(DATA, 0, stream, bytes(16385))), then="hang"),
    http2("a broken header block", EITHER, raw(lambda stream: frame(HEADERS, 5, stream, b"\xff\xff\xff")), then="hang"),
    http2("CONTINUATION of nothing", EITHER, raw(lambda stream: frame(CONTINUATION, 4, stream)), then="hang"),
    http2("a push", EITHER, raw(lambda stream: frame(PUSH_PROMISE, 4, stream, b"\0\0\0\2\x82")), then="hang"),
    http2("a PING flood", EITHER, raw(ping(flags=ACK) * 8000), then="hang"),
    http2("an empty DATA flood", EITHER, opened, raw(lambda stream: data(stream) * 8000), then="hang"),
    http2("HTTP/1.1", EITHER, raw(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 9), then="hang"),
    # What is right, with something unusual around it.
    http2("an interim answer first", DONE, lambda line, stream, good: line.head(stream, [(":status", "103")]), right),
    http2("trailers", DONE, opened, lambda line, stream, good: data(stream, good) + line.head(
        stream, [("x", "y")], end=True)),
    http2("DATA of a byte each", DONE, opened, lambda line, stream, good: b"".join(
        data(stream, good[at:at + 1], end=at == len(good) - 1) for at in range(len(good)))),
    http2("RST_STREAM with NO_ERROR behind the answer", DONE, right, stream_reset(0)),
    http2("GOAWAY before the answer", DONE, raw(lambda stream: goaway(stream)), right, then="hang"),
    http2("GOAWAY behind the answer, and closes", DONE, right, raw(lambda stream: goaway(stream)), then="close"),
    http2("closes behind the answer", DONE, right, then="close"),
    http2("unknown frames", DONE, raw(lambda stream: frame(0x77, 0xff, stream, b"x")), right),
]
