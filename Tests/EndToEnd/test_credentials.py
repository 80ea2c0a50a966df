"""How the gateway proves itself to the vendors, with tokens that the stand-ins issue and let expire; and that no secret
is shown anywhere."""

import base64
from urllib.parse import parse_qs

from harness.configuration import SECRETS, vendor_targets
from harness.vendor import Reply
from harness.waiting import until

EP = "60afe403-a191-455e-b771-c510c928a308"
GOOD = Reply(200, {"data": {"id": EP, "type": "product", "attributes": {"name": "x"}}})


def oauth(style="form", **more):
    return {"oauth2": {
        "tokenURL": "/oauth/access_token", "clientID": {"env": "EP_CLIENT_ID"},
        "clientSecret": {"env": "EP_CLIENT_SECRET"}, "style": style, **more}}


def update(gateway, **options):
    return gateway.request("PATCH", f"/v1/products/{EP}", {"name": "x"}, **options)


def test_a_fixed_token_is_sent_as_bearer(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD, target={"credentials": {"bearer": {"token": {"env": "SOFTWAREONE_TOKEN"}}}})
    assert update(gateway).status == 200
    assert vendor.requests[0].headers["authorization"] == f"Bearer {SECRETS['SOFTWAREONE_TOKEN']}"


def test_a_secret_can_come_from_a_file(vendor_gateway, tmp_path):
    (tmp_path / "token").write_text("from-a-file\n")
    vendor, gateway = vendor_gateway(
        GOOD, target={"credentials": {"bearer": {"token": {"file": str(tmp_path / "token")}}}})
    assert update(gateway).status == 200
    assert vendor.requests[0].headers["authorization"] == "Bearer from-a-file"


def test_a_target_without_credentials_sends_no_authorization(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD)
    assert update(gateway).status == 200
    assert "authorization" not in vendor.requests[0].headers


def test_elastic_paths_token_request_is_a_form(vendor_gateway):
    vendor, gateway = vendor_gateway(
        GOOD, target={"credentials": oauth()}, env={**SECRETS, "EP_CLIENT_SECRET": "a&b=c d+é%"})
    assert update(gateway).status == 200
    [request] = vendor.token_requests
    assert (request.method, request.path) == ("POST", "/oauth/access_token")
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "authorization" not in request.headers
    assert parse_qs(request.body.decode()) == {
        "grant_type": ["client_credentials"], "client_id": ["sandbox-ep-client"], "client_secret": ["a&b=c d+é%"]}
    assert vendor.requests[0].headers["authorization"] == "Bearer vendor-token"


def test_cors_token_request_has_query_and_basic(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD, target={"credentials": oauth("query-basic")})
    assert update(gateway).status == 200
    [request] = vendor.token_requests
    assert (request.method, request.path) == ("POST", "/oauth/access_token?grant_type=client_credentials")
    pair = base64.b64encode(b"sandbox-ep-client:sandbox-ep-secret").decode()
    assert request.headers["authorization"] == f"Basic {pair}"
    assert request.body == b""


def test_a_token_in_the_older_envelope_is_read(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD, target={"credentials": oauth()})
    vendor.token = {"data": {"access_token": "wrapped", "token_type": "Bearer", "expires_in": 3600}}
    assert update(gateway).status == 200
    assert vendor.requests[0].headers["authorization"] == "Bearer wrapped"


def test_every_kind_of_credentials_reaches_the_vendor(start_vendor, start_gateway):
    """What vendors want beside a bearer token: a header field or a query of their own, Basic, and every way to ask for
    a token. The stand-in's token endpoint is the one that `tokenURL` names."""
    vendor = start_vendor(GOOD)
    user, secret = {"env": "EP_CLIENT_ID"}, {"env": "EP_CLIENT_SECRET"}
    pair = base64.b64encode(b"sandbox-ep-client:sandbox-ep-secret").decode()
    kinds = {
        "header": {"header": {"name": "x-auth-token", "value": secret}},
        "query": {"query": {"name": "api_key", "value": secret}},
        "basic": {"basic": {"username": user, "password": secret}},
        "form": oauth(scope="catalog:write catalog:read"),
        "form-basic": oauth("form-basic"),
        "json": oauth("json"),
        "json-basic": oauth("json-basic", user={"username": user, "password": secret}),
    }
    gateway = start_gateway({
        name: {"dialect": "elastic-path", "baseURL": vendor.url, "retries": {"attempts": 1}, "credentials": kind}
        for name, kind in kinds.items()})
    requests, tokens = {}, {}
    for name in kinds:
        before = len(vendor.requests), len(vendor.token_requests)
        assert gateway.update(name, EP, {"name": "x"}).status == 200, name
        [requests[name]] = vendor.requests[before[0]:]
        tokens[name] = vendor.token_requests[before[1]:]
    assert requests["header"].headers["x-auth-token"] == "sandbox-ep-secret"
    assert requests["query"].path.endswith("?api_key=sandbox-ep-secret")
    assert requests["basic"].headers["authorization"] == f"Basic {pair}"
    for name in ("header", "query"):
        assert "authorization" not in requests[name].headers
    for name in ("header", "query", "basic"):
        assert tokens[name] == []
    for name in ("form", "form-basic", "json", "json-basic"):
        assert requests[name].headers["authorization"] == "Bearer vendor-token", name
        assert len(tokens[name]) == 1, name
    ids = {"client_id": ["sandbox-ep-client"], "client_secret": ["sandbox-ep-secret"]}
    grant = {"grant_type": ["client_credentials"]}
    assert parse_qs(tokens["form"][0].body.decode()) == {**grant, **ids, "scope": ["catalog:write catalog:read"]}
    assert parse_qs(tokens["form-basic"][0].body.decode()) == grant
    assert tokens["json"][0].json == {
        "grant_type": "client_credentials", "client_id": "sandbox-ep-client", "client_secret": "sandbox-ep-secret"}
    assert tokens["json-basic"][0].json == {
        "grant_type": "password", "username": "sandbox-ep-client", "password": "sandbox-ep-secret"}
    for name, basic in (("form", False), ("form-basic", True), ("json", False), ("json-basic", True)):
        assert tokens[name][0].headers.get("authorization") == (f"Basic {pair}" if basic else None), name


def test_one_token_serves_every_worker_and_request(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD, target={"credentials": oauth()}, workers=2)
    connections = [gateway.connect() for _ in range(6)]
    streams = [
        (connection, connection.send("PATCH", f"/v1/products/{EP}", {"name": "x"}))
        for _ in range(10) for connection in connections]
    assert {connection.answer(stream).status for connection, stream in streams} == {200}
    assert len(vendor.token_requests) == 1
    for connection in connections:
        connection.close()


def test_both_oauth_styles_work_with_the_stand_ins(gateway, sandbox):
    assert gateway.update("cor", "EXT-PROD-12345", {"name": "x"}).status == 200
    assert gateway.update("elastic-path", EP, {"name": "x"}).status == 200
    [token] = sandbox.token_requests("cor")
    assert token["request"]["path"] == "/v1/oauth/token?grant_type=client_credentials"
    [token] = sandbox.token_requests("elastic-path")
    assert token["request"]["path"] == "/oauth/access_token"


def test_a_token_that_the_vendor_refuses_is_renewed_once(gateway, sandbox):
    for target, id in (("cor", "EXT-PROD-12345"), ("elastic-path", EP)):
        assert gateway.update(target, id, {"name": "x"}).status == 200
        sandbox.expire_tokens(target)
        answer = gateway.update(target, id, {"name": "y"})
        assert answer.status == 200, answer
        assert answer.json["product"]["name"] == "y"
        statuses = [each["response"]["status"] for each in sandbox.exchanges(target, "products")]
        assert statuses[-3:] == [200, 401, 200]
        assert len(sandbox.token_requests(target)) == 2


def test_many_callers_with_a_refused_token_make_few_token_requests(gateway, sandbox):
    assert gateway.update("elastic-path", EP, {"name": "x"}).status == 200
    sandbox.expire_tokens()
    with gateway.connect() as connection:
        path = f"/v1/products/{EP}?target=elastic-path"
        streams = [connection.send("PATCH", path, {"name": "x"}) for _ in range(80)]
        answers = [connection.answer(stream) for stream in streams]
    assert {answer.status for answer in answers} == {200}, [answer for answer in answers if answer.status != 200][:1]
    # The first one, and after the expiry as many as renewals whose token was refused in between: never one for each.
    assert len(sandbox.token_requests("elastic-path")) <= 4


def test_a_token_is_renewed_before_it_expires_and_nobody_sees_it(start_sandbox, start_gateway):
    sandbox = start_sandbox("--token-lifetime", "2")
    targets = vendor_targets(f"http://localhost:{sandbox.port}")
    gateway = start_gateway({"elastic-path": targets["elastic-path"]}, defaultTarget="elastic-path")
    with gateway.connect() as connection:
        def is_renewed_twice():
            answer = connection.request("PATCH", f"/v1/products/{EP}", {"name": "x"})
            assert answer.status == 200, answer
            return vendor()["tokenRequests"] >= 3

        def vendor():
            return sandbox.control.stats()["vendors"]["elastic-path"]

        until(is_renewed_twice, "the token has been renewed twice")
        assert set(vendor()["byStatus"]) == {"200"}, "a request was sent with a token that had expired"
    assert vendor()["tokenRequests"] <= 20


def test_a_vendor_that_refuses_every_token_is_asked_only_once_more(vendor_gateway):
    vendor, gateway = vendor_gateway(Reply(401, {"errors": [{"title": "Unauthorized", "status": "401"}]}),
                                     target={"credentials": oauth()})
    answer = update(gateway)
    assert answer.status == 502, answer
    assert answer.json["code"] == "vendor_credentials_rejected"
    assert answer.json["origin"] == "vendor"
    assert len(vendor.requests) == 2
    assert len(vendor.token_requests) == 2


def test_wrong_client_credentials_are_the_gateways_fault_and_nothing_is_sent(start_gateway, sandbox, shared_sandbox):
    targets = vendor_targets(f"http://localhost:{shared_sandbox.port}")
    gateway = start_gateway(
        {name: targets[name] for name in ("cor", "elastic-path")},
        env={**SECRETS, "COR_CLIENT_SECRET": "wrong-cor", "EP_CLIENT_SECRET": "wrong-ep"})
    for target in ("cor", "elastic-path"):
        answer = gateway.update(target, EP, {"name": "x"})
        assert answer.status == 502, answer
        assert answer.json["code"] == "vendor_credentials_rejected"
        assert answer.json["outcome"] == "not_sent"
        assert sandbox.products_requests(target) == []
        assert "wrong-" not in answer.text
    assert "wrong-" not in gateway.text


def test_a_token_endpoint_in_trouble_is_told_from_wrong_credentials(vendor_gateway):
    for reply, code, status in [
        (Reply(500, b""), "vendor_error", 502), (Reply(200, b"<html>"), "vendor_unintelligible", 502),
        (Reply(200, {"token": 1}), "vendor_unintelligible", 502),
        (Reply(200, {"access_token": "a\r\nb"}), "vendor_unintelligible", 502),
    ]:
        vendor, gateway = vendor_gateway(GOOD, target={"credentials": oauth()})
        vendor.token_script = [reply] * 5
        answer = update(gateway)
        assert answer.status == status, answer
        assert answer.json["code"] == code, answer
        assert answer.json["outcome"] == "not_sent"
        assert vendor.requests == []


def test_a_token_that_cannot_be_had_is_asked_for_again_by_the_next_request(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD, target={"credentials": oauth()})
    vendor.token_script = [Reply(503, b"")]
    assert update(gateway).status >= 500
    assert update(gateway).status == 200


def test_no_secret_is_shown_in_an_answer_a_dry_run_or_the_log(start_gateway, sandbox, shared_sandbox):
    targets = vendor_targets(f"http://localhost:{shared_sandbox.port}")
    gateway = start_gateway(targets, logging={"level": "trace"})
    shown = []
    ids = {"cor": "EXT-PROD-12345", "elastic-path": EP, "softwareone": "PRD-1234-1234",
           "catalogue": "ad8f1c2c-3b1c-4b0a-8b0a-0b0b0b0b0b0b"}
    for target, id in ids.items():
        for suffix, query in (
            ("", ""), ("", "&dryRun=true"), ("~401", ""), ("~403", ""), ("~garbage", ""), ("~200-html", "")):
            answer = gateway.update(target, id + suffix, {"name": "x"}, query)
            shown.append(f"{answer.headers} {answer.text}")
    for path in ("/v1/targets", *[f"/v1/targets/{target}" for target in ids], "/openapi.json"):
        shown.append(gateway.request("GET", path).text)
    sandbox.expire_tokens()
    assert gateway.update("cor", "EXT-PROD-12345", {"name": "x"}).status == 200
    gateway.stop()
    everything = "\n".join([*shown, gateway.text])
    pairs = [f"{SECRETS['COR_API_KEY']}:{SECRETS['COR_CLIENT_SECRET']}"]
    secrets = [value for name, value in SECRETS.items() if name not in ("COR_API_KEY", "EP_CLIENT_ID")]
    secrets += [base64.b64encode(pair.encode()).decode() for pair in pairs]
    for secret in secrets:
        assert secret not in everything
    # Tokens that the stand-ins issued are secrets too.
    assert "Bearer ***" in everything
    for line in everything.splitlines():
        position = line.find("Bearer ")
        assert position < 0 or line[position:].startswith("Bearer ***"), line
