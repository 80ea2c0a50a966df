"""What a caller can get wrong: each gets its own clear answer, and nothing of it reaches a vendor."""

import socket
import ssl

import pytest

from harness.waiting import until

PRODUCT = "/v1/products/EXT-PROD-12345?target=cor"


def check_problem(answer, status, code, pointer=None, outcome="not_sent", origin="gateway"):
    """The one error of the API, complete (RFC 9457)."""
    assert answer.status == status, answer
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json
    assert problem["code"] == code, problem
    assert problem["status"] == status
    assert problem["type"] == f"/problems/{code}"
    assert problem["title"] and problem["detail"]
    assert problem["origin"] == origin
    assert problem["outcome"] == outcome
    assert isinstance(problem["retryable"], bool)
    assert problem["requestId"] == answer.headers["x-request-id"]
    assert "product-gateway" in answer.headers["proxy-status"]
    if pointer is not None:
        assert pointer in [error.get("pointer") for error in problem["errors"]], problem
    return problem


@pytest.fixture(autouse=True)
def nothing_is_sent(sandbox):
    yield
    assert sandbox.exchanges() == [], "a request that could not be translated reached a vendor"


@pytest.mark.parametrize("body, position", [
    (b"", None),
    (b"{", "line 1"),
    (b"not json", "line 1, column 1"),
    (b'{"name": "x",}', "line 1"),
    (b'{"name":\n  nope}', "line 2"),
    (b"{'name': 'x'}", "line 1"),
    (b'{"name": "x"} {}', "line 1"),
    (b'{"name": 01}', "line 1"),
    (b'{"name": NaN}', "line 1"),
    (b'\xef\xbb\xbf{"name": "x"}', "line 1"),
    (b'{"name": "\xff"}', "line 1"),
    (b'{"name": "\\ud800"}', "line 1"),
    (b'{"name": "a\nb"}', "line 1"),
    (b'{"a":' * 65 + b"1" + b"}" * 65, None),
])
def test_a_body_that_is_not_json_is_refused_with_its_position(gateway, body, position):
    answer = gateway.request("PATCH", PRODUCT, body, {"content-type": "application/json"})
    problem = check_problem(answer, 400, "malformed_json")
    if position:
        assert position in problem["detail"], problem["detail"]


@pytest.mark.parametrize("body", ["[]", '"text"', "7", "null", "true"])
def test_json_that_is_not_an_object_is_refused(gateway, body):
    problem = check_problem(gateway.request("PATCH", PRODUCT, body), 400, "invalid_request")
    assert "object" in problem["detail"], problem


def test_a_member_that_occurs_twice_is_refused_with_its_pointer(gateway):
    answer = gateway.request("PATCH", PRODUCT, '{"name": "a", "name": "b"}')
    assert answer.status in (400, 422), answer
    assert "/name" in answer.text


@pytest.mark.parametrize("target, product, pointer", [
    ("cor", {"name": 7}, "/name"),
    ("cor", {"name": ["x"]}, "/name"),
    ("elastic-path", {"tags": "x"}, "/tags"),
    ("elastic-path", {"tags": [1]}, "/tags/0"),
    ("elastic-path", {"translations": {"fr-FR": "x"}}, "/translations/fr-FR"),
    ("softwareone", {"externalIds": "x"}, "/externalIds"),
])
def test_a_wrong_type_is_refused_with_its_pointer(gateway, target, product, pointer):
    problem = check_problem(gateway.update(target, "PRD-1234-1234", product), 422, "validation_failed", pointer)
    assert [error["code"] for error in problem["errors"]] == ["wrong_type"]


@pytest.mark.parametrize("member, meant", [
    ("nmae", "name"), ("Name", "name"), ("descripton", "description"), ("short_description", "shortDescription"),
])
def test_an_unknown_member_is_refused_with_a_suggestion(gateway, member, meant):
    answer = gateway.request("PATCH", PRODUCT, {member: "x"})
    problem = check_problem(answer, 422, "validation_failed", f"/{member}")
    error = problem["errors"][0]
    assert error["code"] == "unknown_member"
    assert f"did you mean {meant}?" in error["detail"].replace('"', ""), error


def test_every_mistake_is_told_at_once(gateway):
    answer = gateway.update(
        "elastic-path", "60afe403-a191-455e-b771-c510c928a308",
        {"nmae": "x", "sku": 7, "status": "gone", "slug": "not a slug", "tags": ["a b", "c,d"]})
    problem = check_problem(answer, 422, "validation_failed")
    pointers = {error["pointer"] for error in problem["errors"]}
    assert {"/nmae", "/sku", "/status", "/slug", "/tags/0", "/tags/1"} <= pointers, problem


@pytest.mark.parametrize("target, product, pointer", [
    ("cor", {"sku": "X"}, "/sku"),
    ("cor", {"name": "x", "tags": ["a"]}, "/tags"),
    ("elastic-path", {"shortDescription": "x"}, "/shortDescription"),
    ("softwareone", {"status": "live"}, "/status"),
    ("catalogue", {"website": "https://x.example"}, "/website"),
])
def test_a_field_that_the_target_cannot_take_is_refused(gateway, target, product, pointer):
    check_problem(gateway.update(target, "PRD-1234-1234", product), 422, "unsupported_field", pointer)


def test_clearing_what_a_vendor_cannot_clear_is_refused(gateway):
    answer = gateway.update("cor", "EXT-PROD-12345", {"description": None})
    problem = check_problem(answer, 422, "unsupported_field", "/description")
    assert problem["errors"][0]["code"] == "cannot_clear"


def test_an_empty_update_is_an_error_and_not_a_success(gateway):
    answer = gateway.request("PATCH", PRODUCT, {})
    assert answer.status == 422, answer


def test_an_unknown_target_is_named_with_those_there_are(gateway):
    problem = check_problem(gateway.update("corr", "1", {"name": "x"}), 404, "unknown_target")
    assert "corr" in problem["detail"]
    assert "cor" in problem["detail"]


def test_a_missing_target_without_a_default_is_an_error(start_gateway):
    gateway = start_gateway({"cor": {
        "dialect": "cor", "baseURL": "http://localhost:1", "parameters": {"source": "JIRA"}}})
    check_problem(gateway.request("PATCH", "/v1/products/1", {"name": "x"}), 400, "target_required")


@pytest.mark.parametrize("query", [
    "target=", "target=cor,", "target=cor,cor", "target=cor&target=softwareone", "target=cor&dryRun=yes",
    "target=cor&dryrun=true", "target=%ff",
])
def test_a_query_that_makes_no_sense_is_refused(gateway, query):
    answer = gateway.request("PATCH", f"/v1/products/1?{query}", {"name": "x"})
    check_problem(answer, 400, "invalid_request")


@pytest.mark.parametrize("method, path, allow", [
    ("DELETE", "/v1/products/1?target=cor", "PATCH"),
    ("POST", "/v1/products/1?target=cor", "PATCH"),
    ("PATCH", "/v1/products?target=cor", "POST"),
    ("GET", "/v1/products", "POST"),
    ("PUT", "/v1/targets", "GET"),
    ("BREW", "/v1/products/1", "PATCH"),
])
def test_a_wrong_method_names_the_right_ones(gateway, method, path, allow):
    answer = gateway.request(method, path, {"name": "x"} if method != "GET" else None)
    check_problem(answer, 405, "method_not_allowed")
    assert allow in answer.headers["allow"]


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/product/1", "/v2/products/1", "/v1/products/", "/favicon.ico"])
def test_a_wrong_path_is_not_found(gateway, path):
    check_problem(gateway.request("PATCH", path, {"name": "x"}), 404, "not_found")


@pytest.mark.parametrize("path", [
    "/v1/products/a/b?target=cor", "/v1/products/%zz?target=cor", "/v1/products/%ff?target=cor",
                                  "/v1/products/..?target=cor", "/v1/products/%2e?target=cor",
                                  "/v1/products/a%0ab?target=cor", "/v1/products/a%00?target=cor"])
def test_an_id_that_is_no_path_segment_is_refused(gateway, path):
    check_problem(gateway.request("PATCH", path, {"name": "x"}), 400, "invalid_request")


def test_a_missing_content_type_is_refused(gateway):
    answer = gateway.request("PATCH", PRODUCT, {"name": "x"}, {"content-type": None})
    problem = check_problem(answer, 415, "unsupported_media_type")
    assert "application/json" in problem["detail"]


@pytest.mark.parametrize("content_type", [
    "text/plain", "application/xml", "application/x-www-form-urlencoded", "application/json; charset=latin1",
    "application/jsonx", "",
])
def test_a_wrong_content_type_is_refused(gateway, content_type):
    answer = gateway.request("PATCH", PRODUCT, {"name": "x"}, {"content-type": content_type})
    check_problem(answer, 415, "unsupported_media_type")


def test_a_compressed_body_is_refused(gateway):
    answer = gateway.request("PATCH", PRODUCT, {"name": "x"}, {"content-encoding": "gzip"})
    check_problem(answer, 415, "unsupported_media_type")


def test_a_caller_that_does_not_take_json_is_told(gateway):
    answer = gateway.request("PATCH", PRODUCT, {"name": "x"}, {"accept": "text/html"})
    check_problem(answer, 406, "not_acceptable")


BODY_MAX = 1024 * 1024


def test_a_body_that_says_it_is_too_large_is_refused_before_it_comes(gateway):
    with gateway.connect() as connection:
        stream = connection.begin(
            "PATCH", PRODUCT, {"content-length": str(BODY_MAX + 1), "content-type": "application/json"}, end=False)
        check_problem(connection.answer(stream), 413, "payload_too_large")
        # The connection goes on for the others.
        assert connection.request("GET", "/v1/targets").status == 200


def test_a_body_that_turns_out_too_large_is_refused(gateway):
    body = b'{"name":"' + b"x" * BODY_MAX + b'"}'
    with gateway.connect() as connection:
        stream = connection.begin("PATCH", PRODUCT, {"content-type": "application/json"}, end=False)
        connection.send_body(stream, body)
        check_problem(connection.answer(stream), 413, "payload_too_large")
        assert connection.request("GET", "/v1/targets").status == 200


def test_a_body_of_just_the_limit_is_read(gateway):
    filler = b"x" * (BODY_MAX - len(b'{"nmae":""}'))
    answer = gateway.request("PATCH", PRODUCT, b'{"nmae":"' + filler + b'"}')
    check_problem(answer, 422, "validation_failed")


def test_a_caller_that_goes_away_in_its_body_leaves_nothing_behind(gateway):
    connection = gateway.connect()
    stream = connection.begin("PATCH", PRODUCT, {
        "content-type": "application/json", "x-request-id": "goes-away-connection"}, end=False)
    connection.h2.send_data(stream, b'{"name": "half')
    connection.flush()
    connection.close()
    line = gateway.exchange_line("goes-away-connection")
    assert line["end"] == "caller_left"
    assert "status" not in line


def test_a_caller_that_resets_its_stream_in_the_body_leaves_nothing_behind(gateway):
    with gateway.connect() as connection:
        stream = connection.begin("PATCH", PRODUCT, {
            "content-type": "application/json", "x-request-id": "goes-away-stream"}, end=False)
        connection.h2.send_data(stream, b'{"name": "half')
        connection.reset(stream)
        assert gateway.exchange_line("goes-away-stream")["end"] == "caller_left"
        assert connection.request("GET", "/v1/targets").status == 200


def test_bodies_given_up_halfway_do_not_use_up_the_connection(gateway):
    """What a reset stream had sent is forgotten with it: 40 MB of halves do not stop the next caller."""
    with gateway.connect() as connection:
        half = b'{"name":"' + b"x" * 900_000
        for _ in range(45):
            stream = connection.begin("PATCH", PRODUCT, {"content-type": "application/json"}, end=False)
            connection.send_body(stream, half, end=False)
            connection.reset(stream)
        answer = connection.request("PATCH", PRODUCT, b'{"nmae":"' + b"x" * 900_000 + b'"}')
        check_problem(answer, 422, "validation_failed")


def test_a_body_that_does_not_arrive_in_time_is_refused(start_gateway):
    gateway = start_gateway(
        {"cor": {"dialect": "cor", "baseURL": "http://localhost:1", "parameters": {"source": "JIRA"}}},
        limits={"bodyTimeout": "200ms"})
    with gateway.connect() as connection:
        stream = connection.begin("PATCH", PRODUCT, {"content-type": "application/json"}, end=False)
        problem = check_problem(connection.answer(stream), 400, "invalid_request")
        assert "in time" in problem["detail"]


def test_a_connection_that_never_speaks_is_closed(start_gateway):
    gateway = start_gateway(
        {"cor": {"dialect": "cor", "baseURL": "http://localhost:1", "parameters": {"source": "JIRA"}}},
        tls=True, limits={"handshakeTimeout": "200ms"})
    with socket.create_connection(("localhost", gateway.port), timeout=10) as silent:
        assert silent.recv(1) == b""


def test_what_is_no_http2_is_answered_with_the_end_of_the_connection(gateway):
    context = ssl.create_default_context(cafile=gateway.authority)
    context.set_alpn_protocols(["h2"])
    with socket.create_connection(("localhost", gateway.port), timeout=10) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as wrapped:
            wrapped.sendall(b"POST / HTTP/1.1\r\nhost: localhost\r\n\r\n" * 20)
            try:
                while wrapped.recv(4096):
                    pass
            except (ConnectionResetError, ssl.SSLError):
                pass
    gateway.must_run()
    assert gateway.request("GET", "/v1/targets").status == 200


def test_a_flood_of_bad_requests_leaves_the_gateway_well(gateway):
    for _ in range(20):
        with gateway.connect() as connection:
            streams = [connection.send("PATCH", PRODUCT, "{") for _ in range(50)]
            for stream in streams:
                assert connection.answer(stream).status == 400
    until(lambda: gateway.request("GET", "/v1/targets").status == 200, "the gateway answers")
