"""The statuses that HTTP has for what is wrong with a request's line and fields, and the fields that belong to
them; the same over HTTP/2 and HTTP/1.1."""

import pytest

from test_bad_requests import check_problem

PRODUCT = "/v1/products/EXT-PROD-12345"
PATCH_TYPES = "application/merge-patch+json, application/json"


@pytest.fixture(params=["HTTP/2", "HTTP/1.1"])
def ask(request, gateway):
    def ask(method, path, body=None, headers=None):
        connect = gateway.connect if request.param == "HTTP/2" else gateway.connect_http1
        with connect() as connection:
            answer = connection.request(method, path, body, headers)
            # Nothing of it ends the connection.
            assert connection.request("GET", "/v1/targets").status == 200
            return answer
    return ask


@pytest.mark.parametrize("length", [9_000, 20_000, 60_000])
def test_a_path_that_is_too_long_gets_414(ask, length):
    answer = ask("PATCH", "/v1/products/" + "x" * length + "?target=cor", {"name": "x"})
    check_problem(answer, 414, "uri_too_long")
    assert "8192 bytes" in answer.json["detail"]


def test_a_query_counts_as_part_of_the_path(ask):
    check_problem(ask("PATCH", PRODUCT + "?target=" + "x" * 9_000, {"name": "x"}), 414, "uri_too_long")


def test_header_fields_that_are_too_large_get_431(ask):
    answer = ask("PATCH", PRODUCT, {"name": "x"}, {f"x-{n}": "y" * 4000 for n in range(5)})
    check_problem(answer, 431, "header_fields_too_large")
    assert "16384 bytes" in answer.json["detail"]


def test_too_many_header_fields_get_431(ask):
    answer = ask("PATCH", PRODUCT, {"name": "x"}, {f"x-{n}": "y" for n in range(110)})
    check_problem(answer, 431, "header_fields_too_large")
    assert "100" in answer.json["detail"]


@pytest.mark.parametrize("path", [PRODUCT, PRODUCT + "?target=cor"])
def test_options_tells_what_a_patch_may_be(ask, path):
    answer = ask("OPTIONS", path)
    assert (answer.status, answer.headers["accept-patch"]) == (204, PATCH_TYPES)
    assert answer.headers["allow"] == "GET, HEAD, PATCH, PUT, OPTIONS"


@pytest.mark.parametrize("path", ["/v1/products", "/v1/targets", "*"])
def test_options_of_what_cannot_be_patched_does_not_speak_of_it(ask, path):
    assert "accept-patch" not in ask("OPTIONS", path).headers


def test_an_unsupported_media_type_is_told_what_is_supported(ask):
    answer = ask("PATCH", PRODUCT, b"x", {"content-type": "application/json-patch+json"})
    check_problem(answer, 415, "unsupported_media_type")
    assert (answer.headers["accept-patch"], answer.headers["accept"]) == (PATCH_TYPES, PATCH_TYPES)
    for method, path in (("PUT", PRODUCT), ("POST", "/v1/products")):
        answer = ask(method, path, b"x", {"content-type": "text/plain"})
        assert answer.status == 415 and answer.headers["accept"] == PATCH_TYPES
        assert "accept-patch" not in answer.headers


def test_a_content_coding_is_told_that_none_is_taken(ask):
    answer = ask("PATCH", PRODUCT, b"x", {"content-type": "application/json", "content-encoding": "gzip"})
    check_problem(answer, 415, "unsupported_media_type")
    # RFC 9110 section 15.5.16.
    assert answer.headers["accept-encoding"] == "identity"
    assert "accept-patch" not in answer.headers
