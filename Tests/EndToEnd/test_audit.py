"""The audit: a line for each change, with pointers and no values."""

import json

import pytest

from harness.access import KEY, PATH, audited, bearer, by_key, digest, dry
from harness.vendor import Reply
from harness.waiting import until

PRODUCT = "60afe403-a191-455e-b771-c510c928a308"
OTHER_PRODUCT = "70afe403-a191-455e-b771-c510c928a308"


@pytest.fixture
def recorded(start_vendor, start_gateway):
    """A gateway with callers before a vendor of the test's own."""

    def start(reply=None, **members):
        vendor = start_vendor(reply or Reply(
            200, {"data": {"id": PRODUCT, "type": "product", "attributes": {"name": "x"}}}))
        target = {"dialect": "elastic-path", "baseURL": vendor.url, "retries": {"attempts": 1}}
        gateway = start_gateway({"one": target}, defaultTarget="one", callers={"pim": by_key()}, **members)
        return vendor, gateway

    return start


def change(gateway, body, product=PRODUCT):
    return gateway.request("PATCH", f"/v1/products/{product}", body, bearer(KEY), timeout=60)


@pytest.mark.parametrize("required", [True, False])
def test_a_change_has_its_line_however_long_its_names_are(recorded, required):
    vendor, gateway = recorded(audit={"required": required})
    body = {"name": "x", "vendorFields": {"elastic-path": {"custom": {"x" * 100000: {f"{i}": 1 for i in range(100)}}}}}
    assert change(gateway, body).status == 200
    assert len(vendor.requests) == 1
    line, = audited(gateway)
    assert "/name" in line["pointers"]
    assert len(json.dumps(line)) < 32 * 1024
    assert gateway.metric("product_gateway_audit_lines_dropped_total") == 0


def descriptor(path):
    """Starts a process with its descriptor 3 at a file."""
    return ["bash", "-c", 'exec "${@:2}" 3>>"$1"', "bash", str(path)]


def test_the_audit_can_have_a_descriptor_of_its_own(recorded, tmp_path):
    file = tmp_path / "audit.log"
    _, gateway = recorded(audit={"fileDescriptor": 3}, through=descriptor(file))
    assert change(gateway, {"name": "x"}).status == 200
    line, = until(lambda: file.exists() and file.read_text().splitlines(), "the line of the audit")
    assert json.loads(line)["pointers"] == ["/name"]
    assert not gateway.lines("audit")


@pytest.mark.parametrize("required", [True, False])
def test_while_the_audit_cannot_be_written_changes_are_refused_where_it_has_to_be(recorded, required):
    vendor, gateway = recorded(audit={"fileDescriptor": 3, "required": required}, through=descriptor("/dev/full"))
    # That nothing can be written shows with the first line.
    assert change(gateway, {"name": "x"}).status == 200
    until(lambda: gateway.metric("product_gateway_audit_lines_dropped_total") == 1, "the lost line is counted")
    answer = change(gateway, {"name": "y"})
    if required:
        assert (answer.status, answer.json["code"], answer.json["outcome"]) == (503, "overloaded", "not_sent")
        assert "retry-after" in answer.headers
        line = json.dumps({"id": PRODUCT, "product": {"name": "z"}})
        headers = {**bearer(KEY), "content-type": "application/jsonl"}
        assert gateway.request("POST", "/v1/bulk", line, headers).status == 503
    else:
        assert answer.status == 200
    assert len(vendor.requests) == (1 if required else 2)


def test_members_of_the_product_are_in_the_audit_however_many_others_there_are(recorded):
    vendor, gateway = recorded()
    body = {"vendorFields": {"elastic-path": {"custom": {f"a{i}": 1 for i in range(500)}}}, "sku": "S"}
    assert change(gateway, body).status == 200
    line, = audited(gateway)
    assert "/sku" in line["pointers"]
    assert line["pointers"][-1].startswith("and ")


@pytest.mark.parametrize("body", [
    {"name": "x", "description": "y" * 1500000},
    {"name": "x", "vendorFields": {"elastic-path": {"custom": json.loads("[" * 80 + "]" * 80)}}},
], ids=["large", "deep"])
def test_a_body_within_raised_limits_has_its_pointers_in_the_audit(recorded, body):
    _, gateway = recorded(limits={"requestBody": "8MiB", "jsonDepth": 200})
    change(gateway, body)
    line, = audited(gateway)
    assert "/name" in line["pointers"]


def test_of_a_body_that_cannot_be_read_the_audit_says_so(recorded):
    vendor, gateway = recorded()
    assert gateway.request("PATCH", f"/v1/products/{PRODUCT}", '{"name":', bearer(KEY)).status == 400
    line, = audited(gateway)
    assert (line["pointers"], line["outcome"]) == (None, "not_sent")
    assert not vendor.requests


@pytest.mark.parametrize("status", [200, 500])
def test_the_audit_names_the_product_that_was_changed(recorded, status):
    reply = None if status == 200 else Reply(500, {"errors": []})
    vendor, gateway = recorded(reply)
    assert change(gateway, {"ids": {"one": OTHER_PRODUCT}, "name": "x"}).status in (200, 502)
    assert OTHER_PRODUCT in vendor.requests[-1].headers[":path"]
    line, = audited(gateway)
    assert line["id"] == OTHER_PRODUCT


def test_members_under_one_long_name_do_not_make_a_long_refusal(guarded):
    gateway = guarded({"pim": by_key(allow=[{"fields": {"except": ["/billing"]}}])})
    for body in ({"vendorFields": {"x" * 100000: {f"{i}": 1 for i in range(100)}}},
                 {"translations": {"x" * 100000: {f"u{i}": 1 for i in range(100)}}}):
        answer = dry(gateway, bearer(KEY), body)
        assert answer.status in (400, 403, 422)
        assert len(answer.body) < 40000


def test_a_change_has_a_line_of_its_own_with_pointers_and_no_values(guarded):
    gateway = guarded({"pim": by_key()})
    assert dry(gateway, bearer(KEY)).status == 200
    answer = gateway.request(
        "PATCH", f"{PATH}?target=one,two", {"name": "a-value", "customFields": {"a~b": 1}}, bearer(KEY))
    lines = until(lambda: len(gateway.lines("audit")) >= 2 and gateway.lines("audit"), "the lines of the audit")
    assert [line["target"] for line in lines] == ["one", "two"]
    for line in lines:
        assert line["caller"] == "pim"
        assert (line["proof"], line["key"]) == ("key", digest(KEY)[:16])
        assert (line["operation"], line["id"], line["requestId"]) == ("update", "EXT-1", answer.headers["x-request-id"])
        assert line["pointers"] == ["/name", "/customFields/a~0b"]
        assert line["outcome"] in ("done", "rejected", "not_sent")
    assert "a-value" not in gateway.text
