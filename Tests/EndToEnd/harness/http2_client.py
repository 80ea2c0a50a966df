"""A small HTTP/2 client that does what a test says, right or wrong: python3-h2 over a blocking socket."""

import json
import socket
import ssl
import struct
import time

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import h2.settings

from .waiting import DEADLINE_SECONDS


class ConnectionGone(Exception):
    """The gateway closed the connection."""


class StreamReset(Exception):
    def __init__(self, code):
        super().__init__(f"the stream was reset with code {code}")
        self.code = code


class Answer:
    """One answer: status, fields (names in lower case), body."""

    def __init__(self):
        self.status = None
        self.headers = {}
        # All of them, in their order, repeated ones too.
        self.fields = []
        self.body = b""
        self.interim = []
        self.reset = None
        self.is_complete = False

    @property
    def text(self):
        return self.body.decode("utf-8")

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"<Answer {self.status} {self.headers} {self.body[:1000]!r}>"


class Connection:
    """One connection. With `authority` (a PEM file) TLS with ALPN h2, without it h2c with prior knowledge."""

    def __init__(self, host, port, authority=None, validates=True, window=None, timeout=DEADLINE_SECONDS):
        self.timeout = timeout
        self.scheme = "https" if authority else "http"
        self.host = f"{host}:{port}"
        self.socket = socket.create_connection((host, port), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if authority:
            context = ssl.create_default_context(cafile=authority)
            context.set_alpn_protocols(["h2"])
            self.socket = context.wrap_socket(self.socket, server_hostname=host)
            assert self.socket.selected_alpn_protocol() == "h2"
        # With `validates` off the client also says what RFC 9113 forbids.
        self.h2 = h2.connection.H2Connection(
            h2.config.H2Configuration(
                client_side=True, header_encoding="utf-8", validate_outbound_headers=validates,
                normalize_outbound_headers=validates))
        self.h2.initiate_connection()
        if window is not None:
            self.h2.update_settings({h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: window})
        self.answers = {}
        # The error code of the last GOAWAY, and the last stream that it includes.
        self.goaway = None
        self.last_stream = None
        self._input = b""
        self.is_closed = False
        self.reads_bodies = True
        self.flush()

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

    def flush(self):
        data = self.h2.data_to_send()
        if data:
            self.send_bytes(data)

    def send_bytes(self, data):
        """Bytes as they are: frames that h2 would not make."""
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError) as error:
            raise ConnectionGone(str(error)) from error

    def fields(self, method, path, headers=None, body=None):
        result = [(":method", method), (":scheme", self.scheme), (":authority", self.host), (":path", path)]
        given = {name.lower(): value for name, value in (headers or {}).items()}
        if body is not None and "content-type" not in given:
            given["content-type"] = "application/json"
        return result + [(name, value) for name, value in given.items() if value is not None]

    def begin(self, method, path, headers=None, body=None, end=True):
        """Sends a request's fields; the stream."""
        stream = self.h2.get_next_available_stream_id()
        self.answers[stream] = Answer()
        self.h2.send_headers(stream, self.fields(method, path, headers, body), end_stream=end)
        self.flush()
        return stream

    def send_body(self, stream, body, end=True):
        """Sends a body as the windows allow; stops when the stream is answered and reset meanwhile."""
        offset = 0
        while offset < len(body):
            room = min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size)
            if room <= 0:
                if self.answers[stream].is_complete:
                    return False
                self.read_once()
                continue
            part = body[offset:offset + room]
            offset += len(part)
            try:
                self.h2.send_data(stream, part, end_stream=end and offset == len(body))
            except h2.exceptions.StreamClosedError:
                return False
            self.flush()
        if end and not body:
            self.h2.end_stream(stream)
            self.flush()
        return True

    def send(self, method, path, body=None, headers=None):
        """Sends a whole request without waiting for its answer; the stream."""
        body = encoded(body)
        stream = self.begin(method, path, headers, body, end=not body)
        if body:
            self.send_body(stream, body)
        return stream

    def request(self, method, path, body=None, headers=None, timeout=None):
        return self.answer(self.send(method, path, body, headers), timeout)

    def reset(self, stream, code=8):
        self.h2.reset_stream(stream, code)
        self.flush()

    # Receiving

    def answer(self, stream, timeout=None):
        """Reads until the stream's answer is complete."""
        answer = self.answers[stream]
        self.read_until(lambda: answer.is_complete, timeout)
        if answer.status is None:
            raise StreamReset(answer.reset)
        return answer

    def read_until(self, condition, timeout=None):
        end = time.monotonic() + (timeout or self.timeout)
        while not condition():
            if self.is_closed:
                raise ConnectionGone("the connection was closed before that")
            left = end - time.monotonic()
            if left <= 0:
                raise AssertionError("the gateway did not answer in time")
            self.read_once(left)

    def read_once(self, timeout=None):
        self.socket.settimeout(timeout or self.timeout)
        try:
            data = self.socket.recv(65536)
        except (socket.timeout, TimeoutError):
            return
        except (ConnectionResetError, ssl.SSLError):
            data = b""
        if not data:
            self.is_closed = True
            for answer in self.answers.values():
                if not answer.is_complete and answer.status is None:
                    answer.reset = "closed"
            return
        self._input += data
        for event in self.h2.receive_data(self._without_goaway()):
            self._take(event)
        try:
            self.flush()
        except ConnectionGone:
            pass

    def _without_goaway(self):
        """The whole frames that have come. GOAWAY is read here: h2 would take nothing of the connection afterwards,
        although RFC 9113 section 6.8 has the streams before it go on."""
        frames = b""
        while len(self._input) >= 9:
            length = 9 + int.from_bytes(self._input[:3], "big")
            if len(self._input) < length:
                break
            frame, self._input = self._input[:length], self._input[length:]
            if frame[3] == 7:
                self.last_stream, self.goaway = struct.unpack(">II", frame[9:17])
            else:
                frames += frame
        return frames

    def _take(self, event):
        answer = self.answers.get(getattr(event, "stream_id", None))
        if isinstance(event, h2.events.InformationalResponseReceived):
            answer.interim.append(dict(event.headers)[":status"])
        elif isinstance(event, h2.events.ResponseReceived):
            answer.fields = list(event.headers)
            fields = dict(event.headers)
            answer.status = int(fields.pop(":status"))
            answer.headers = fields
        elif isinstance(event, h2.events.DataReceived):
            answer.body += event.data
            if self.reads_bodies and event.flow_controlled_length:
                self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            answer.is_complete = True
        elif isinstance(event, h2.events.StreamReset):
            answer.reset = int(event.error_code)
            answer.is_complete = True


def encoded(body):
    """Bytes as they are, text as UTF-8, anything else as JSON."""
    if body is None or isinstance(body, bytes):
        return body
    if isinstance(body, str):
        return body.encode("utf-8")
    return json.dumps(body, ensure_ascii=False).encode("utf-8")
