"""For schemathesis, as its hooks: which of its findings are no mistakes. All of its checks are on; whatever is not
named here fails the test."""

import json

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.openapi.checks import RejectedPositiveData

# The document describes what any target may be sent. A target takes less, and says so before anything is sent, with
# these codes of the single members. A wrong type and an unknown member are not among them: those the document must
# tell.
OF_ONE_TARGET = {
    "cannot_clear", "empty_update", "not_allowed", "pattern", "required", "too_few", "too_long", "too_many",
    "too_short", "unsupported_field",
}
# A product with these members exists or not at the vendor: no schema knows.
OF_A_VENDOR = {"not_unique", "reference_not_found", "invalid", *OF_ONE_TARGET}
# What is refused for the sake of one sentence that JSON Schema cannot say.
SENTENCES = {
    # A dialect need not have it; the matrix of the target says so.
    "has no create.", "does not know how to read a product",
    # Steps in a path (RFC 3986 section 5.2.4), control characters.
    "The product id has a step that is", "The product id contains a control character.",
    "The product id in the path is not valid percent-encoded UTF-8.",
    # The document's pattern says it. Schemathesis sends `0` all the same.
    "If-Match must be",
}


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """False for what is by design."""
    if isinstance(failure, RejectedPositiveData):
        return not refuses_what_no_schema_says(json.loads(response.content))
    if isinstance(failure, AcceptedNegativeData):
        return not has_dropped_it(case, response)
    return True


# A target gives products a version or not, and the one that `If-Match` names is theirs or not.
# The same is true of an earlier request with the same `Idempotency-Key`.
OF_A_VERSION = {
    "unsupported_header", "precondition_failed", "idempotency_key_reused", "idempotency_conflict", "outcome_unknown"}


def refuses_what_no_schema_says(answer):
    """Of several targets that have all failed, each has a problem of its own."""
    return all(is_by_design(problem) for problem in answer.get("results", [answer]))


def is_by_design(problem):
    if problem["code"] in OF_A_VERSION:
        return True
    if problem["code"] in ("unsupported_field", "validation_failed", "reference_not_found"):
        allowed = OF_A_VENDOR if problem["origin"] == "vendor" else OF_ONE_TARGET
        return all(
            error["code"] in allowed or names_no_target(error) or is_left_to_vendors(error)
            for error in problem.get("errors", []))
    if problem["status"] == 404:
        return True
    return problem["code"] == "invalid_request" and any(sentence in problem["detail"] for sentence in SENTENCES)


def names_no_target(error):
    """Which targets and dialects there are is the gateway's configuration."""
    return error["code"] == "unknown_member" and error["pointer"].startswith(("/ids/", "/vendorFields/"))


def is_left_to_vendors(error):
    """What these hold has any type in the canonical product, and a certain one at a target."""
    return error["code"] == "wrong_type" and error["pointer"].startswith(
        ("/buildRules/", "/components/", "/customFields/", "/customInputs/"))


def has_dropped_it(case, response):
    """`handling=lenient` drops what the target does not have without looking at what it is."""
    if "lenient" not in str((case.headers or {}).get("prefer")):
        return False
    answer = json.loads(response.content)
    results = answer.get("results", [answer])
    return all(
        "code" in result or any(warning["code"] == "unsupported_field" for warning in result["warnings"])
        for result in results)
