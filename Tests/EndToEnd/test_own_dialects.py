"""A vendor that an operator adds as a document: the one that docs/dialects.md builds, through the whole gateway."""

import json
import re

import pytest

from harness.configuration import write
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
