"""What operators see: metrics in their tools' formats, a status page, and no secret or product data in any of it."""

import json
import re
import urllib.error
import urllib.request

import pytest

from harness.configuration import SECRETS
from harness.vendor import Reply
from harness.waiting import until

ID = "60afe403-a191-455e-b771-c510c928a308"
UPDATE = f"/v1/products/{ID}"
GOOD = Reply(200, {"data": {"id": ID, "type": "product", "attributes": {"name": "x"}}})


def ask(gateway, path, accept=None):
    request = urllib.request.Request(
        f"http://127.0.0.1:{gateway.admin_port}{path}", headers={"accept": accept} if accept else {})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers["content-type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["content-type"], error.read().decode()


def samples(gateway):
    """Every sample by its name with labels."""
    _, _, text = ask(gateway, "/metrics")
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            found[name] = float(value)
    return found


def total(gateway, name, **labels):
    return sum(
        value for sample, value in samples(gateway).items()
        if sample.split("{")[0] == name and all(f'{label}="{text}"' in sample for label, text in labels.items()))


def test_the_text_format_says_what_each_metric_is(gateway):
    status, content_type, text = ask(gateway, "/metrics")
    assert status == 200
    assert content_type.startswith("text/plain; version=0.0.4")
    types = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.M))
    helps = set(re.findall(r"^# HELP (\S+) .+$", text, re.M))
    assert types and set(types) == helps
    for name, kind in types.items():
        assert re.fullmatch(r"(product_gateway|process)_[a-z0-9_]+", name), name
        assert (kind == "counter") == name.endswith("_total"), (name, kind)
    for sample in samples(gateway):
        base = re.sub(r"_(bucket|sum|count)$", "", sample.split("{")[0])
        assert base in types or sample.split("{")[0] in types, sample


def test_openmetrics_is_given_to_who_asks_for_it(gateway):
    status, content_type, text = ask(gateway, "/metrics", "application/openmetrics-text; version=1.0.0")
    assert status == 200
    assert content_type.startswith("application/openmetrics-text; version=1.0.0")
    assert text.endswith("# EOF\n")


def test_requests_are_counted_by_target_code_and_origin(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD)
    with gateway.connect() as connection:
        for _ in range(7):
            connection.request("PATCH", UPDATE, {"name": "x"})
        connection.request("PATCH", UPDATE, {"nmae": "x"})
        vendor.script = [Reply(404, {"errors": [{"title": "Not Found", "status": "404"}]})]
        connection.request("PATCH", UPDATE, {"name": "x"})
    requests = "product_gateway_requests_total"
    until(lambda: total(gateway, requests) == 9, "all requests are counted")
    assert total(gateway, requests, target="acme", code="ok") == 7
    assert total(gateway, requests, target="acme", code="validation_failed", origin="gateway") == 1
    assert total(gateway, requests, target="acme", code="product_not_found", origin="vendor") == 1
    assert total(gateway, "product_gateway_attempts_total", target="acme") == 8


def test_labels_come_from_the_configuration_and_never_from_callers(vendor_gateway):
    _, gateway = vendor_gateway(GOOD)
    secret_ids = [f"caller-chosen-{number}" for number in range(20)]
    with gateway.connect() as connection:
        for id in secret_ids:
            connection.request("PATCH", f"/v1/products/{id}?target={id}", {id: "x"}, {"x-request-id": id})
            connection.request("PATCH", f"/v1/products/{id}", {id: "x"}, {"x-request-id": id})
            connection.request("PATCH", f"/{id}", {id: "x"})
            connection.request(id.upper(), "/v1/targets")
    _, _, text = ask(gateway, "/metrics")
    assert "caller-chosen" not in text.lower()


def test_gauges_return_to_zero(vendor_gateway):
    _, gateway = vendor_gateway(GOOD, target={"connections": {"idleTimeout": "1s"}}, workers=2)
    for _ in range(20):
        connection = gateway.connect()
        streams = [connection.send("PATCH", UPDATE, {"name": "x"}) for _ in range(5)]
        connection.reset(streams[0])
        connection.answer(streams[1])
        connection.close()

    def left():
        return {
            name: value for name, value in samples(gateway).items()
            if re.match(r"product_gateway_\w*(_open|_in_flight|_depth)\b", name) and value != 0}

    until(lambda: not left(), f"nothing is left open: {left()}", seconds=10)


@pytest.mark.parametrize("path", ["/metrics", "/status", "/", "/readyz?verbose", "/livez?verbose"])
def test_no_secret_is_shown_to_operators(gateway, path):
    gateway.update("cor", "EXT-PROD-12345", {"name": "a product's name"})
    status, _, text = ask(gateway, path)
    assert status == 200
    for value in SECRETS.values():
        assert value not in text
    assert "a product's name" not in text


def test_the_status_is_json_and_the_page_needs_nothing_from_elsewhere(gateway):
    status, content_type, text = ask(gateway, "/status")
    assert status == 200 and content_type.startswith("application/json")
    assert {target["name"] for target in json.loads(text)["targets"]} == {
        "cor", "elastic-path", "softwareone", "catalogue"}
    status, content_type, page = ask(gateway, "/")
    assert status == 200 and content_type.startswith("text/html")
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", page)


@pytest.mark.parametrize("path", ["/nothing", "/metrics/x", "/../etc/passwd", "/%00"])
def test_what_is_not_there_is_not_found(gateway, path):
    assert ask(gateway, path)[0] == 404
