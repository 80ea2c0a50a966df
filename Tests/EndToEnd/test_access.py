"""Who may change what: callers by key, certificate and token, rules by field, limits, and the audit."""

import hashlib
import json
import time

import pytest

from harness.configuration import SECRETS, listener
from harness.issuer import AUDIENCE, Issuer, curl
from harness.processes import Running, command
from harness.vendor import Reply
from harness.waiting import until
from test_reload import reload

PATH = "/v1/products/EXT-1"
KEY = "a-key-that-is-long-enough-for-a-test"
OTHER_KEY = "another-key-that-is-long-enough-too"


def digest(key):
    return hashlib.sha256(key.encode()).hexdigest()


def by_key(key=KEY, **more):
    return {"identify": [{"keySHA256": [digest(key)]}], **more}


def bearer(value):
    return {"authorization": f"Bearer {value}"}


@pytest.fixture
def guarded(shared_sandbox, start_gateway):
    """A gateway that knows callers, with the stand-in of one vendor behind it."""

    def start(callers, **members):
        target = {"dialect": "softwareone", "baseURL": f"http://localhost:{shared_sandbox.port}/public",
                  "credentials": {"bearer": {"token": {"env": "SOFTWAREONE_TOKEN"}}}}
        return start_gateway({"one": target, "two": target}, defaultTarget="one", callers=callers, **members)

    return start


def dry(gateway, headers=None, body=None, query=""):
    return gateway.request("PATCH", f"{PATH}?dryRun=true{query}", body or {"name": "x"}, headers)


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


# The audit

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


def audited(gateway, count=1):
    return until(lambda: len(gateway.lines("audit")) >= count and gateway.lines("audit"), "the lines of the audit")


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


# Tokens

@pytest.fixture
def issuer(certificate):
    issuer = Issuer(certificate)
    yield issuer
    issuer.stop()


def issuers(issuer, authority, jwks=None, **more):
    return {"corp": {"issuer": issuer.url, "jwks": jwks or {"url": f"{issuer.url}/keys"}, "audience": [AUDIENCE],
                     "algorithms": ["RS256", "PS256", "ES256", "ES384", "EdDSA"], "caFile": authority.path, **more}}


BY_TOKEN = {"pim": {"identify": [{"jwt": {"issuer": "corp", "subject": "pim"}}]},
            "batch": {"identify": [{"jwt": {"issuer": "corp", "claims": {"roles": "import"}}}]}}


@pytest.mark.parametrize("where", ["url", "discovery", "file"])
def test_a_token_of_each_algorithm_names_its_caller(guarded, issuer, authority, tmp_path, where):
    for type in ["RS256", "PS256", "ES256", "ES384", "EdDSA"]:
        issuer.make_key(type, type)
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": issuer.published}))
    jwks = {"url": {"url": f"{issuer.url}/keys"}, "discovery": {"discovery": True},
            "file": {"file": str(tmp_path / "jwks.json")}}[where]
    gateway = guarded(BY_TOKEN, issuers=issuers(issuer, authority, jwks))
    for type in ["RS256", "PS256", "ES256", "ES384", "EdDSA"]:
        token = issuer.token(type)
        for _ in range(2):
            answer = dry(gateway, bearer(token))
            assert answer.status == 200, (type, answer)
            assert gateway.exchange_line(answer.headers["x-request-id"])["caller"] == "pim"
        role = dry(gateway, bearer(issuer.token(type, sub="other", roles=["a", "import"])))
        assert gateway.exchange_line(role.headers["x-request-id"])["caller"] == "batch"
        assert token not in gateway.text
    assert len([path for path in issuer.asked if path == "/keys"]) == (0 if where == "file" else 1)


@pytest.mark.parametrize("change,said", [
    ({"exp": int(time.time()) - 60}, "expired"), ({"exp": None}, "ends"), ({"aud": "other"}, "audience"),
    ({"iss": "https://other"}, "issuer"), ({"nbf": int(time.time()) + 600}, "not valid yet"),
    ({"sub": "nobody"}, "none of a caller"), ({"cnf": {"jkt": "x"}}, "bound"),
    ({"exp": int(time.time()) + 10 * 86400}, "longer"), ({"sub": "pim", "roles": "import"}, "none of a caller"),
])
def test_a_token_that_does_not_count_says_why(guarded, issuer, authority, change, said):
    issuer.make_key("k1")
    gateway = guarded(BY_TOKEN, issuers=issuers(issuer, authority))
    answer = dry(gateway, bearer(issuer.token("k1", **change)))
    assert answer.status == 401
    assert said in answer.json["detail"]
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_what_a_token_says_is_no_command_for_a_terminal(issuer, tmp_path):
    issuer.make_key("k1", "ES256")
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": issuer.published}))
    (tmp_path / "gateway.json").write_text(json.dumps({
        "targets": {"one": {"dialect": "softwareone", "baseURL": "https://vendor.example"}}, "callers": BY_TOKEN,
        "issuers": {"corp": {"issuer": issuer.url, "jwks": {"file": "jwks.json"}, "audience": [AUDIENCE]}}}))
    hostile = "a\x1b]0;x\x07\x1b[2J\r\nvalid: \u202eb\u2028c\x7f\u0085\u200bd\x00"
    for claims in ({"sub": hostile, "client_id": hostile}, {"sub": hostile, "aud": hostile}, {"iss": hostile}):
        for header in ({}, {"kid": hostile}):
            for arguments in (["--config", tmp_path / "gateway.json"], ["--keys", tmp_path / "jwks.json"]):
                token = issuer.token("k1", header=header, **claims).encode()
                checked = command("token", "check", *arguments, stdin=token)
                printed = checked.stdout + checked.stderr
                assert printed.count(b"\n") == 1 and printed.endswith(b"\n"), printed
                shown = printed[:-1].decode()
                assert shown.isprintable(), printed
    assert "valid: issuer corp" in command(
        "token", "check", "--config", tmp_path / "gateway.json",
        stdin=issuer.token("k1", sub=hostile).encode()).stdout.decode()


def test_a_new_key_is_fetched_when_a_token_names_it(guarded, issuer, authority):
    issuer.make_key("k1")
    gateway = guarded(BY_TOKEN, issuers=issuers(issuer, authority))
    assert dry(gateway, bearer(issuer.token("k1"))).status == 200
    # Without overlap: the old key goes as the new one comes.
    issuer.published.clear()
    old = issuer.token("k1", sub="pim", jti="2")
    issuer.make_key("k2")
    assert dry(gateway, bearer(issuer.token("k2"))).status == 200
    assert dry(gateway, bearer(old)).status == 401
    assert issuer.asked.count("/keys") == 2


def test_made_up_keys_cost_one_fetch(guarded, issuer, authority):
    issuer.make_key("k1")
    issuer.make_key("made-up", publish=False)
    gateway = guarded(BY_TOKEN, issuers=issuers(issuer, authority))
    good = bearer(issuer.token("k1"))
    assert dry(gateway, good).status == 200
    with gateway.connect() as connection:
        for number in range(200):
            token = issuer.token("made-up", header={"kid": f"made-up-{number}"})
            answer = connection.request("PATCH", f"{PATH}?dryRun=true", {"name": "x"}, bearer(token))
            assert answer.status == 401
    assert dry(gateway, good).status == 200
    assert issuer.asked.count("/keys") == 2


def test_an_issuer_that_is_down_is_not_the_callers_fault(guarded, issuer, authority):
    issuer.make_key("k1")
    issuer.status = 500
    gateway = guarded(BY_TOKEN, issuers=issuers(issuer, authority))
    token = bearer(issuer.token("k1"))
    answer = dry(gateway, token)
    assert (answer.status, answer.json["code"]) == (503, "identity_unavailable")
    assert (answer.json["outcome"], answer.json["retryable"]) == ("not_sent", True)
    assert int(answer.headers["retry-after"]) >= 1
    issuer.status = 200
    until(lambda: dry(gateway, token).status == 200, "the keys are there")


@pytest.mark.parametrize("text", ['{"keys":[]}', "not JSON", '{"keys":[{"kty":"oct","k":"AAAA","kid":"k1"}]}'])
def test_a_broken_set_never_replaces_a_good_one(guarded, issuer, authority, text):
    issuer.make_key("k1")
    gateway = guarded(BY_TOKEN, issuers=issuers(issuer, authority))
    assert dry(gateway, bearer(issuer.token("k1"))).status == 200
    issuer.text = text
    issuer.make_key("k2", publish=False)
    assert dry(gateway, bearer(issuer.token("k2"))).status == 401
    until(lambda: gateway.lines("no keys of issuer"), "the reason in the log")
    assert dry(gateway, bearer(issuer.token("k1", jti="another"))).status == 200


def test_texts_that_unicode_takes_for_the_same_are_not(guarded, issuer, authority):
    issuer.make_key("k1")
    gateway = guarded({"karl": {"identify": [{"jwt": {"issuer": "corp", "subject": "Karl"}}]},
                       "role": {"identify": [{"jwt": {"issuer": "corp", "claims": {"roles": "jos\u00e9"}}}]}},
                      issuers=issuers(issuer, authority))
    assert dry(gateway, bearer(issuer.token("k1", sub="Karl"))).status == 200
    assert dry(gateway, bearer(issuer.token("k1", sub="\u212aarl"))).status == 401
    assert dry(gateway, bearer(issuer.token("k1", sub="x", roles=["jose\u0301"]))).status == 401


@pytest.mark.parametrize("kid", [True, False])
def test_new_material_under_the_same_name_or_none_is_fetched(guarded, issuer, authority, kid):
    def publish(name):
        made = issuer.make_key(name, publish=False)
        issuer.published[:] = [{**made, "kid": "same"} if kid else {k: v for k, v in made.items() if k != "kid"}]
        return lambda: bearer(issuer.token(name, header={"kid": "same" if kid else None}))

    first = publish("k1")
    gateway = guarded(BY_TOKEN, issuers=issuers(issuer, authority))
    assert dry(gateway, first()).status == 200
    second = publish("k2")
    assert dry(gateway, second()).status == 200
    assert issuer.asked.count("/keys") == 2
    assert dry(gateway, first()).status == 401
    assert issuer.asked.count("/keys") == 2


def test_a_key_with_dots_is_a_key_also_where_there_are_issuers(guarded, issuer, authority):
    issuer.make_key("k1")
    key = "a.key.with-dots-that-is-long-enough"
    gateway = guarded({**BY_TOKEN, "shop": by_key(key)}, issuers=issuers(issuer, authority))
    assert dry(gateway, bearer(key)).status == 200


def test_a_stream_ends_when_its_token_does(guarded, issuer, authority):
    issuer.make_key("k1")
    gateway = guarded(BY_TOKEN, issuers=issuers(issuer, authority, clockSkew="0s"))
    token = bearer(issuer.token("k1", exp=int(time.time()) + 3))
    with gateway.connect() as connection:
        stream = connection.begin(
            "POST", "/v1/bulk?target=one", {**token, "content-type": "application/jsonl"}, end=False)
        connection.send_body(stream, LINE, end=False)
        answer = connection.answer(stream)
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines[0]["outcome"] == "done"
    assert [line["fatal"]["code"] for line in lines if "fatal" in line] == ["unauthenticated"]
    assert lines[-1]["summary"]["lines"] == 1


LINE = json.dumps({"id": "PRD-1234-1234", "product": {"name": "a"}}).encode() + b"\n"


@pytest.mark.parametrize("what", ["gone", "another key", "may not", "same"])
def test_a_stream_is_held_against_the_rules_in_force(guarded, what):
    gateway = guarded({"pim": by_key(), "shop": by_key(OTHER_KEY)})

    def change(configuration):
        callers = configuration["callers"]
        if what == "gone":
            del callers["pim"]
        elif what == "another key":
            callers["pim"] = by_key("yet-another-key-that-is-long-enough")
        elif what == "may not":
            callers["pim"] = by_key(allow=[{"operations": ["read"]}])
        else:
            callers["shop"] = by_key(OTHER_KEY, allow=[{"operations": ["read"]}])

    with gateway.connect() as connection:
        stream = connection.begin(
            "POST", "/v1/bulk?target=one", {**bearer(KEY), "content-type": "application/jsonl"}, end=False)
        connection.send_body(stream, LINE, end=False)
        audited(gateway)
        reload(gateway, change)
        connection.send_body(stream, LINE, end=True)
        lines = [json.loads(line) for line in connection.answer(stream).text.splitlines()]
    results = [line.get("code", line.get("outcome")) for line in lines if "line" in line]
    fatal = [line["fatal"]["code"] for line in lines if "fatal" in line]
    if what in ("gone", "another key"):
        assert (results[0], fatal) == ("done", ["unauthenticated"])
        assert "done" not in results[1:]
    else:
        assert (results, fatal) == (["done", "done" if what == "same" else "forbidden"], [])


# Certificates

@pytest.fixture
def mutual(certificate, authority):
    """The listener of a gateway that asks for certificates, with members of `callers`."""

    def build(**more):
        built = listener(certificate)
        built["tls"]["callers"] = {"authorities": authority.path, **more}
        return built

    return build


WORKLOADS = {"pim": {"identify": [{"mtls": "spiffe://example.org/pim"}]},
             "shop": {"identify": [{"mtls": "dns:shop.example.org"}, {"keySHA256": [digest(KEY)]}]}}


def ask(gateway, authority, shown=None, *arguments):
    proof = ["--cert", shown.certificate, "--key", shown.key] if shown else []
    return curl(f"https://localhost:{gateway.port}/v1/targets", "--cacert", authority.path, *proof, *arguments)


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
@pytest.mark.parametrize("tls", ["1.2", "1.3"])
def test_a_certificate_names_its_caller(guarded, mutual, authority, version, tls):
    gateway = guarded(WORKLOADS, listener=mutual(), tls=True)
    pim = authority.issue("pim", "URI:spiffe://example.org/pim,DNS:other.example.org")
    shop = authority.issue("shop", "DNS:SHOP.example.org")
    nobody = authority.issue("nobody", "URI:spiffe://example.org/nobody")
    two = authority.issue("two", "URI:spiffe://example.org/pim,DNS:shop.example.org")
    options = [version, "--tls-max", tls, f"--tlsv{tls}"]
    for shown, name in [(pim, "pim"), (shop, "shop")]:
        status, fields, _ = ask(gateway, authority, shown, *options)
        assert status == 200
        assert gateway.exchange_line(fields["x-request-id"])["caller"] == name
    for shown in [nobody, two, None]:
        assert ask(gateway, authority, shown, *options)[0] == 401
    assert ask(gateway, authority, None, *options, "-H", f"x-api-key: {KEY}")[0] == 200


def test_a_certificate_of_another_authority_gets_no_connection(guarded, mutual, authority, tmp_path):
    from harness.certificates import Authority
    gateway = guarded(WORKLOADS, listener=mutual(mode="require"), tls=True)
    stranger = Authority(tmp_path, "strangers").issue("pim", "URI:spiffe://example.org/pim")
    expired = authority.issue("late", "URI:spiffe://example.org/pim", days=-1)
    for shown in [stranger, expired, None]:
        with pytest.raises(ConnectionError):
            ask(gateway, authority, shown)
    assert ask(gateway, authority, authority.issue("pim", "URI:spiffe://example.org/pim"))[0] == 200


def test_a_token_can_be_bound_to_a_certificate(guarded, mutual, authority, issuer):
    import base64
    import ssl
    issuer.make_key("k1")
    gateway = guarded(BY_TOKEN, listener=mutual(), tls=True, issuers=issuers(issuer, authority))
    shown = authority.issue("bound", "URI:spiffe://example.org/any")
    der = ssl.PEM_cert_to_DER_cert(open(shown.certificate).read())
    thumbprint = base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()
    token = issuer.token("k1", cnf={"x5t#S256": thumbprint})
    for _ in range(2):
        assert ask(gateway, authority, shown, "-H", f"authorization: Bearer {token}")[0] == 200
        other = authority.issue("other", "URI:spiffe://example.org/any")
        assert ask(gateway, authority, other, "-H", f"authorization: Bearer {token}")[0] == 401
        assert ask(gateway, authority, None, "-H", f"authorization: Bearer {token}")[0] == 401


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


# Behind a balancer

PROXY_LINE = b"PROXY TCP4 198.51.100.9 127.0.0.1 4711 8443\r\n"
PROXY_BINARY = bytes.fromhex("0d0a0d0a000d0a515549540a 21 11 000c c6336409 7f000001 1267 20fb")


@pytest.mark.parametrize("header", [PROXY_LINE, PROXY_BINARY])
def test_a_trusted_balancer_says_where_a_connection_comes_from(guarded, header):
    gateway = guarded({"pim": by_key()}, listener={
        **listener(), "trusted": {"networks": ["127.0.0.0/8"], "proxyProtocol": True}})
    with gateway.connect_http1() as connection:
        for part in (header[:7], header[7:]):
            connection.send_bytes(part)
        answer = connection.request("GET", "/v1/targets", headers=bearer(KEY))
        assert answer.status == 200
    assert gateway.exchange_line(answer.headers["x-request-id"])["callerAddress"] == "198.51.100.9"
    with gateway.connect_http1() as connection:
        connection.send("GET", "/v1/targets")
        assert connection.rest() == b""


def test_nobody_else_is_believed_a_header(guarded):
    gateway = guarded({"pim": by_key()}, listener={
        **listener(), "trusted": {"networks": ["10.0.0.0/8"], "proxyProtocol": True, "clientCertificates": True,
                                  "addressFrom": "X-Forwarded-For"}})
    with gateway.connect_http1() as connection:
        connection.send_bytes(PROXY_LINE)
        connection.send("GET", "/v1/targets", headers=bearer(KEY))
        assert b"200" not in connection.rest()[:16]
    answer = gateway.request("GET", "/v1/targets", headers={**bearer(KEY), "x-forwarded-for": "198.51.100.9"})
    assert answer.status == 200
    assert gateway.exchange_line(answer.headers["x-request-id"])["callerAddress"] == "127.0.0.1"


@pytest.mark.parametrize("field,value", [
    ("X-Forwarded-For", "1.2.3.4, 198.51.100.9"), ("Forwarded", 'for=1.2.3.4, for="198.51.100.9:80";proto=https')])
def test_a_trusted_proxy_says_where_a_request_comes_from(guarded, field, value):
    gateway = guarded({"pim": by_key()}, listener={
        **listener(), "trusted": {"networks": ["127.0.0.1"], "addressFrom": field}})
    answer = gateway.request("GET", "/v1/targets", headers={**bearer(KEY), field.lower(): value})
    assert gateway.exchange_line(answer.headers["x-request-id"])["callerAddress"] == "198.51.100.9"


def test_a_trusted_proxy_passes_a_certificate_on(guarded, authority):
    import base64
    import ssl
    shown = authority.issue("forwarded", "URI:spiffe://example.org/pim")
    field = ":" + base64.b64encode(ssl.PEM_cert_to_DER_cert(open(shown.certificate).read())).decode() + ":"
    callers = {"pim": {"identify": [{"mtls": "spiffe://example.org/pim"}]}}
    believing = guarded(callers, listener={
        **listener(), "trusted": {"networks": ["127.0.0.1"], "clientCertificates": True}})
    answer = believing.request("GET", "/v1/targets", headers={"client-cert": field})
    assert answer.status == 200
    assert believing.exchange_line(answer.headers["x-request-id"])["caller"] == "pim"
    for wrong in (field[:-2] + ":", ":AAAA:", "junk"):
        assert believing.request("GET", "/v1/targets", headers={"client-cert": wrong}).status == 401
    for trusted in [{"networks": ["10.0.0.1"], "clientCertificates": True}, {"networks": ["127.0.0.1"]}]:
        unbelieving = guarded(callers, listener={**listener(), "trusted": trusted})
        assert unbelieving.request("GET", "/v1/targets", headers={"client-cert": field}).status == 401


def forwarded(shown):
    import base64
    import ssl
    return ":" + base64.b64encode(ssl.PEM_cert_to_DER_cert(open(shown.certificate).read())).decode() + ":"


def test_a_certificate_that_has_ended_proves_nothing(guarded, authority, issuer):
    import base64
    issuer.make_key("k1")
    gateway = guarded({**BY_TOKEN, "shop": {"identify": [{"mtls": "spiffe://example.org/shop"}]}}, anonymous="allow",
                      issuers=issuers(issuer, authority), listener={
        **listener(), "trusted": {"networks": ["127.0.0.1"], "clientCertificates": True}})
    for days, expected in [(1, 200), (-1, 401)]:
        field = forwarded(authority.issue(f"for-{days}", "URI:spiffe://example.org/shop", days=days))
        assert gateway.request("GET", "/v1/targets", headers={"client-cert": field}).status == expected
        digest_ = hashlib.sha256(base64.b64decode(field.strip(":"))).digest()
        token = issuer.token("k1", cnf={"x5t#S256": base64.urlsafe_b64encode(digest_).rstrip(b"=").decode()})
        for _ in range(2):
            answer = gateway.request("GET", "/v1/targets", headers={**bearer(token), "client-cert": field})
            assert answer.status == expected


def test_what_a_trusted_proxy_says_of_a_certificate_is_one_or_wrong(guarded, mutual, authority):
    proxy = authority.issue("proxy", "URI:spiffe://example.org/pim")
    built = mutual()
    built["trusted"] = {"networks": ["127.0.0.1"], "clientCertificates": True}
    gateway = guarded(WORKLOADS, listener=built, tls=True, anonymous="allow")
    # Its own certificate is never its caller's.
    status, fields, _ = ask(gateway, authority, proxy)
    assert status == 200
    assert gateway.exchange_line(fields["x-request-id"])["caller"] == "127.0.0.1"
    for wrong in (":AAAA:", "junk"):
        assert ask(gateway, authority, proxy, "-H", f"client-cert: {wrong}")[0] == 401


def test_several_lines_of_a_field_are_one(guarded):
    gateway = guarded({"pim": by_key()}, listener={
        **listener(), "trusted": {"networks": ["127.0.0.1", "10.0.0.0/8"], "addressFrom": "X-Forwarded-For"}})
    with gateway.connect_http1() as connection:
        connection.send_bytes(
            f"GET /v1/targets HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\n"
            "x-forwarded-for: 198.51.100.9\r\nx-forwarded-for: 10.1.1.1\r\n\r\n".encode())
        answer = connection.answer("GET")
    assert gateway.exchange_line(answer.headers["x-request-id"])["callerAddress"] == "198.51.100.9"


# The admin listener

@pytest.mark.parametrize("mode", ["ask", "require"])
def test_an_admin_listener_that_wants_certificates_lets_nobody_in_without(guarded, authority, certificate, mode):
    gateway = guarded({"pim": by_key()}, admin={
        "host": "127.0.0.1", "port": 0,
        "tls": {"certificate": certificate.certificate, "privateKey": certificate.key,
                "callers": {"authorities": authority.path, "mode": mode}}})
    address = f"https://localhost:{gateway.admin_port}"
    operator = authority.issue("operator", "DNS:operator.example.org")
    proof = ["--cert", operator.certificate, "--key", operator.key]
    for path in ["/metrics", "/status", "/livez"]:
        assert curl(address + path, "--cacert", authority.path, *proof)[0] == 200
    if mode == "require":
        with pytest.raises(ConnectionError):
            curl(address + "/status", "--cacert", authority.path)
    else:
        for path in ["/metrics", "/status", "/", "/exchanges"]:
            assert curl(address + path, "--cacert", authority.path)[0] == 401
        assert curl(address + "/livez", "--cacert", authority.path)[0] == 200


def test_the_admin_listener_can_want_a_key_and_tls(guarded, authority, certificate):
    gateway = guarded({"pim": by_key()}, admin={
        "host": "127.0.0.1", "port": 0, "keySHA256": [digest(KEY)],
        "tls": {"certificate": certificate.certificate, "privateKey": certificate.key}})
    address = f"https://localhost:{gateway.admin_port}"
    for path in ["/metrics", "/status", "/", "/exchanges", "/workbench"]:
        status, fields, _ = curl(address + path, "--cacert", authority.path)
        assert status == 401
    assert curl(address + "/livez", "--cacert", authority.path)[0] == 200
    for proof in [["-H", f"authorization: Bearer {KEY}"], ["-u", f"operator:{KEY}"]]:
        assert curl(address + "/metrics", "--cacert", authority.path, *proof)[0] == 200
    assert curl(address + "/metrics", "--cacert", authority.path, "-u", "operator:wrong")[0] == 401


@pytest.fixture
def closed_admin(guarded, authority, certificate):
    """A gateway whose admin listener wants a key, over TLS, from whoever has a certificate."""
    return guarded({"pim": by_key()}, admin={
        "host": "127.0.0.1", "port": 0, "keySHA256": [digest(KEY)], "openHealthChecks": False,
        "tls": {"certificate": certificate.certificate, "privateKey": certificate.key,
                "callers": {"authorities": authority.path, "mode": "require"}}})


def test_commands_ask_a_guarded_admin_listener(closed_admin, authority, tmp_path):
    gateway = closed_admin
    url = f"https://localhost:{gateway.admin_port}"
    operator = authority.issue("operator", "DNS:operator.example.org")
    (tmp_path / "key").write_text(KEY + "\n")
    trust = ["--admin-ca-file", authority.path]
    shown = [*trust, "--admin-certificate", operator.certificate, "--admin-private-key", operator.key]
    whole = [*shown, "--admin-key-file", str(tmp_path / "key")]
    assert command("healthcheck", "--url", url, *whole).returncode == 0
    against = command("check", "--config", gateway.file, "--against", url, *whole, env=SECRETS)
    assert against.returncode == 0 and b"nothing would change" in against.stdout, against
    tail = Running(["tail", "--url", url, "--count", "1", *whole])
    seen = until(lambda: dry(gateway, bearer(KEY)) and tail.output, "an exchange is shown")
    assert "pim" in seen[0]
    assert tail.process.wait(timeout=10) == 0
    # Less than everything is not enough, and says what is missing.
    for arguments, said in [(shown, "401"), (trust, "certificate required"), ([], "not trusted")]:
        refused = command("healthcheck", "--url", url, *arguments)
        assert refused.returncode == 1 and said in refused.stderr.decode(), refused
    assert KEY.encode() not in against.stdout + against.stderr
    # An image's health check has no arguments of its own; the certificate's name is the configured one's.
    environment = {"PRODUCT_GATEWAY_ADMIN_KEY": KEY, "PRODUCT_GATEWAY_ADMIN_CA_FILE": authority.path,
                   "PRODUCT_GATEWAY_ADMIN_CERTIFICATE": operator.certificate,
                   "PRODUCT_GATEWAY_ADMIN_PRIVATE_KEY": operator.key}
    configured = json.loads(gateway.file.read_text())
    configured["admin"]["port"] = gateway.admin_port
    (tmp_path / "gateway.json").write_text(json.dumps(configured))
    checked = command("healthcheck", "--config", tmp_path / "gateway.json", env=environment)
    assert checked.returncode == 0, checked


def test_a_key_is_not_sent_where_everybody_can_read_it():
    refused = command("healthcheck", "--url", "http://192.0.2.1:9901", env={"PRODUCT_GATEWAY_ADMIN_KEY": KEY})
    assert refused.returncode == 64
    assert b"without TLS" in refused.stderr and KEY.encode() not in refused.stderr
