"""A gateway that has run out of file descriptors waits for some, and does not burn the processor meanwhile."""

import os
import resource
import socket
import time
import urllib.request
from http.client import HTTPConnection
from pathlib import Path

import pytest

from harness.bystanders import PRODUCT
from harness.vendor import Reply
from harness.waiting import until

pytestmark = pytest.mark.alone
GOOD = Reply(200, {"data": {
    "id": PRODUCT.rsplit("/", 1)[1], "type": "product", "attributes": {"name": "x"}}})
NOBODY = {"cor": {"dialect": "cor", "baseURL": "http://localhost:1", "parameters": {"source": "JIRA"}}}


def processor_seconds(gateway):
    fields = Path(f"/proc/{gateway.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def open_files(gateway):
    return len(os.listdir(f"/proc/{gateway.process.pid}/fd"))


def test_without_file_descriptors_accepting_pauses_and_resumes(start_gateway):
    gateway = start_gateway(NOBODY, workers=1)
    operator = HTTPConnection("127.0.0.1", gateway.admin_port, timeout=20)

    def pauses():
        operator.request("GET", "/metrics")
        text = operator.getresponse().read().decode()
        return next(int(line.split()[1]) for line in text.splitlines()
                    if line.startswith("product_gateway_accept_pauses_total"))

    assert pauses() == 0
    neighbour = gateway.connect()
    assert neighbour.request("GET", "/v1/targets").status == 200
    old = resource.prlimit(gateway.process.pid, resource.RLIMIT_NOFILE)
    # Room for three more. Reading its own figures takes one for a moment.
    resource.prlimit(gateway.process.pid, resource.RLIMIT_NOFILE, (open_files(gateway) + 3, old[1]))
    callers = [gateway.connect() for _ in range(8)]
    try:
        until(lambda: gateway.lines("no connection can be accepted"), "the gateway says what is wrong")
        before, since = processor_seconds(gateway), time.monotonic()
        # Whoever is connected is served as ever.
        until(lambda: neighbour.request("GET", "/v1/targets").status == 200 and time.monotonic() - since > 1.5,
              "some time has passed", pause=0.1)
        used = processor_seconds(gateway) - before
        assert used < 0.5 * (time.monotonic() - since), f"{used} s of processor time while waiting"
        # Those who wait are served when others have gone.
        for caller in callers:
            assert caller.request("GET", "/v1/targets").status == 200
            caller.close()
    finally:
        for caller in callers:
            caller.close()
        resource.prlimit(gateway.process.pid, resource.RLIMIT_NOFILE, old)
    assert pauses() >= 2
    assert len(gateway.lines("no connection can be accepted")) == 1
    neighbour.close()
    operator.close()


def test_idle_callers_leave_descriptors_for_vendors(vendor_gateway):
    """Whoever is connected can reach a vendor, however many others only hold connections open."""
    vendor, gateway = vendor_gateway(GOOD, workers=1)
    neighbour = gateway.connect()
    assert neighbour.request("GET", "/v1/targets").status == 200
    old = resource.prlimit(gateway.process.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(gateway.process.pid, resource.RLIMIT_NOFILE, (open_files(gateway) + 24, old[1]))
    idle = []
    try:
        for _ in range(40):
            idle.append(socket.create_connection(("localhost", gateway.port), timeout=20))
        until(lambda: gateway.lines("no connection can be accepted"), "the gateway takes no more")
        line = gateway.lines("no connection can be accepted")[0]
        assert "kept for vendors" in line["error"], line
        assert not vendor.connections, "the vendor has to be reached for the first time"
        answer = neighbour.request("PATCH", PRODUCT, {"name": "x"})
        assert answer.status == 200, answer
        # Those who wait in the kernel's queue get in when others have gone.
        for connection in idle[:39]:
            connection.close()
        idle[39].sendall(b"GET /v1/targets HTTP/1.1\r\nHost: localhost\r\n\r\n")
        idle[39].settimeout(20)
        assert idle[39].recv(100).startswith(b"HTTP/1.1 200")
    finally:
        for connection in idle:
            connection.close()
        resource.prlimit(gateway.process.pid, resource.RLIMIT_NOFILE, old)
    neighbour.close()


def test_the_operators_listener_waits_as_well(start_gateway):
    gateway = start_gateway(NOBODY, workers=1)
    old = resource.prlimit(gateway.process.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(gateway.process.pid, resource.RLIMIT_NOFILE, (open_files(gateway), old[1]))
    waiting = HTTPConnection("127.0.0.1", gateway.admin_port, timeout=20)
    try:
        waiting.connect()
        until(lambda: [line for line in gateway.lines("no connection can be accepted") if line["for"] == "operators"],
              "the gateway says what is wrong")
        before = processor_seconds(gateway)
        time.sleep(1)
        assert processor_seconds(gateway) - before < 0.5
    finally:
        resource.prlimit(gateway.process.pid, resource.RLIMIT_NOFILE, old)
    waiting.request("GET", "/livez")
    assert waiting.getresponse().status == 200
    with urllib.request.urlopen(f"http://127.0.0.1:{gateway.admin_port}/readyz", timeout=10) as answer:
        assert answer.status == 200
