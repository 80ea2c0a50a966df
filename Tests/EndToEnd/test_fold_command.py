"""`fold` on the command line is the gateway: the same answer of a vendor, through both, comes out the same."""

import json

import pytest

from harness.configuration import write
from harness.processes import REPOSITORY, command
from harness.vendor import Reply

CASES = REPOSITORY / "Tests/GatewayTranslationTests/Cases"
# The cases that say no target are for any; for one of each kind they are enough.
SHARED = ["cor", "elastic-path", "softwareone", "catalogue"]
OWN = ["adobe-commerce", "akeneo", "bigcommerce", "commercetools", "contentful", "salesforce", "shopify", "stripe",
       "woocommerce"]
# Of these, every update reads first: what is folded here is the answer to the write.
READING = {"commercetools", "contentful"}
# What the targets here have.
PARAMETERS = {"cor": "source=MICROSOFT_DYNAMICS"}
# What a case can say of a target, beyond what all targets here have.
SPECIAL = {"parameters", "enabled", "clearable", "semantics", "step"}


def case(path):
    """The settings, and the vendor's answer; `Cases/README.md` explains them."""
    head, answer, _ = path.read_text().split("\n----------\n", 2)
    settings = dict(
        line.split(":", 1) for line in head.splitlines() if line and not line.startswith("#"))
    settings = {name: value.strip() for name, value in settings.items()}
    return settings, b"" if answer == "<empty>" else answer.encode()


def cases(dialect):
    found = []
    shared = CASES.rglob("*.case") if dialect in SHARED else []
    paths = [*shared, *(REPOSITORY / "dialects" / dialect / "cases").rglob("*.case")]
    for path in sorted(paths):
        settings, answer = case(path)
        if settings.get("parameters") == PARAMETERS.get(dialect):
            settings.pop("parameters", None)
        if "status" in settings and settings.get("target", dialect) == dialect and not SPECIAL & set(settings):
            found.append((path.relative_to(REPOSITORY), settings, answer))
    return found


@pytest.mark.parametrize("dialects", [*([name] for name in SHARED), OWN], ids=lambda names: names[0])
def test_every_answer_of_the_cases_is_folded_as_the_gateway_folds_it(start_vendor, start_gateway, tmp_path, dialects):
    vendor = start_vendor()
    targets = {dialect: {
        "dialect": dialect, "baseURL": vendor.url, "retries": {"attempts": 1},
        **({"parameters": {"source": "MICROSOFT_DYNAMICS"}} if dialect == "cor" else {})} for dialect in dialects}
    gateway = start_gateway(targets, workers=1)
    for dialect in dialects:
        found = cases(dialect)
        if dialect in OWN:  # Failures are where the two could differ: waits, reasons, header fields.
            found = [each for each in found if "error" in each[0].name][:3]
        compared = sum(compare(vendor, gateway, tmp_path, dialect, *each) for each in found)
        assert compared >= (20 if dialect in SHARED else 2), f"only {compared} cases of {dialect} were compared"


def product(dialect, id):
    """A product of that id, as the vendor's own example has it."""
    examples = json.loads((REPOSITORY / "dialects" / dialect / "examples.json").read_text())
    return json.dumps(examples["answers"][0]["body"]).replace(examples["id"], id)


def compare(vendor, gateway, tmp_path, dialect, name, settings, body):
    """Whether there is something to be compared; fails where it is not the same."""
    # An answer that breaks off is another case over a connection: which error it is depends on where it breaks.
    if "cut" in settings or not 200 <= int(settings["status"]) <= 599 or int(settings["status"]) in (204, 304):
        return False
    operation = settings.get("operation", "update")
    if operation == "read":
        return False
    sent = settings.get("sent", '{"name": "n"}')
    headers = {
        header: settings[setting]
        for setting, header in (("retry-after", "retry-after"), ("request-id", "x-request-id"), ("etag", "etag"))
        if setting in settings}
    headers |= {setting[7:]: value for setting, value in settings.items() if setting.startswith("header ")}
    handling = {"prefer": f"handling={settings['handling']}"} if "handling" in settings else {}
    id = settings.get("id", "P1")
    reply = Reply(int(settings["status"]), body, headers=headers)
    vendor.usually = reply
    if dialect in READING:
        vendor.usually = lambda request: Reply(200, product(dialect, id)) if request.method == "GET" else reply
    if operation == "update":
        answered = gateway.update(dialect, id, sent, headers=handling)
    else:
        answered = gateway.create(dialect, sent, headers=handling)
    if answered.json.get("outcome") == "not_sent":
        return False  # Translation refuses the request that this case does not say.
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
    return True
