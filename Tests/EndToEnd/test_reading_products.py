"""`GET /v1/products/{id}`: a product as the vendor has it, in canonical form: what to look at after an `unknown`."""

import pytest

from harness.vendor import Close, Never, Reply

ID = "ad8f1c2c-3b1c-4b0a-8b0a-0b0b0b0b0b0b"
PRODUCT = {"id": ID, "name": "Basic", "number": "A-1", "isArchived": False, "customFields": {"a": "1"}}


def target(vendor, **members):
    return {"fynn": {
        "dialect": "catalogue", "baseURL": vendor.url, "retries": {"attempts": 2, "backoff": "1ms"},
        "timeouts": {"connect": "2s", "attempt": "2s", "total": "5s"}, **members}}


def read(gateway, target="fynn", method="GET", **options):
    return gateway.request(method, f"/v1/products/{ID}?target={target}", None, **options)


def test_a_product_is_read_in_canonical_form_with_its_version(start_vendor, start_gateway):
    vendor = start_vendor(Reply(200, PRODUCT, headers={"etag": '"7"'}))
    gateway = start_gateway(target(vendor))
    answer = read(gateway)
    assert answer.status == 200, answer
    assert answer.json["id"] == ID
    assert answer.json["product"] == {
        "name": "Basic", "sku": "A-1", "status": "live", "customFields": {"a": "1"}}, answer.json
    assert answer.headers["etag"] == '"7"'
    request, = vendor.requests
    assert (request.method, request.path) == ("GET", f"/catalogue/products/{ID}")
    assert not request.body


def test_what_was_read_can_be_held_against_the_next_update(start_vendor, start_gateway):
    vendor = start_vendor(Reply(200, PRODUCT, headers={"etag": '"7"'}))
    gateway = start_gateway(target(vendor, updateSemantics="replace"))
    version = read(gateway).headers["etag"]
    answer = gateway.update("fynn", ID, {"name": "New"}, headers={"if-match": version})
    assert answer.status == 200, answer
    answer = gateway.update("fynn", ID, {"name": "New"}, headers={"if-match": '"6"'})
    assert (answer.status, answer.json["code"]) == (412, "precondition_failed")
    answer = gateway.update("fynn", ID, {"name": "New"}, headers={"if-match": "7"})
    assert (answer.status, answer.json["code"]) == (400, "invalid_request"), "no version could ever be that"


def test_head_answers_the_same_without_a_body(start_vendor, start_gateway):
    vendor = start_vendor(Reply(200, PRODUCT, headers={"etag": '"7"'}))
    gateway = start_gateway(target(vendor))
    answer = read(gateway, method="HEAD")
    assert (answer.status, answer.body, answer.headers["etag"]) == (200, b"", '"7"')


def test_several_targets_are_read_at_once(start_vendor, start_gateway):
    there, missing = start_vendor(Reply(200, PRODUCT)), start_vendor(Reply(404, b""))
    gateway = start_gateway({"a": target(there)["fynn"], "b": target(missing)["fynn"]})
    answer = read(gateway, "a,b")
    assert answer.status == 207, answer
    assert [result["status"] for result in answer.json["results"]] == [200, 404]


@pytest.mark.parametrize("reply, code", [
    (Reply(404, b""), "product_not_found"), (Reply(500, b""), "vendor_error"), (Close(), "vendor_unreachable"),
    (Never(), "vendor_timeout"), (Reply(200, b"<html>"), "vendor_unintelligible"),
    (Reply(200, {**PRODUCT, "id": "another"}), "vendor_unintelligible"),
], ids=["404", "500", "no answer", "silence", "HTML", "another product"])
def test_a_read_that_fails_has_changed_nothing(start_vendor, start_gateway, reply, code):
    vendor = start_vendor(reply)
    gateway = start_gateway(target(vendor))
    answer = read(gateway)
    assert (answer.json["code"], answer.json["outcome"]) == (code, "not_sent"), answer
    assert "update" not in answer.json["detail"] and "may still act" not in answer.json["detail"], answer


def test_a_read_whose_answer_is_lost_is_repeated(start_vendor, start_gateway):
    vendor = start_vendor(Reply(200, PRODUCT))
    vendor.script = [Close()]
    gateway = start_gateway(target(vendor))
    assert read(gateway).status == 200
    assert len(vendor.requests) == 2


def test_a_dry_run_shows_the_read_and_sends_nothing(start_vendor, start_gateway):
    vendor = start_vendor(Reply(200, PRODUCT))
    gateway = start_gateway(target(vendor))
    answer = gateway.request("GET", f"/v1/products/{ID}?target=fynn&dryRun=true", None)
    assert (answer.status, answer.json["method"]) == (200, "GET")
    assert not vendor.requests


def test_a_vendor_that_cannot_be_read_says_so(gateway):
    answer = gateway.request("GET", "/v1/products/EXT-1?target=cor", None)
    assert (answer.status, answer.json["code"], answer.json["outcome"]) == (400, "invalid_request", "not_sent"), answer
