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
