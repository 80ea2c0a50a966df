"""docs/exactly-once.md does not lie: its programs are taken from the page and run; what they ask for is done once."""

import json
import re
import shutil
import subprocess

import pytest

from harness.cutting_proxy import CuttingProxy
from harness.packages import FOLDER
from harness.processes import REPOSITORY, environment
from harness.vendor import Close, Reply

PAGE = (REPOSITORY / "docs/exactly-once.md").read_text()
ID = "60afe403-a191-455e-b771-c510c928a308"
NEW = {"name": "New", "kind": "physical", "sku": "S-1", "slug": "new"}
PROGRAMS = {
    "Python": ("send.py", ("/usr/bin/python3", "send.py"), "/usr/bin/python3"),
    "JavaScript": ("send.mjs", ("node", "send.mjs"), "node"),
    "Shell": ("send.sh", ("bash", "send.sh"), "curl"),
}


def product(status=200):
    return Reply(status, {"data": {"id": ID, "type": "product", "attributes": {"name": "x"}}})


@pytest.fixture(params=PROGRAMS, ids=str)
def program(request, tmp_path):
    """Runs a program of the page with a method, a path, a product and a key: status and answer."""
    file, run, needed = PROGRAMS[request.param]
    if not shutil.which(needed) or (needed == "curl" and not shutil.which("jq")):
        pytest.skip(f"there is no {needed} here")
    if request.param == "Python" and not (FOLDER / "requests").is_dir():
        pytest.skip("the package requests is not installed")
    section = PAGE.split(f"\n### {request.param}\n")[1].split("\n## ")[0].split("\n### ")[0]
    (tmp_path / file).write_text(re.search(r"```\w+\n(.*?)```", section, re.S)[1])
    (tmp_path / "product.json").write_text(json.dumps(NEW))

    def send(port, method, path, key):
        ended = subprocess.run(
            [*run, method, path, "product.json", key], cwd=tmp_path, capture_output=True, text=True, timeout=120,
            env=environment({"GATEWAY": f"http://127.0.0.1:{port}", "PYTHONPATH": str(FOLDER)}))
        assert ended.returncode == 0, ended.stderr
        status, _, answer = ended.stdout.partition(" ")
        return int(status), json.loads(answer)

    return send


def test_a_create_whose_answer_is_lost_is_sent_again_and_done_once(vendor_gateway, program):
    vendor, gateway = vendor_gateway(product(201))
    # The connection breaks when the whole request has been sent: the answer is lost.
    with AnswerCut(gateway.port) as cut:
        status, answer = program(cut.port, "POST", "/v1/products?target=acme", "key-1")
        assert (status, answer["id"]) == (201, ID)
        assert cut.connections >= 2
    assert len(vendor.requests) == 1


def test_what_was_not_done_is_sent_again_until_it_is(vendor_gateway, program):
    vendor, gateway = vendor_gateway(product(201))
    vendor.script = [Reply(429, b"", headers={"retry-after": "1"})] * 2
    status, answer = program(gateway.port, "POST", "/v1/products?target=acme", "key-2")
    assert status == 201
    assert len(vendor.requests) == 3


def test_a_create_that_nobody_knows_of_is_not_sent_again(vendor_gateway, program):
    vendor, gateway = vendor_gateway(product(201))
    vendor.script = [Close()]
    first = program(gateway.port, "POST", "/v1/products?target=acme", "key-3")
    assert (first[0], first[1]["outcome"], first[1]["retryable"]) == (502, "unknown", False)
    again = program(gateway.port, "POST", "/v1/products?target=acme", "key-3")
    assert (again[0], again[1]["code"]) == (409, "outcome_unknown")
    assert [request.method for request in vendor.requests] == ["POST", "GET", "GET"]


class AnswerCut(CuttingProxy):
    """Cuts the first connection as soon as anything of the answer comes."""

    def __init__(self, port):
        super().__init__(port)

    def _relay(self, source, sink, limit):
        is_answer = source.getpeername()[1] == self.target
        super()._relay(source, sink, 0 if is_answer and self.connections == 1 else limit)
