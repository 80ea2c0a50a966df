"""`answers: vendor`: callers that read the vendor's own answers today get them, checked all the same."""

import json

import pytest

from harness.vendor import Reply

ID = "60afe403-a191-455e-b771-c510c928a308"
UPDATE = f"/v1/products/{ID}"
# Spaces, an order and a number that nobody writes like this by himself.
DOCUMENT = (
    b'{ "data": {"type": "product", "id": "%s",  "attributes": {"name": "x", "extensions": {"w": 1.50e0}}} }'
    % ID.encode())
REFUSAL = json.dumps(
    {"errors": [{"title": "Failed Validation", "detail": "data.attributes.sku: taken", "status": "422"}]})


@pytest.fixture
def wording(vendor_gateway):
    return lambda reply: vendor_gateway(reply, target={"answers": "vendor"})[1]


def test_a_success_is_the_vendors_document_byte_for_byte(wording):
    answer = wording(Reply(200, DOCUMENT)).request("PATCH", UPDATE, {"name": "x"})
    assert (answer.status, answer.body) == (200, DOCUMENT)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-request-id"]


def test_a_refusal_has_the_vendors_title_in_a_canonical_problem(wording):
    answer = wording(Reply(422, REFUSAL)).request("PATCH", UPDATE, {"sku": "x"})
    problem = answer.json
    assert answer.headers["content-type"] == "application/problem+json"
    assert (problem["title"], problem["code"], problem["status"]) == ("Failed Validation", "validation_failed", 422)


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"data": {"type": "product", "id": "another"}}'])
def test_what_is_no_product_is_no_success(wording, body):
    problem = wording(Reply(200, body)).request("PATCH", UPDATE, {"name": "x"}).json
    assert (problem["code"], problem["outcome"]) == ("vendor_unintelligible", "unknown")


def test_short_answers_and_dry_runs_are_canonical(wording):
    gateway = wording(Reply(200, DOCUMENT))
    short = gateway.request("PATCH", UPDATE, {"name": "x"}, headers={"prefer": "return=minimal"})
    assert short.json["target"] == "acme" and "product" not in short.json
    assert gateway.request("PATCH", UPDATE + "?dryRun=true", {"name": "x"}).json["method"] == "PUT"


def test_without_it_the_answer_is_canonical(vendor_gateway):
    _, gateway = vendor_gateway(Reply(200, DOCUMENT))
    answer = gateway.request("PATCH", UPDATE, {"name": "x"})
    assert answer.json["product"]["name"] == "x"
