"""Who may change what: callers by key, rules by field, limits, and what a vendor is told of a caller."""

import json

import pytest

from harness.access import KEY, OTHER_KEY, PATH, bearer, by_key, digest, dry
from harness.processes import command
from harness.vendor import Reply
from harness.waiting import until


@pytest.mark.parametrize("path", [PATH, "/v1/targets", "/v1/targets/one", "/openapi.json", "/nowhere"])
def test_who_proves_nothing_is_told_nothing(guarded, path):
    gateway = guarded({"pim": by_key()})
    answer = gateway.request("GET", path)
    assert (answer.status, answer.json["code"]) == (401, "unauthenticated")
    assert answer.json["outcome"] == "not_sent"
    assert answer.headers["www-authenticate"] == 'Bearer realm="product-gateway"'
    assert gateway.request("GET", "/problems/unauthenticated").status == 200


def test_the_body_of_a_refused_caller_is_not_asked_for(guarded):
    gateway = guarded({"pim": by_key()})
    with gateway.connect_http1() as connection:
        connection.send_bytes(
            f"PATCH {PATH} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000000\r\n"
            "expect: 100-continue\r\n\r\n".encode())
        answer = connection.answer("PATCH")
    assert answer.status == 401
    assert not answer.interim


@pytest.mark.parametrize("headers", [
    bearer("wrong"), {"x-api-key": "wrong"}, {"authorization": f"Basic {KEY}"}, {"authorization": KEY},
    {"authorization": "Bearer"}, {"authorization": "Bearer "}, bearer(KEY + "x"), {**bearer(KEY), "x-api-key": KEY},
])
def test_a_proof_that_does_not_count_is_refused(guarded, headers):
    answer = dry(guarded({"pim": by_key()}, anonymous="allow"), headers)
    assert answer.status == 401
    assert 'error="invalid_' in answer.headers["www-authenticate"]
    assert KEY not in answer.text


def test_a_key_names_its_caller(guarded):
    gateway = guarded({"pim": by_key(), "shop": by_key(OTHER_KEY)})
    for headers, name in [(bearer(KEY), "pim"), ({"x-api-key": OTHER_KEY}, "shop"),
                          ({"authorization": f"bearer  {KEY}"}, "pim")]:
        answer = dry(gateway, headers)
        assert answer.status == 200, answer
        line = gateway.exchange_line(answer.headers["x-request-id"])
        assert (line["caller"], line["callerAddress"]) == (name, "127.0.0.1")
    assert gateway.metric("product_gateway_caller_requests_total") == 3
    assert KEY not in gateway.text


def test_a_new_key_counts_once_it_is_configured():
    made = command("key", "new", "pim", "--json")
    assert made.returncode == 0, made.stderr
    document = json.loads(made.stdout)
    assert document["key"].startswith("pgw_")
    assert digest(document["key"]) == document["keySHA256"]
    unusable = command("key", "new", "bad name")
    assert unusable.returncode == 64 and b"letters, digits" in unusable.stderr and unusable.stdout == b""


@pytest.mark.parametrize("word", ["", "test", "password"])
def test_a_digest_that_everybody_knows_is_refused(tmp_path, word):
    file = tmp_path / "gateway.json"
    file.write_text(json.dumps({
        "targets": {"one": {"dialect": "softwareone", "baseURL": "https://vendor.example"}},
        "callers": {"pim": by_key(word)}}))
    checked = command("check", "--config", str(file))
    assert checked.returncode != 0
    assert b"which everybody knows" in checked.stdout + checked.stderr


def test_check_warns_of_what_can_never_pass(tmp_path):
    target = {"dialect": "softwareone", "baseURL": "https://vendor.example"}
    file = tmp_path / "gateway.json"
    file.write_text(json.dumps({
        "targets": {"one": target, "two": target},
        "callers": {"pim": by_key(
            rate={"requests": 1, "per": "1s"},
            allow=[{"fields": {"only": ["/vendorFields/cor", "/vendorFields/softwareone", "/vendorFields/*"]}}])}}))
    checked = command("check", "--config", str(file))
    said = (checked.stdout + checked.stderr).decode()
    assert "raise burst" in said
    assert said.count("can never match: vendorFields") == 1
    assert "/vendorFields/cor" in said


def test_without_a_proof_a_gateway_that_allows_it_serves(guarded):
    gateway = guarded({"pim": by_key()}, anonymous="allow")
    answer = dry(gateway)
    assert answer.status == 200
    assert gateway.exchange_line(answer.headers["x-request-id"])["caller"] == "127.0.0.1"


def test_the_document_of_the_api_says_how_callers_prove_who_they_are(guarded):
    gateway = guarded({"pim": by_key()})
    document = gateway.request("GET", "/openapi.json", headers=bearer(KEY)).json
    assert document["security"] == [{"bearerKey": []}, {"headerKey": []}]
    assert set(document["components"]["securitySchemes"]) == {"bearerKey", "headerKey"}
    responses = {path: set(operations["get"]["responses"]) for path, operations in document["paths"].items()
                 if "get" in operations}
    assert "401" in responses["/v1/targets"]
    assert "401" not in responses["/problems/{code}"]
    assert document["paths"]["/problems/{code}"]["get"]["security"] == []
    assert {"401", "403", "429"} <= set(document["paths"]["/v1/products/{id}"]["patch"]["responses"])
    allowing = guarded({"pim": by_key()}, anonymous="allow").request("GET", "/openapi.json").json
    assert {} in allowing["security"]
    assert "security" not in guarded({}).request("GET", "/openapi.json").json


# Rules

def test_a_caller_reaches_the_targets_and_operations_that_it_may(guarded):
    gateway = guarded({"pim": by_key(allow=[
        {"targets": ["one"], "operations": ["update"]}, {"targets": ["two"], "operations": ["dryRun"]}])})
    assert dry(gateway, bearer(KEY)).status == 200
    assert dry(gateway, bearer(KEY), query="&target=two").status == 200
    for method, path in [("PATCH", f"{PATH}?target=two"), ("POST", "/v1/products?target=one"),
                         ("PATCH", f"{PATH}?target=one,two"), ("GET", PATH)]:
        answer = gateway.request(method, path, None if method == "GET" else {"name": "x"}, bearer(KEY))
        assert (answer.status, answer.json["code"], answer.json["origin"]) == (403, "forbidden", "gateway"), answer
        assert answer.json["outcome"] == "not_sent"


def test_all_members_that_a_caller_may_not_set_are_named(guarded):
    gateway = guarded({"pim": by_key(allow=[{"fields": {"except": ["/billing", "/translations/fr-FR"]}}])})
    answer = dry(gateway, bearer(KEY), {
        "name": "x", "billing": {"taxGroup": {"id": "1"}, "costCentre": None},
        "translations": {"fr-FR": {"name": "y"}, "de-DE": {"name": "z"}}, "vendorFields": {"softwareone": {"a": 1}}})
    assert (answer.status, answer.json["code"]) == (403, "forbidden")
    assert [(error["pointer"], error["code"]) for error in answer.json["errors"]] == [
        ("/billing/taxGroup/id", "not_permitted"), ("/billing/costCentre", "not_permitted"),
        ("/translations/fr-FR/name", "not_permitted"), ("/vendorFields/softwareone/a", "not_permitted")]
    matrix = gateway.request("GET", "/v1/targets/one", headers=bearer(KEY)).json
    assert matrix["caller"] == {"name": "pim", "operations": ["update", "create", "read", "dryRun"]}
    permitted = {field["pointer"]: field["permitted"]["update"] for field in matrix["fields"]}
    assert (permitted["/name"], permitted["/translations"]) == ("all", "part")
    # It may not set it, and this vendor's answers do not have it.
    assert "/billing/taxGroup" not in permitted


def test_a_caller_is_shown_the_targets_of_its_rules_and_no_others(guarded):
    gateway = guarded({"pim": by_key(allow=[{"targets": ["two"], "operations": ["update"], "fields": {
        "only": ["/name"]}}]), "shop": by_key(OTHER_KEY)})
    mine = gateway.request("GET", "/v1/targets", headers=bearer(KEY)).json
    assert [target["name"] for target in mine["targets"]] == ["two"]
    assert "defaultTarget" not in mine
    assert [field["pointer"] for field in gateway.request("GET", "/v1/targets/two", headers=bearer(KEY)).json[
        "fields"]] == ["/name"]
    assert gateway.request("GET", "/v1/targets/one", headers=bearer(KEY)).status == 403
    for method, path in [("GET", "/v1/targets/three"), ("PATCH", f"{PATH}?target=three")]:
        answer = gateway.request(method, path, None if method == "GET" else {"name": "x"}, bearer(KEY))
        assert (answer.status, answer.json["code"]) == (404, "unknown_target")
        assert "one" not in answer.json["detail"].replace("no one", "") and "two" in answer.json["detail"]
    assert '"one"' not in gateway.request("GET", "/openapi.json", headers=bearer(KEY)).text
    assert len(gateway.request("GET", "/v1/targets", headers=bearer(OTHER_KEY)).json["targets"]) == 2


def test_what_is_kept_of_a_stream_is_its_callers_own(guarded):
    gateway = guarded({"pim": by_key(), "shop": by_key(OTHER_KEY)}, store={"engine": "memory"})
    stream = {"content-type": "application/jsonl", "idempotency-key": '"nightly"'}
    line = json.dumps({"id": "PRD-1234-1234", "product": {"name": "x"}}) + "\n"
    assert gateway.request("POST", "/v1/bulk", line, {**bearer(KEY), **stream}).status == 200
    mine = gateway.request("GET", "/v1/bulk/nightly", headers=bearer(KEY))
    assert (mine.status, mine.json["lines"]) == (200, 1)
    # The same key is another caller's own, to ask and to use.
    assert gateway.request("GET", "/v1/bulk/nightly", headers=bearer(OTHER_KEY)).status == 404
    other = json.dumps({"id": "PRD-1234-1235", "product": {"name": "y"}}) + "\n"
    answer = gateway.request("POST", "/v1/bulk", other, {**bearer(OTHER_KEY), **stream})
    assert answer.status == 200 and "replayed" not in answer.text
    assert gateway.request("GET", "/v1/bulk/nightly").status == 401


@pytest.mark.parametrize("query, refused", [("target=one", False), ("target=two", True), ("target=one,two", True)])
def test_a_stream_is_let_in_where_one_of_its_lines_could_be(guarded, query, refused):
    gateway = guarded({"pim": by_key(allow=[{"targets": ["one"], "operations": ["update"]}, {"operations": ["read"]}])})
    answer = gateway.request("POST", f"/v1/bulk?{query}", "", {**bearer(KEY), "content-type": "application/jsonl"})
    assert answer.status == (403 if refused else 200), answer
    assert not refused or answer.json["code"] == "forbidden"


def test_each_line_of_a_stream_is_held_against_the_rules_and_goes_into_the_audit(guarded):
    gateway = guarded({"pim": by_key(allow=[
        {"targets": ["one"], "operations": ["update"], "fields": {"except": ["/billing"]}},
        {"targets": ["two"], "operations": ["create"]}])})
    lines = [{"id": "PRD-1234-1234", "target": "one", "product": {"name": "x"}},
             {"id": "PRD-1234-1235", "target": "one", "product": {"name": "x", "billing": {"taxGroup": {"id": "1"}}}},
             {"id": "PRD-1234-1234", "target": "two", "product": {"ids": {}}}]
    answer = gateway.request("POST", "/v1/bulk?target=one,two", "".join(json.dumps(line) + "\n" for line in lines),
                             {**bearer(KEY), "content-type": "application/jsonl"})
    assert answer.status == 200, answer
    results = {line["line"]: line for line in map(json.loads, answer.text.splitlines()) if "line" in line}
    assert results[1]["outcome"] == "done"
    assert (results[2]["code"], results[2]["errors"][0]["pointer"]) == ("forbidden", "/billing/taxGroup/id")
    assert (results[3]["code"], results[3]["outcome"]) == ("forbidden", "not_sent")
    audit = until(lambda: len(gateway.lines("audit")) == 3 and gateway.lines("audit"), "the lines of the audit")
    assert {(line["caller"], line["operation"], line["outcome"]) for line in audit} == {
        ("pim", "update", "done"), ("pim", "update", "not_sent")}


# Limits

def test_a_caller_has_its_own_limit(guarded):
    gateway = guarded({
        "pim": by_key(rate={"requests": 3, "per": "1h"}, quota={"requests": 100, "per": "24h"}),
        "shop": by_key(OTHER_KEY)})
    first = dry(gateway, bearer(KEY), query="&target=one,two")
    assert first.status == 207
    assert first.headers["ratelimit-policy"] == '"rate";q=3;w=3600, "quota";q=100;w=86400'
    assert first.headers["ratelimit"].startswith('"rate";r=1;t=')
    assert dry(gateway, bearer(KEY)).status == 200
    refused = dry(gateway, bearer(KEY))
    assert (refused.status, refused.json["code"], refused.json["origin"]) == (429, "rate_limited", "gateway")
    assert refused.json["retryable"] is True
    assert 1000 < int(refused.headers["retry-after"]) <= 1200
    assert refused.headers["ratelimit"].startswith('"rate";r=0;t=')
    assert '"quota";r=97;t=' in refused.headers["ratelimit"]
    other = dry(gateway, bearer(OTHER_KEY))
    assert other.status == 200
    assert "ratelimit" not in other.headers


def test_more_targets_than_a_caller_ever_has_is_not_worth_waiting_for(guarded):
    gateway = guarded({"pim": by_key(rate={"requests": 1, "per": "1s"})})
    answer = dry(gateway, bearer(KEY), query="&target=one,two")
    assert (answer.status, answer.json["code"], answer.json["retryable"]) == (429, "rate_limited", False)
    assert "retry-after" not in answer.headers
    assert "fewer targets" in answer.json["detail"]
    assert dry(gateway, bearer(KEY)).status == 200


# What a vendor is told

def test_a_vendor_never_gets_a_callers_proof_and_is_told_the_caller_where_that_is_wanted(start_vendor, start_gateway):
    product = "60afe403-a191-455e-b771-c510c928a308"
    vendor = start_vendor(Reply(200, {"data": {"id": product, "type": "product", "attributes": {"name": "x"}}}))
    target = {"dialect": "elastic-path", "baseURL": vendor.url, "retries": {"attempts": 1}}
    gateway = start_gateway(
        {"told": {**target, "actor": {"header": "X-Acting-Service", "value": "gateway/{caller}"}}, "untold": target},
        callers={"pim": by_key(), "shop": {"identify": [{"keySHA256": [digest(OTHER_KEY)]}]}})
    for name, headers in [("told", bearer(KEY)), ("untold", {"x-api-key": OTHER_KEY, "x-acting-service": "root"})]:
        answer = gateway.update(name, product, {"name": "x"}, headers=headers)
        assert answer.status == 200
    told, untold = vendor.requests
    assert told.headers["x-acting-service"] == "gateway/pim"
    assert "x-acting-service" not in untold.headers
    for request in vendor.requests:
        assert "x-api-key" not in request.headers
        assert KEY not in str(request.headers) and OTHER_KEY not in str(request.headers)
