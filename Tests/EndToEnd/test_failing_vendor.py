"""What callers are told about a vendor that fails in every way there is, compared with what it has done.

`GATEWAY_FAILING_UPDATES`, `GATEWAY_FAILING_CREATES` and `GATEWAY_FAILING_SEEDS` say how many of each there are for each
version of HTTP and each way to update: 2000, 500 and 10 are the full size (`scripts/check-all --only truths`).
`GATEWAY_CUT_STEP` says at every how many bytes of an exchange its connection is cut: 1 is every byte.
"""

import collections
import json
import os
import queue
import threading
import uuid

import pytest

from harness.byte_cuts import ByteCuts
from harness.configuration import NEVER_LEFT_ALONE
from harness.failing_vendor import KEPT, FailingVendor
from harness.waiting import until

UPDATES = int(os.environ.get("GATEWAY_FAILING_UPDATES", 250))
CREATES = int(os.environ.get("GATEWAY_FAILING_CREATES", 80))
CUT_STEP = int(os.environ.get("GATEWAY_CUT_STEP", 16))
SEEDS = int(os.environ.get("GATEWAY_FAILING_SEEDS", 1))
CALLERS = 12


class Call:
    """One change, and what its caller was told."""

    def __init__(self, kind, number, seed):
        self.kind = kind
        self.name = f"{kind}-{seed}-{number}"
        self.id = str(uuid.uuid5(uuid.NAMESPACE_URL, self.name))
        self.answer = None

    def make(self, connection):
        if self.kind == "create":
            self.answer = connection.request("POST", "/v1/products", {"name": self.name})
        else:
            self.answer = connection.request("PATCH", f"/v1/products/{self.id}", {"name": self.name})

    @property
    def is_success(self):
        return self.answer.status < 300

    @property
    def outcome(self):
        return "done" if self.is_success else self.answer.json["outcome"]

    @property
    def is_retryable(self):
        return not self.is_success and self.answer.json["retryable"]


def untruths(call, vendor):
    """What the caller was told that is not so."""
    made = vendor.made[call.name]
    if call.outcome == "done" and not made:
        yield "told done, and was not made"
    if call.outcome in ("not_sent", "rejected") and made:
        yield f"told {call.outcome}, and was made"
    if call.kind == "create" and call.is_retryable and made:
        yield "a create that was made is told retryable"
    if call.kind == "create" and made > 1:
        yield "a create was made twice"
    if call.outcome not in ("done", "not_sent", "rejected", "unknown"):
        yield f"told {call.outcome}"
    if not call.is_success and call.answer.json["code"] == "internal_error":
        yield "told internal_error"


def damaged(vendor, style):
    """Products that were written without what the update did not name, at a vendor that replaces them whole."""
    if style == "plain":
        return []
    return [name for name, written in vendor.written.items()
            if name.startswith("update") and any(written.get(key) != value for key, value in KEPT.items())]


def call_all(gateway, calls):
    waiting = queue.SimpleQueue()
    for call in calls:
        waiting.put(call)
    failures = []

    def caller():
        try:
            with gateway.connect() as connection:
                while True:
                    try:
                        call = waiting.get_nowait()
                    except queue.Empty:
                        return
                    call.make(connection)
        except Exception as failure:
            failures.append(repr(failure))

    threads = [threading.Thread(target=caller) for _ in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures


@pytest.fixture
def failing(start_gateway):
    vendors = []

    def start(version, style, seed, tokens=None, **target):
        vendor = FailingVendor(seed, tokens=tokens)
        vendors.append(vendor)
        gateway = start_gateway({"acme": {
            "dialect": "catalogue", "baseURL": vendor.url,
            "updateSemantics": "replace" if style == "read, merge, write" else "partial",
            "connections": {"versions": [version]},
            "timeouts": {"connect": "500ms", "attempt": "600ms", "total": "5s"},
            "retries": {"attempts": 3, "backoff": "10ms", "budget": {"percent": 100, "perSecond": 1000}},
            "breaker": NEVER_LEFT_ALONE, **target}},
            defaultTarget="acme", workers=2, limits={"answerBody": 300_000})
        return vendor, gateway

    yield start
    for vendor in vendors:
        vendor.stop()


@pytest.mark.parametrize("seed", range(1, SEEDS + 1))
@pytest.mark.parametrize("style", ["plain", "read, merge, write"])
@pytest.mark.parametrize("version", ["http/1.1", "h2"])
def test_nobody_is_told_an_untruth(failing, version, style, seed):
    vendor, gateway = failing(version, style, seed)
    calls = [Call("update", number, seed) for number in range(UPDATES)]
    calls += [Call("create", number, seed) for number in range(CREATES)]
    # Mixed, and the same each time.
    calls.sort(key=lambda call: call.id)
    call_all(gateway, calls)
    until(vendor.is_quiet, "the vendor has dealt with everything")
    vendor.check()
    gateway.must_run()

    found = [(untruth, call) for call in calls for untruth in untruths(call, vendor)]
    table = collections.Counter(untruth for untruth, _ in found)
    example = [(untruth, call.name, call.answer.status, call.answer.text, vendor.made[call.name])
               for untruth, call in found[:3]]
    assert not table, f"{dict(table)} of {len(calls)}; {example}"
    assert not damaged(vendor, style)

    # The vendor has had its say: most ways were taken, and every outcome was told.
    told = collections.Counter((call.kind, call.outcome) for call in calls)
    print(version, style, seed, json.dumps({"/".join(key): count for key, count in told.items()}),
          f"{len(vendor.taken)} ways, {sum(vendor.made.values())} changes made")
    assert len(vendor.taken) >= 40
    for kind in ("update", "create"):
        for outcome in ("done", "rejected", "unknown"):
            assert told[kind, outcome] > 0, told


@pytest.mark.parametrize("version", ["http/1.1", "h2"])
def test_nobody_is_told_an_untruth_where_tokens_fail_too(failing, version):
    vendor, gateway = failing(version, "plain", 7, tokens=40, credentials={"oauth2": {
        "tokenURL": "/oauth/token", "clientID": {"env": "EP_CLIENT_ID"}, "clientSecret": {"env": "EP_CLIENT_SECRET"}}})
    calls = [Call(kind, number, 7) for kind in ("update", "create") for number in range(CREATES)]
    call_all(gateway, calls)
    until(vendor.is_quiet, "the vendor has dealt with everything")
    vendor.check()
    found = [(untruth, call.name, call.answer.text) for call in calls for untruth in untruths(call, vendor)]
    assert not found, found[:3]


@pytest.mark.parametrize("kind", ["update", "create"])
@pytest.mark.parametrize("version", ["http/1.1", "h2"])
def test_a_cut_at_any_byte_of_an_exchange_makes_nobody_tell_an_untruth(start_gateway, version, kind):
    """Toward the vendor and back, by a close and by a reset; the vendor itself does everything right."""
    vendor = FailingVendor(3, share=0)
    # Longer than any of these conversations: the last connections are not cut.
    most = 512
    relay = ByteCuts(vendor.port, CUT_STEP, most)
    gateway = start_gateway({"acme": {
        "dialect": "catalogue", "baseURL": relay.url, "updateSemantics": "partial",
        "connections": {"versions": [version]}, "breaker": NEVER_LEFT_ALONE, "retries": {"attempts": 1}}},
        defaultTarget="acme", workers=1)
    calls = [Call(kind, number, f"{version}-cut") for number in range(most // CUT_STEP * 4)]
    with gateway.connect() as connection:
        for call in calls:
            call.make(connection)
    until(vendor.is_quiet, "the vendor has dealt with everything")
    relay.stop()
    vendor.check()
    vendor.stop()
    found = [(untruth, call.name, call.answer.text) for call in calls for untruth in untruths(call, vendor)]
    assert not found, found[:3]
    told = collections.Counter(call.outcome for call in calls)
    print(version, kind, dict(told), f"{len(relay.passed['vendor'])} connections", max(relay.passed["vendor"]),
          max(relay.passed["gateway"]))
    # Some were cut before, in and after everything.
    assert told["done"] > 0 and told["unknown"] > 0, told
    assert len(relay.passed["vendor"]) >= len(calls) // 2, "each cut has ended its connection"
