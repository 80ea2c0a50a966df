"""One API over every protocol: what is answered does not depend on how it was asked."""

import pytest

from harness.http2_client import Connection
from harness.http1_client import HTTP1Connection

COR = "/v1/products/EXT-PROD-12345?target=cor"
ELASTIC_PATH = "/v1/products/60afe403-a191-455e-b771-c510c928a308?target=elastic-path"
JSON = {"content-type": "application/json"}


@pytest.fixture
def transports(gateway, plain_gateway):
    """How a caller can reach the gateway, each with a way to open a connection."""
    return {
        "h2": gateway.connect,
        "HTTP/1.1 over TLS": gateway.connect_http1,
        "HTTP/1.1 over TLS without ALPN": lambda: gateway.connect_http1(alpn=None),
        "h2c": plain_gateway.connect,
        "HTTP/1.1": plain_gateway.connect_http1,
    }


def compared(answer):
    """All of an answer but what must differ: the time, the version in `via`, what concerns the connection, and an id
    that the gateway made, because the caller's was lost with fields that were too large."""
    id = answer.headers["x-request-id"]
    fields = [
        (name, value.replace(id, "ID")) for name, value in answer.fields if name not in ("date", "via", "connection")]
    once = [name for name in ("date", "via", "x-request-id") if [f[0] for f in answer.fields].count(name) == 1]
    return answer.status, sorted(fields), once, answer.body.replace(id.encode(), b"ID")


CASES = {
    "an update": ("PATCH", COR, {"name": "New", "description": "1.10"}, {}),
    "an update with exact numbers": (
        "PATCH", "/v1/products/1?target=catalogue&dryRun=true",
        b'{"customFields": {"a": 1.10, "b": 12345678901234567890, "c": 1e400}}', JSON),
    "PUT": ("PUT", ELASTIC_PATH, {"name": "New"}, {"accept": "application/json"}),
    "a creation": ("POST", "/v1/products?target=elastic-path&dryRun=true", {
        "name": "N", "sku": "s-1", "slug": "s-1", "status": "draft", "kind": "physical", "description": ""}, {}),
    "two targets": ("PATCH", "/v1/products/EXT-PROD-12345?target=cor,softwareone", {
        "name": "New", "ids": {"cor": "EXT-PROD-12345", "softwareone": "PRD-0000-0000"}}, {}),
    "a dry run": ("PATCH", COR + "&dryRun=true", {"name": "New"}, {"prefer": "return=minimal"}),
    "a lenient one": ("PATCH", COR + "&dryRun=true", {"name": "New", "sku": "x"}, {"prefer": "handling=lenient"}),
    "targets": ("GET", "/v1/targets", None, {}),
    "one target": ("GET", "/v1/targets/cor", None, {}),
    "the schema": ("GET", "/v1/schemas/product-update.json", None, {}),
    "the API": ("GET", "/openapi.json", None, {}),
    "a problem's page": ("GET", "/problems/overloaded", None, {}),
    "no problem's page": ("GET", "/problems/nothing", None, {}),
    "a fragment": ("GET", "/v1/targets#x", None, {}),
    "HEAD": ("HEAD", "/v1/targets", None, {}),
    "HEAD of nothing": ("HEAD", "/nothing", None, {}),
    "HEAD of a large document": ("HEAD", "/openapi.json", None, {}),
    "OPTIONS of a product": ("OPTIONS", "/v1/products/1", None, {}),
    "OPTIONS of products": ("OPTIONS", "/v1/products", None, {}),
    "OPTIONS of a document": ("OPTIONS", "/openapi.json", None, {}),
    "OPTIONS of everything": ("OPTIONS", "*", None, {}),
    "OPTIONS of nothing": ("OPTIONS", "/nothing", None, {}),
    "TRACE": ("TRACE", "/v1/targets", None, {}),
    "DELETE": ("DELETE", COR, None, {}),
    "GET of a product": ("GET", COR, None, {}),
    "no such path": ("PATCH", "/v2/products/1", {"name": "x"}, {}),
    "no such target": ("PATCH", "/v1/products/1?target=corr", {"name": "x"}, {}),
    "no such product": ("PATCH", "/v1/products/NOBODY?target=cor", {"name": "x"}, {}),
    "a bad query": ("PATCH", "/v1/products/1?targets=cor", {"name": "x"}, {}),
    "a bad id": ("PATCH", "/v1/products/%ff?target=cor", {"name": "x"}, {}),
    "a long path": ("PATCH", "/v1/products/" + "x" * 9000, {"name": "x"}, {}),
    "too many fields": ("GET", "/v1/targets", None, {f"x-{number}": "v" for number in range(120)}),
    "too large fields": ("GET", "/v1/targets", None, {f"x-{number}": "v" * 4000 for number in range(5)}),
    "no JSON": ("PATCH", COR, b"{", JSON),
    "no body": ("PATCH", COR, None, JSON),
    "no object": ("PATCH", COR, b"[]", JSON),
    "no content type": ("PATCH", COR, b"{}", {"content-type": None}),
    "another content type": ("PATCH", COR, b"{}", {"content-type": "text/plain"}),
    "another charset": ("PATCH", COR, b"{}", {"content-type": "application/json; charset=latin1"}),
    "a content coding": ("PATCH", COR, b"{}", {"content-encoding": "gzip"}),
    "no JSON wanted": ("PATCH", COR, {"name": "x"}, {"accept": "text/html"}),
    "unknown members": ("PATCH", COR, {"nmae": "x", "sku": "y"}, {}),
    "a duplicate": ("PATCH", COR, b'{"name": "x", "name": "y"}', JSON),
    "what cannot be cleared": ("PATCH", COR, {"description": None}, {}),
    "a body of the largest size": ("PATCH", COR, b'{"nmae":"' + b"x" * (1024 * 1024 - 11) + b'"}', JSON),
}


@pytest.mark.parametrize("case", CASES, ids=CASES.keys())
def test_the_answer_is_the_same_over_every_protocol(transports, sandbox, case):
    method, path, body, headers = CASES[case]
    answers = {}
    for name, connect in transports.items():
        sandbox.reset()
        with connect() as connection:
            answers[name] = connection.request(
                method, path, body, {"x-request-id": "the-same-everywhere", **headers})
            via = answers[name].headers["via"]
            assert via == ("2 product-gateway" if name.startswith("h2") else "1.1 product-gateway")
            # Whatever was wrong with it, the connection takes another.
            assert connection.request("GET", "/v1/targets").status == 200, name
    expected = compared(answers["h2"])
    assert expected[2] == ["date", "via", "x-request-id"]
    for name, answer in answers.items():
        assert compared(answer) == expected, name


def test_a_body_larger_than_allowed_is_refused_over_every_protocol(transports, sandbox):
    body = b'{"name":"' + b"x" * (1024 * 1024) + b'"}'
    seen = {}
    for name, connect in transports.items():
        with connect() as connection:
            if isinstance(connection, HTTP1Connection):
                connection.send_bytes(connection.head("PATCH", COR, {**JSON, "x-request-id": "too-large"}, body))
                answer = connection.answer("PATCH")
                assert answer.headers["connection"] == "close"
            else:
                answer = connection.request("PATCH", COR, body, {
                    **JSON, "content-length": str(len(body)), "x-request-id": "too-large"})
            seen[name] = compared(answer)
    assert {answer[0] for answer in seen.values()} == {413}
    assert len({str(answer) for answer in seen.values()}) == 1, seen
    assert sandbox.exchanges() == []


def test_a_vendor_gets_the_same_request_over_every_protocol(transports, sandbox):
    seen = {}
    for name, connect in transports.items():
        sandbox.reset()
        headers = {
            "x-request-id": "the-same", "x-mine": "1", "user-agent": "me", "accept-language": "de", "cookie": "a=b"}
        if name.startswith("HTTP/1.1"):
            headers |= {"connection": "x-other", "x-other": "1", "keep-alive": "timeout=5", "te": "trailers",
                        "proxy-connection": "keep-alive"}
        else:
            headers |= {"te": "trailers"}
        with connect() as connection:
            assert connection.request("PATCH", COR, {"name": "New"}, headers).status == 200
        request = sandbox.products_requests("cor")[-1]["request"]
        fields = sorted(
            (field["name"], field["value"]) for field in request["headers"] if field["name"] != "authorization")
        names = {field[0] for field in fields}
        assert not names & {
            "connection", "keep-alive", "te", "proxy-connection", "transfer-encoding", "upgrade", "x-mine", "x-other",
            "cookie", "accept-language", "host",
        }, names
        assert ("user-agent", "me") not in fields
        seen[name] = (request["method"], request["path"], fields, request.get("body"))
    assert len({str(request) for request in seen.values()}) == 1, seen
