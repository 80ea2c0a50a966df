"""Idempotency keys: a request may be sent again as often as it takes, and is done once."""

import json
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.vendor import Close, Never, Reply
from harness.waiting import until

ID = "60afe403-a191-455e-b771-c510c928a308"
NEW = {"name": "New", "kind": "physical", "sku": "S-1", "slug": "new"}
KEY = {"idempotency-key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"'}


def product(id=ID, status=200, **attributes):
    return Reply(status, {"data": {"id": id, "type": "product", "attributes": {"name": "x", **attributes}}})


class Slow:
    """Answers when it is told to."""

    def __init__(self, reply):
        self.reply = reply
        self.go = threading.Event()

    def __call__(self, request):
        assert self.go.wait(20)
        return self.reply


def update(gateway, key=KEY, body=None, **options):
    headers = {**(key or {}), **options.pop("headers", {})}
    return gateway.update("acme", ID, body or {"name": "x"}, headers=headers, **options)


def create(gateway, key=KEY, body=None, **options):
    headers = {**(key or {}), **options.pop("headers", {})}
    return gateway.create("acme", body or NEW, headers=headers, **options)


def test_a_repetition_gets_the_first_answer_and_the_vendor_is_asked_once(vendor_gateway):
    vendor, gateway = vendor_gateway(product(status=201))
    first = create(gateway)
    assert (first.status, first.headers.get("idempotent-replayed")) == (201, None), first
    again = create(gateway)
    assert again.status == 201 and again.body == first.body
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["location"] == first.headers["location"]
    assert again.json["requestId"] == first.headers["x-request-id"] != again.headers["x-request-id"]
    assert len(vendor.requests) == 1
    line = gateway.exchange_line(again.headers["x-request-id"])
    assert (line["code"], line["outcome"], line["replayed"], line["attempts"]) == ("ok", "done", True, 0)
    assert line["earlierRequestId"] == first.headers["x-request-id"]
    assert line["key"] == gateway.exchange_line(first.headers["x-request-id"])["key"]
    assert KEY["idempotency-key"].strip('"') not in gateway.text


def test_a_refusal_that_the_caller_must_mend_is_replayed(vendor_gateway):
    vendor, gateway = vendor_gateway(
        Reply(422, {"errors": [{"title": "Failed Validation", "detail": "sku: taken", "status": "422"}]}))
    first, again = create(gateway), create(gateway)
    assert first.status == again.status == 422, first
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["content-type"] == "application/problem+json"
    assert again.headers["proxy-status"] == first.headers["proxy-status"]
    assert again.json == first.json
    assert len(vendor.requests) == 1


@pytest.mark.parametrize("one,other", [
    ('"k-1"', "k-1"), ('"a \\" b"', '"a \\" b"'), ("k" * 255, '"' + "k" * 255 + '"')])
def test_quoted_or_not_a_key_is_the_same(vendor_gateway, one, other):
    vendor, gateway = vendor_gateway(product())
    assert update(gateway, {"idempotency-key": one}).status == 200
    again = update(gateway, {"idempotency-key": other})
    assert again.headers.get("idempotent-replayed") == "true"
    assert len(vendor.requests) == 1


@pytest.mark.parametrize("key", ["", '""', '"abc', "a b", "k" * 256, '"a";p=1', '"\\x"'])
def test_a_key_that_is_none_is_refused(vendor_gateway, key):
    vendor, gateway = vendor_gateway(product())
    answer = update(gateway, {"idempotency-key": key})
    assert (answer.status, answer.json["code"], answer.json["outcome"]) == (400, "invalid_request", "not_sent")
    assert not vendor.requests


def test_the_same_content_in_another_order_is_the_same_request(vendor_gateway):
    vendor, gateway = vendor_gateway(product())
    path = f"/v1/products/{ID}?target=acme"
    first = gateway.request("PATCH", path, b'{"name":"A","sku":"b"}', KEY)
    again = gateway.request("PUT", path, b' { "s\\u006bu" : "b", "name" : "A" } ', KEY)
    assert (first.status, again.headers.get("idempotent-replayed")) == (200, "true"), again
    assert len(vendor.requests) == 1


def test_another_request_with_the_key_is_refused_and_told_what_differs(vendor_gateway):
    vendor, gateway = vendor_gateway(product())
    assert update(gateway).status == 200

    def refused(answer, *words):
        assert (answer.status, answer.json["code"], answer.json["outcome"], answer.json["retryable"]) == (
            422, "idempotency_key_reused", "not_sent", False), answer
        assert all(word in answer.json["detail"] for word in words), answer.json["detail"]

    refused(update(gateway, body={"name": "y"}), "its body")
    refused(update(gateway, headers={"prefer": "return=minimal"}), "prefers")
    refused(gateway.update("acme", "another", {"name": "x"}, headers=KEY), "product id")
    refused(create(gateway), "its operation", "its product id", "its body")
    assert len(vendor.requests) == 1


def test_while_the_first_is_under_way_others_are_told_so_or_wait(vendor_gateway):
    slow = Slow(product())
    vendor, gateway = vendor_gateway(slow)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(update, gateway)
        until(lambda: vendor.requests, "the first is at the vendor")
        refused = update(gateway)
        assert (refused.status, refused.json["code"], refused.json["retryable"]) == (
            409, "idempotency_conflict", True), refused
        assert refused.headers["retry-after"] == "1"
        waiting = pool.submit(update, gateway, headers={"prefer": "wait=10"})
        until(lambda: gateway.metric("product_gateway_idempotency_claims_total") >= 3, "it waits")
        slow.go.set()
        assert waiting.result().headers["idempotent-replayed"] == "true"
        assert waiting.result().body == first.result().body
    assert len(vendor.requests) == 1


def test_waiting_has_an_end(vendor_gateway):
    slow = Slow(product())
    vendor, gateway = vendor_gateway(slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(update, gateway)
        until(lambda: vendor.requests, "the first is at the vendor")
        started = time.monotonic()
        refused = update(gateway, headers={"prefer": "wait=1"})
        assert refused.json["code"] == "idempotency_conflict"
        assert 0.9 < time.monotonic() - started < 5
        slow.go.set()
        assert first.result().status == 200


def test_of_a_hundred_at_once_one_is_sent(vendor_gateway):
    vendor, gateway = vendor_gateway(product(status=201), workers=2)
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: create(gateway, headers={"prefer": "wait=10"}), range(100)))
    assert [answer.status for answer in answers] == [201] * 100
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert len({answer.body for answer in answers}) == 1
    assert len(vendor.requests) == 1


def test_what_was_not_done_is_run_again(vendor_gateway):
    vendor, gateway = vendor_gateway(product(status=201))
    vendor.script = [Reply(429, b"", headers={"retry-after": "0"}), Reply(401, b"")]
    assert create(gateway).json["code"] == "rate_limited"
    assert create(gateway).json["code"] == "vendor_credentials_rejected"
    third = create(gateway)
    assert (third.status, third.headers.get("idempotent-replayed")) == (201, None)
    assert create(gateway).headers["idempotent-replayed"] == "true"
    assert len(vendor.requests) == 3
    # Nothing was sent, because of what the caller wrote: the key is free for a better body.
    other = {"idempotency-key": "other"}
    assert create(gateway, other, {"name": 7}).status == 422
    assert create(gateway, other).status == 201


def test_a_lost_update_is_run_again_and_a_lost_create_is_not(vendor_gateway):
    vendor, gateway = vendor_gateway(product(status=201))
    vendor.script = [Close(), product()]
    lost = update(gateway)
    assert (lost.status, lost.json["outcome"]) == (502, "unknown"), lost
    again = update(gateway)
    assert (again.status, again.headers.get("idempotent-replayed")) == (200, None)
    assert len(vendor.requests) == 2

    key = {"idempotency-key": "create"}
    vendor.script = [Close()]
    lost = create(gateway, key)
    assert (lost.json["outcome"], lost.json["retryable"]) == ("unknown", False)
    for _ in range(2):
        refused = create(gateway, key)
        assert (refused.status, refused.json["code"]) == (409, "outcome_unknown"), refused
        assert (refused.json["outcome"], refused.json["retryable"]) == ("unknown", False)
        assert lost.headers["x-request-id"] in refused.json["detail"]
    # It was looked up each time, and not there.
    assert [request.method for request in vendor.requests] == ["PUT", "PUT", "POST", "GET", "GET", "GET"]


FINDING = {
    "format": 1, "name": "finding", "title": "Finding",
    "operations": {
        "update": {"method": "PUT", "path": "/p/{id}", "body": "{fields}"},
        "create": {"method": "POST", "path": "/p", "body": "{fields}", "id": {"answer": "/id"},
                   "find": {"path": "/p?number={/number}", "product": "/items/0"}}},
    "answer": {"fields": "", "id": "/id", "required": ["/id"]},
    "fields": {"/name": {"vendor": "/name"}, "/sku": {"vendor": "/number"}}}


def test_a_lost_create_is_looked_up_before_anybody_is_told_that_nobody_knows(vendor_gateway):
    vendor, gateway = vendor_gateway(target={"dialect": "finding"}, dialects={"finding": FINDING})
    body = {"name": "Oak", "sku": "S-1"}
    there = Reply(200, {"items": [{"id": "77", "name": "Oak", "number": "S-1"}]})
    other = Reply(200, {"items": [{"id": "78", "name": "Elm", "number": "S-1"}]})
    # The answer is lost, and the vendor cannot be asked at once.
    vendor.script = [Close(), Reply(503, b"")]
    lost = create(gateway, body=body)
    assert lost.json["outcome"] == "unknown", lost
    for answer in (Reply(200, {"items": []}), other, Reply(503, b""), Close()):
        vendor.script = [answer]
        refused = create(gateway, body=body)
        assert (refused.status, refused.json["code"]) == (409, "outcome_unknown"), refused
        assert (refused.json["outcome"], refused.json["retryable"]) == ("unknown", False)
        assert "looking it up" in refused.json["detail"]
    vendor.script = [there]
    found = create(gateway, body=body)
    assert (found.status, found.headers.get("idempotent-replayed")) == (201, None), found
    assert found.json["product"] == {"name": "Oak", "sku": "S-1"}
    assert found.headers["location"].startswith("/v1/products/77")
    again = create(gateway, body=body)
    assert (again.status, again.body, again.headers["idempotent-replayed"]) == (201, found.body, "true")
    assert [request.method for request in vendor.requests].count("POST") == 1
    assert {request.path for request in vendor.requests if request.method == "GET"} == {"/p?number=S-1"}
    # Without what it could be looked up by, nobody can be asked.
    vendor.script = [Close()]
    nameless = {"idempotency-key": "nameless"}
    assert create(gateway, nameless, {"name": "Oak"}).json["outcome"] == "unknown"
    count = len(vendor.requests)
    unasked = create(gateway, nameless, {"name": "Oak"}).json
    assert unasked["code"] == "outcome_unknown" and "cannot be asked" in unasked["detail"], unasked
    assert len(vendor.requests) == count


def test_waiting_for_the_first_one_takes_from_the_time_that_the_caller_has(vendor_gateway):
    def answer(_):
        time.sleep(0.6)
        return Reply(503, b"")

    vendor, gateway = vendor_gateway(answer)
    with gateway.connect() as connection:
        stream = connection.send("PATCH", f"/v1/products/{ID}", {"name": "x"}, KEY)
        until(lambda: vendor.requests, "the vendor is asked")
        # The first one comes to nothing, so that this one is sent, in what is left of its second.
        assert update(gateway, {**KEY, "prefer": "wait=1"}).json["code"] == "vendor_timeout"
        assert connection.answer(stream).json["code"] == "vendor_unavailable"


def test_a_lost_update_that_is_refused_when_it_is_run_again_stays_unknown(vendor_gateway):
    vendor, gateway = vendor_gateway()
    vendor.script = [Close(), Reply(404, b"")]
    assert update(gateway).json["outcome"] == "unknown"
    again = update(gateway)
    assert (again.status, again.json["outcome"]) == (404, "unknown"), again


def several(vendor_a, vendor_b):
    return {
        name: {
            "dialect": "elastic-path", "baseURL": vendor.url, "retries": {"attempts": 1},
            "timeouts": {"connect": "1s", "attempt": "2s", "total": "4s"}}
        for name, vendor in (("a", vendor_a), ("b", vendor_b))}


def test_a_request_to_several_targets_converges(start_vendor, start_gateway):
    a, b = start_vendor(product()), start_vendor(product())
    gateway = start_gateway(several(a, b))
    b.script = [Reply(503, b"", headers={"retry-after": "1"}), Close()]

    def send(targets="a,b"):
        return gateway.update(targets, ID, {"name": "x"}, headers=KEY)

    first = send()
    assert (first.status, [each["status"] for each in first.json["results"]]) == (207, [200, 503]), first
    second = send("b,a")
    assert [each["status"] for each in second.json["results"]] == [502, 200], second
    assert "idempotent-replayed" not in second.headers
    assert second.json["results"][1] == first.json["results"][0]
    third = send()
    assert [each["status"] for each in third.json["results"]] == [200, 200]
    assert third.json["results"][0] == first.json["results"][0]
    fourth = send()
    assert fourth.headers["idempotent-replayed"] == "true"
    assert fourth.json["results"] == third.json["results"]
    assert fourth.json["requestId"] == fourth.headers["x-request-id"]
    assert (len(a.requests), len(b.requests)) == (1, 3)


def test_creates_at_several_targets_converge_without_a_second_product(start_vendor, start_gateway):
    a, b = start_vendor(product("A", 201)), start_vendor(product("B", 201))
    gateway = start_gateway(several(a, b))
    b.script = [Never()]
    first = gateway.create("a,b", NEW, headers=KEY)
    assert [each["status"] for each in first.json["results"]] == [201, 504], first
    again = gateway.create("a,b", NEW, headers=KEY)
    assert [each["status"] for each in again.json["results"]] == [201, 409], again
    assert again.json["results"][1]["code"] == "outcome_unknown"
    assert [request.method for request in a.requests] == ["POST"]
    assert [request.method for request in b.requests].count("POST") == 1


def test_a_caller_that_leaves_finds_its_answer_later(vendor_gateway):
    slow = Slow(product(status=201))
    vendor, gateway = vendor_gateway(slow)
    connection = gateway.connect()
    connection.send("POST", "/v1/products?target=acme", NEW, KEY)
    until(lambda: vendor.requests, "it is at the vendor")
    connection.close()
    slow.go.set()
    until(lambda: gateway.lines("exchange"), "it has ended")
    again = create(gateway)
    assert (again.status, again.headers.get("idempotent-replayed")) == (201, "true")
    assert len(vendor.requests) == 1


def test_dry_runs_and_reads_have_no_record(vendor_gateway):
    vendor, gateway = vendor_gateway(product())
    for _ in range(2):
        answer = gateway.update("acme", ID, {"name": "x"}, "&dryRun=true", headers=KEY)
        assert (answer.status, answer.headers.get("idempotent-replayed")) == (200, None)
    assert gateway.request("GET", f"/v1/products/{ID}?target=acme", headers=KEY).status == 200
    assert update(gateway).headers.get("idempotent-replayed") is None
    assert gateway.metric("product_gateway_idempotency_claims_total") == 1


def test_a_key_can_be_required(vendor_gateway):
    vendor, gateway = vendor_gateway(product(), idempotency={"required": ["create"]})
    answer = create(gateway, None)
    assert (answer.status, answer.json["code"], answer.json["outcome"]) == (400, "idempotency_key_required", "not_sent")
    assert update(gateway, None).status == 200
    assert create(gateway, None, query="&dryRun=true").status == 200
    assert len(vendor.requests) == 1


def test_a_flood_of_keys_is_bounded_and_nothing_is_unprotected_in_silence(vendor_gateway):
    vendor, gateway = vendor_gateway(product(), idempotency={"bytesPerCaller": "64KiB"})
    with gateway.connect() as connection:
        path = f"/v1/products/{ID}?target=acme"
        statuses = []
        for number in range(200):
            answer = connection.request("PATCH", path, {"name": "x"}, {"idempotency-key": f"k{number}"})
            statuses.append(answer.status)
    assert statuses[0] == 200 and statuses[-1] == 503, statuses
    assert (answer.json["code"], answer.json["outcome"], answer.json["retryable"]) == (
        "store_unavailable", "not_sent", True)
    assert answer.headers["retry-after"] == "1"
    assert statuses == sorted(statuses)
    sent = len(vendor.requests)
    assert sent == statuses.count(200)
    # Those that are kept are still kept, and who asks for no protection is served.
    assert update(gateway, {"idempotency-key": "k0"}).headers["idempotent-replayed"] == "true"
    assert update(gateway, None).status == 200
    assert len(vendor.requests) == sent + 1


def test_an_answer_in_the_vendors_words_is_replayed_as_it_was(vendor_gateway):
    vendor, gateway = vendor_gateway(product(extra="theirs"), target={"answers": "vendor"})
    first, again = update(gateway), update(gateway)
    assert again.body == first.body and json.loads(again.body)["data"]["attributes"]["extra"] == "theirs"
    assert again.headers["idempotent-replayed"] == "true"


def test_a_vendor_that_takes_keys_is_told_one_and_a_lost_create_is_run_again(start_vendor, start_gateway):
    vendor = start_vendor(product(status=201))
    dialect = {
        "format": 1, "name": "keyed", "title": "Keyed", "answer": {"required": ["/id"]},
        "fields": {"/name": {"vendor": "/name"}},
        "operations": {
            "create": {"method": "POST", "path": "/products", "body": "{fields}", "id": {"answer": "/id"},
                       "idempotencyHeader": "idempotency-key"},
            "update": {"method": "PUT", "path": "/products/{id}", "body": "{fields}"}}}
    target = {
        "dialect": "keyed", "baseURL": vendor.url, "retries": {"attempts": 1},
        "timeouts": {"connect": "1s", "attempt": "2s", "total": "4s"}}
    gateway = start_gateway({"acme": target, "other": target}, dialects={"keyed": dialect})
    vendor.usually = Reply(201, {"id": "7", "name": "x"})
    vendor.script = [Close()]
    key = {"idempotency-key": "theirs"}
    lost = gateway.create("acme", {"name": "x"}, headers=key)
    assert lost.json["outcome"] == "unknown", lost
    again = gateway.create("acme", {"name": "x"}, headers=key)
    assert (again.status, again.json["id"]) == (201, "7"), again
    told = [request.headers.get("idempotency-key") for request in vendor.requests]
    assert len(told) == 2 and told[0] == told[1] and re.fullmatch("[0-9a-f]{32}", told[0])
    assert gateway.create("other", {"name": "x"}, headers={"idempotency-key": "o"}).status == 201
    assert gateway.update("acme", "7", {"name": "x"}, headers={"idempotency-key": "u"}).status in (200, 502)
    assert gateway.create("acme", {"name": "x"}).status == 201
    told = [request.headers.get("idempotency-key") for request in vendor.requests]
    assert told[2] not in (None, told[0]) and told[3:] == [None, None]


def test_over_http1_it_is_the_same(vendor_gateway):
    vendor, gateway = vendor_gateway(product())
    with gateway.connect_http1() as connection:
        path = f"/v1/products/{ID}?target=acme"
        first = connection.request("PATCH", path, {"name": "x"}, headers=KEY)
        again = connection.request("PATCH", path, {"name": "x"}, headers=KEY)
    assert first.status == again.status == 200
    assert again.headers["idempotent-replayed"] == "true"
    assert len(vendor.requests) == 1
