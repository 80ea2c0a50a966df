"""The operators' listener among peers that do not read, do not ask, or ask too much: health checks are answered at
once, and memory is bounded."""

import re
import select
import socket
import time
from contextlib import contextmanager

import pytest

from harness.vendor import Reply
from harness.waiting import until

ID = "60afe403-a191-455e-b771-c510c928a308"
GOOD = Reply(200, {"data": {"id": ID, "type": "product", "attributes": {"name": "x"}}})
MEGABYTE = 1 << 20

# Of the listener's own constants (AdminLimits), and what two busy cores may add.
CONNECTIONS_MAX = 64
REQUEST_SECONDS = 5
ANSWER_SECONDS = 10
SLACK_SECONDS = 5
# A kubelet gives up after one second.
PROBE_SECONDS = 1


@pytest.fixture
def observed(vendor_gateway):
    """A gateway of this test's own: its memory is weighed."""
    _, gateway = vendor_gateway(GOOD)
    return gateway


class Peer:
    """A connection to the admin listener in bytes."""

    def __init__(self, gateway, data=b"", buffers=None):
        self.socket = socket.socket()
        if buffers:
            # What this side's kernel keeps would hide what the gateway takes.
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffers)
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffers)
        self.socket.settimeout(20)
        self.socket.connect(("127.0.0.1", gateway.admin_port))
        self.send(data)

    def send(self, data):
        self.socket.sendall(data)

    def send_what_fits(self, data):
        """As much as is taken until nothing has been taken for half a second; how much that was."""
        self.socket.settimeout(0.5)
        sent = 0
        try:
            while sent < len(data):
                sent += self.socket.send(data[sent:sent + 65536])
        except TimeoutError:
            pass
        self.socket.settimeout(20)
        return sent

    def read(self):
        """Everything until the gateway closes."""
        parts = []
        while part := self.socket.recv(65536):
            parts.append(part)
        return b"".join(parts)

    def ended(self):
        """Whether the gateway has closed the connection, whatever is still there to be read."""
        poll = select.poll()
        poll.register(self.socket, select.POLLRDHUP)
        return bool(poll.poll(0))

    def close(self):
        self.socket.close()


@contextmanager
def peers(gateway, count, data=b"", **options):
    opened = []
    try:
        for _ in range(count):
            opened.append(Peer(gateway, data, **options))
        yield opened
    finally:
        for peer in opened:
            peer.close()


def probe(gateway, path="/livez"):
    """What a kubelet does: a connection of its own, an answer within a second."""
    with socket.create_connection(("127.0.0.1", gateway.admin_port), timeout=PROBE_SECONDS) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".encode())
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer.split(b"\r\n", 1)[0]


def must_be_alive(gateway):
    assert probe(gateway) == b"HTTP/1.1 200 OK"


def request(path="/metrics", fields=""):
    return f"GET {path} HTTP/1.1\r\nhost: x\r\n{fields}\r\n".encode()


def test_one_who_pipelines_and_reads_nothing_costs_one_answer(observed):
    must_be_alive(observed)
    before = observed.memory_bytes()
    peer = Peer(observed, buffers=4096)
    sent = peer.send_what_fits(request() * 100_000)
    assert sent < MEGABYTE / 2, f"{sent / MEGABYTE:.1f} MiB of requests were taken in advance"
    must_be_alive(observed)
    grown = (observed.memory_bytes() - before) / MEGABYTE
    assert grown < 8, f"{grown:.0f} MiB more"
    began = time.monotonic()
    until(peer.ended, "who does not read is cut off", seconds=ANSWER_SECONDS + SLACK_SECONDS)
    assert time.monotonic() - began > ANSWER_SECONDS / 2
    peer.close()


def test_one_who_pipelines_and_stops_writing_costs_no_more(observed):
    """The end of the input makes the gateway take in everything that is there, whether it wants to read or not."""
    must_be_alive(observed)
    before = observed.memory_bytes()
    most = 0
    with peers(observed, CONNECTIONS_MAX // 2, request() * 2000) as opened:
        for peer in opened:
            peer.socket.shutdown(socket.SHUT_WR)
            most = max(most, observed.memory_bytes() - before)
        must_be_alive(observed)
        most = max(most, observed.memory_bytes() - before)
        until(lambda: all(peer.ended() for peer in opened), "nobody has that many answered", seconds=SLACK_SECONDS)
    assert most < 16 * MEGABYTE, f"{most / MEGABYTE:.0f} MiB more"


def test_many_who_do_not_read_cost_a_bounded_sum(observed):
    must_be_alive(observed)
    before = observed.memory_bytes()
    most = 0
    with peers(observed, 3 * CONNECTIONS_MAX, buffers=4096) as opened:
        for peer in opened:
            peer.send_what_fits(request("/metrics") * 200)
            most = max(most, observed.memory_bytes() - before)
            must_be_alive(observed)
    assert most < 32 * MEGABYTE, f"{most / MEGABYTE:.0f} MiB more"


def test_half_requests_keep_no_health_check_out(observed):
    with peers(observed, 3 * CONNECTIONS_MAX, b"GET /livez HT") as opened:
        must_be_alive(observed)
        assert probe(observed, "/readyz") == b"HTTP/1.1 200 OK"
        # The oldest had to go; the newest are there until their time is over.
        until(lambda: all(peer.ended() for peer in opened[:CONNECTIONS_MAX]), "the oldest gave way", seconds=2)


def test_a_half_request_is_given_up_after_a_few_seconds(observed):
    beginnings = [b"", b"GET /livez HTTP/1.1\r\nhost: x\r\n", request("/livez", "content-length: 10\r\n") + b"abc"]
    opened = [Peer(observed, beginning) for beginning in beginnings]
    began = time.monotonic()
    until(lambda: any(peer.ended() for peer in opened), "one is given up", seconds=REQUEST_SECONDS + SLACK_SECONDS)
    assert time.monotonic() - began > REQUEST_SECONDS / 2
    until(lambda: all(peer.ended() for peer in opened), "all are given up", seconds=SLACK_SECONDS)
    for peer in opened:
        peer.close()


def test_a_second_request_has_no_more_time_than_the_first(observed):
    peer = Peer(observed, request("/livez"))
    until(lambda: b"ok\n" in peer.socket.recv(4096), "the first is answered")
    peer.send(b"GET /liv")
    until(peer.ended, "the second is given up", seconds=REQUEST_SECONDS + SLACK_SECONDS)
    peer.close()


def test_the_oldest_idle_connection_gives_way(observed):
    with peers(observed, CONNECTIONS_MAX, request("/livez")) as opened:
        for peer in opened:
            assert peer.socket.recv(4096).startswith(b"HTTP/1.1 200")
        assert not any(peer.ended() for peer in opened)
        must_be_alive(observed)
        until(opened[0].ended, "the oldest gave way", seconds=2)
        assert not any(peer.ended() for peer in opened[-CONNECTIONS_MAX // 2:])


@pytest.mark.parametrize("path", ["/metrics", "/status"])
def test_many_large_answers_at_once_keep_no_health_check_waiting(observed, path):
    with peers(observed, CONNECTIONS_MAX - 4, request(path)):
        for _ in range(5):
            began = time.monotonic()
            must_be_alive(observed)
            assert time.monotonic() - began < PROBE_SECONDS


def test_pipelined_requests_are_answered_one_after_the_other(observed):
    paths = ["/livez", "/metrics", "/nothing", "/status", "/readyz", "/"]
    peer = Peer(observed, b"".join(request(path) for path in paths) + request("/livez", "connection: close\r\n"))
    answers = peer.read()
    statuses = re.findall(rb"^HTTP/1\.1 (\d+)", answers, re.M)
    assert statuses == [b"200", b"200", b"404", b"200", b"200", b"200", b"200"]
    types = re.findall(rb"^content-type: ([a-z/]+)", answers, re.M)
    assert types == [b"text/plain", b"text/plain", b"text/plain", b"application/json", b"text/plain", b"text/html",
                     b"text/plain"]
    peer.close()


@pytest.mark.parametrize("path", ["/livez", "/metrics", "/status"])
def test_who_stops_writing_still_gets_the_answer(observed, path):
    peer = Peer(observed, request(path))
    peer.socket.shutdown(socket.SHUT_WR)
    assert peer.read().startswith(b"HTTP/1.1 200 OK\r\n")
    peer.close()


def test_what_is_no_request_is_told_so(observed):
    peer = Peer(observed, b"\x16\x03\x01 hello\r\n\r\n")
    assert peer.read().startswith(b"HTTP/1.1 400 ")
    peer.close()


@pytest.mark.parametrize("endless", [b"GET /", b"GET / HTTP/1.1\r\nx: ", b"GET / HTTP/1.1\r\n"],
                         ids=["path", "field", "fields"])
def test_a_head_without_end_costs_nothing(observed, endless):
    must_be_alive(observed)
    before = observed.memory_bytes()
    peer = Peer(observed, endless)
    filler = b"x: y\r\n" * 10_000 if endless.endswith(b"\n") else b"x" * 60_000
    began = time.monotonic()
    with pytest.raises(OSError):
        while time.monotonic() - began < REQUEST_SECONDS + SLACK_SECONDS:
            peer.send(filler)
    assert observed.memory_bytes() - before < 8 * MEGABYTE
    must_be_alive(observed)
    peer.close()
