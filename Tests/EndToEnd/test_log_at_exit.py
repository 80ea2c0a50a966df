"""The last lines of the log: written whole within a time limit, counted where they cannot be, whatever reads them."""

import json
import os
import re
import signal
import socket
import struct
import subprocess
import threading
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from harness.configuration import write
from harness.processes import binary, environment
from harness.waiting import until

LOST = "product_gateway_log_lines_dropped_total"
# More lines than a pipe holds (64 KiB).
REQUESTS = 1500
UNWRITTEN = re.compile(r"product-gateway: (\d+) log lines could not be written: (.+)")


class Unwatched:
    """A gateway whose log goes where a test says. Where it listens is asked of the system, not of the log."""

    def __init__(self, folder, stdout, stderr=None, **options):
        file = write(folder, {
            # Two addresses, to tell the two listeners apart.
            "listener": {"host": "127.0.0.1", "port": 0}, "admin": {"host": "127.0.0.2", "port": 0}, "workers": 1,
            "targets": {"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}}})
        self.errors = folder / "errors"
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [binary(), "run", "--config", str(file)], stdin=subprocess.DEVNULL, stdout=stdout,
                stderr=stderr or errors, env=environment({}), **options)
        ports = until(lambda: self.process.poll() is not None or self.listening(), "the gateway listens")
        assert self.process.returncode is None, self.errors.read_text()
        self.port, self.admin_port = ports["127.0.0.1"], ports["127.0.0.2"]

    def listening(self):
        """The port that it listens on at each of the two addresses, as soon as it listens on both."""
        inodes = set()
        for entry in Path(f"/proc/{self.process.pid}/fd").iterdir():
            try:
                inodes |= set(re.findall(r"^socket:\[(\d+)\]$", os.readlink(entry)))
            except FileNotFoundError:
                pass
        found = {}
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                address, port = fields[1].split(":")
                found[socket.inet_ntoa(struct.pack("=I", int(address, 16)))] = int(port, 16)
        return found if len(found) == 2 else None

    def ask(self, count):
        """Requests that are answered at once; each has a line."""
        done = subprocess.run(
            ["h2load", "-n", str(count), "-c", "1", "-m", "20", f"http://127.0.0.1:{self.port}/nothing"],
            capture_output=True, text=True, timeout=60)
        assert f"{count} done" in done.stdout, done.stdout

    def stop(self, limit):
        """The exit code; it must come within so many seconds."""
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        assert time.monotonic() - started < limit, "the process did not end in time"
        return code

    def told(self):
        """How many lines it says that it could not write, and why."""
        found = UNWRITTEN.search(self.errors.read_text())
        return (int(found[1]), found[2]) if found else (0, None)


    def metric(self, name):
        with urlopen(f"http://127.0.0.2:{self.admin_port}/metrics", timeout=20) as answer:
            lines = answer.read().decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if re.split("[{ ]", line)[0] == name)


@pytest.fixture
def unwatched(tmp_path):
    started = []

    def start(*arguments, **options):
        started.append(Unwatched(tmp_path, *arguments, **options))
        return started[-1]

    yield start
    for gateway in started:
        if gateway.process.poll() is None:
            gateway.process.kill()
            gateway.process.wait(10)


def test_a_slow_reader_gets_every_line(unwatched):
    gateway = unwatched(subprocess.PIPE)
    gateway.ask(REQUESTS)
    received = []

    def read():
        while chunk := os.read(gateway.process.stdout.fileno(), 4000):
            received.append(chunk)
            time.sleep(0.01)

    reader = threading.Thread(target=read)
    reader.start()
    assert gateway.stop(25) == 0
    reader.join(20)
    lines = [json.loads(line) for line in b"".join(received).splitlines()]
    assert sum(line["message"] == "exchange" for line in lines) == REQUESTS
    assert lines[-1]["message"] == "stopped"
    assert gateway.told() == (0, None)


def test_a_stuck_reader_keeps_the_process_for_seconds_only_and_what_is_lost_is_told(unwatched):
    gateway = unwatched(subprocess.PIPE)
    gateway.ask(REQUESTS)
    assert gateway.stop(10) == 0
    lines = [json.loads(line) for line in gateway.process.stdout]
    count, reason = gateway.told()
    # Everything, and the lines that say what it does: workers, memory, keys, twice listening, ready, stopping, stopped.
    assert len(lines) + count == REQUESTS + 8
    assert reason == "nobody has read standard output in time"


def test_standard_error_that_nobody_reads_keeps_nothing_either(unwatched):
    read, write = os.pipe()
    try:
        gateway = unwatched(write, stderr=write)
        gateway.ask(REQUESTS)
        assert gateway.stop(10) == 0
    finally:
        os.close(read)
        os.close(write)


def test_a_full_disk_is_counted_and_told(unwatched):
    with open("/dev/full", "wb") as full:
        gateway = unwatched(full)
    gateway.ask(10)
    until(lambda: gateway.metric(LOST) >= 14, "the lines are counted")
    gateway.ask(1)
    assert gateway.stop(10) == 0
    assert gateway.told() == (6 + 11 + 2, "No space left on device")


def test_a_pipe_whose_reader_has_gone_is_counted_and_told_and_ends_nothing(unwatched):
    read, write = os.pipe()
    gateway = unwatched(write)
    os.close(write)
    os.close(read)
    gateway.ask(10)
    until(lambda: gateway.metric(LOST) > 0, "the lines are counted")
    assert gateway.stop(10) == 0
    count, reason = gateway.told()
    assert 10 <= count <= 18 and reason == "Broken pipe"


def test_lines_never_go_to_a_connection_where_standard_output_was_closed(unwatched):
    """The lowest free number is what the system gives to the next file or socket."""
    gateway = unwatched(None, preexec_fn=lambda: (os.close(0), os.close(1)))
    assert os.readlink(f"/proc/{gateway.process.pid}/fd/1") == "/dev/null"
    gateway.ask(10)
    assert gateway.stop(10) == 0
    assert gateway.told() == (18, "Bad file descriptor")
