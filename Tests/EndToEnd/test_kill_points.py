"""A gateway that is killed at any point of a request with a key, and started again: nothing is done twice, nothing is
lost, and nothing untrue is said. With the file store on one machine."""

import sqlite3
import threading
import time

import pytest

from harness.configuration import SECRETS, listener, write
from harness.processes import Gateway
from harness.vendor import Never, Reply
from harness.waiting import until

ID = "60afe403-a191-455e-b771-c510c928a308"
NEW = {"name": "New", "kind": "physical", "sku": "S-1", "slug": "new"}
KEY = {"idempotency-key": "k"}


def product(request):
    if request.method == "GET":
        # A lost create is looked up; this vendor shows nothing of it.
        return Reply(200, {"data": []})
    return Reply(
        201 if request.method == "POST" else 200,
        {"data": {"id": ID, "type": "product", "attributes": {"name": request.json["data"]["attributes"]["name"]}}})


class Work:
    """A create or an update, at a gateway that may be killed and started again with the same file of records."""

    def __init__(self, folder, vendor, is_create, **target):
        self.vendor = vendor
        self.is_create = is_create
        self.path = folder / "keys.sqlite"
        self.held = None
        self.file = write(folder, {
            "listener": listener(), "admin": {"host": "127.0.0.1", "port": 0},
            "store": {"engine": "file", "path": str(self.path), "timeout": "5s"},
            "targets": {"acme": {
                "dialect": "elastic-path", "baseURL": vendor.url, "retries": {"attempts": 1},
                "timeouts": {"connect": "1s", "attempt": "4s", "total": "10m"}, **target}}})
        self.start()

    def start(self):
        self.gateway = Gateway("--config", self.file, env=SECRETS, is_tls=False)
        until(lambda: self.gateway.lines("the store of idempotency keys serves"), "the store serves")

    def request(self):
        if self.is_create:
            return "POST", "/v1/products?target=acme", NEW, KEY
        return "PATCH", f"/v1/products/{ID}?target=acme", {"name": "New"}, KEY

    def send(self):
        """Sends, and does not wait."""
        self.connection = self.gateway.connect()
        self.connection.send(*self.request())

    def repeat(self):
        with self.gateway.connect() as connection:
            return connection.request(*self.request())

    def hold_file(self):
        """The gateway cannot write to its file until it is let go."""
        self.held = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        self.held.execute("BEGIN IMMEDIATE")

    def let_file_go(self):
        if self.held is not None:
            self.held.close()
            self.held = None

    @property
    def sent(self):
        return sum(request.method != "GET" for request in self.vendor.requests)


def body_under_way(work):
    method, path, _, headers = work.request()
    connection = work.gateway.connect_http1()
    connection.send_bytes(
        f"{method} {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n"
        f"idempotency-key: {headers['idempotency-key']}\r\n\r\n{{".encode())
    until(lambda: work.gateway.metric("product_gateway_downstream_received_bytes_total") > 0, "it has begun")


def claimed(work):
    """It waits to be sent: the first request has used up the vendor's pace."""
    with work.gateway.connect() as connection:
        connection.request("PATCH", f"/v1/products/{ID}?target=acme", {"name": "Other"})
    work.vendor.requests.clear()
    work.send()
    until(lambda: work.gateway.metric("product_gateway_gate_queue_depth") == 1, "it waits at the gate")


def sent(work):
    work.vendor.usually = Never()
    work.send()
    until(lambda: work.sent == 1, "it is at the vendor")


def answer_under_way(work):
    work.vendor.usually = Reply(201 if work.is_create else 200, b'{"data":', length=4_000, ends=False)
    work.send()
    until(lambda: work.gateway.metric("product_gateway_upstream_received_bytes_total") > 0, "the answer has begun")


def answered_and_not_recorded(work):
    """The file takes nothing from the moment on at which the vendor has the request."""
    answered = threading.Event()

    def answer(request):
        work.hold_file()
        answered.set()
        return product(request)

    work.vendor.usually = answer
    work.send()
    assert answered.wait(20)
    # The gateway has the answer, and its first second of waiting for the file is not over.
    time.sleep(0.1)


def recorded_and_not_taken(work):
    work.send()
    until(lambda: work.gateway.metric("product_gateway_idempotency_outcomes_total") == 1, "it is recorded")


NOTHING_SENT, MAY_BE_DONE, DONE = "nothing sent", "may be done", "done"
POINTS = [
    (body_under_way, NOTHING_SENT), (claimed, NOTHING_SENT), (sent, MAY_BE_DONE), (answer_under_way, MAY_BE_DONE),
    (answered_and_not_recorded, MAY_BE_DONE), (recorded_and_not_taken, DONE),
]


@pytest.mark.parametrize("is_create", [True, False], ids=["create", "update"])
@pytest.mark.parametrize("reach, then", POINTS, ids=[point.__name__ for point, _ in POINTS])
def test_a_kill_at_any_point_doubles_nothing_and_tells_the_truth(start_vendor, tmp_path, reach, then, is_create):
    vendor = start_vendor(product)
    # Beyond the first request, whoever comes within the next minutes waits at the gate.
    slow = {"rate": {"requests": 1, "per": "5m", "burst": 1}} if reach is claimed else {}
    work = Work(tmp_path, vendor, is_create, **slow)
    try:
        reach(work)
        before = work.sent
        work.gateway.kill()
        work.let_file_go()
        vendor.usually = product
        work.start()
        answers = [work.repeat() for _ in range(2)]
        effects = work.sent
    finally:
        work.let_file_go()
        if work.gateway.process.poll() is None:
            assert work.gateway.stop() == 0, work.gateway.text[-3000:]
    with sqlite3.connect(work.path) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    good = 201 if is_create else 200
    if then == MAY_BE_DONE and is_create:
        # The vendor may have created it, and does not show it.
        assert [(answer.status, answer.json["code"]) for answer in answers] == [(409, "outcome_unknown")] * 2, answers
        assert [answer.json["outcome"] for answer in answers] == ["unknown"] * 2
        assert (before, effects) == (1, 1)
    else:
        assert [answer.status for answer in answers] == [good] * 2, answers
        replays = [answer.headers.get("idempotent-replayed") for answer in answers]
        assert replays == (["true", "true"] if then == DONE else [None, "true"])
        assert effects - before == (0 if then == DONE else 1)
        assert answers[0].body == answers[1].body
