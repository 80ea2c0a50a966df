"""Lines of a stream that go to a vendor together: its stand-ins, and one that answers as it likes."""

import json

import pytest

from harness.vendor import Never, Reply
from test_bulk import LINES, results

NUMBERED = {"currency": "EUR", "weightUnit": "kg"}


def update(id, **members):
    return json.dumps({"id": id, "product": {"name": f"n-{id}"}, **members}) + "\n"


def push(gateway, body, target, headers=None, query=""):
    answer = gateway.request("POST", f"/v1/bulk?target={target}{query}", body, {**LINES, **(headers or {})})
    assert answer.status == 200, answer.text
    return results(answer)


@pytest.fixture
def stand_ins(shared_sandbox, start_gateway):
    base = f"http://localhost:{shared_sandbox.port}/stand-in"
    return start_gateway({
        name: {"dialect": name, "baseURL": f"{base}/{name}", **({"parameters": NUMBERED} if name != "akeneo" else {})}
        for name in ("akeneo", "woocommerce", "bigcommerce")
    }, workers=1)


def test_each_line_is_told_what_the_vendor_says_of_it(stand_ins):
    akeneo = [f"p{number}" for number in range(240)]
    akeneo[17], akeneo[203] = "bad~422", "bad~attribute"
    by_line, summary = push(stand_ins, "".join(map(update, akeneo)), "akeneo")
    assert (summary["done"], summary["rejected"], summary["complete"]) == (238, 2, True)
    assert by_line[18]["code"] == "validation_failed" and by_line[18]["id"] == "bad~422"
    assert "/name" in [error.get("pointer") for error in by_line[18]["errors"]]
    assert by_line[204]["outcome"] == "rejected"
    assert stand_ins.metric("product_gateway_bulk_batch_lines_total") >= 230
    assert stand_ins.metric("product_gateway_bulk_batches_total") <= 12

    woocommerce = "".join(update(str(number)) for number in range(1, 120))
    woocommerce += update("7~sku") + json.dumps({"op": "create", "product": {"name": "new"}}) + "\n"
    woocommerce += json.dumps({"op": "create", "product": {"name": "newer"}}) + "\n"
    by_line, summary = push(stand_ins, woocommerce, "woocommerce")
    assert (summary["done"], summary["rejected"]) == (121, 1), [each for each in by_line.values() if "code" in each]
    assert by_line[120]["code"] == "duplicate_product"
    assert by_line[121]["id"] != by_line[122]["id"]

    before = stand_ins.metric("product_gateway_bulk_batches_total")
    by_line, summary = push(stand_ins, "".join(update(str(number)) for number in range(1, 45)), "bigcommerce")
    assert summary["done"] == 44
    assert stand_ins.metric("product_gateway_bulk_batches_total") - before >= 4
    # The vendor has what each line says.
    for id in ("1", "44"):
        read = stand_ins.request("GET", f"/v1/products/{id}?target=bigcommerce")
        assert read.json["product"]["name"] == f"n-{id}", read.text
    shown = stand_ins.request("GET", "/v1/targets/bigcommerce").json["operations"]["update"]
    assert shown["batch"] == {"method": "PUT", "path": "/v3/catalog/products", "maxItems": 10}


def akeneo(vendor, **members):
    return {"pim": {"dialect": "akeneo", "baseURL": vendor.url, "retries": {"attempts": 1},
                    "timeouts": {"connect": "2s", "attempt": "5s", "total": "5s"}, **members}}


def sent(request):
    """The identifiers of a batch; none of a request of its own."""
    if request.path != "/api/rest/v1/products":
        return []
    return [json.loads(text)["identifier"] for text in request.body.decode().split("\n")]


def batch(request):
    if not sent(request):
        return Reply(204, content_type=None)
    lines = [{"line": line, "status_code": 204} for line in range(1, len(sent(request)) + 1)]
    return Reply(200, "\n".join(map(json.dumps, lines)), content_type="application/vnd.akeneo.collection+json")


def test_lines_of_a_vendor_that_refuses_batches_go_alone(start_vendor, start_gateway):
    refusal = Reply(415, {"code": 415, "message": "no"})
    vendor = start_vendor(lambda request: refusal if sent(request) else batch(request))
    gateway = start_gateway(akeneo(vendor), workers=1)
    _, summary = push(gateway, "".join(update(f"p{number}") for number in range(400)), "pim")
    assert (summary["done"], summary["rejected"]) == (400, 0)
    batches = [request for request in vendor.requests if sent(request)]
    assert 2 <= len(batches) <= 8
    assert len(vendor.requests) == 400 + len(batches)
    assert gateway.metric("product_gateway_bulk_batch_lines_alone_total") == sum(len(sent(each)) for each in batches)


def test_a_batch_counts_as_one_request_of_the_targets_rate(start_vendor, start_gateway):
    vendor = start_vendor(batch)
    # Alone they would take a minute. What is ready together depends on how quickly lines come.
    gateway = start_gateway(akeneo(vendor, rate={"requests": 5, "per": "1s", "burst": 1}), workers=1)
    _, summary = push(gateway, "".join(update(f"p{number}") for number in range(300)), "pim")
    assert summary["done"] == 300
    assert len(vendor.requests) <= 30


def test_what_was_done_in_a_batch_is_replayed_line_by_line(start_vendor, start_gateway):
    lost = []

    def usually(request):
        if sent(request) and not lost:
            lost.append(sent(request))
            return Never()
        return batch(request)

    vendor = start_vendor(usually)
    short = dict.fromkeys(("connect", "attempt", "total"), "300ms")
    gateway = start_gateway(akeneo(vendor, timeouts=short), workers=1)
    body = "".join(update(f"p{number}") for number in range(256))
    key = {"idempotency-key": '"nightly"'}
    by_line, summary = push(gateway, body, "pim", key)
    assert summary["done"] == 256, [each for each in by_line.values() if "code" in each][:3]
    assert lost, "the lines of the batch that was lost went again"
    before = len(vendor.requests)
    _, summary = push(gateway, body, "pim", key)
    assert (summary["done"], len(vendor.requests)) == (256, before)
    told = gateway.request("GET", "/v1/bulk/nightly")
    assert (told.json["through"], told.json["open"]) == (256, [])
