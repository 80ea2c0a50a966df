"""`product-gateway push`: the lines of a file through a running gateway, and on where it was interrupted."""

import fcntl
import json
import os
import pty
import re
import signal
import socket
import struct
import subprocess
import termios
import threading
import time

import pytest

from harness.configuration import listener
from harness.processes import binary, command, environment
from harness.vendor import Reply
from harness.waiting import until


def done(request):
    """The vendor has taken it."""
    return Reply(200, {"id": request.path.rsplit("/", 1)[1]})


def target(vendor, **members):
    return {"fynn": {
        "dialect": "catalogue", "baseURL": vendor.url, "retries": {"attempts": 1},
        "timeouts": {"connect": "2s", "attempt": "10s", "total": "20s"}, **members}}


def write_lines(path, count, padding=0):
    path.write_text("".join(
        json.dumps({"id": f"p{number}", "product": {"name": f"n{number}"}}) + " " * padding + "\n"
        for number in range(count)))
    return path


def url(gateway):
    return f"{'https' if gateway.is_tls else 'http'}://localhost:{gateway.port}"


def push(gateway, file, *options, **more):
    return command("push", file, "--to", url(gateway), "--target", "fynn", *options, **more)


def ids(vendor):
    return [request.path.rsplit("/", 1)[1] for request in vendor.requests]


def test_every_line_is_pushed_over_verified_tls(start_vendor, start_gateway, authority, tmp_path):
    vendor = start_vendor(done)
    gateway = start_gateway(target(vendor), tls=True)
    file = write_lines(tmp_path / "products.jsonl", 500)
    untrusted = push(gateway, file)
    assert untrusted.returncode == 2 and b"not trusted" in untrusted.stderr and vendor.requests == []
    result = push(gateway, file, "--ca-file", authority.path)
    assert (result.returncode, result.stdout) == (0, b""), result.stderr
    assert b"500 lines" in result.stderr and b"500 done" in result.stderr
    assert sorted(ids(vendor)) == sorted(f"p{number}" for number in range(500))
    assert not os.path.exists(f"{file}.push")


@pytest.mark.parametrize("name, text", [
    ("p.csv", 'id,name,customFields/size,tags:json\r\np0,"a ""b"", c",10,"[""x""]"\r\n\r\np1,y,,\r\n'),
    ("p.json", '[{"id":"p0","product":{"name":"a \\"b\\", c","customFields":{"size":"10"},"tags":["x"]}},\n'
               ' {"id":"p1",\n"product":{"name":"y"}}]'),
])
def test_csv_and_json_arrays(start_vendor, start_gateway, tmp_path, name, text):
    vendor = start_vendor(done)
    gateway = start_gateway(target(vendor))
    file = tmp_path / name
    file.write_text(text)
    result = push(gateway, file, "--json")
    bodies = {request.path.rsplit("/", 1)[1]: json.loads(request.body) for request in vendor.requests}
    if result.returncode != 0:
        # A member that the target does not have is refused, and told.
        assert result.returncode == 1, (result.stdout, result.stderr)
    assert "p1" in bodies and bodies["p1"]["name"] == "y", (result.stdout, result.stderr)


def test_what_is_no_csv_is_told_with_its_line(start_vendor, start_gateway, tmp_path):
    gateway = start_gateway(target(start_vendor(done)))
    file = tmp_path / "p.csv"
    file.write_text("id,name\np0,x\np1,\"y\"z\n")
    result = push(gateway, file)
    assert result.returncode == 2 and b"line 3" in result.stderr, result.stderr


def test_refused_lines_are_kept_to_be_pushed_again(start_vendor, start_gateway, tmp_path):
    vendor = start_vendor(done)
    gateway = start_gateway(target(vendor))
    file = tmp_path / "products.jsonl"
    good = json.dumps({"id": "good", "product": {"name": "x"}})
    bad = json.dumps({"id": "bad", "product": {"name": 7}})
    behind = json.dumps({"id": "bad", "product": {"name": "behind"}})
    file.write_text(f"{good}\n\n{bad}\n{behind}\n")
    failed = tmp_path / "failed.jsonl"
    result = push(gateway, file, "--failed", failed)
    assert result.returncode == 2, result.stderr
    assert failed.read_text() == bad + "\n"
    assert (tmp_path / "failed.jsonl.unprocessed").read_text() == behind + "\n"
    problems = [json.loads(text) for text in (tmp_path / "failed.jsonl.problems").read_text().splitlines()]
    assert [(each["line"], each["code"]) for each in problems] == [
        (3, "validation_failed"), (4, "predecessor_failed")]
    assert b"line 3 (bad): validation_failed" in result.stderr
    result = push(gateway, tmp_path / "failed.jsonl.unprocessed")
    assert result.returncode == 0
    assert ids(vendor) == ["good", "bad"]
    result = push(gateway, tmp_path / "failed.jsonl.unprocessed", "--failed", failed)
    assert result.returncode == 64 and b"failed.jsonl.unprocessed" in result.stderr
    assert (tmp_path / "failed.jsonl.unprocessed").read_text() == behind + "\n"
    # What is tried again is taken out of the files that can be pushed, and what was refused is not forgotten.
    result = push(gateway, file, "--failed", failed, "--resume")
    assert result.returncode == 1 and b"1 refused before" in result.stderr, result.stderr
    assert ids(vendor) == ["good", "bad", "bad"]
    assert not (tmp_path / "failed.jsonl.unprocessed").exists() and failed.read_text() == bad + "\n"
    result = push(gateway, file, "--continue-on-failure")
    assert result.returncode == 1 and b"where --resume would go on" in result.stderr, result.stderr


def test_a_file_of_which_nothing_can_be_read_is_a_usage_error(tmp_path):
    for name, text, word in (("p.csv", "id;name\na;x\n", b"semicolons"), ("p.json", '{"id":"a"}', b"--format jsonl")):
        (tmp_path / name).write_text(text)
        result = command("push", tmp_path / name, "--to", "http://localhost:1", "--target", "fynn")
        assert result.returncode == 64 and word in result.stderr and b"To go on" not in result.stderr, result.stderr


def test_a_stream_that_is_refused_is_told_and_there_is_nothing_to_go_on_with(start_vendor, start_gateway, tmp_path):
    gateway = start_gateway(target(start_vendor(done)))
    result = command("push", write_lines(tmp_path / "p.jsonl", 3), "--to", url(gateway), "--target", "nobody")
    assert result.returncode == 2 and b"404" in result.stderr and b"To go on" not in result.stderr, result.stderr


def test_a_client_certificate_is_shown(start_vendor, start_gateway, authority, certificate, tmp_path):
    vendor = start_vendor(done)
    client = authority.issue("pim", "URI:spiffe://example.org/pim")
    serving = listener(certificate)
    serving["tls"]["callers"] = {"authorities": authority.path, "mode": "require"}
    gateway = start_gateway(
        target(vendor), tls=True, listener=serving,
        callers={"pim": {"identify": [{"mtls": "spiffe://example.org/pim"}]}})
    file = write_lines(tmp_path / "p.jsonl", 3)
    result = push(
        gateway, file, "--ca-file", authority.path, "--certificate", client.certificate, "--private-key", client.key)
    assert result.returncode == 0, result.stderr
    alone = push(gateway, file, "--ca-file", authority.path, "--certificate", client.certificate)
    assert alone.returncode == 64 and b"go together" in alone.stderr


def test_while_there_is_no_gateway_the_reason_is_told_and_an_interrupt_ends_it(tmp_path):
    file = write_lines(tmp_path / "p.jsonl", 3)
    refusing, silent = socket.socket(), socket.socket()
    refusing.bind(("127.0.0.1", 0))
    silent.bind(("127.0.0.1", 0))
    silent.listen()
    for listening, word in ((refusing, "refused"), (silent, None)):
        process = subprocess.Popen(
            [binary(), "push", str(file), "--to", f"http://127.0.0.1:{listening.getsockname()[1]}", "--target", "fynn",
             "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
        progress = json.loads(process.stdout.readline())["push"]
        assert word is None or word in progress["gatewayFailure"], progress
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=10)
        assert process.returncode == 2 and json.loads(out.splitlines()[-1])["push"]["complete"] is False
        listening.close()


def test_a_dry_run_sends_nothing(start_vendor, start_gateway, tmp_path):
    vendor = start_vendor(done)
    gateway = start_gateway(target(vendor))
    file = write_lines(tmp_path / "p.jsonl", 100)
    result = push(gateway, file, "--dry-run")
    assert result.returncode == 0 and vendor.requests == []
    assert not os.path.exists(f"{file}.push")


def test_standard_input_and_json_progress(start_vendor, start_gateway):
    vendor = start_vendor(done)
    gateway = start_gateway(target(vendor))
    body = "".join(json.dumps({"id": f"p{number}", "product": {"name": "x"}}) + "\n" for number in range(10))
    result = push(gateway, "-", "--json", stdin=body.encode() + b"nonsense\n")
    assert result.returncode == 1
    lines = [json.loads(text) for text in result.stdout.splitlines()]
    assert lines[0]["code"] == "malformed_json" and lines[0]["line"] == 11
    assert lines[-1]["push"]["done"] == 10 and lines[-1]["push"]["complete"] is True
    assert len(vendor.requests) == 10


@pytest.mark.parametrize("arguments", [
    ["--target", "fynn"], ["--to", "ftp://x"], ["--to", "http://localhost:1", "--parallel", "0"],
    ["--to", "http://localhost:1", "--resume"], ["--to", "http://localhost:1", "--format", "xml"],
])
def test_usage(tmp_path, arguments):
    file = write_lines(tmp_path / "p.jsonl", 1)
    result = command("push", file, *arguments)
    assert result.returncode == 64, result.stderr


def test_a_token_is_sent_and_never_without_tls(start_vendor, start_gateway, tmp_path):
    file = write_lines(tmp_path / "p.jsonl", 1)
    result = command(
        "push", file, "--to", "http://gateway.example", "--target", "fynn",
        env={"PRODUCT_GATEWAY_TOKEN": "s3cret-token"})
    assert result.returncode == 64 and b"s3cret-token" not in result.stderr + result.stdout


def test_several_streams_keep_the_order_of_each_product(start_vendor, start_gateway, tmp_path):
    vendor = start_vendor(done)
    gateway = start_gateway(target(vendor), workers=2)
    file = tmp_path / "p.jsonl"
    file.write_text("".join(
        json.dumps({"id": f"p{number % 7}", "product": {"name": str(number)}}) + "\n" for number in range(300)))
    result = push(gateway, file, "--parallel", "4")
    assert result.returncode == 0, result.stderr
    for product in range(7):
        names = [int(request.json["name"]) for request in vendor.requests if request.path.endswith(f"/p{product}")]
        assert names == list(range(product, 300, 7))


class Pushing:
    """A push that a test interrupts."""

    def __init__(self, gateway, file, *options):
        self.process = subprocess.Popen(
            [binary(), "push", str(file), "--to", url(gateway), "--target", "fynn", *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env=environment())

    def end(self, timeout=60):
        out, err = self.process.communicate(timeout=timeout)
        return self.process.returncode, out, err


def slow_vendor(start_vendor, seconds):
    """Its requests, oldest first; each takes some time, on the vendor's one thread for a connection."""
    def answer(request):
        time.sleep(seconds)
        return done(request)

    return start_vendor(answer)


def test_the_first_interrupt_drains_and_says_how_to_go_on(start_vendor, start_gateway, tmp_path):
    seconds = [0.01]

    def answer(request):
        time.sleep(seconds[0])
        return done(request)

    vendor = start_vendor(answer)
    gateway = start_gateway(target(vendor), workers=1)
    # As long as lines are: what is on its way is counted in bytes.
    file = write_lines(tmp_path / "p.jsonl", 3000, padding=1000)
    pushing = Pushing(gateway, file)
    until(lambda: len(vendor.requests) > 50, "lines are under way")
    pushing.process.send_signal(signal.SIGINT)
    seconds[0] = 0.002
    code, _, errors = pushing.end()
    assert code == 2, errors
    assert b"waiting for what is under way" in errors
    again = re.search(rb"To go on: (.*)", errors)
    assert again and again[1].endswith(b"--resume"), errors
    state = json.loads((tmp_path / "p.jsonl.push").read_text())
    assert 0 < state["done"] < 3000 and state["done"] == len(vendor.requests)
    seconds[0] = 0
    result = push(gateway, file, "--resume", timeout=120)
    assert result.returncode == 0, result.stderr
    assert sorted(ids(vendor)) == sorted(f"p{number}" for number in range(3000)), "each line once"
    assert not os.path.exists(f"{file}.push")


@pytest.mark.alone
def test_gateway_killed_twice_and_client_once_every_product_is_as_the_file_says(
        start_vendor, start_gateway, tmp_path):
    products = {}
    lock = threading.Lock()

    def answer(request):
        with lock:
            products[request.path.rsplit("/", 1)[1]] = json.loads(request.body).get("name")
        time.sleep(0.001)
        return done(request)

    vendor = start_vendor(answer)
    gateway = start_gateway(target(vendor), workers=1)
    port = gateway.port
    count = 6000
    file = write_lines(tmp_path / "p.jsonl", count)
    pushing = Pushing(gateway, file)
    running = gateway
    for share in (0.2, 0.4):
        until(lambda: len(products) > count * share, "some of it is done", seconds=60)
        running.kill()
        running = start_gateway(
            target(vendor), workers=1, listener={"host": "127.0.0.1", "port": port})
    until(lambda: len(products) > count * 0.6, "more of it is done", seconds=60)
    time.sleep(1.1)
    pushing.process.kill()
    pushing.end()
    result = push(running, file, "--resume", timeout=120)
    assert result.returncode == 0, result.stderr
    assert products == {f"p{number}": f"n{number}" for number in range(count)}
    # What was repeated is what was under way, and what a second of state had not seen.
    assert len(vendor.requests) < count * 1.7


def test_progress_on_a_terminal_is_one_line_that_is_written_over(start_vendor, start_gateway, tmp_path):
    vendor = slow_vendor(start_vendor, 0.01)
    gateway = start_gateway(target(vendor), workers=1)
    file = write_lines(tmp_path / "p.jsonl", 300)
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    process = subprocess.Popen(
        [binary(), "push", str(file), "--to", url(gateway), "--target", "fynn"], stdin=follower, stdout=follower,
        stderr=follower, env=environment({"TERM": "xterm", "NO_COLOR": "1"}))
    os.close(follower)
    shown = b""
    while True:
        try:
            part = os.read(leader, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    assert process.wait(30) == 0
    text = shown.decode()
    assert "\r\x1b[2K" in text and not re.search(r"\x1b\[[0-9;]*m", text)
    drawn = [line for line in re.split(r"\r\x1b\[2K|\r\n", text) if line]
    assert all(len(line) < 60 or "done" in line for line in drawn[:-1])
    assert drawn[-1].startswith("300 lines") and "300 done" in drawn[-1], text
