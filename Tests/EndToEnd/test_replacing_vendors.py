"""A vendor whose update replaces the whole product: the gateway reads, merges, writes, and overwrites nobody else."""

import json

import pytest

from harness.vendor import Close, Reply
from harness.waiting import until

ID = "ad8f1c2c-3b1c-4b0a-8b0a-0b0b0b0b0b0b"


def requests(sandbox):
    return [each["request"] for each in sandbox.products_requests("catalogue")]


def header(request, name):
    return next((field["value"] for field in request["headers"] if field["name"] == name), None)


def test_an_etag_is_given_back_with_the_write(gateway, sandbox):
    sandbox.behaviour(catalogue={"etag": "412"})
    answer = gateway.update("catalogue", ID, {"description": "New"})
    assert answer.status == 200, answer
    read, write = requests(sandbox)
    assert (read["method"], write["method"]) == ("GET", "PUT")
    assert header(write, "if-match")
    assert not read["body"]


@pytest.mark.parametrize("etag", ["412", "409"])
def test_a_change_in_between_is_a_conflict_and_not_overwritten(gateway, sandbox, etag):
    sandbox.behaviour(catalogue={"etag": etag})
    before = sandbox.products("catalogue")[ID]
    answer = gateway.update("catalogue", f"{ID}~etag-race", {"description": "Too late"})
    assert answer.status == 409, answer
    problem = answer.json
    assert (problem["code"], problem["outcome"], problem["retryable"]) == ("conflict", "rejected", True)
    after = sandbox.products("catalogue")[ID]
    assert after["description"] != "Too late"
    assert after["internalName"] == before["internalName"]


def test_the_two_requests_are_one_exchange(gateway, sandbox):
    answer = gateway.update("catalogue", ID, {"description": "x"}, headers={"x-request-id": "read-and-write"})
    assert answer.status == 200, answer
    assert [header(request, "x-request-id") for request in requests(sandbox)] == ["read-and-write"] * 2
    assert len([line for line in gateway.lines("exchange") if line.get("requestId") == "read-and-write"]) <= 1
    line = gateway.exchange_line("read-and-write")
    assert (line["target"], line["attempts"]) == ("catalogue", 2), line


def test_a_nested_update_keeps_what_it_does_not_name(gateway, sandbox):
    answer = gateway.update("catalogue", ID, {"customFields": {"field1": "changed"}, "status": "live"})
    assert answer.status == 200, answer
    product = sandbox.products("catalogue")[ID]
    assert product["customFields"] == {"field1": "changed", "field2": "value2"}
    assert product["isArchived"] is False
    assert product["name"] == "Basic"


def test_what_the_vendor_only_tells_is_not_written_back(gateway, sandbox):
    assert gateway.update("catalogue", ID, {"description": "x"}).status == 200
    written = json.loads(requests(sandbox)[1]["body"])
    assert not {"createdAt", "updatedAt", "costCentre"} & set(written), written


def target(vendor):
    return {"fynn": {
        "dialect": "catalogue", "baseURL": vendor.url, "updateSemantics": "replace", "retries": {"attempts": 1},
        "timeouts": {"connect": "1s", "attempt": "2s", "total": "4s"}}}


@pytest.mark.parametrize("reply", [
    Reply(200, b"<html>"), Reply(200, b"[]"), Reply(200, b""), Reply(200, {"id": "another", "name": "x"}),
    Reply(500, b""), Close(),
], ids=["HTML", "an array", "nothing", "another product", "500", "no answer"])
def test_a_read_that_cannot_be_understood_writes_nothing(start_vendor, start_gateway, reply):
    vendor = start_vendor(reply)
    gateway = start_gateway(target(vendor))
    answer = gateway.update("fynn", ID, {"description": "x"})
    assert answer.status == 502, answer
    # Nothing was changed: only a read went out, and saying "unknown" would send the caller looking for damage.
    assert answer.json["outcome"] in ("not_sent", "rejected"), answer
    assert [request.method for request in vendor.requests] == ["GET"]


def test_numbers_that_are_only_carried_survive_the_merge(start_vendor, start_gateway):
    read = '{"id":"' + ID + '","name":"x","weight":1.10,"serial":12345678901234567890,"e":1e400,"text":"caf\\u00e9"}'
    vendor = start_vendor(Reply(200, read))
    gateway = start_gateway(target(vendor))
    assert gateway.update("fynn", ID, {"description": "x"}).status == 200
    written = vendor.requests[1].body.decode()
    for value in ('"weight":1.10', '"serial":12345678901234567890', '"e":1e400', '"text":"caf\\u00e9"'):
        assert value in written, written


@pytest.mark.parametrize("semantics", ["replace", "partial"])
def test_what_is_not_understood_begins_in_the_log_at_debug_and_never_in_the_answer(
    start_vendor, start_gateway, semantics):
    """Whether it was the answer to the read or to the write."""
    gateway = start_gateway(
        {"fynn": {**target(start_vendor(Reply(200, b"<html>maintenance")))["fynn"], "updateSemantics": semantics}},
        logging={"level": "debug"})
    answer = gateway.update("fynn", ID, {"description": "x"})
    assert (answer.status, answer.json["code"]) == (502, "vendor_unintelligible"), answer
    assert "maintenance" not in answer.text
    until(lambda: gateway.lines("vendor answer not understood"), "the log line is written")
    line, = gateway.lines("vendor answer not understood")
    assert (line["level"], line["firstBytes"]) == ("debug", "<html>maintenance"), line


def test_a_dry_run_shows_what_is_read_first(gateway, sandbox):
    answer = gateway.update("catalogue", ID, {"description": "New"}, query="&dryRun=true")
    assert answer.status == 200, answer
    read = answer.json["reads"]
    assert (read["method"], answer.json["method"]) == ("GET", "PUT")
    assert read["url"].endswith(f"/catalogue/products/{ID}")
    assert read["headers"]["authorization"] == "Bearer ***"
    assert sandbox.exchanges() == []
    assert "reads" not in gateway.update("cor", "EXT-PROD-12345", {"name": "x"}, query="&dryRun=true").json
