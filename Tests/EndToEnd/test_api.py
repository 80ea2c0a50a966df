"""The rest of the canonical API: preferences, dry runs, several targets, and what is served for reading."""

import json

import pytest

from harness.http2_client import Connection

EP = "60afe403-a191-455e-b771-c510c928a308"


def test_lenient_handling_drops_what_a_target_cannot_take_and_says_so(gateway, sandbox):
    answer = gateway.update("cor", "EXT-PROD-12345", {"name": "x", "sku": "S-1", "tags": ["a"]}, headers={
        "prefer": "handling=lenient"})
    assert answer.status == 200, answer
    assert {warning["pointer"] for warning in answer.json["warnings"]} == {"/sku", "/tags"}
    assert answer.headers["preference-applied"] == "handling=lenient"
    sent = sandbox.products_requests("cor")[0]["request"]["body"]
    assert "S-1" not in str(sent)


def test_lenient_handling_does_not_forgive_what_is_wrong(gateway, sandbox):
    answer = gateway.update("cor", "EXT-PROD-12345", {"name": 7, "sku": "S-1"}, headers={"prefer": "handling=lenient"})
    assert answer.status == 422, answer
    assert answer.json["code"] == "validation_failed"


def test_a_lenient_drop_that_leaves_nothing_is_an_error(gateway, sandbox):
    answer = gateway.update("cor", "EXT-PROD-12345", {"sku": "S-1"}, headers={"prefer": "handling=lenient"})
    assert answer.status == 422, answer
    assert answer.json["outcome"] == "not_sent"
    assert sandbox.exchanges() == []


def test_a_target_can_be_lenient_by_itself_and_a_caller_strict(start_gateway, sandbox, shared_sandbox):
    gateway = start_gateway({"cor": {
        "dialect": "cor", "baseURL": f"http://localhost:{shared_sandbox.port}", "handling": "lenient",
        "parameters": {"source": "MICROSOFT_DYNAMICS"},
        "credentials": {"oauth2": {
            "tokenURL": "/v1/oauth/token", "style": "query-basic",
            "clientID": {"env": "COR_API_KEY"}, "clientSecret": {"env": "COR_CLIENT_SECRET"}}}}})
    product = {"name": "x", "sku": "S-1"}
    assert gateway.update("cor", "EXT-PROD-12345", product).status == 200
    strict = gateway.update("cor", "EXT-PROD-12345", product, headers={"prefer": "handling=strict"})
    assert strict.status == 422, strict


def test_a_minimal_return_leaves_the_product_out(gateway):
    answer = gateway.update("cor", "EXT-PROD-12345", {"name": "x"}, headers={"prefer": "return=minimal"})
    assert answer.status == 200, answer
    assert "product" not in answer.json
    assert answer.json["id"] == "EXT-PROD-12345"
    assert answer.headers["preference-applied"] == "return=minimal"


def test_several_targets_get_one_complete_result_each(gateway, sandbox):
    answer = gateway.request("PATCH", "/v1/products/EXT-PROD-12345?target=cor,elastic-path,softwareone", {
        "name": "Everywhere", "ids": {"elastic-path": EP, "softwareone": "PRD-9404-0001"}})
    assert answer.status == 207, answer
    first, second, third = answer.json["results"]
    assert (first["target"], first["id"], first["product"]["name"]) == ("cor", "EXT-PROD-12345", "Everywhere")
    assert (second["target"], second["id"], second["product"]["name"]) == ("elastic-path", EP, "Everywhere")
    assert (third["target"], third["status"], third["code"]) == ("softwareone", 404, "product_not_found")
    assert len(sandbox.products_requests("cor")) == 1
    assert len(sandbox.products_requests("elastic-path")) == 1


def test_one_target_that_cannot_take_the_update_does_not_hide_the_other(gateway):
    answer = gateway.request("PATCH", "/v1/products/EXT-PROD-12345?target=cor,elastic-path", {
        "name": "x", "sku": "S-77", "ids": {"elastic-path": EP}})
    assert answer.status == 207, answer
    first, second = answer.json["results"]
    assert first["code"] == "unsupported_field" and first["outcome"] == "not_sent"
    assert second["product"]["sku"] == "S-77"


def test_a_dry_run_for_several_targets_shows_each(gateway, sandbox):
    answer = gateway.request("PATCH", "/v1/products/EXT-PROD-12345?target=cor,softwareone&dryRun=true", {"name": "x"})
    assert answer.status == 207, answer
    assert [result["target"] for result in answer.json["results"]] == ["cor", "softwareone"]
    assert all(result["method"] == "PUT" for result in answer.json["results"])
    assert sandbox.exchanges() == []


def test_the_targets_are_listed_with_what_each_can_do(gateway):
    answer = gateway.request("GET", "/v1/targets")
    assert answer.status == 200
    targets = {target["name"]: target for target in answer.json["targets"]}
    assert set(targets) == {"cor", "elastic-path", "softwareone", "catalogue"}
    assert targets["softwareone"]["operations"] == ["update"]
    assert set(targets["cor"]["operations"]) == {"update", "create"}


@pytest.mark.parametrize("target", ["cor", "elastic-path", "softwareone", "catalogue"])
def test_a_target_has_a_capability_matrix(gateway, target):
    answer = gateway.request("GET", f"/v1/targets/{target}")
    assert answer.status == 200, answer
    assert '"/name"' in answer.text or '"name"' in answer.text
    assert json.loads(answer.text)


def test_the_published_documents_are_there(gateway):
    openapi = gateway.request("GET", "/openapi.json")
    assert openapi.json["openapi"].startswith("3.1")
    assert any(path.startswith("/v1/products") for path in openapi.json["paths"])
    schema = gateway.request("GET", "/v1/schemas/product-update.json")
    assert schema.json["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "name" in schema.json["properties"]
    problem = gateway.request("GET", "/problems/unsupported_field")
    assert problem.status == 200 and "unsupported_field" in problem.text
    assert gateway.request("GET", "/problems/no_such_code").status == 404
    assert gateway.request("GET", "/v1/targets/nobody").status == 404


def test_every_problem_that_is_answered_has_a_page(gateway):
    for path, body, expected in [
        ("/v1/products/1?target=nobody", {"name": "x"}, "unknown_target"),
        ("/v1/products/1?target=cor", {"nmae": "x"}, "validation_failed"),
        ("/nothing", {"name": "x"}, "not_found"),
    ]:
        problem = gateway.request("PATCH", path, body).json
        assert problem["code"] == expected
        assert gateway.request("GET", problem["type"]).status == 200


def test_a_creation_at_a_vendor_that_has_none_is_refused(gateway):
    answer = gateway.create("softwareone", {"name": "x"})
    assert answer.status in (400, 405, 422), answer
    assert "create" in answer.json["detail"]
    assert answer.json["outcome"] == "not_sent"


def test_a_request_id_is_made_where_none_is_given_and_kept_where_one_is(gateway, sandbox):
    first = gateway.update("cor", "EXT-PROD-12345", {"name": "x"})
    second = gateway.update("cor", "EXT-PROD-12345", {"name": "x"})
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    given = gateway.update("cor", "EXT-PROD-12345", {"name": "x"}, headers={"x-request-id": "abc-123"})
    assert given.headers["x-request-id"] == "abc-123" == given.json["requestId"]
    sent = {field["name"]: field["value"] for field in sandbox.products_requests("cor")[-1]["request"]["headers"]}
    assert sent["x-request-id"] == "abc-123"


@pytest.mark.parametrize("value", ['a"b', "x" * 500, "a\tb", "é", ""])
def test_a_request_id_that_would_break_a_log_is_not_taken_over(gateway, value):
    answer = gateway.update("cor", "EXT-PROD-12345", {"name": "x"}, headers={"x-request-id": value})
    if answer.status == 200:
        assert answer.headers["x-request-id"] != value or value == ""


@pytest.mark.parametrize("content_type", [
    "application/json", "application/merge-patch+json", "application/json; charset=utf-8",
    "Application/JSON;Charset=\"UTF-8\"",
    "application/merge-patch+json ; charset=utf-8",
])
def test_the_content_types_of_json_are_taken(gateway, content_type):
    answer = gateway.update("cor", "EXT-PROD-12345", {"name": "x"}, headers={"content-type": content_type})
    assert answer.status == 200, answer


@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "application/*;q=0.5", "text/html, application/json;q=0.1", ""])
def test_callers_that_take_json_among_others_get_it(gateway, accept):
    assert gateway.update("cor", "EXT-PROD-12345", {"name": "x"}, headers={"accept": accept}).status == 200


def test_every_answer_has_one_of_each_field(gateway):
    with gateway.connect() as connection:
        for path, method in (("/v1/targets", "GET"), ("/nothing", "GET"), ("/v1/products/1?target=cor", "PATCH")):
            answer = connection.request(method, path, b"{" if method == "PATCH" else None)
            names = [name for name, _ in answer.fields]
            assert len(names) == len(set(names)), names
            assert {"date", "via", "x-request-id", "content-length", "content-type"} <= set(names)


def test_head_and_options_are_answered(gateway):
    head = gateway.request("HEAD", "/v1/targets")
    assert head.status == 200 and head.body == b"" and int(head.headers["content-length"]) > 0
    options = gateway.request("OPTIONS", "/v1/products/1")
    assert options.status == 204 and "PATCH" in options.headers["allow"]


def test_every_exchange_has_one_log_line(gateway):
    # So that the token is there, and one attempt enough.
    assert gateway.update("cor", "EXT-PROD-12345", {"name": "x"}).status == 200
    answer = gateway.update("cor", "EXT-PROD-12345", {"name": "x"}, headers={"x-request-id": "logged-once"})
    assert answer.status == 200
    line = gateway.exchange_line("logged-once")
    assert (line["target"], line["operation"], line["status"], line["attempts"]) == ("cor", "update", 200, 1)
    assert line["vendorStatus"] == 200
    assert line["bytesReceived"] == len('{"name": "x"}')
    answer = gateway.update("cor", "nobody", {"name": "secret name"}, headers={"x-request-id": "logged-failure"})
    line = gateway.exchange_line("logged-failure")
    assert (line["code"], line["origin"], line["outcome"]) == ("product_not_found", "vendor", "rejected")
    assert "secret name" not in gateway.text, "product data is in the log"


def test_a_gateway_without_tls_speaks_http2_with_prior_knowledge(start_gateway, shared_sandbox):
    gateway = start_gateway({"softwareone": {
        "dialect": "softwareone", "baseURL": f"http://localhost:{shared_sandbox.port}/public",
        "credentials": {"bearer": {"token": {"env": "SOFTWAREONE_TOKEN"}}}}})
    with Connection("localhost", gateway.port) as connection:
        answer = connection.request("PATCH", "/v1/products/PRD-1234-1234?target=softwareone", {"name": "clear"})
    assert answer.status == 200, answer


def test_a_target_name_needs_no_relation_to_its_dialect(start_gateway, shared_sandbox):
    base = {"dialect": "softwareone", "baseURL": f"http://localhost:{shared_sandbox.port}/public",
            "credentials": {"bearer": {"token": {"env": "SOFTWAREONE_TOKEN"}}}}
    gateway = start_gateway({"eu.shop": base, "us-shop_2": base})
    for name in ("eu.shop", "us-shop_2"):
        answer = gateway.update(name, "PRD-1234-1234", {"name": name})
        assert answer.status == 200 and answer.json["target"] == name, answer


@pytest.mark.parametrize("product, pointer", [
    ({"name": "x", "ids": {"elastic_path": EP}}, "/ids/elastic_path"),
    ({"name": "x", "vendorFields": {"elastic_path": {"weight": 1}}}, "/vendorFields/elastic_path"),
])
def test_a_misspelt_target_in_the_body_is_refused_and_does_not_update_another_product(
    gateway, sandbox, product, pointer):
    answer = gateway.request("PATCH", "/v1/products/EXT-PROD-12345?target=cor,elastic-path", product)
    assert pointer in answer.text, answer
    if answer.status == 207:
        assert all(result["outcome"] == "not_sent" for result in answer.json["results"])
    else:
        assert answer.status in (400, 422)
    assert sandbox.exchanges() == []
