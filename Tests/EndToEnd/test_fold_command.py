"""`fold` on the command line is the gateway: the same answer of a vendor, through both, comes out the same."""

import json

import pytest

from harness.configuration import write
from harness.processes import REPOSITORY, command
from harness.vendor import Reply

CASES = REPOSITORY / "Tests/GatewayTranslationTests/Cases"
DIALECTS = ["cor", "elastic-path", "softwareone", "catalogue"]
# What the targets here have.
PARAMETERS = {"cor": "source=MICROSOFT_DYNAMICS"}
# What a case can say of a target, beyond what all targets here have.
SPECIAL = {"parameters", "enabled", "clearable", "semantics"}


def case(path):
    """The settings, and the vendor's answer; `Cases/README.md` explains them."""
    head, answer, _ = path.read_text().split("\n----------\n", 2)
    settings = dict(
        line.split(":", 1) for line in head.splitlines() if line and not line.startswith("#"))
    settings = {name: value.strip() for name, value in settings.items()}
    return settings, b"" if answer == "<empty>" else answer.encode()


def cases(dialect):
    found = []
    paths = [*CASES.rglob("*.case"), *(REPOSITORY / "dialects" / dialect / "cases").rglob("*.case")]
    for path in sorted(paths):
        settings, answer = case(path)
        if settings.get("parameters") == PARAMETERS.get(dialect):
            settings.pop("parameters", None)
        if "status" in settings and settings.get("target", dialect) == dialect and not SPECIAL & set(settings):
            found.append((path.relative_to(REPOSITORY), settings, answer))
    return found


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_answer_of_the_cases_is_folded_as_the_gateway_folds_it(start_vendor, start_gateway, tmp_path, dialect):
    vendor = start_vendor()
    targets = {dialect: {
        "dialect": dialect, "baseURL": vendor.url, "retries": {"attempts": 1},
        **({"parameters": {"source": "MICROSOFT_DYNAMICS"}} if dialect == "cor" else {})}}
    gateway = start_gateway(targets, workers=1)
    compared = 0
    for name, settings, body in cases(dialect):
        # An answer that breaks off is another case over a connection: which error it is depends on where it breaks.
        if "cut" in settings or not 200 <= int(settings["status"]) <= 599 or int(settings["status"]) in (204, 304):
            continue
        operation = settings.get("operation", "update")
        sent = settings.get("sent", '{"name": "n"}')
        headers = {
            header: settings[setting]
            for setting, header in (("retry-after", "retry-after"), ("request-id", "x-request-id"), ("etag", "etag"))
            if setting in settings}
        handling = {"prefer": f"handling={settings['handling']}"} if "handling" in settings else {}
        vendor.usually = Reply(int(settings["status"]), body, headers=headers)
        id = settings.get("id", "P1")
        if operation == "update":
            answered = gateway.update(dialect, id, sent, headers=handling)
        else:
            answered = gateway.create(dialect, sent, headers=handling)
        if answered.json.get("outcome") == "not_sent":
            continue  # Translation refuses the request that this case does not say.
        request = write(tmp_path, sent, "request.json")
        arguments = ["--id", id] if operation == "update" else []
        for header, value in headers.items():
            arguments += ["--header", f"{header}: {value}"]
        if "handling" in settings:
            arguments += ["--handling", settings["handling"]]
        folded = command(
            "fold", "--config", gateway.file, "--target", dialect, "--operation", operation, "--status",
            settings["status"], "--request", request, *arguments, stdin=body)
        assert folded.returncode == 0, (name, folded)
        document = json.loads(folded.stdout)
        ours, theirs = document["body"], answered.json
        assert ours.pop("requestId") == "command-line"
        theirs.pop("requestId")
        assert ours == theirs, name
        assert document["status"] == answered.status, name
        for header in ("content-type", "retry-after", "proxy-status", "location", "etag"):
            assert document["headers"].get(header) == answered.headers.get(header), (name, header)
        compared += 1
    assert compared >= 20, f"only {compared} cases were compared"
