"""What the documents show is what happens: the README's requests are sent, answers compared; links lead somewhere."""

import json
import re
import signal
import subprocess
from pathlib import Path

import pytest

from harness.processes import REPOSITORY, Running, binary, environment
from harness.waiting import until

README = (REPOSITORY / "README.md").read_text()
DOCUMENTS = sorted(
    [*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md")], key=lambda path: path.as_posix())


def examples():
    """Each request of the README with the answer that it shows."""
    for block in re.findall(r"```console\n(.*?)```", README, re.S):
        command = re.match(r"\$ ((?:[^\n]*\\\n)*[^\n]*)\n", block)
        shown = block[command.end():].strip()
        if "curl" in command[1] and shown.startswith("{"):
            yield command[1], exact(shown)


def exact(text):
    """JSON whose numbers keep their spelling: 1.10 is not 1.1. Several lines are the results of a stream, which come
    as they are done."""
    lines = text.splitlines() if "\n{" in text else [text]
    documents = [json.loads(line, parse_float=str, parse_int=str) for line in lines]
    return documents[0] if len(documents) == 1 else sorted(documents, key=lambda each: each.get("line", "~"))


def without_what_varies(value):
    """Ids that are made anew each time, and the stand-ins' port."""
    if isinstance(value, list):
        return [without_what_varies(each) for each in value]
    if isinstance(value, dict):
        kept = {name: without_what_varies(each) for name, each in value.items() if name != "requestId"}
        if kept.get("vendor") == {"status": "201"}:
            kept.pop("id", None)
        if "url" in kept:
            kept["url"] = re.sub(r"localhost:\d+", "localhost", kept["url"])
        return kept
    return value


def test_the_requests_of_the_readme_have_the_answers_of_the_readme(tmp_path):
    gateway = Running(
        ["run", "--config", REPOSITORY / "gateway.json", "--sandbox", "--port", "0", "--admin-port", "0",
         "--certificate-file", "gateway.pem"], cwd=tmp_path)
    try:
        until(lambda: gateway.must_run() or any('"ready"' in line for line in gateway.output), "the gateway is ready")
        line = next(line for line in map(json.loads, gateway.output) if line.get("for") == "callers")
        base = f"https://localhost:{line['port']}"
        preamble = (
            'curl="curl -sS --http2 --cacert gateway.pem -H content-type:application/json"\n'
            f"gateway={base}\n")
        count = 0
        for command, shown in examples():
            script = preamble + command.replace("https://localhost:8443", base)
            result = subprocess.run(
                ["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=30, env=environment())
            assert result.stdout, (command, result.stderr)
            assert without_what_varies(exact(result.stdout)) == without_what_varies(shown), command
            count += 1
        assert count >= 7
    finally:
        gateway.signal(signal.SIGTERM)
        assert gateway.wait() == 0


def test_the_readmes_commands_on_the_command_line_work():
    result = subprocess.run(
        ["bash", "-c", "echo '{\"name\": \"Premium Product\"}' | \"$0\" translate --target cor --id EXT-PROD-12345 "
         "&& \"$0\" check", binary()], cwd=REPOSITORY, capture_output=True, timeout=30, env=environment())
    assert result.returncode == 0, result


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_every_link_of_a_document_leads_somewhere(document):
    for link in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
        if link.startswith("http"):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            headings = re.findall(r"^#+ (.*)$", target.read_text(), re.M)
            slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
            assert anchor in slugs, link


def test_the_life_of_a_request_has_a_heading_for_each_folder():
    text = (REPOSITORY / "docs/life-of-a-request.md").read_text()
    folders = {path.name for path in Path(REPOSITORY / "Sources/GatewayProxy").iterdir() if path.is_dir()}
    assert folders <= set(re.findall(r"^## (.*)$", text, re.M))
