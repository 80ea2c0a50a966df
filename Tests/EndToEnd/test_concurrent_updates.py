"""Updates of one product that come at once, at a vendor that replaces whole products: none of them is lost."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.vendor import Close, Reply

ID = "ad8f1c2c-3b1c-4b0a-8b0a-0b0b0b0b0b0b"


class Store:
    """A vendor's product, replaced by every PUT. `versions`: it has ETags and refuses a write to another version."""

    def __init__(self, versions=False):
        self.versions = versions
        self.product = {"id": ID, "name": "Basic", "customFields": {}}
        self.version = 1
        self.lock = threading.Lock()
        # What to do instead of answering the next writes; the write is applied all the same.
        self.lost_answers = 0
        # Called with each write that is lost, as somebody else who changes the product at once.
        self.meanwhile = lambda product: None

    def __call__(self, request):
        with self.lock:
            headers = {"etag": f'"{self.version}"'} if self.versions else {}
            if request.method == "GET":
                return Reply(200, self.product, headers=headers)
            expected = request.headers.get("if-match")
            if self.versions and expected not in (None, f'"{self.version}"'):
                return Reply(412, {"message": "another version"})
            self.product = {"id": ID, **json.loads(request.body)}
            self.version += 1
            if self.lost_answers:
                self.lost_answers -= 1
                self.meanwhile(self.product)
                return Close(hard=True)
            return Reply(200, self.product)


def target(vendor):
    return {"fynn": {
        "dialect": "catalogue", "baseURL": vendor.url, "updateSemantics": "replace",
        "retries": {"attempts": 3, "backoff": "1ms", "backoffMax": "1ms"},
        "timeouts": {"connect": "2s", "attempt": "10s", "total": "20s"}}}


@pytest.mark.parametrize("versions", [False, True], ids=["without versions", "with versions"])
@pytest.mark.parametrize("workers", [1, 2])
def test_forty_changes_at_once_are_all_there(start_vendor, start_gateway, versions, workers):
    store = Store(versions)
    vendor = start_vendor(store)
    gateway = start_gateway(target(vendor), workers=workers)

    def change(number):
        return gateway.update("fynn", ID, {"customFields": {f"field{number}": str(number)}})

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(change, range(40)))
    assert [answer.status for answer in answers] == [200] * 40, answers
    assert store.product["customFields"] == {f"field{number}": str(number) for number in range(40)}


def test_changes_by_two_targets_of_one_vendor_are_all_there(start_vendor, start_gateway):
    store = Store()
    vendor = start_vendor(store)
    gateway = start_gateway({**target(vendor), "other": target(vendor)["fynn"]})

    def change(number):
        return gateway.update(("fynn", "other")[number % 2], ID, {"customFields": {f"field{number}": str(number)}})

    with ThreadPoolExecutor(8) as pool:
        assert [answer.status for answer in pool.map(change, range(20))] == [200] * 20
    assert store.product["customFields"] == {f"field{number}": str(number) for number in range(20)}


def test_a_repeated_write_does_not_revert_what_somebody_else_has_changed(start_vendor, start_gateway):
    store = Store()
    store.lost_answers = 1
    store.meanwhile = lambda product: product.update(internalName="theirs")
    vendor = start_vendor(store)
    gateway = start_gateway(target(vendor))
    answer = gateway.update("fynn", ID, {"description": "ours"})
    assert answer.status == 200, answer
    assert (store.product["description"], store.product["internalName"]) == ("ours", "theirs")
    # What was lost had arrived: the second read shows it, and nothing is written again.
    assert [request.method for request in vendor.requests] == ["GET", "PUT", "GET"]


def test_a_product_that_has_changed_since_it_was_read_is_read_again(start_vendor, start_gateway):
    store = Store(versions=True)
    vendor = start_vendor(store)
    gateway = start_gateway(target(vendor))
    first = Reply(200, {"id": ID, "name": "Basic"}, headers={"etag": '"0"'})
    vendor.script = [first]
    answer = gateway.update("fynn", ID, {"description": "ours"})
    assert answer.status == 200, answer
    assert store.product["description"] == "ours"
    assert [request.method for request in vendor.requests] == ["GET", "PUT", "GET", "PUT"]


def test_if_match_is_held_against_the_version_that_the_vendor_has(start_vendor, start_gateway):
    store = Store(versions=True)
    vendor = start_vendor(store)
    gateway = start_gateway(target(vendor))
    answer = gateway.update("fynn", ID, {"description": "a"}, headers={"if-match": '"1"'})
    assert answer.status == 200, answer
    answer = gateway.update("fynn", ID, {"description": "b"}, headers={"if-match": '"1"'})
    assert (answer.status, answer.json["code"], answer.json["outcome"]) == (412, "precondition_failed", "not_sent")
    assert store.product["description"] == "a"


@pytest.mark.parametrize("header", [{"if-none-match": "*"}, {"if-match": '"1"'}], ids=lambda header: next(iter(header)))
def test_a_promise_that_cannot_be_kept_is_refused_and_nothing_is_sent(start_vendor, start_gateway, header):
    vendor = start_vendor(Store())
    partial = target(vendor)
    partial["fynn"]["updateSemantics"] = "partial"
    gateway = start_gateway(partial)
    answer = gateway.update("fynn", ID, {"description": "b"}, headers=header)
    assert (answer.status, answer.json["code"], answer.json["outcome"]) == (400, "unsupported_header", "not_sent")
    assert not vendor.requests


def test_a_create_is_answered_with_201_and_where_the_product_is(gateway, sandbox):
    answer = gateway.create("elastic-path", {"name": "New", "kind": "physical", "sku": "created-with-201"})
    assert answer.status == 201, answer
    assert answer.headers["location"] == f"/v1/products/{answer.json['id']}?target=elastic-path"


def test_several_results_that_all_fail_are_no_success(start_vendor, start_gateway):
    refusing = start_vendor(Reply(404, b""))
    failing = start_vendor(Reply(500, b""))
    targets = {
        "a": target(refusing)["fynn"], "b": target(failing)["fynn"], "c": target(refusing)["fynn"],
        "d": target(start_vendor(Store()))["fynn"]}
    for each in targets.values():
        each["updateSemantics"] = "partial"
    gateway = start_gateway(targets)

    def statuses(names):
        answer = gateway.update(names, ID, {"description": "x"})
        return answer.status, [result["status"] for result in answer.json["results"]]

    assert statuses("a,c") == (404, [404, 404])
    assert statuses("a,b") == (502, [404, 502])
    assert statuses("a,d") == (207, [404, 200])


@pytest.mark.parametrize("instances, versions, codes", [(1, False, []), (3, True, []), (3, False, ["unguarded"])])
def test_an_update_that_another_instance_may_undo_says_so(start_vendor, start_gateway, instances, versions, codes):
    vendor = start_vendor(Store(versions))
    gateway = start_gateway(target(vendor), instances=instances)
    answer = gateway.update("fynn", ID, {"description": "x"})
    assert answer.status == 200, answer
    assert [warning["code"] for warning in answer.json["warnings"]] == codes
