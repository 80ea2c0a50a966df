"""examples/: what scripts/examples makes of the gateway's OpenAPI document, and each file does what it says."""

import json
import subprocess

import pytest

from harness.packages import python
from harness.processes import REPOSITORY, Gateway, binary, environment

FOLDER = REPOSITORY / "examples"
CURL = sorted(FOLDER.glob("curl/*.sh"))
PYTHON = sorted(FOLDER.glob("python/*.py"))
# What an answer has, by the example's name; all others have an id.
MEMBERS = {"update-several": "results", "dry-run": "body", "list-targets": "targets", "ask-a-target": "fields",
           "explain-a-problem": "meaning", "schema": "$schema"}


@pytest.fixture
def sandboxed(tmp_path_factory):
    """A gateway with stand-ins, as the examples' README starts one; anew for each, because they create products."""
    folder = tmp_path_factory.mktemp("examples")
    gateway = Gateway(
        "--sandbox", "--port", "0", "--admin-port", "0", "--certificate-file", folder / "gateway.pem", cwd=folder)
    yield {"GATEWAY": f"https://localhost:{gateway.port}", "CACERT": str(folder / "gateway.pem")}
    assert gateway.stop() == 0


def check(name, output):
    answer = json.loads(output)
    assert MEMBERS.get(name, "id") in answer, answer


def test_they_are_made_from_the_openapi_document(tmp_path):
    subprocess.run(
        ["/usr/bin/python3", REPOSITORY / "scripts/examples", tmp_path], check=True, capture_output=True, timeout=120,
        env=environment({"PRODUCT_GATEWAY_BINARY": binary(), "PYTHONDONTWRITEBYTECODE": "1"}))
    made = {file.relative_to(tmp_path): file.read_text() for file in tmp_path.rglob("*") if file.is_file()}
    kept = {file.relative_to(FOLDER): file.read_text() for file in FOLDER.rglob("*") if file.is_file()}
    assert made == kept, "scripts/examples writes them anew"
    assert len(CURL) == len(PYTHON) > 10


@pytest.mark.parametrize("file", CURL, ids=lambda file: file.stem)
def test_an_example_for_curl_does_what_it_says(sandboxed, file):
    done = subprocess.run(
        ["sh", file], capture_output=True, text=True, timeout=60, env=environment(sandboxed))
    assert done.returncode == 0, done.stdout + done.stderr
    check(file.stem, done.stdout)


@pytest.mark.parametrize("file", PYTHON, ids=lambda file: file.stem)
def test_an_example_for_python_does_what_it_says(sandboxed, file):
    done = python(file, needs=["httpx"], env=sandboxed)
    assert done.returncode == 0, done.stdout + done.stderr
    check(file.stem, done.stdout)
