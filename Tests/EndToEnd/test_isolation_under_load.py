"""Under load: what is dead or does its worst costs those that are well nothing.

For a release build and an idle machine.

`GATEWAY_LOAD_SECONDS=10` runs it, each part for so long; scripts/check-all does, and prints the figures.
"""

import json
import os
import shutil
import socket
import threading
import time
import urllib.request

import pytest

from harness.bystanders import PRODUCT, Bystanders
from harness.frames import FrameConnection, data
from harness.load import Load
from harness.servers import Nginx
from harness.vendor import Never, Reply
from harness.waiting import until

SECONDS = int(os.environ.get("GATEWAY_LOAD_SECONDS", "0"))
pytestmark = [
    pytest.mark.alone,
    pytest.mark.skipif(SECONDS == 0, reason="GATEWAY_LOAD_SECONDS says for how long"),
    pytest.mark.skipif(not shutil.which("h2load"), reason="there is no h2load here"),
]
MIB = 1 << 20
ID = PRODUCT.rsplit("/", 1)[1]
ANSWER = json.dumps({"data": {"id": ID, "type": "product", "attributes": {"name": "x"}}})


def status(gateway):
    with urllib.request.urlopen(f"http://127.0.0.1:{gateway.admin_port}/status", timeout=20) as answer:
        return json.load(answer)


class Drip:
    """A vendor that answers one byte a second."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self.listener.getsockname()[1]
        self.callers = []
        self.stops = threading.Event()
        threading.Thread(target=self.accept, daemon=True).start()
        threading.Thread(target=self.drip, daemon=True).start()

    def accept(self):
        while True:
            try:
                self.callers.append((self.listener.accept()[0], iter(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n")))
            except OSError:
                return

    def drip(self):
        while not self.stops.wait(1):
            for caller, answer in list(self.callers):
                try:
                    caller.send(bytes([next(answer)]))
                except (OSError, StopIteration):
                    self.callers.remove((caller, answer))
                    caller.close()

    def stop(self):
        self.stops.set()
        self.listener.close()


@pytest.fixture
def dead(start_vendor):
    """Five vendors that are dead in different ways."""
    refusing = socket.socket()
    refusing.bind(("127.0.0.1", 0))
    # A backlog that is full: what comes next is dropped, and answered by nobody.
    hole = socket.create_server(("127.0.0.1", 0), backlog=0)
    stuffing = []
    for _ in range(4):
        each = socket.socket()
        each.setblocking(False)
        each.connect_ex(hole.getsockname())
        stuffing.append(each)
    # Connections are made by the kernel and never spoken on.
    mute = socket.create_server(("127.0.0.1", 0), backlog=512)
    drip = Drip()
    times = {"timeouts": {"connect": "500ms", "attempt": "1s", "total": "2s"}}
    targets = {
        "refusing": {"baseURL": f"http://127.0.0.1:{refusing.getsockname()[1]}"},
        "hole": {"baseURL": f"http://127.0.0.1:{hole.getsockname()[1]}"},
        "silent": {"baseURL": start_vendor(Never()).url},
        "without-tls": {"baseURL": f"https://127.0.0.1:{mute.getsockname()[1]}"},
        "dripping": {"baseURL": f"http://127.0.0.1:{drip.port}"},
    }
    yield {name: {"dialect": "elastic-path", **times, **each} for name, each in targets.items()}
    drip.stop()
    for each in (refusing, hole, mute, *stuffing):
        each.close()


def test_five_dead_targets_at_2000_requests_a_second_cost_the_one_that_is_well_nothing(
        tmp_path, dead, start_gateway):
    nginx = Nginx(ANSWER, http2=True, requests=10_000_000)
    well = {name: {"dialect": "elastic-path", "baseURL": f"http://127.0.0.1:{nginx.port}"}
            for name in ("well", "as-well-1", "as-well-2", "as-well-3", "as-well-4", "as-well-5")}
    gateway = start_gateway({**well, **dead}, workers=1)
    p99, good = {}, {}
    for what, others in (("alone", []), ("beside five that are well", list(well)[1:]),
                         ("beside five that are dead", list(dead))):
        noise = Load(tmp_path, gateway, others, 2000, 5, 2 * SECONDS + 10) if others else None
        first = Load(tmp_path, gateway, ["well"], 200, 4, SECONDS).end()
        if noise:
            # A dial that fails counts once, whoever waits for it: it takes ten of them to leave a target alone.
            until(lambda: others[0] in well or all(is_left_alone(each) for each in targets(gateway, dead)),
                  "the dead are left alone", 30)
        before, deepest = gateway.memory_bytes(), (0, "any")
        measured = Load(tmp_path, gateway, ["well"], 200, 4, SECONDS)
        while measured.process.poll() is None:
            deepest = max(deepest, *((each["queueDepth"] + each["gateQueueDepth"], each["name"])
                                     for each in targets(gateway, well | dead)))
            time.sleep(0.2)
        growth = gateway.memory_bytes() - before
        p99[what], good[what] = measured.end().p99(), measured.good()
        answered = len(noise.end().statuses) if noise else 0
        print(f"{what}: p99 {first.p99():.1f} ms at first and {p99[what]:.1f} ms then, "
              f"{good[what]} of {len(measured.statuses)} done, {growth / MIB:.1f} MiB more, "
              f"{deepest[0]} waiting for {deepest[1]}, {answered} others")
        assert deepest[0] < 10 and growth < 4 * MIB
        # Those at the dead are answered.
        assert not noise or answered > 0.9 * 2000 * (2 * SECONDS + 10)
    nginx.stop()
    well_p99, dead_p99 = p99["beside five that are well"], p99["beside five that are dead"]
    assert dead_p99 < max(1.5 * well_p99, well_p99 + 10), p99
    assert good["beside five that are dead"] > 0.98 * good["beside five that are well"], good


def targets(gateway, names):
    return [each for each in status(gateway)["targets"] if each["name"] in names]


def is_left_alone(target):
    return "leftAlone" in target


def update(connection, stream, body, target=""):
    fields = connection.fields("PATCH", PRODUCT + target, [("content-type", "application/json")])
    return connection.headers(stream, fields, end=False) + data(stream, body, end=True)


def test_2000_connections_that_do_their_worst_stay_within_256_mib_and_cost_neighbours_little(vendor_gateway):
    """Answers of four megabytes that nobody reads, or that are read a little; bodies that do not end; prefaces that do
    not either."""
    values = ",".join(f'"{number:07}"' for number in range(400_000))
    large = Reply(200, ('{"data": {"id": "%s", "type": "product", "attributes": {"name": "x"}, "more": [%s]}}'
                        % (ID, values)).encode())
    small = Reply(200, ANSWER.encode())
    vendor, gateway = vendor_gateway(
        lambda request: large if b"large" in request.body else small, workers=1,
        limits={"memory": "256MiB", "answerTimeout": "20s", "bodyTimeout": "20s", "requestBody": "8MiB"},
        target={"timeouts": {"connect": "1s", "attempt": "10s", "total": "20s"}})
    with Bystanders(gateway, megabytes=256, may_be_refused=True) as others:
        before = others.before
        held = []
        for number in range(2000):
            try:
                held.append(one_at_its_worst(gateway, number))
            except OSError:
                # There are as many connections as there may be, or the gateway has had enough of this address.
                pass
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            for connection in held[::4]:
                try:
                    connection.setblocking(False)
                    connection.recv(4096)
                except OSError:
                    pass
            time.sleep(0.05)
        others.must_be_served(20)
        peak = others.peak
        for connection in held:
            connection.close()
    p99 = {method: sorted(each)[int(len(each) * 0.99)] for method, each in others.seconds.items()}
    started = time.monotonic()
    until(lambda: gateway.memory_bytes() < before + 32 * MIB, "the memory goes back to the system", 20)
    print(f"{len(held)} connections: RSS {before / MIB:.0f} MiB before, {peak / MIB:.0f} at most, back within 32 MiB "
          f"after {time.monotonic() - started:.1f} s; {others.answered} requests of neighbours, {others.refused} of "
          f"them refused for want of memory, p99 {p99['GET'] * 1000:.0f} ms, {p99['PATCH'] * 1000:.0f} ms where they "
          f"share the vendor; {len(vendor.requests)} requests at the vendor")
    assert peak < 256 * MIB
    # The vendor is this test's own, and slower than the gateway.
    assert p99["GET"] < 0.25, p99


def one_at_its_worst(gateway, number):
    """A connection that holds what it can, in one of four ways."""
    if number % 4 == 1:
        caller = socket.create_connection(("localhost", gateway.port), timeout=20)
        caller.sendall((f"PATCH {PRODUCT} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        f"Content-Length: {4 * MIB}\r\n\r\n").encode())
        caller.settimeout(0.05)
        try:
            caller.sendall(b" " * 200_000)
        except OSError:
            pass
        return caller
    if number % 4 == 3:
        caller = socket.create_connection(("localhost", gateway.port), timeout=20)
        caller.sendall(b"PRI * HTTP/2.0\r\n")
        return caller
    # With a window of nothing, or of what the protocol begins with.
    connection = FrameConnection(gateway.port, values=((4, 0),) if number % 4 == 2 else ())
    connection.send(b"".join(update(connection, 2 * each + 1, b'{"name": "large"}') for each in range(2)))
    return connection.socket
