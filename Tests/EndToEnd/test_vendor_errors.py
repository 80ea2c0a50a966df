"""Every error that the vendors document, through the whole gateway: a problem document each, in the caller's words."""

import pytest

EP = "60afe403-a191-455e-b771-c510c928a308"
SWO = "PRD-1234-1234"
CAT = "ad8f1c2c-3b1c-4b0a-8b0a-0b0b0b0b0b0b"

# target, id, status, code, outcome, retryable, members of `vendor`, pointers
CASES = [
    # COR: no envelope is published, so the same error in every shape of its v1 document.
    ("cor", "UNKNOWN", 404, "product_not_found", "rejected", {"code": "ZC001"}, []),
    *[("cor", f"EXT-PROD-12345~{word}", 404, "product_not_found", "rejected", {"code": "ZC001"}, [])
      for word in ("zc001", "zc001-404", "zc001-417", "zc001-no-status", "zc001-string-status")],
    ("cor", "EXT-PROD-12345~product-not-found", 404, "product_not_found", "rejected", {}, []),
    ("cor", "EXT-PROD-12345~validation", 422, "validation_failed", "rejected", {"status": 417}, None),
    ("cor", "EXT-PROD-12345~validation-400", 422, "validation_failed", "rejected", {"status": 400}, None),
    ("cor", "EXT-PROD-12345~validation-array", 422, "validation_failed", "rejected", {"status": 417}, ["/name"]),
    ("cor", "EXT-PROD-12345~exists-417", 422, "validation_failed", "rejected", {"status": 417}, ["/clientId"]),
    ("cor", "EXT-PROD-12345~invalid-source", 422, "validation_failed", "rejected", {}, ["/source"]),
    ("cor", "EXT-PROD-12345~client-not-found", 422, "reference_not_found", "rejected", {}, ["/clientId"]),
    ("cor", "EXT-PROD-12345~brand-not-found", 422, "reference_not_found", "rejected", {}, ["/brandId"]),
    ("cor", "EXT-PROD-12345~duplicate", 409, "duplicate_product", "rejected", {}, []),
    ("cor", "EXT-PROD-12345~deletion-error", 409, "conflict", "rejected", {}, []),
    ("cor", "EXT-PROD-12345~custom-400", 422, "validation_failed", "rejected", {"status": 400, "code": "F010"}, []),
    ("cor", "EXT-PROD-12345~403", 403, "forbidden", "rejected", {"status": 403}, []),
    ("cor", "EXT-PROD-12345~404", 404, "product_not_found", "rejected", {"status": 404}, []),
    ("cor", "EXT-PROD-12345~429", 429, "rate_limited", "rejected", {"status": 429}, []),
    ("cor", "EXT-PROD-12345~500", 502, "vendor_error", "unknown", {"status": 500}, []),
    ("cor", "EXT-PROD-12345~503", 503, "vendor_unavailable", None, {"status": 503}, []),
    # Elastic Path: its page's examples word for word, and the shapes of its guides.
    ("elastic-path", "00000000-0000-4000-8000-00000000dead", 404, "product_not_found", "rejected", {"status": 404}, []),
    ("elastic-path", f"{EP}~403-owned", 403, "forbidden", "rejected", {"detail": "entity owned by organization"}, []),
    ("elastic-path", "0f0a0e0d-0000-4000-8000-000000000403", 403, "forbidden", "rejected", {"status": 403}, []),
    ("elastic-path", f"{EP}~404", 404, "product_not_found", "rejected", {"status": 404}, []),
    ("elastic-path", f"{EP}~409", 409, "conflict", "rejected", {"detail": "write conflict detected"}, []),
    ("elastic-path", f"{EP}~422-documented", 422, "validation_failed", "rejected", {"status": 422}, []),
    ("elastic-path", f"{EP}~422-empty-field", 422, "validation_failed", "rejected", {"status": 422}, None),
    ("elastic-path", f"{EP}~422-no-status", 422, "validation_failed", "rejected", {"status": 422}, ["/name", "/kind"]),
    ("elastic-path", f"{EP}~422-number-status", 422, "validation_failed", "rejected", {"status": 422}, None),
    ("elastic-path", f"{EP}~422-sku", 422, "validation_failed", "rejected", {"status": 422}, ["/sku"]),
    ("elastic-path", f"{EP}~422-several", 422, "validation_failed", "rejected", {"status": 422}, None),
    ("elastic-path", f"{EP}~422-missing-ids", 422, "reference_not_found", "rejected", {"status": 422}, []),
    ("elastic-path", f"{EP}~400-parse", 422, "validation_failed", "rejected", {"status": 400}, []),
    ("elastic-path", f"{EP}~403", 403, "forbidden", "rejected", {"status": 403}, []),
    ("elastic-path", f"{EP}~429", 429, "rate_limited", "rejected", {"status": 429}, []),
    ("elastic-path", f"{EP}~500", 502, "vendor_error", "unknown",
     {"status": 500, "requestId": "635da56d-75a1-43cd-b696-7ab119756b3a"}, []),
    ("elastic-path", f"{EP}~500-schema", 502, "vendor_error", "unknown", {"status": 500}, []),
    ("elastic-path", f"{EP}~503", 503, "vendor_unavailable", None, {"status": 503}, []),
    # SoftwareOne: ProblemDetails in its several shapes.
    ("softwareone", "PRD-9999-9999", 404, "product_not_found", "rejected", {"status": 404}, []),
    ("softwareone", "PRD-9400-0001", 422, "validation_failed", "rejected", {"status": 400}, None),
    ("softwareone", "PRD-9400-0005", 422, "validation_failed", "rejected", {"status": 400}, None),
    ("softwareone", "PRD-9400-0002", 422, "validation_failed", "rejected", {"status": 400},
     ["/website", "/externalIds/operations"]),
    ("softwareone", "PRD-9400-0006", 422, "validation_failed", "rejected",
     {"status": 400, "code": "MPTBIL03-0078"}, ["/externalIds"]),
    ("softwareone", "PRD-9400-0003", 422, "validation_failed", "rejected", {"status": 400}, []),
    ("softwareone", "PRD-9400-0004", 422, "validation_failed", "rejected", {"status": 400}, []),
    ("softwareone", "PRD-4030-0403", 403, "forbidden", "rejected", {"status": 403}, []),
    ("softwareone", "PRD-9403-0001", 403, "forbidden", "rejected", {"status": 403}, []),
    ("softwareone", "PRD-9404-0001", 404, "product_not_found", "rejected", {"status": 404}, []),
    ("softwareone", "PRD-9404-0004", 404, "product_not_found", "rejected", {"status": 404}, []),
    ("softwareone", "PRD-9409-0001", 409, "conflict", "rejected", {"status": 409}, []),
    ("softwareone", "PRD-9429-0001", 429, "rate_limited", "rejected", {"status": 429}, []),
    ("softwareone", "PRD-9500-0001", 502, "vendor_error", "unknown", {"status": 500}, []),
    ("softwareone", "PRD-9500-0002", 502, "vendor_error", "unknown", {"status": 500}, []),
    ("softwareone", "PRD-9503-0001", 503, "vendor_unavailable", None, {"status": 503}, []),
    ("softwareone", "PRD-9401-0001", 502, "vendor_credentials_rejected", "rejected", {"status": 401}, []),
    # The catalogue documents no error; what its neighbours and its platform suggest.
    ("catalogue", "00000000-0000-4000-8000-00000000dead", 404, "product_not_found", None, {"status": 404}, []),
    ("catalogue", f"{CAT}~404", 404, "product_not_found", None, {"status": 404}, []),
    ("catalogue", f"{CAT}~404-message", 404, "product_not_found", None, {"status": 404}, []),
    ("catalogue", f"{CAT}~404-problem", 404, "product_not_found", None, {"status": 404}, []),
    ("catalogue", f"{CAT}~400-message", 422, "validation_failed", None, {"status": 400}, []),
    ("catalogue", f"{CAT}~422-violations", 422, "validation_failed", None, {"status": 422},
     ["/name", "/billing/measurement/id"]),
    ("catalogue", f"{CAT}~401", 502, "vendor_credentials_rejected", None, {"status": 401}, []),
    ("catalogue", f"{CAT}~403", 403, "forbidden", None, {"status": 403}, []),
    ("catalogue", f"{CAT}~409", 409, "conflict", None, {"status": 409}, []),
    ("catalogue", f"{CAT}~429", 429, "rate_limited", None, {"status": 429}, []),
    ("catalogue", f"{CAT}~500", 502, "vendor_error", None, {"status": 500}, []),
    ("catalogue", f"{CAT}~503", 503, "vendor_unavailable", None, {"status": 503}, []),
]


@pytest.mark.parametrize(
    "target, id, status, code, outcome, vendor, pointers", CASES, ids=[f"{case[0]} {case[1]}" for case in CASES])
def test_a_documented_error_becomes_the_one_problem(gateway, target, id, status, code, outcome, vendor, pointers):
    answer = gateway.update(target, id, {"name": "New name"})

    assert answer.status == status, answer
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json
    assert problem["code"] == code, problem
    assert problem["origin"] == "vendor"
    assert problem["target"] == target
    if outcome:
        assert problem["outcome"] == outcome, problem
    for member, value in vendor.items():
        assert problem["vendor"].get(member) == value, problem
    found = [error["pointer"] for error in problem.get("errors", []) if "pointer" in error]
    if pointers is None:
        assert problem["errors"], problem
    else:
        assert found == pointers, problem


@pytest.mark.parametrize("target, id, seconds", [
    ("cor", "EXT-PROD-12345~429-retry-after", None), ("elastic-path", f"{EP}~429-retry-after", None),
    ("softwareone", "PRD-9429-0002", None),
])
def test_a_vendors_retry_after_is_passed_on(gateway, target, id, seconds):
    answer = gateway.update(target, id, {"name": "x"})
    assert answer.status == 429, answer
    assert answer.json["retryable"] is True
    assert int(answer.headers["retry-after"]) >= 1


def test_a_duplicate_creation_says_so(gateway):
    answer = gateway.create("cor", {
        "externalRef": "EXT-PROD-TAKEN", "name": "x", "clientId": "EXT-CLIENT-67890", "brandId": "EXT-BRAND-11111"})
    assert answer.status == 409, answer
    assert answer.json["code"] == "duplicate_product"


@pytest.mark.parametrize(
    "member, value, pointer", [("clientId", "NOBODY", "/clientId"), ("brandId", "NOTHING", "/brandId")])
def test_a_creation_that_refers_to_nothing_says_where(gateway, member, value, pointer):
    answer = gateway.create("cor", {
        "externalRef": "EXT-NEW-1", "name": "x", "clientId": "EXT-CLIENT-67890", "brandId": "EXT-BRAND-11111",
        member: value})
    assert answer.status == 422, answer
    assert answer.json["code"] == "reference_not_found"


def test_a_value_that_another_product_has_is_named_in_the_callers_words(gateway):
    answer = gateway.update("elastic-path", EP, {"sku": "TAKEN-SKU"})
    assert answer.status == 422, answer
    [error] = answer.json["errors"]
    assert error["pointer"] == "/sku"
    assert error["code"] == "not_unique"


@pytest.mark.parametrize("word", [
    "garbage", "truncate", "truncate-length", "close-before-headers", "close-after-headers", "close-mid-body", "reset",
    "200-empty", "200-null", "200-array", "200-string", "200-object", "200-html", "200-truncated-json", "204", "307",
    "500-empty", "502-html",
])
@pytest.mark.parametrize(
    "target, id", [("cor", "EXT-PROD-12345"), ("elastic-path", EP), ("softwareone", SWO), ("catalogue", CAT)])
def test_what_cannot_be_understood_is_never_a_success(gateway, target, id, word):
    # A token that the vendor takes: one that it refuses at once is not replaced again and again.
    assert gateway.update(target, id, {"name": "x"}).status == 200
    answer = gateway.update(target, f"{id}~{word}", {"name": "x"})
    assert answer.status in (502, 503, 504), answer
    problem = answer.json
    assert problem["code"] in (
        "vendor_unintelligible", "vendor_unreachable", "vendor_error", "vendor_unavailable"), problem
    if target != "catalogue":
        # The catalogue fails while it is read, before anything was changed.
        assert problem["outcome"] == "unknown", problem
