"""A vendor that an operator adds as a document: the one that docs/dialects.md builds, through the whole gateway."""

import json
import re

import pytest

from harness.configuration import write
from harness.http1_vendor import HTTP1Vendor, answer
from harness.processes import REPOSITORY, command
from harness.vendor import Reply

TEXT = (REPOSITORY / "docs/dialects.md").read_text()
BLOCKS = dict(re.findall(r"```\w+ ([\w-]+)\n(.*?)```", TEXT, re.S))
MARIGOLD = {"dialect": "marigold", "parameters": {"tenant": "acme"}}


@pytest.fixture(params=["in the configuration", "in a file"])
def marigold(request, tmp_path, start_vendor, start_gateway):
    vendor = start_vendor(Reply(200, BLOCKS["vendor-answer"]))
    if request.param == "in a file":
        (tmp_path / "marigold.json").write_text(BLOCKS["dialect"])
        source = {"file": str(tmp_path / "marigold.json")}
    else:
        source = json.loads(BLOCKS["dialect"])
    gateway = start_gateway(
        {"garden": {**MARIGOLD, "baseURL": vendor.url}}, dialects={"marigold": source}, defaultTarget="garden")
    return vendor, gateway


def test_its_update_and_answer_are_those_of_the_document(marigold):
    vendor, gateway = marigold
    answer = gateway.request("PATCH", "/v1/products/M-7", BLOCKS["canonical-update"])
    assert answer.status == 200, answer
    assert answer.json["product"] == json.loads(BLOCKS["canonical-product"])
    [sent] = vendor.requests
    assert (sent.method, sent.path) == ("PATCH", "/api/acme/items/M-7")
    assert sent.json == json.loads(BLOCKS["vendor-request"])


def test_its_errors_come_back_in_the_callers_words(marigold):
    vendor, gateway = marigold
    vendor.script = [Reply(400, BLOCKS["vendor-error"])]
    answer = gateway.request("PATCH", "/v1/products/M-7", {"sku": "OAK-1"})
    problem = answer.json
    lines = [f"{answer.status} {problem['code']} {problem['outcome']}"]
    for error in problem["errors"]:
        lines.append(f"{error.get('pointer', '-')} {error['code']}: {error['detail']}")
    assert lines == BLOCKS["errors"].strip().split("\n")
    assert problem["vendor"]["requestId"] == "T-99"


def test_its_limits_are_checked_before_anything_is_sent(marigold):
    vendor, gateway = marigold
    answer = gateway.request(
        "PATCH", "/v1/products/M-7", {"name": "", "sku": "lower case", "tags": ["x"] * 6, "mpn": "1"})
    assert answer.status == 422, answer
    assert {error["pointer"] for error in answer.json["errors"]} >= {"/name", "/sku", "/tags", "/mpn"}
    assert vendor.requests == []


def test_check_refuses_a_wrong_dialect_with_its_path(tmp_path):
    dialect = json.loads(BLOCKS["dialect"])
    dialect["fields"]["/colour"] = {"vendor": "/colour"}
    dialect["fields"]["/slug"] = {"vendor": "/article_no"}
    dialect["fields"]["/status"]["values"]["live"] = 0
    dialect["operation"] = {}
    file = write(tmp_path, {
        "targets": {"garden": {**MARIGOLD, "baseURL": "https://x.example"}}, "dialects": {"marigold": dialect}})
    result = command("check", "--config", file)
    assert result.returncode == 1
    text = (result.stdout + result.stderr).decode()
    for part in ("/colour", "/slug", "/status", "operation", "marigold"):
        assert part in text, f"{part} is not in\n{text}"


@pytest.mark.parametrize("version", ["h2", "http/1.1"])
def test_a_token_and_a_version_are_taken_from_the_header_fields_of_a_read(start_vendor, start_gateway, version):
    fields = [("ETag", '"v7"'), ("X-CSRF-Token", "t-1"), ("Set-Cookie", "a=1; Path=/"), ("Set-Cookie", "b=2")]
    product = {"id": "1", "name": "old"}
    if version == "h2":
        vendor = start_vendor(Reply(200, product, headers=[(name.lower(), value) for name, value in fields]))
    else:
        vendor = HTTP1Vendor(answer(200, product, headers=fields))
    gateway = start_gateway(
        {"acme": {"dialect": "acme", "baseURL": vendor.url, "connections": {"versions": [version]}}},
        defaultTarget="acme", dialects={"acme": {
            "format": 2, "name": "acme", "title": "Acme",
            "operations": {"update": {
                "method": "PATCH", "path": "/p/{id}", "body": "{fields}",
                "headers": {"if-match": "{read:header:etag}", "x-csrf-token": "{read:header:x-csrf-token}",
                            "cookie": "{read:cookies}"}}},
            "read": {"path": "/p/{id}", "headers": {"x-csrf-token": "fetch"}},
            "answer": {"fields": "", "required": ["/id"]}, "fields": {"/name": {"vendor": "/name"}}}})
    answered = gateway.request("PATCH", "/v1/products/1", {"name": "x"})
    assert answered.status == 200, answered
    read, write = vendor.requests
    assert read.headers["x-csrf-token"] == "fetch"
    assert (write.headers["if-match"], write.headers["x-csrf-token"], write.headers["cookie"]) == (
        '"v7"', "t-1", "a=1; b=2")
    if version != "h2":
        vendor.stop()


KEYED = {
    "format": 2, "name": "keyed", "title": "Keyed",
    "operations": {
        "update": {
            "method": "POST", "path": "/items/{id}",
            "body": {"key": "{idempotencyKey}", "version": "{read:/version}", "item": "{fields}"}},
        "create": {
            "method": "POST", "path": "/items", "read": {"path": "/token", "headers": {"x-token": "fetch"}},
            "headers": {"x-token": "{read:header:x-token}"},
            "body": {"key": "{idempotencyKey}", "item": "{fields}"}, "success": [200], "id": {"answer": "/id"}}},
    "read": {"path": "/items/{id}", "stale": ["VERSION_MISMATCH"]},
    "answer": {"fields": "", "id": "/id", "required": ["/id"]}, "fields": {"/name": {"vendor": "/name"}},
    "errors": {"statuses": {"503": {"code": "vendor_unavailable", "repeat": True}}}}


def test_a_key_in_the_body_and_a_token_before_a_create(start_vendor, start_gateway):
    versions, answers = iter(range(1, 100)), []

    def vendor_answers(request):
        if request.path == "/token":
            return Reply(200, {}, headers={"x-token": f"T{next(versions)}"})
        if request.method == "GET":
            return Reply(200, {"id": "7", "name": "Old", "version": next(versions)})
        return answers.pop(0) if answers else Reply(200, {"id": "7", "name": "x"})

    vendor = start_vendor(vendor_answers)
    gateway = start_gateway(
        {"acme": {"dialect": "keyed", "baseURL": vendor.url, "retries": {"attempts": 2}}},
        dialects={"keyed": KEYED}, idempotency={})

    def sent():
        requests = [(request.method, request.path) for request in vendor.requests]
        writes = [request for request in vendor.requests if request.method == "POST"]
        vendor.requests.clear()
        return requests, writes

    # A create that is tried again has the key that it had, and a token that is new.
    answers[:] = [Reply(503, {})]
    key = {"idempotency-key": "one"}
    assert gateway.create("acme", {"name": "x"}, headers=key).status == 201
    requests, writes = sent()
    assert requests == [("GET", "/token"), ("POST", "/items")] * 2
    assert [write.headers["x-token"] for write in writes] == ["T1", "T2"]
    assert len(writes[0].json["key"]) == 32 and writes[0].json["key"] == writes[1].json["key"]

    # A version that is no longer the last is read again, and is another request to the vendor.
    answers[:] = [Reply(400, {"code": "VERSION_MISMATCH"})]
    assert gateway.update("acme", "7", {"name": "x"}).status == 200
    requests, writes = sent()
    assert requests == [("GET", "/items/7"), ("POST", "/items/7")] * 2
    assert [write.json["version"] for write in writes] == [3, 4]
    assert writes[0].json["key"] != writes[1].json["key"]

    # Without a key of the caller's there is one all the same.
    assert gateway.create("acme", {"name": "x"}).status == 201
    assert len(sent()[1][0].json["key"]) == 32
    # What is read before a create is no version that a caller's could be held against.
    refused = gateway.create("acme", {"name": "x"}, headers={"if-match": '"1"'})
    assert (refused.status, sent()[0]) == (400, [])
