"""The OpenAPI document: it is one, what is answered is what it describes, and clients made of it work."""

import json
import re

import pytest

from harness.packages import PROGRAMS, python

EP = "60afe403-a191-455e-b771-c510c928a308"
COR = "/v1/products/EXT-PROD-12345"
CATALOGUE = "/v1/products/ad8f1c2c-3b1c-4b0a-8b0a-0b0b0b0b0b0b"
SKU_TAKEN = {"sku": "TAKEN-SKU"}
CREATION = {"externalRef": "EXT-PROD-NEW", "name": "x", "clientId": "EXT-CLIENT-67890", "brandId": "EXT-BRAND-11111"}
LENIENT = {"prefer": "handling=lenient, return=minimal"}
SEVERAL = "target=cor,elastic-path"
SEVERAL_IDS = {"name": "x", "sku": "S-1", "ids": {"elastic-path": EP}}


@pytest.fixture
def document(gateway):
    return gateway.request("GET", "/openapi.json").json


def test_the_document_is_valid_openapi_3_1(document, tmp_path):
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    result = python(
        "-m", "openapi_spec_validator", "--schema", "3.1.0", tmp_path / "openapi.json",
        needs=["openapi_spec_validator"])
    assert result.returncode == 0, result.stdout + result.stderr


# Requests of every kind: method, path, body, fields of the request, and the status that shows that it went as meant.
ASKED = [
    ("PATCH", f"{COR}?target=cor", {"name": "x"}, {}, 200),
    ("PUT", f"{COR}?target=cor", {"name": "x", "sku": "S-1"}, LENIENT, 200),
    ("PATCH", f"/v1/products/{EP}?target=elastic-path", {"translations": {"de-DE": {"name": "x"}}}, {}, 200),
    ("PATCH", f"{CATALOGUE}?target=catalogue", {"name": "x"}, {}, 200),
    ("PATCH", "/v1/products/PRD-1234-1234?target=softwareone", {"externalIds": {}}, {}, 200),
    ("PATCH", f"{COR}?target=cor&dryRun=true", {"name": "x"}, {}, 200),
    ("PATCH", "/v1/products/x?target=catalogue&dryRun=true", {"name": "x"}, {}, 200),
    ("POST", "/v1/products?target=cor", CREATION, {}, 201),
    ("POST", "/v1/products?target=elastic-path", {"name": "x", "kind": "digital"}, {}, 201),
    ("POST", "/v1/products?target=cor&dryRun=true", CREATION, {}, 200),
    ("PATCH", f"{COR}?{SEVERAL}", SEVERAL_IDS, {}, 207),
    ("PATCH", f"{COR}?{SEVERAL}", SEVERAL_IDS, LENIENT, 207),
    ("PATCH", f"{COR}?{SEVERAL}&dryRun=true", SEVERAL_IDS, {}, 207),
    ("PATCH", "/v1/products/nobody?target=cor,elastic-path", {"name": "x"}, {}, 404),
    ("PATCH", f"{COR}~duplicate?target=cor,elastic-path", {"name": "x"}, {}, 400),
    ("PATCH", f"{COR}?target=cor", "{", {}, 400),
    ("PATCH", f"{COR}?target=cor", {"name": "x"}, {"if-match": '"1"'}, 400),
    ("PATCH", f"{CATALOGUE}?target=catalogue", {"name": "x"}, {"if-match": '"other"'}, 412),
    ("PATCH", f"{COR}?target=", {"name": "x"}, {}, 400),
    ("PATCH", f"{COR}?target=nobody", {"name": "x"}, {}, 404),
    ("PATCH", "/v1/products/nobody?target=cor", {"name": "x"}, {}, 404),
    ("PATCH", f"{COR}?target=cor", {"name": "x"}, {"accept": "text/html"}, 406),
    ("PATCH", f"{COR}~duplicate?target=cor", {"name": "x"}, {}, 409),
    ("PATCH", f"{COR}?target=cor", {"name": "x" * 2_000_000}, {}, 413),
    ("PATCH", f"{COR}?target=cor", "<x/>", {"content-type": "text/xml"}, 415),
    ("PATCH", f"/v1/products/{EP}?target=elastic-path", SKU_TAKEN, {}, 422),
    ("PATCH", f"{COR}?target=cor", {"sku": "x", "tags": ["a"]}, {}, 422),
    ("PATCH", f"{COR}~429-retry-after?target=cor", {"name": "x"}, {}, 429),
    ("PATCH", f"{COR}~403?target=cor", {"name": "x"}, {}, 403),
    ("PATCH", f"{COR}~200-html?target=cor", {"name": "x"}, {}, 502),
    ("PATCH", f"{COR}~503-retry-after?target=cor", {"name": "x"}, {}, 503),
    ("OPTIONS", COR, None, {}, 204),
    ("OPTIONS", "/v1/products", None, {}, 204),
    ("GET", "/v1/targets", None, {}, 200),
    ("GET", "/v1/targets/cor", None, {}, 200),
    ("GET", "/v1/targets/catalogue", None, {}, 200),
    ("GET", "/v1/targets/nobody", None, {}, 404),
    ("GET", "/v1/schemas/product-update.json", None, {}, 200),
    ("GET", "/problems/conflict", None, {}, 200),
    ("GET", "/problems/nothing", None, {}, 404),
    ("GET", "/openapi.json", None, {}, 200),
]


def test_every_answer_is_as_the_document_describes_it(gateway, sandbox, document):
    # So that there is a version for `If-Match`, and `ETag`.
    sandbox.behaviour(catalogue={"etag": "412"})
    answers = []
    for method, path, body, headers, status in ASKED:
        answer = gateway.request(method, path, body, headers)
        assert answer.status == status, (method, path, answer)
        answers.append({
            "method": method, "path": path, "status": status, "headers": answer.headers, "body": answer.text})
    result = python(
        PROGRAMS / "describes.py", needs=["jsonschema"], stdin=json.dumps({"document": document, "answers": answers}))
    assert (result.stdout, result.stderr, result.returncode) == ("", "", 0)


def test_every_code_has_its_response_and_its_example(document):
    codes = set(document["components"]["parameters"]["code"]["schema"]["examples"])
    assert "conflict" in codes
    for operation in ("patch", "put"):
        described = document["paths"]["/v1/products/{id}"][operation]["responses"]
        found = set()
        for status, response in described.items():
            if "$ref" in response:
                response = document["components"]["responses"][response["$ref"].rpartition("/")[2]]
                for code in response["content"]["application/problem+json"]["examples"]:
                    example = document["components"]["examples"][code]["value"]
                    assert (example["code"], str(example["status"])) == (code, status)
                    assert f"`{code}`" in response["description"]
                    found.add(code)
        assert found == codes


def test_the_document_names_the_gateways_own_targets(gateway, document, cleartext_gateway):
    target = document["components"]["parameters"]["target"]
    assert set(target["schema"]["examples"]) == {"cor", "elastic-path", "softwareone", "catalogue"}
    assert "`cor`" in target["description"] and not target["required"]
    assert gateway.request("GET", "/v1/targets").json["defaultTarget"] == "cor"
    # One without a default target must be given one.
    other = cleartext_gateway.request("GET", "/openapi.json").json
    assert other["components"]["parameters"]["target"]["required"]
    assert "defaultTarget" not in cleartext_gateway.request("GET", "/v1/targets").json


@pytest.fixture(scope="session")
def generated_client(tmp_path_factory, shared_gateway):
    """The folder that a client has been generated into, as a package `gateway_client`."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "openapi.json").write_bytes(shared_gateway.request("GET", "/openapi.json").body)
    (folder / "configuration.yaml").write_text(
        # It does not know the media types of streams.
        "post_hooks: []\ncontent_type_overrides:\n" + "".join(
            f"  {name}: application/octet-stream\n"
            for name in ("application/jsonl", "application/x-ndjson", "application/json-seq")))
    result = python(
        "-m", "openapi_python_client", "generate", "--path", "openapi.json", "--config", "configuration.yaml",
        "--meta", "none", "--output-path", "gateway_client", "--fail-on-warning", cwd=folder,
        needs=["openapi_python_client"])
    assert result.returncode == 0, result.stdout + result.stderr
    return folder


def test_a_generated_client_updates_creates_and_understands_every_answer(gateway, generated_client, authority):
    result = python(
        PROGRAMS / "generated_client.py", f"https://localhost:{gateway.port}", authority.path, path=[generated_client],
        needs=["httpx", "attr"])
    assert (result.stdout, result.stderr, result.returncode) == ("", "", 0)


def test_a_generated_client_has_names_that_say_what_they_mean(generated_client):
    names = {path.stem for path in (generated_client / "gateway_client/models").iterdir()}
    assert {"product_status", "product_kind", "product_update_translations_entry", "dry_run"} <= names
    # What the generator calls what the document has not named.
    assert not [name for name in names if "_type_" in name]


def test_schemathesis_finds_nothing_but_refusals_by_design(gateway, authority, tmp_path):
    result = python(
        "-m", "schemathesis.cli", "run", f"https://localhost:{gateway.port}/openapi.json",
        "--tls-verify", authority.path,
        # It has no serializer for media types of streams; test_bulk.py sends them.
        "--exclude-path", "/v1/bulk",
        # The same requests each time, as many as take half a minute.
        "--checks", "all", "--generation-deterministic", "--max-examples", "20", "--continue-on-failure",
        "--request-timeout", "20", "--warnings", "off", "--no-color",
        path=[PROGRAMS], env={"SCHEMATHESIS_HOOKS": "refusals_by_design"}, cwd=tmp_path, timeout=120,
        needs=["schemathesis"])
    assert result.returncode == 0, result.stdout[-20_000:] + result.stderr
    assert int(re.search(r"(\d+) generated", result.stdout)[1]) > 1000, result.stdout
