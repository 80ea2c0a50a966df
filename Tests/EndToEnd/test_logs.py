"""The log: one line for each exchange with everything that an operator asks for, and nothing that must not be in it."""

import json
import re
import signal
import subprocess
import threading
import time

import pytest

from harness.configuration import SECRETS, listener, write
from harness.http2_client import Connection
from harness.processes import REPOSITORY, binary, environment
from harness.vendor import Close, Never, Reply
from harness.waiting import until
from test_metrics import total

ID = "60afe403-a191-455e-b771-c510c928a308"
UPDATE = f"/v1/products/{ID}"
GOOD = Reply(200, {"data": {"id": ID, "type": "product", "attributes": {"name": "x"}}})
DOWN = Reply(500, {"errors": [{"title": "down", "status": "500"}]})


def test_an_update_tells_everything_about_itself(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD)
    body = b'{"name":"x"}'
    started = time.time()
    answer = gateway.request("PATCH", UPDATE, body, {"x-request-id": "whole"})
    took = (time.time() - started) * 1e6
    line = gateway.exchange_line("whole")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert re.fullmatch(r"[0-9a-f]{32}", line.pop("traceId"))
    durations = [line.pop(name) for name in ("vendorMicroseconds", "targetMicroseconds", "durationMicroseconds")]
    assert 0 < durations[0] <= durations[1] <= durations[2] <= took
    assert line == {
        "level": "info", "message": "exchange", "requestId": "whole", "caller": "127.0.0.1", "operation": "update",
        "status": 200, "target": "acme", "code": "ok", "outcome": "done", "attempts": 1, "vendorStatus": 200,
        "vendorBytesSent": len(vendor.requests[0].body), "vendorBytesReceived": len(GOOD.body),
        "bytesReceived": len(body), "bytesSent": len(answer.body)}


def test_every_member_of_a_line_is_documented(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD)
    vendor.script = [DOWN]
    parent = {"traceparent": f"00-{'1' * 32}-{'2' * 16}-01"}
    with gateway.connect() as connection:
        connection.request("PATCH", UPDATE, {"name": "x"}, parent)
        connection.request("PATCH", UPDATE, {"name": "x"})
        connection.request("PATCH", f"{UPDATE}?dryRun=true", {"name": "x"})
        connection.request("PATCH", UPDATE, {"nmae": "x"})
        connection.request("PATCH", f"{UPDATE}?target=acme,acme", {"name": "x"})
        connection.request("GET", "/v1/targets")
        connection.request("GET", "/nothing")
        vendor.script = [Never()]
        connection.reset(connection.send("PATCH", UPDATE, {"name": "x"}))
    until(lambda: len(gateway.lines("exchange")) >= 8, "all exchanges are logged")
    documented = set(re.findall(r"`(\w+)`", (REPOSITORY / "docs/logs.md").read_text())) | {"message"}
    for line in gateway.lines("exchange"):
        names = set(line) | {name for result in line.get("results", []) for name in result}
        assert names <= documented, names - documented
        assert {"time", "level", "requestId", "traceId", "caller", "operation", "code", "durationMicroseconds",
                "bytesReceived", "bytesSent"} <= names, line


def test_retries_are_in_the_times_and_the_bytes(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD, target={"retries": {"attempts": 3, "backoff": "1ms"}})
    vendor.script = [Close(), Close(), GOOD]
    assert gateway.request("PATCH", UPDATE, {"name": "x"}, {"x-request-id": "retried"}).status == 200
    line = gateway.exchange_line("retried")
    assert line["attempts"] == 3
    assert line["vendorBytesSent"] == sum(len(request.body) for request in vendor.requests)
    assert {request.headers["x-request-id"] for request in vendor.requests} == {"retried"}


def test_several_targets_are_told_one_by_one(start_vendor, start_gateway):
    vendor = start_vendor(GOOD)
    gateway = start_gateway({
        "well": {"dialect": "elastic-path", "baseURL": vendor.url},
        "gone": {"dialect": "elastic-path", "baseURL": "http://localhost:1", "retries": {"attempts": 1}}})
    answer = gateway.request("PATCH", f"{UPDATE}?target=well,gone", {"name": "x"}, {"x-request-id": "several"})
    assert answer.status == 207
    line = gateway.exchange_line("several")
    assert (line["level"], line["status"], line["code"]) == ("warning", 207, "vendor_unreachable")
    well, gone = line["results"]
    assert (well["target"], well["code"], well["outcome"]) == ("well", "ok", "done")
    assert (gone["target"], gone["code"], gone["outcome"]) == ("gone", "vendor_unreachable", "not_sent")
    assert gone["vendorBytesSent"] == 0


@pytest.mark.parametrize("method, path, body, operation, code, outcome", [
    ("PATCH", UPDATE, {"nmae": "x"}, "update", "validation_failed", "not_sent"),
    ("PATCH", f"{UPDATE}?dryRun=true", {"name": "x"}, "update", "dry_run", "not_sent"),
    ("PATCH", f"{UPDATE}?target=nobody", {"name": "x"}, "update", "unknown_target", "not_sent"),
    ("GET", "/v1/targets", None, "read", "ok", None),
    ("GET", "/nothing", None, "other", "not_found", "not_sent"),
    ("DELETE", "/v1/targets", None, "other", "method_not_allowed", "not_sent"),
])
def test_requests_that_never_reach_a_vendor_have_a_line(vendor_gateway, method, path, body, operation, code, outcome):
    vendor, gateway = vendor_gateway(GOOD)
    answer = gateway.request(method, path, body, {"x-request-id": "never-sent"})
    assert answer.headers["x-request-id"] == "never-sent"
    line = gateway.exchange_line("never-sent")
    assert (line["level"], line["operation"], line["code"]) == ("info", operation, code)
    assert line.get("outcome") == outcome
    assert "vendorMicroseconds" not in line
    assert vendor.requests == []


def test_every_vendor_request_carries_a_request_id_that_of_a_token_its_own(start_vendor, start_gateway):
    vendor = start_vendor(GOOD)
    gateway = start_gateway({"acme": {
        "dialect": "elastic-path", "baseURL": vendor.url, "credentials": {"oauth2": {
            "tokenURL": "/oauth/access_token", "clientID": {"env": "EP_CLIENT_ID"},
            "clientSecret": {"env": "EP_CLIENT_SECRET"}}}}})
    answer = gateway.request("PATCH", f"{UPDATE}?target=acme", {"name": "x"})
    assert [request.headers["x-request-id"] for request in vendor.requests] == [answer.headers["x-request-id"]]
    [token_request] = vendor.token_requests
    assert re.fullmatch(r"[0-9a-f]{32}", token_request.headers["x-request-id"])
    for secret in SECRETS.values():
        assert secret not in gateway.text


def test_levels_say_who_has_to_act(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD)
    gateway.file.write_text(json.dumps({**json.loads(gateway.file.read_text()), "logging": {"level": "warning"}}))
    gateway.signal(signal.SIGHUP)
    until(
        lambda: total(gateway, "product_gateway_configuration_loads_total", outcome="ok") == 2, "the level is changed")
    vendor.script = [GOOD, DOWN, Reply(404, {"errors": [{"title": "Not Found", "status": "404"}]})]
    with gateway.connect() as connection:
        for number in range(3):
            connection.request("PATCH", UPDATE, {"name": "x"}, {"x-request-id": f"level-{number}"})
        connection.request("PATCH", UPDATE, {"nmae": "x"})
    line = gateway.exchange_line("level-1")
    assert (line["level"], line["code"]) == ("warning", "vendor_error")
    assert gateway.stop() == 0
    assert [line["requestId"] for line in gateway.lines("exchange")] == ["level-1"]


def test_product_data_and_vendor_bodies_stay_out_of_it_above_debug(vendor_gateway):
    for level, is_shown in (("info", False), ("debug", True)):
        vendor, gateway = vendor_gateway(GOOD, logging={"level": level})
        vendor.script = [Reply(200, "a-vendor-body that is no JSON"), GOOD]
        with gateway.connect() as connection:
            for _ in range(3):
                connection.request("PATCH", UPDATE, {"name": "the-products-name"})
        assert gateway.stop() == 0
        assert "the-products-name" not in gateway.text
        assert ("a-vendor-body" in gateway.text) == is_shown


@pytest.mark.alone
def test_a_log_that_nobody_reads_holds_up_nobody_and_what_is_lost_is_counted(tmp_path):
    file = write(tmp_path, {
        "listener": listener(None), "admin": {"host": "127.0.0.1", "port": 0}, "workers": 1,
        "targets": {"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}}})
    process = subprocess.Popen(
        [binary(), "run", "--config", str(file)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, env=environment({}))

    class Unread:
        pass

    try:
        ports = {}
        for raw in process.stdout:
            line = json.loads(raw)
            if line["message"] == "listening":
                ports[line["for"]] = line["port"]
            if line["message"] == "ready":
                break
        gateway = Unread()
        gateway.admin_port = ports["operators"]
        # Nobody reads from here on: a pipe takes 64 KiB, the gateway's own buffer 8 MiB.
        lost = "product_gateway_log_lines_dropped_total"
        end = time.monotonic() + 90
        while total(gateway, lost) == 0:
            assert time.monotonic() < end, "nothing was lost"
            done = subprocess.run(
                ["h2load", "-n", "5000", "-c", "2", "-m", "20", "-H", f"x-request-id: {'r' * 128}",
                 f"http://localhost:{ports['callers']}/nothing"],
                capture_output=True, text=True, timeout=60)
            assert "5000 succeeded" in done.stdout or "5000 done" in done.stdout, done.stdout
        with Connection("localhost", ports["callers"]) as connection:
            assert connection.request("GET", "/v1/targets", timeout=5).status == 200
        dropped = total(gateway, lost)
        # Somebody reads again: what had to be dropped is told.
        for raw in process.stdout:
            line = json.loads(raw)
            if line["message"] == "log lines dropped":
                break
        assert (line["level"], line["count"] >= dropped) == ("warning", True)
        assert "time" in line
        drain = threading.Thread(target=process.stdout.read)
        drain.start()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        drain.join(20)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(10)
