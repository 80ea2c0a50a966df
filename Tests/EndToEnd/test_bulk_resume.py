"""Streams with an idempotency key: what is done is done once, whatever is killed in the middle."""

import json
import os
import shutil
import socket
import threading
import time
from collections import Counter
from urllib.parse import quote

import pytest

from harness.vendor import Never, Reply
from harness.waiting import until
from test_bulk import LINES, line, results, target, texts
from test_key_stores import redis  # noqa: F401: a fixture
from test_push import Pushing, push

needs_redis = pytest.mark.skipif(not shutil.which("redis-server"), reason="there is no redis-server here")
KEYED = {**LINES, "idempotency-key": '"nightly 7"'}
INQUIRY = "/v1/bulk/" + quote('"nightly 7"')


def create(name):
    return json.dumps({"op": "create", "product": {"name": name}}) + "\n"


class Products:
    """A vendor's products: what each was last, and how often each was created."""

    def __init__(self, seconds=0):
        self.seconds = seconds
        self.lock = threading.Lock()
        self.named = {}
        self.created = Counter()

    def __call__(self, request):
        name = json.loads(request.body).get("name")
        with self.lock:
            if request.method == "POST":
                self.created[name] += 1
            else:
                self.named[request.path.rsplit("/", 1)[1]] = name
        time.sleep(self.seconds)
        if request.method == "POST":
            return Reply(201, {"id": name})
        return Reply(200, {"id": request.path.rsplit("/", 1)[1]})


def inquire(gateway):
    answer = gateway.request("GET", INQUIRY)
    assert answer.status == 200, answer.text
    return answer.json


@pytest.fixture(params=["memory", "file", pytest.param("redis", marks=needs_redis)])
def store(request, tmp_path):
    if request.param == "memory":
        return {"engine": "memory"}
    if request.param == "file":
        return {"engine": "file", "path": str(tmp_path / "keys.sqlite"), "timeout": "5s"}
    server = request.getfixturevalue("redis")
    return {"engine": "redis", "url": f"redis://127.0.0.1:{server.port}", "timeout": "5s"}


def test_what_is_done_is_replayed_and_what_is_not_is_sent(start_vendor, start_gateway, store):
    def answer(request):
        return Reply(422, {"message": "no"}) if request.path.endswith("/p7") and not mended else products(request)

    mended, products = [], Products()
    vendor = start_vendor(answer)
    gateway = start_gateway(target(vendor), workers=2, store=store)
    until(lambda: gateway.request("GET", INQUIRY).status == 404, "the store serves, and knows nothing")
    lines = [line(f"p{number}") for number in range(400)] + [create(f"c{number}") for number in range(100)]
    first, summary = results(gateway.request("POST", "/v1/bulk?target=fynn", "".join(lines), headers=KEYED))
    assert summary["done"] == 499 and "replayed" not in summary
    assert inquire(gateway) == {"through": 7, "lines": 500, "open": [[8, 8]], "more": False, "underWay": False}

    mended.append(True)
    sent = len(vendor.requests)
    again, summary = results(gateway.request("POST", "/v1/bulk?target=fynn", "".join(lines), headers=KEYED))
    assert (summary["done"], summary["replayed"]) == (500, 499), summary
    assert len(vendor.requests) == sent + 1
    assert again[1] == {**first[1], "replayed": True}
    assert again[450] == {"line": 450, "target": "fynn", "outcome": "done", "status": 201, "replayed": True}
    assert inquire(gateway)["through"] == 500
    assert set(products.created.values()) == {1}
    assert gateway.metric("product_gateway_bulk_lines_total") == 1000

    # Another content, another order of targets, another caller's stream.
    changed = lines[:3] + [line("p3", {"name": "other"})] + lines[4:]
    refused, _ = results(gateway.request("POST", "/v1/bulk?target=fynn", "".join(changed), headers=KEYED))
    assert {each["code"] for number, each in refused.items() if number <= 128} == {"idempotency_key_reused"}
    assert all(refused[number]["replayed"] for number in range(129, 501))
    answer = gateway.request(
        "POST", "/v1/bulk?target=fynn", lines[0], headers={**KEYED, "prefer": "handling=lenient"})
    assert (answer.status, answer.json["code"]) == (422, "idempotency_key_reused")
    assert len(vendor.requests) == sent + 1


def test_a_stream_that_is_under_way_is_not_begun_twice(start_vendor, start_gateway):
    vendor = start_vendor(Never())
    gateway = start_gateway(target(vendor), workers=1)
    with gateway.connect() as connection:
        stream = connection.begin("POST", "/v1/bulk?target=fynn", KEYED, b"x", end=False)
        connection.send_body(stream, line("a").encode(), end=False)
        until(lambda: vendor.requests, "the line is at the vendor")
        answer = gateway.request("POST", "/v1/bulk?target=fynn", line("a"), headers=KEYED)
        assert (answer.status, answer.json["code"]) == (409, "idempotency_conflict")
        assert inquire(gateway)["underWay"] is True
    vendor.stop()


def test_where_keys_are_required_the_key_of_the_stream_suffices(start_vendor, start_gateway):
    gateway = start_gateway(
        target(start_vendor(Products())), idempotency={"required": ["create", "update"]})
    answer = gateway.request("POST", "/v1/bulk?target=fynn", line("a"), headers=LINES)
    assert (answer.status, answer.json["code"]) == (400, "idempotency_key_required")
    assert results(gateway.request("POST", "/v1/bulk?target=fynn", line("a"), headers=KEYED))[1]["done"] == 1
    answer = gateway.request(
        "POST", "/v1/bulk?target=fynn", line("a"), headers={**LINES, "idempotency-key": '"'})
    assert (answer.status, answer.json["code"]) == (400, "invalid_request")


def test_a_create_that_was_under_way_is_told_as_unknown_and_never_sent_again(start_vendor, start_gateway, tmp_path):
    store = {"engine": "file", "path": str(tmp_path / "keys.sqlite"), "timeout": "5s"}
    vendor = start_vendor(Never())
    gateway = start_gateway(target(vendor), workers=1, store=store)
    until(lambda: gateway.request("GET", INQUIRY).status == 404, "the store serves")
    body = create("one") + line("a")
    with gateway.connect() as connection:
        stream = connection.begin("POST", "/v1/bulk?target=fynn", KEYED, b"x", end=False)
        connection.send_body(stream, body.encode(), end=False)
        until(lambda: len(vendor.requests) == 2, "both lines are at the vendor")
        gateway.kill()
    vendor.usually = Products()
    gateway = start_gateway(target(vendor), workers=1, store=store)
    until(lambda: gateway.request("GET", INQUIRY).status == 200, "the store serves")
    by_line, summary = results(
        gateway.request("POST", "/v1/bulk?target=fynn", body + create("two"), headers=KEYED))
    assert by_line[1]["code"] == "outcome_unknown" and by_line[1]["outcome"] == "unknown"
    assert by_line[2]["outcome"] == "done" and by_line[3]["status"] == 201
    assert summary["unknown"] == 1
    assert [request.method for request in vendor.requests].count("POST") == 2
    assert inquire(gateway)["open"] == [[1, 1]]


def fixed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.alone
def test_gateway_killed_twice_and_client_once_each_product_as_the_file_says_and_each_create_once(
        start_vendor, start_gateway, tmp_path):
    """`GATEWAY_RESUMED_LINES=100000` makes it long."""
    count = int(os.environ.get("GATEWAY_RESUMED_LINES", "4000"))
    products = Products(seconds=0.0005)
    vendor = start_vendor(products)
    store = {"engine": "file", "path": str(tmp_path / "keys.sqlite"), "timeout": "5s"}

    def start(port):
        return start_gateway(target(vendor), workers=1, store=store, listener={"host": "127.0.0.1", "port": port})

    gateway = start(0)
    port = gateway.port
    # Every third line is a create; each product has two updates, far apart and near each other.
    file = tmp_path / "p.jsonl"
    wanted = {}
    with file.open("w") as output:
        for number in range(count):
            if number % 3 == 0:
                output.write(create(f"c{number}"))
                continue
            product = f"p{number % (count // 2)}" if number % 2 else f"q{number // 8}"
            wanted[product] = f"n{number}"
            output.write(line(product, {"name": f"n{number}"}))
    pushing = Pushing(gateway, file, "--parallel", "2")

    def share():
        return (len(products.created) + len(products.named)) / (count / 3 + len(wanted))

    for part in (0.15, 0.4):
        until(lambda: share() > part, "some of it is done", seconds=600)
        gateway.kill()
        gateway = start(port)
    until(lambda: share() > 0.6, "more of it is done", seconds=600)
    pushing.process.kill()
    pushing.end()
    result = push(gateway, file, "--parallel", "2", "--resume", "--json", "--failed", tmp_path / "failed", timeout=600)
    unknown = [json.loads(text) for text in (tmp_path / "failed.unknown").read_text().splitlines()] if (
        tmp_path / "failed.unknown").exists() else []
    # Creates that were at the vendor when the gateway was killed: nobody knows, and they are told as that.
    told = {each["product"]["name"] for each in unknown}
    assert result.returncode == (2 if told else 0), (result.stdout[-2000:], result.stderr)
    assert len(told) <= 2 * 2 * 64
    assert set(products.created.values()) == {1}, [each for each in products.created.items() if each[1] > 1][:5]
    creates = {f"c{number}" for number in range(0, count, 3)}
    assert creates - set(products.created) <= told, "each create that is not told as unknown is there"
    assert products.named == wanted
