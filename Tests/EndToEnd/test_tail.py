"""Watching exchanges as they end: the stream of the admin listener, `product-gateway tail`, and the page."""

import json
import os
import pty
import re
import signal
import socket
import subprocess
import threading
import urllib.error
import urllib.request

import pytest

from browser import Browser
from harness.configuration import SECRETS
from harness.processes import Running, binary, command, environment
from harness.vendor import Reply
from harness.waiting import until

ID = "60afe403-a191-455e-b771-c510c928a308"
UPDATE = f"/v1/products/{ID}"
GOOD = Reply(200, {"data": {"id": ID, "type": "product", "attributes": {"name": "x"}}})
DOWN = Reply(500, {"errors": [{"title": "down", "status": "500"}]})


class Tail(Running):
    """`product-gateway tail`, watching."""

    def __init__(self, gateway, *arguments):
        before = watchers(gateway)
        super().__init__(["tail", "--url", f"http://127.0.0.1:{gateway.admin_port}", *arguments])
        until(lambda: watchers(gateway) > before, "tail is connected")


def watchers(gateway):
    """How many connections the admin listener has open, as the system sees them, besides this question."""
    port = f":{gateway.admin_port:04X}"
    with open("/proc/net/tcp") as table:
        rows = [row.split() for row in table.readlines()[1:]]
    return sum(row[1].endswith(port) and row[3] == "01" for row in rows)


@pytest.fixture
def watched(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD)
    tails = []

    def tail(*arguments):
        tails.append(Tail(gateway, *arguments))
        return tails[-1]

    yield vendor, gateway, tail
    for each in tails:
        each.kill()


def seen(tail, request_id):
    return until(lambda: [line for line in tail.output if request_id in line], f"{request_id} is shown")[0]


def test_exchanges_are_shown_as_they_end_one_line_each(watched):
    vendor, gateway, tail = watched
    lines = tail()
    # Whether the stream has begun is known when the first exchange comes.
    until(lambda: gateway.request("PATCH", UPDATE, {"name": "x"}, {"x-request-id": "first"}) and lines.output,
          "the stream has begun")
    vendor.script = [DOWN]
    gateway.request("PATCH", UPDATE, {"name": "x"}, {"x-request-id": "second"})
    gateway.request("PATCH", UPDATE, {"nmae": "x"}, {"x-request-id": "third"})
    assert re.fullmatch(
        r"\d\d:\d\d:\d\d\.\d{3}  127\.0\.0\.1        update  first         200 +\d+\.\d ms  acme ✓",
        seen(lines, "first"))
    assert re.search(r"  second +502 .*  acme vendor_error$", seen(lines, "second"))
    assert re.search(r"  third +422 .*  acme validation_failed$", seen(lines, "third"))


def test_json_lines_are_those_of_the_log(watched):
    _, gateway, tail = watched
    lines = tail("--json", "--id", "the-one")
    until(lambda: gateway.request("PATCH", UPDATE, {"name": "x"}, {"x-request-id": "the-one"}) and lines.output,
          "the stream has begun")
    shown = json.loads(lines.output[0])
    logged = [line for line in gateway.lines("exchange") if line["traceId"] == shown["traceId"]]
    # Each is written with the time of its own writing: a millisecond may lie between them.
    assert [{**line, "time": None} for line in logged] == [{**shown, "time": None}]


def test_filters_choose_and_a_count_ends(watched):
    vendor, gateway, tail = watched
    failing = tail("--code", "vendor_error", "--status", "5xx", "--count", "2", "--json")
    vendor.script = [DOWN, GOOD] * 50

    def ended():
        gateway.request("PATCH", UPDATE, {"name": "x"})
        return failing.process.poll() is not None

    until(ended, "two failures have been shown")
    assert failing.wait() == 0
    assert [json.loads(line)["code"] for line in failing.output] == ["vendor_error"] * 2


def test_the_log_need_not_be_written_for_it(watched):
    _, gateway, tail = watched
    gateway.file.write_text(json.dumps({**json.loads(gateway.file.read_text()), "logging": {"level": "error"}}))
    gateway.signal(signal.SIGHUP)
    until(lambda: '"level": "error"' in urllib.request.urlopen(
        f"http://127.0.0.1:{gateway.admin_port}/status", timeout=10).read().decode(), "the new level is in force")
    before = len(gateway.lines("exchange"))
    lines = tail("--json", "--count", "1")
    until(lambda: gateway.request("PATCH", UPDATE, {"name": "x"}) and lines.process.poll() is not None, "it is shown")
    assert json.loads(lines.output[0])["code"] == "ok"
    assert len(gateway.lines("exchange")) == before


def test_it_says_why_it_shows_nothing(gateway):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        result = command("tail", "--url", f"http://127.0.0.1:{port}")
    assert result.returncode == 1 and b"no exchanges from" in result.stderr
    for status in ("9xx", "700", "99", "x"):
        result = command("tail", "--status", status)
        assert result.returncode == 64 and b"--status is one such as 429" in result.stderr, result
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"http://127.0.0.1:{gateway.admin_port}/exchanges?status={status}", timeout=10)
        assert refused.value.code == 400
    assert command("tail", "--slower-than", "3").returncode == 64


def test_a_gateway_that_stops_ends_it(watched):
    _, gateway, tail = watched
    lines = tail()
    until(lambda: gateway.request("PATCH", UPDATE, {"name": "x"}) and lines.output, "the stream has begun")
    assert gateway.stop() == 0
    assert lines.wait() == 1
    assert "has ended" in "\n".join(lines.errors)


def test_one_who_watches_and_does_not_read_costs_a_bounded_amount(watched):
    _, gateway, _ = watched
    with socket.socket() as peer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.connect(("127.0.0.1", gateway.admin_port))
        peer.sendall(b"GET /exchanges HTTP/1.1\r\nhost: x\r\n\r\n")
        assert peer.recv(17) == b"HTTP/1.1 200 OK\r\n"
        before = gateway.memory_bytes()
        with gateway.connect() as connection:
            for number in range(3000):
                connection.request("PATCH", UPDATE, {"name": f"{number}"})
        assert gateway.memory_bytes() - before < 8 << 20
        peer.settimeout(10)
        received = b""
        while b"exchanges left out" not in received:
            part = peer.recv(65536)
            assert part, "the stream has ended"
            received += part
            gateway.request("PATCH", UPDATE, {"name": "x"})


def test_secrets_and_products_are_not_in_it(watched):
    _, gateway, tail = watched
    lines = tail("--json")
    until(lambda: gateway.request("PATCH", UPDATE, {"name": "a-product-name"}) and lines.output, "shown")
    for secret in [*SECRETS.values(), "a-product-name"]:
        assert secret not in "\n".join(lines.output)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    browser = Browser(tmp_path_factory.mktemp("browser"))
    yield browser
    browser.close()


def test_the_page_shows_them_live_and_nothing_from_elsewhere(vendor_gateway, browser, tmp_path):
    vendor, gateway = vendor_gateway(GOOD)
    page = browser.open(f"http://127.0.0.1:{gateway.admin_port}/exchanges?status=5xx")
    try:
        page.until("document.getElementById('state')?.textContent === 'watching'", "the page watches")
        vendor.script = [GOOD, DOWN, DOWN]
        for number in range(3):
            gateway.request("PATCH", UPDATE, {"name": "x"}, {"x-request-id": f"<b>{number}"})
        page.until("document.querySelectorAll('#exchanges tbody tr').length === 2", "two failures are shown")
        ids = "[...document.querySelectorAll('#exchanges tbody tr')].map(row => row.dataset.id)"
        assert page.evaluate(ids) == ["<b>2", "<b>1"], "newest first, as text"
        assert page.evaluate("document.querySelector('#filter').elements.status.value") == "5xx"
        page.evaluate("document.getElementById('pause').click()")
        vendor.script = [DOWN]
        gateway.request("PATCH", UPDATE, {"name": "x"}, {"x-request-id": "held"})
        page.until("held.length === 1", "one is held back")
        assert page.evaluate(ids) == ["<b>2", "<b>1"]
        page.evaluate("document.getElementById('pause').click()")
        page.until(f"({ids})[0] === 'held'", "it is shown then")
        page.screenshot(tmp_path / "exchanges.png")
    finally:
        page.close()
    with urllib.request.urlopen(
            urllib.request.Request(f"http://127.0.0.1:{gateway.admin_port}/exchanges", headers={"accept": "text/html"}),
            timeout=10) as answer:
        policy = answer.headers["content-security-policy"]
        text = answer.read().decode()
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert not re.search(r"(src|href)=\"?https?:", text)


def test_too_many_watchers_are_told_so(watched):
    _, gateway, _ = watched
    peers = []
    try:
        for _ in range(16):
            peer = socket.create_connection(("127.0.0.1", gateway.admin_port), timeout=10)
            peers.append(peer)
            peer.sendall(b"GET /exchanges HTTP/1.1\r\nhost: x\r\n\r\n")
            assert peer.recv(17) == b"HTTP/1.1 200 OK\r\n"
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"http://127.0.0.1:{gateway.admin_port}/exchanges", timeout=10)
        assert refused.value.code == 503
    finally:
        for peer in peers:
            peer.close()


def test_on_a_terminal_the_log_is_for_people_and_no_color_is_kept_to(start_vendor, tmp_path):
    vendor = start_vendor(GOOD)
    file = tmp_path / "gateway.json"
    file.write_text(json.dumps({
        "listener": {"host": "127.0.0.1", "port": 0}, "admin": {"port": 0},
        "targets": {"acme": {"dialect": "elastic-path", "baseURL": vendor.url}}, "defaultTarget": "acme", "audit": {}}))
    for variables, is_coloured in (({}, True), ({"NO_COLOR": "1"}, False)):
        text = on_a_terminal(["run", "--config", str(file)], variables)
        assert ("\x1b[" in text) == is_coloured
        plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
        assert re.search(
            r"^\d\d:\d\d:\d\d\.\d{3}  info    listening for=callers host=127\.0\.0\.1 port=\d+", plain, re.M)
        assert re.search(
            r"^\d\d:\d\d:\d\d\.\d{3}  127\.0\.0\.1        update  on-a-termin…  200 +\d+\.\d ms  acme ✓\r?$",
            plain, re.M)
        assert re.search(r"  info    audit requestId=on-a-terminal .* pointers=\[\"/name\"\] code=ok", plain)
        assert "{" not in plain, "a line for programs"


def on_a_terminal(arguments, variables):
    """What a gateway writes to a terminal while it handles one update."""
    terminal, end = pty.openpty()
    gateway = subprocess.Popen(
        [binary(), *arguments], stdin=end, stdout=end, stderr=end, env=environment({"TERM": "xterm", **variables}))
    os.close(end)
    text = []

    def read():
        try:
            while chunk := os.read(terminal, 4096):
                text.append(chunk.decode())
        except OSError:
            pass  # The other end is closed.

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    plain = lambda: re.sub(r"\x1b\[[0-9;]*m", "", "".join(text))  # noqa: E731
    try:
        port = until(lambda: re.search(r"for=callers host=\S+ port=(\d+)", plain()), "it listens")[1]
        until(lambda: " ready " in plain(), "it is ready")
        subprocess.run(
            ["curl", "--silent", "--fail", "--http2-prior-knowledge", "-X", "PATCH", "--data", '{"name":"x"}',
             "-H", "content-type: application/json", "-H", "x-request-id: on-a-terminal",
             f"http://127.0.0.1:{port}{UPDATE}"], check=True, capture_output=True, timeout=20)
        until(lambda: "acme ✓" in plain(), "the exchange is logged")
    finally:
        gateway.terminate()
        gateway.wait(20)
        reader.join(5)
        os.close(terminal)
    return "".join(text)
