"""docs/callers.md does not lie: its programs are taken from the page and run, and send again when it says so."""

import json
import re
import shutil
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.cutting_proxy import CuttingProxy
from harness.packages import FOLDER
from harness.processes import REPOSITORY, environment
from harness.vendor import Reply
from harness.waiting import until

PAGE = (REPOSITORY / "docs/callers.md").read_text()
COR = "/v1/products/EXT-PROD-12345"
EP = "60afe403-a191-455e-b771-c510c928a308"
# What the vendor is told with a create: a magic word in the sku.
NEW = "/v1/products?target=elastic-path"


# As the page says of them.
SEND_ALL_BEFORE_THEY_READ = {"httpx", "java.net.http"}


@dataclass(frozen=True)
class Client:
    """One heading of the page: its program, and how it is run."""

    heading: str
    file: str
    run: tuple
    # Commands that must be there, packages of requirements.txt.
    commands: tuple = ()
    packages: tuple = ()
    build: tuple = ()

    @property
    def program(self):
        section = PAGE.split(f"\n### {self.heading}\n")[1].split("\n### ")[0]
        return re.search(r"```\w+\n(.*?)```", section, re.S)[1]


@dataclass(frozen=True)
class Sent:
    """What a program ended with and printed."""

    code: int
    status: int
    answer: dict
    errors: str


def python_client(name):
    return Client(name, "send.py", ("/usr/bin/python3", "send.py"), packages=(name,))


CLIENTS = [
    python_client("httpx"),
    python_client("requests"),
    python_client("aiohttp"),
    Client("fetch", "send.mjs", ("node", "send.mjs"), commands=("node",)),
    Client("node:http2", "send.mjs", ("node", "send.mjs"), commands=("node",)),
    Client("java.net.http", "Send.java", ("java", "Send"), commands=("java", "javac"), build=("javac", "Send.java")),
    Client("net/http", "send.go", ("./send",), commands=("go",), build=("go", "build", "-o", "send", "send.go")),
    Client("curl", "send.sh", ("bash", "send.sh"), commands=("curl", "jq")),
]


@pytest.fixture(scope="session", params=CLIENTS, ids=lambda client: client.heading)
def client(request, tmp_path_factory, authority):
    """Sends one request with a program of the page, which is started anew for each."""
    client = request.param
    for command in client.commands:
        if not shutil.which(command):
            pytest.skip(f"{command} is not installed")
    for package in client.packages:
        if not (FOLDER / package).is_dir():
            pytest.skip(f"{package} is not installed; scripts/prerequisites test says why")
    folder = tmp_path_factory.mktemp("client")
    env = environment({
        "PYTHONPATH": str(FOLDER), "PYTHONDONTWRITEBYTECODE": "1", "NODE_EXTRA_CA_CERTS": "gateway.pem",
        "NODE_NO_WARNINGS": "1", "GOCACHE": str(folder / "go"), "HOME": str(folder)})

    def prepare(address):
        """A folder with the program for one gateway, compiled."""
        own = folder / address
        if not own.exists():
            own.mkdir()
            assert client.program.count("localhost:8443") == 1
            shutil.copy(authority.path, own / "gateway.pem")
            (own / client.file).write_text(client.program.replace("localhost:8443", address))
            if client.build:
                subprocess.run(client.build, cwd=own, env=env, check=True, timeout=120)
        return own

    def send(method, path, product, port, host="localhost", meanwhile=lambda: None, within=60):
        own = prepare(f"{host}:{port}")
        (own / "product.json").write_text(json.dumps(product))
        process = subprocess.Popen(
            [*client.run, method, path, "product.json"], cwd=own, env=env, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            meanwhile()
            output, errors = process.communicate(timeout=within)
        finally:
            process.kill()
        status, _, body = output.partition(" ")
        return Sent(process.returncode, int(status or 0), json.loads(body) if body.strip() else None, errors)

    send.heading = client.heading
    return send


def test_an_update_is_answered_with_the_product(client, gateway, sandbox):
    sent = client("PATCH", f"{COR}?target=cor", {"name": "Premium Product"}, gateway.port)
    assert (sent.code, sent.status, sent.errors) == (0, 200, ""), sent
    assert sent.answer["product"]["name"] == "Premium Product"
    assert len(sandbox.products_requests("cor")) == 1


def test_what_may_be_sent_again_is_and_not_before_its_time(client, gateway, sandbox):
    started = time.monotonic()
    sent = client("PATCH", f"{COR}~once-429-retry-after?target=cor", {"name": "Again"}, gateway.port)
    assert (sent.code, sent.status) == (0, 200), sent
    assert sent.answer["product"]["name"] == "Again"
    assert [each["response"]["status"] for each in sandbox.products_requests("cor")] == [429, 200]
    assert time.monotonic() - started > 1


def test_an_update_whose_outcome_is_unknown_is_sent_again(client, gateway, sandbox):
    sent = client("PATCH", f"{COR}~once-200-html?target=cor", {"name": "Again"}, gateway.port)
    assert (sent.code, sent.status) == (0, 200), sent
    assert len(sandbox.products_requests("cor")) == 2


def test_a_create_whose_outcome_is_unknown_is_not_sent_again(client, gateway, sandbox):
    sent = client("POST", NEW, {"name": "New", "kind": "digital", "sku": "ONE~200-html"}, gateway.port)
    assert sent.status == 502, sent
    assert (sent.answer["outcome"], sent.answer["retryable"]) == ("unknown", False)
    # It is looked up, and not there.
    methods = [each["request"]["method"] for each in sandbox.products_requests("elastic-path")]
    assert methods == ["POST", "GET"]


def test_what_is_wrong_is_not_sent_again(client, gateway, sandbox):
    before = len(exchanges(gateway))
    sent = client("PATCH", f"{COR}?target=cor", {"nmae": "x"}, gateway.port)
    assert (sent.status, sent.answer["code"]) == (422, "validation_failed"), sent
    assert len(exchanges(gateway)) == before + 1
    assert sandbox.exchanges() == []


def exchanges(gateway):
    """The log's lines of what has been answered, once the last of it is there."""
    last = gateway.request("GET", "/v1/targets").headers["x-request-id"]
    gateway.exchange_line(last)
    return [line for line in gateway.lines("exchange") if line.get("operation") == "update"]


@pytest.mark.parametrize("path, size, status, code", [
    (f"{COR}?target=nobody", 300_000, 404, "unknown_target"),
    (f"{COR}?target=cor", 2_000_000, 413, "payload_too_large"),
])
def test_a_large_body_that_is_refused_early_gets_its_problem(client, gateway, request, path, size, status, code):
    if client.heading in SEND_ALL_BEFORE_THEY_READ:
        request.applymarker(pytest.mark.xfail(reason="the gateway gives no credit for a body that it has refused"))
    # Well before the program's own time-out.
    sent = client("PATCH", path, {"description": "x" * size}, gateway.port, within=15)
    assert sent.status == status, sent
    assert sent.answer["code"] == code


def test_an_update_on_a_lost_connection_is_sent_again(client, gateway, sandbox):
    with CuttingProxy(gateway.port, cuts=1, after=100_000) as proxy:
        sent = client("PATCH", f"{COR}?target=cor", {"description": "x" * 300_000}, proxy.port)
        assert (sent.code, sent.status) == (0, 200), sent
        assert proxy.connections == 2


def test_a_create_on_a_lost_connection_is_not_sent_again(client, gateway, sandbox):
    product = {"name": "x", "kind": "digital", "description": "x" * 300_000}
    with CuttingProxy(gateway.port, cuts=1, after=100_000) as proxy:
        sent = client("POST", NEW, product, proxy.port)
        assert sent.code != 0 and sent.answer is None, sent
        assert proxy.connections == 1
        assert sandbox.products_requests("elastic-path") == []


def test_a_create_that_could_not_be_sent_is_sent_again(client, gateway, sandbox):
    if client.heading == "requests":
        pytest.skip("cannot tell, as the page says")
    with CuttingProxy(gateway.port, listens=False) as proxy:
        refused = refused_connections()

        def listen_once_refused():
            until(lambda: refused_connections() > refused, "the connection is refused")
            proxy.listen()

        # By its address, which is one: a name may have several, all of which are tried at once.
        sent = client("POST", NEW, {"name": "x", "kind": "digital"}, proxy.port, "127.0.0.1", listen_once_refused)
        assert sent.code == 0 and sent.answer["vendor"]["status"] == 201, sent
        assert len(sandbox.products_requests("elastic-path")) == 1


def refused_connections():
    """How many attempts to connect have failed on this machine; other tests may add to it."""
    names, numbers = [
        line.split() for line in Path("/proc/net/snmp").read_text().splitlines() if line.startswith("Tcp:")]
    return int(numbers[names.index("AttemptFails")])


def test_an_update_under_way_is_answered_though_the_gateway_stops(client, vendor_gateway):
    gate = threading.Event()

    def answer(_):
        gate.wait(20)
        return Reply(200, {"data": {"id": EP, "type": "product", "attributes": {"name": "x"}}})

    vendor, gateway = vendor_gateway(answer, tls=True, target={
        "timeouts": {"connect": "1s", "attempt": "15s", "total": "20s"}})
    with gateway.connect() as bystander:

        def stop():
            until(lambda: vendor.requests, "the vendor has the update")
            gateway.signal(signal.SIGTERM)
            # The second GOAWAY, which names the last stream: from now on a caller may think that all is over.
            bystander.read_until(lambda: bystander.is_closed or bystander.last_stream not in (None, 2**31 - 1))
            gate.set()

        sent = client("PATCH", f"/v1/products/{EP}", {"name": "x"}, gateway.port, meanwhile=stop)
    assert gateway.wait() == 0
    assert len(vendor.requests) == 1
    # Those that take GOAWAY for the end are told when nothing of theirs is under way.
    assert (sent.code, sent.status) == (0, 200), sent


def test_every_client_of_the_table_has_a_program():
    table = PAGE.split("\n## Clients\n")[1].split("\n### ")[0]
    assert re.findall(r"^\| \[(.*?)\]", table, re.M) == [client.heading for client in CLIENTS]


def test_the_snippet_for_several_targets_names_those_to_send_again(gateway):
    answer = gateway.request("PATCH", f"{COR}~429?target=cor,elastic-path,softwareone", {"name": "x"}).json
    section = PAGE.split("\n## Several targets\n")[1]
    scope = {}
    exec(re.search(r"```python\n(.*?)```", section, re.S)[1], scope)
    assert scope["failed_targets"](answer) == "cor,elastic-path,softwareone"
    mixed = gateway.request("PATCH", f"{COR}?target=cor,softwareone", {
        "name": "x", "ids": {"softwareone": "PRD-1234-1234~429"}}).json
    assert scope["failed_targets"](mixed) == "softwareone"
