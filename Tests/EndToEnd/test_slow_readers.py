"""Callers that read slowly, but read: each gets all of its answer, and the log says how much each has taken."""

import socket
import time

import pytest

from harness.bystanders import PRODUCT
from harness.frames import CANCEL, DATA, HEADERS, RST_STREAM, FrameConnection, data, reset, window_update
from harness.vendor import Reply

ID = PRODUCT.rsplit("/", 1)[1]
SIZE = 120_000
LARGE = Reply(200, {"data": {"id": ID, "type": "product", "attributes": {"description": "y" * SIZE}}})


@pytest.fixture
def impatient(vendor_gateway):
    """A gateway that gives up on answers that nobody reads for a second; its vendor may take long to send them."""
    def start(answer=LARGE, **members):
        return vendor_gateway(
            answer, workers=1, limits={"answerTimeout": "1s", **members},
            target={"timeouts": {"connect": "1s", "attempt": "20s", "total": "20s"}})[1]
    return start


def update(connection, stream, name):
    fields = connection.fields(
        "PATCH", PRODUCT, [("content-type", "application/json"), ("x-request-id", name)])
    return connection.headers(stream, fields, end=False) + data(stream, b'{"name": "x"}', end=True)


def taken(connection, stream):
    return sum(len(frame.payload) for frame in connection.frames if frame.kind == DATA and frame.stream == stream)


def test_a_steady_reader_over_http2_gets_all_of_its_answer_however_long_that_takes(impatient):
    gateway = impatient()
    with FrameConnection(gateway.port, values=((4, 0),)) as slow:
        slow.send(update(slow, 1, "steady"))
        began = time.monotonic()
        while not any(frame.ends_stream for frame in slow.frames):
            assert not any(frame.kind == RST_STREAM for frame in slow.frames), f"cut off at {taken(slow, 1)} bytes"
            slow.send(window_update(0, 4_000) + window_update(1, 4_000))
            slow.wait_for(lambda frame: False, 0.1)
        assert time.monotonic() - began > 2, "more than twice the time-out"
        assert taken(slow, 1) > SIZE
        line = gateway.exchange_line("steady")
    assert "end" not in line and line["bytesSent"] == taken(slow, 1), line


def test_answers_that_wait_for_their_turn_on_a_slow_connection_are_not_cut_off(impatient):
    """Their own windows are open; the connection's opens slowly, and each gets its part of it now and then."""
    gateway = impatient()
    with FrameConnection(gateway.port, values=((4, 1 << 20),)) as slow:
        slow.send(*[update(slow, 2 * number + 1, f"turn-{number}") for number in range(4)])
        end = time.monotonic() + 20
        while sum(frame.ends_stream for frame in slow.frames) < 4:
            assert time.monotonic() < end and not any(frame.kind == RST_STREAM for frame in slow.frames)
            slow.send(window_update(0, 12_000))
            slow.wait_for(lambda frame: False, 0.1)


def test_whoever_takes_a_few_bytes_now_and_then_is_cut_off_and_the_log_says_what_it_has_taken(impatient):
    gateway = impatient()
    with FrameConnection(gateway.port, values=((4, 0),)) as slow:
        slow.send(update(slow, 1, "dribble"))
        assert slow.wait_for(lambda frame: frame.kind == HEADERS, 10)
        found = None
        while not found:
            slow.send(window_update(1, 10))
            found = slow.wait_for(lambda frame: frame.kind == RST_STREAM, 0.1)
        assert found.code == CANCEL
        line = gateway.exchange_line("dribble")
    assert line["status"] == 200 and line["outcome"] == "done", line
    assert line["end"] == "answer_unread" and line["bytesSent"] == taken(slow, 1) < 1_000, line


def test_a_caller_that_resets_its_stream_in_the_middle_of_the_answer_has_not_been_sent_the_rest(impatient):
    gateway = impatient()
    with FrameConnection(gateway.port, values=((4, 5_000),)) as caller:
        caller.send(update(caller, 1, "reset"))
        assert caller.wait_for(lambda frame: frame.kind == DATA, 10)
        caller.send(reset(1))
        line = gateway.exchange_line("reset")
    assert (line["end"], line["bytesSent"], line["status"]) == ("answer_unread", 5_000, 200), line


def request(port, name, receive_buffer):
    caller = socket.socket()
    caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    caller.settimeout(20)
    caller.connect(("localhost", port))
    caller.sendall((f"PATCH {PRODUCT} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    f"X-Request-Id: {name}\r\nContent-Length: 13\r\n\r\n").encode() + b'{"name": "x"}')
    return caller


HUGE = 10_000_000


@pytest.fixture
def huge(impatient):
    """An answer that no socket's buffer holds."""
    return impatient(
        Reply(200, {"data": {"id": ID, "type": "product", "attributes": {"description": "y" * HUGE}}}),
        answerBody="64MiB", connectionBuffer="64MiB")


def test_a_steady_reader_over_http1_gets_all_of_its_answer(huge):
    with request(huge.port, "steady", 16_384) as slow:
        received, began = 0, time.monotonic()
        while received < HUGE:
            part = slow.recv(400_000)
            assert part, f"cut off at {received} bytes"
            received += len(part)
            # Slower than the time-out allows for all of it.
            time.sleep(max(0.0, began + received / 3_000_000 - time.monotonic()))
        assert time.monotonic() - began > 2.5
        line = huge.exchange_line("steady")
    assert "end" not in line and line["bytesSent"] > HUGE, line


def test_whoever_reads_nothing_over_http1_is_closed_and_the_log_says_so(huge):
    with request(huge.port, "stalled", 16_384):
        line = huge.exchange_line("stalled")
    assert line["end"] == "answer_unread" and line["bytesSent"] < HUGE, line
