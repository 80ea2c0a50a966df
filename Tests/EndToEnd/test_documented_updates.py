"""Every request example of the vendors' pages, produced from a canonical update and answered by the stand-ins."""

import json

import pytest

from documented import CREATES, UPDATES


def last_exchange(sandbox, vendor):
    return sandbox.products_requests(vendor)[-1]


def sent_body(exchange):
    body = exchange["request"]["body"]
    return json.loads(body) if isinstance(body, str) else body


def check_product(answer, case):
    product = answer["product"]
    for member, value in case.product.items():
        assert product.get(member) == value, member


@pytest.mark.parametrize("case", UPDATES, ids=lambda case: case.name)
def test_a_canonical_update_becomes_the_documented_request(gateway, sandbox, case):
    answer = gateway.update(case.target, case.id, case.canonical)

    assert answer.status == 200, answer
    assert answer.headers["content-type"] == "application/json"
    body = answer.json
    assert body["target"] == case.target
    assert body["id"] == case.id
    assert body["warnings"] == []
    assert body["vendor"]["status"] == 200
    check_product(body, case)

    exchange = last_exchange(sandbox, case.target)
    assert exchange["request"]["method"] == "PUT"
    assert exchange["request"]["path"] == case.path
    if case.is_exact:
        assert sent_body(exchange) == case.vendor
    else:
        # The vendor replaces: what was there is sent along.
        assert {name: sent_body(exchange)[name] for name in case.vendor} == case.vendor


@pytest.mark.parametrize("case", CREATES, ids=lambda case: case.name)
def test_a_canonical_product_becomes_the_documented_creation(gateway, sandbox, case):
    answer = gateway.create(case.target, case.canonical)

    assert answer.status == 201, answer
    check_product(answer.json, case)
    exchange = last_exchange(sandbox, case.target)
    assert exchange["request"]["method"] == "POST"
    assert exchange["request"]["path"] == case.path
    assert sent_body(exchange) == case.vendor


@pytest.mark.parametrize("case", UPDATES, ids=lambda case: case.name)
def test_a_dry_run_shows_the_documented_request_and_sends_nothing(gateway, sandbox, case):
    answer = gateway.update(case.target, case.id, case.canonical, "&dryRun=true")

    assert answer.status == 200, answer
    document = answer.json
    if case.is_exact:
        assert document["method"] == "PUT"
        assert document["body"] == case.vendor
    assert document["url"].endswith(case.path)
    assert document["headers"].get("authorization") == "Bearer ***"
    assert sandbox.exchanges() == []


def test_put_means_the_same_as_patch(gateway, sandbox):
    case = UPDATES[0]
    answer = gateway.request("PUT", f"/v1/products/{case.id}?target={case.target}", case.canonical)
    assert answer.status == 200, answer
    assert sent_body(last_exchange(sandbox, case.target)) == case.vendor


def test_the_configured_default_target_is_used_where_none_is_named(gateway, sandbox):
    answer = gateway.request("PATCH", "/v1/products/EXT-PROD-12345", {"name": "Default"})
    assert answer.status == 200, answer
    assert answer.json["target"] == "cor"


def test_numbers_and_escapes_reach_the_vendor_byte_for_byte(gateway, sandbox):
    carried = (
        '{"a":1.10,"b":12345678901234567890,"c":1e400,"d":-0,"e":0.1000000000000000055511151231257827,'
        '"f":"caf\\u00e9 \\/ \\ud83d\\ude00","g":"naïve 日本"}')
    body = '{"components":{"x":{"name":"n","options":' + carried + "}}}"
    answer = gateway.update("elastic-path", "8a0072c0-cedf-4e53-bdc4-a14a5d6389d5", body)
    sent = last_exchange(sandbox, "elastic-path")["request"]["body"]
    assert isinstance(sent, str), "the control API shows the body as it was sent"
    assert carried in sent, sent
    assert answer.status in (200, 422), answer


def test_an_id_with_reserved_characters_stays_one_path_segment(gateway, sandbox):
    answer = gateway.update("cor", "a%2Fb%20c%3F%C3%A9", {"name": "x"})
    path = last_exchange(sandbox, "cor")["request"]["path"]
    assert path == "/v2/integrations/products/a%2Fb%20c%3F%C3%A9"
    assert answer.json["code"] == "product_not_found"


def test_a_created_product_can_be_updated_afterwards(gateway, sandbox):
    created = gateway.create("cor", {**CREATES[0].canonical, "externalRef": "EXT-PROD-NEW"})
    assert created.status == 201, created
    updated = gateway.update("cor", "EXT-PROD-NEW", {"description": "Later"})
    assert updated.status == 200, updated
    assert updated.json["product"]["description"] == "Later"
    assert updated.json["product"]["name"] == CREATES[0].canonical["name"]


def test_what_an_update_leaves_out_stays_at_a_vendor_that_replaces(gateway, sandbox):
    id = "ad8f1c2c-3b1c-4b0a-8b0a-0b0b0b0b0b0b"
    before = sandbox.products("catalogue")[id]
    answer = gateway.update("catalogue", id, {"description": "Only this"})
    assert answer.status == 200, answer
    methods = [each["request"]["method"] for each in sandbox.products_requests("catalogue")]
    assert methods == ["GET", "PUT"]
    after = sandbox.products("catalogue")[id]
    assert after["description"] == "Only this"
    for member in ("name", "internalName", "number", "customFields", "measurement", "taxGroup", "isArchived"):
        assert after.get(member) == before.get(member), member
