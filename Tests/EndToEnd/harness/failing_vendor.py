"""A vendor that fails in some hundred ways, over HTTP/1.1 and HTTP/2, and knows which changes it has made.

For each request it decides by seed how to fail, or not to, and whether it makes the change before that. It never lies:
what says that nothing was changed (a status from 400 to 499 but 408, REFUSED_STREAM, a GOAWAY that leaves the request
out) is said where nothing was, and a success that is right in every way where the change was made. Everything else is
said in both cases. What callers are told can so be compared with what happened.

It speaks the catalogue's language: `GET` and `PUT /catalogue/products/ID`, `POST /catalogue/products`. A change is
known by the name that it gives the product, which no two share, and products by their id, one for each update.
"""

import collections
import json
import random
import socket
import struct
import threading
import time

# Whether a way to fail makes the change: EITHER is decided by seed.
DONE, NOT_DONE, EITHER = "done", "not done", "either"

KEPT = {"description": "kept", "internalName": "kept too", "customFields": {"kept": "too"}}


class Request:
    def __init__(self, method, path, headers, body):
        self.method, self.path, self.headers, self.body = method, path, headers, body

    @property
    def id(self):
        """Of the product; None for a create."""
        return self.path.rsplit("/", 1)[1] if self.method != "POST" else None

    @property
    def name(self):
        """What the change is known by; None for a read."""
        return json.loads(self.body)["name"] if self.body else None


class Way:
    """One way to answer, or not to. `act(line, request, good)` says it; `good` is the body of a right answer."""

    def __init__(self, name, effect, act):
        self.name, self.effect, self.act = name, effect, act


def answered(status, effect, body=None, headers=(), name=None):
    """A whole answer. `body`: bytes, or None for that of a right answer."""
    return Way(name or f"status {status}", effect, lambda line, request, good: line.answer(
        request, status, good if body is None else body, headers))


# Ways that look the same in both versions: whole answers, wrong ones among them.

REFUSALS = [400, 401, 403, 404, 405, 409, 410, 412, 413, 414, 415, 422, 423, 424, 425, 428, 429, 431, 451]
FAILURES = [408, 500, 501, 502, 503, 504, 507, 520, 599]
REDIRECTS = [300, 301, 302, 303, 304, 307, 308]

ANSWERS = [
    *[answered(status, NOT_DONE, b'{"message":"no"}') for status in REFUSALS],
    *[answered(status, NOT_DONE, b"", name=f"status {status} without a body") for status in (400, 404, 409, 429)],
    answered(429, NOT_DONE, b"{}", [("retry-after", "1")], name="status 429 with Retry-After"),
    *[answered(status, EITHER, b'{"message":"oh"}') for status in FAILURES],
    answered(503, EITHER, b"", [("retry-after", "1")], name="status 503 with Retry-After"),
    answered(500, EITHER, b'{"code":"product_not_found","errors":[{"status":"404"}]}', name="500 that speaks of a 404"),
    *[answered(status, EITHER, b"", [("location", "/elsewhere")]) for status in REDIRECTS],
    *[answered(status, EITHER, b"") for status in (202, 203, 204, 205, 206, 299)],
    answered(200, EITHER, b"", name="200 without a body"),
    answered(200, EITHER, b"<html>welcome</html>", name="200 with HTML"),
    answered(200, EITHER, b'{"id":"another","name":"x"}', name="200 with another product"),
    answered(200, EITHER, b'{"id":', name="200 with half a document"),
    answered(200, EITHER, b"[1, 2]", name="200 with an array"),
    answered(200, EITHER, b'{"id":"\xff"}', name="200 that is no UTF-8"),
    answered(200, EITHER, b"[" * 5000, name="200 that is deeply nested"),
    answered(200, EITHER, b"x" * 600_000, name="200 that is too large"),
    answered(200, EITHER, b"", [("x-large", "y" * 5000)] * 20, name="200 with far too many fields"),
]


class FailingVendor:
    """Listens on loopback, without TLS. What a connection begins with tells which version it speaks.

    `share`: of how many requests in a hundred it fails. `tokens`: whether it wants bearer tokens of its own issue, and
    how many requests in a hundred for one fail.
    """

    def __init__(self, seed, share=60, tokens=None):
        from .failing_lines import HTTP1_WAYS, HTTP2_WAYS, HTTP1Line, HTTP2Line
        self.seed = seed
        self.share = share
        self.tokens = tokens
        self.ways = {HTTP1Line: ANSWERS + HTTP1_WAYS, HTTP2Line: ANSWERS + HTTP2_WAYS}
        self.lines = (HTTP1Line, HTTP2Line)
        self.lock = threading.Lock()
        # How often each change was made, by its name; the documents that were written, by theirs.
        self.made = collections.Counter()
        self.written = {}
        # How often each way was taken.
        self.taken = collections.Counter()
        self.requests = collections.Counter()
        self.mistakes = []
        self._sockets = set()
        self._connections = 0
        self._under_way = 0
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(256)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self):
        return f"http://localhost:{self.port}"

    def stop(self):
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._listener.close()
        with self.lock:
            sockets = list(self._sockets)
        for each in sockets:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def is_quiet(self):
        """Nothing is being decided or made any more."""
        with self.lock:
            return self._under_way == 0

    # What becomes of a request

    def decide(self, request, line):
        """The way to answer, and the body of a right answer. Makes the change where it is made."""
        if "oauth" in request.path:
            return self._token(request), b""
        key = request.id or request.name
        with self.lock:
            self.requests[key] += 1
            chance = random.Random(f"{self.seed}/{key}/{self.requests[key]}")
        if chance.randrange(100) >= self.share:
            way = answered(200 if request.method != "POST" else 201, DONE, name="right")
        else:
            way = chance.choice(self.ways[type(line)])
        # Of a create nobody knows the id before: another product is the new one, and the vendor does not lie.
        effect = DONE if request.method == "POST" and way.name == "200 with another product" else way.effect
        is_done = effect == DONE or effect == EITHER and chance.randrange(2) == 1
        good = self._document(request)
        with self.lock:
            self.taken[way.name] += 1
        if request.method != "GET" and is_done:
            self._make(request)
        return way, good

    def _make(self, request):
        with self.lock:
            self.made[request.name] += 1
            self.written[request.name] = json.loads(request.body)

    @staticmethod
    def _document(request):
        if request.method == "GET":
            return json.dumps({"id": request.id, "name": "old", **KEPT}).encode()
        return json.dumps({"id": request.id or f"new-{request.name}", **json.loads(request.body)}).encode()

    def _token(self, request):
        with self.lock:
            self.requests["token"] += 1
            chance = random.Random(f"{self.seed}/token/{self.requests['token']}")
        if chance.randrange(100) >= self.tokens:
            body = json.dumps({"access_token": "a-token", "expires_in": chance.choice([1, "1", 2.5])}).encode()
            return answered(200, NOT_DONE, body, name="token")
        return chance.choice([
            answered(status, NOT_DONE, b"{}", name="no token") for status in (400, 401, 404, 429, 500, 503)] + [
            answered(200, NOT_DONE, body, name="no token") for body in (b"", b"<html>", b"{}", b'{"access_token":""}')])

    # Connections

    def _accept(self):
        while True:
            try:
                accepted, _ = self._listener.accept()
            except OSError:
                return
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.lock:
                self._connections += 1
                self._sockets.add(accepted)
                number = self._connections
            threading.Thread(target=self._serve, args=(accepted, number), daemon=True).start()

    def _serve(self, accepted, number):
        chance = random.Random(f"{self.seed}/connection/{number}")
        try:
            if chance.randrange(100) < self.share // 8:
                # It is closed, or reset, before anything is read.
                with self.lock:
                    self.taken["connection refused"] += 1
                return reset(accepted) if chance.randrange(2) else None
            accepted.settimeout(30)
            first = b""
            while len(first) < 4:
                received = accepted.recv(65536)
                if not received:
                    return
                first += received
            kind = self.lines[1] if first.startswith(b"PRI ") else self.lines[0]
            line = kind(accepted, first)
            for request in line.requests():
                self._answer(line, request)
                if line.is_over:
                    return
        except (OSError, Gone):
            pass
        except Exception as mistake:  # Of the test's: shown by `check`.
            self.mistakes.append(repr(mistake))
            raise
        finally:
            with self.lock:
                self._sockets.discard(accepted)
            accepted.close()

    def _answer(self, line, request):
        with self.lock:
            self._under_way += 1
        try:
            way, good = self.decide(request, line)
            way.act(line, request, good)
        finally:
            with self.lock:
                self._under_way -= 1

    def check(self):
        assert not self.mistakes, self.mistakes


class Gone(Exception):
    """The other side has closed the connection."""


def reset(connection):
    """Closes with a TCP reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def drain(connection, seconds=30):
    """Reads until the other side closes."""
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            connection.settimeout(max(0.01, end - time.monotonic()))
            if not connection.recv(65536):
                return
    except OSError:
        pass
