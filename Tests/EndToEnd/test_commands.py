"""The commands: what they print, and exit codes that scripts can use."""

import json
import os
import pty
import re
import signal
import socket
import subprocess
import threading
from urllib.request import urlopen

import pytest

from harness.configuration import SECRETS, vendor_targets, write
from harness.http2_client import Connection
from harness.processes import REPOSITORY, Running, Sandbox, binary, command, environment
from harness.vendor import Reply
from harness.waiting import until

COMMANDS = [
    "run", "check", "translate", "fold", "sandbox", "healthcheck", "tail", "keys", "init", "completion", "dialect",
    "explain"]
SUBCOMMANDS = ["push", "key new", "keys show", "token check", *(f"dialect {name}" for name in (
    "new", "check", "test", "show", "schema"))]
REPOSITORY_SECRETS = {
    "COR_API_KEY": "k", "COR_CLIENT_SECRET": "s", "EP_CLIENT_ID": "i", "SOFTWAREONE_TOKEN": "t"}


@pytest.fixture
def configuration(tmp_path):
    return write(tmp_path, {"targets": vendor_targets("http://localhost:1")})


def test_help_names_every_command():
    result = command("--help")
    assert result.returncode == 0
    for name in COMMANDS:
        assert name in result.stdout.decode()


@pytest.mark.parametrize("name", COMMANDS + SUBCOMMANDS)
def test_the_help_of_a_command_teaches(name):
    result = command(*name.split(), "--help")
    text = result.stdout.decode()
    assert result.returncode == 0
    assert "OVERVIEW" in text and "USAGE" in text
    assert "product-gateway " + name in text
    assert re.search(r"example", text, re.I), "no example"
    assert re.search(r"^EXIT CODES\n(  .*\n)*  (64 the|Those of)", text, re.M), "no exit codes"
    # What the help's width would break could not be pasted.
    for lines in re.findall(r"^(?:EXAMPLES|EXIT CODES)\n((?:.+\n)+)", text, re.M):
        assert all(line.startswith("  ") for line in lines.splitlines()), lines


def test_the_version_is_printed():
    result = command("--version")
    assert result.returncode == 0
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*\n", result.stdout.decode())


@pytest.mark.parametrize("arguments", [
    ["nonsense"], ["run", "--nonsense"], ["run", "--port", "70000"], ["sandbox", "--port", "x"],
    ["translate", "--target", "cor", "--operation", "destroy"], ["fold", "--target", "cor", "--status", "x"]])
def test_a_command_line_that_cannot_be_understood_exits_with_64(arguments):
    result = command(*arguments, stdin=b"{}")
    assert result.returncode == 64, result
    assert result.stdout == b""
    assert result.stderr


# check


def test_check_accepts_the_configuration_of_this_repository(tmp_path):
    result = command("check", "--config", REPOSITORY / "gateway.json", env=REPOSITORY_SECRETS)
    assert result.returncode == 0, result


def test_check_accepts_a_good_configuration_silently_enough(configuration):
    result = command("check", "--config", configuration, env=SECRETS)
    assert result.returncode == 0, result
    for value in SECRETS.values():
        assert value.encode() not in result.stdout + result.stderr


def test_check_reports_every_mistake_with_its_path_at_once(tmp_path):
    file = write(tmp_path, {
        "listener": {"port": 99999, "tls": {"certificate": 1}},
        "defaultTarget": "elsewhere",
        "limit": {},
        "targets": {
            "cor": {"dialect": "corr", "baseUrl": "https://x", "timeouts": {"connect": 5, "attempt": "soon"}},
            "ep": {"dialect": "elastic-path", "baseURL": "ftp://x",
                   "credentials": {"bearer": {"token": "a literal secret"}}},
        }})
    result = command("check", "--config", file)
    assert result.returncode == 1
    text = (result.stdout + result.stderr).decode()
    for path in [
        "$.listener.port", "$.listener.tls.certificate", "$.listener.tls.privateKey", "$.defaultTarget", "$.limit",
        "$.targets.cor.dialect", "$.targets.cor.baseUrl", "$.targets.cor.timeouts.connect",
        "$.targets.cor.timeouts.attempt", "$.targets.ep.baseURL", "$.targets.ep.credentials.bearer.token",
    ]:
        assert path in text, f"{path} is not reported in\n{text}"
    assert 'did you mean "limits"' in text
    assert 'did you mean "baseURL"' in text
    assert 'duration such as "2s"' in text
    assert "a literal secret" not in text


def test_check_reports_what_a_target_asks_of_its_dialect_in_vain(tmp_path):
    file = write(tmp_path, {"targets": {
        "cor": {"dialect": "cor", "baseURL": "https://x.example", "parameters": {"source": "NOWHERE"}},
        "ep": {"dialect": "elastic-path", "baseURL": "https://x.example", "enable": ["/nothing"]}}})
    result = command("check", "--config", file)
    assert result.returncode == 1
    text = (result.stdout + result.stderr).decode()
    assert "$.targets.cor" in text and "source" in text
    assert "$.targets.ep" in text and "/nothing" in text


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"targets": {}', "\x00"])
def test_check_says_where_a_file_is_no_json_object(tmp_path, text):
    file = write(tmp_path, text)
    result = command("check", "--config", file)
    assert result.returncode == 1
    assert b"gateway.json" in result.stdout + result.stderr


def test_check_says_which_file_is_missing(tmp_path):
    result = command("check", "--config", tmp_path / "absent.json")
    assert result.returncode == 1
    assert b"absent.json" in result.stdout + result.stderr


# run


def test_run_does_not_start_with_a_mistake(tmp_path):
    file = write(tmp_path, {"targets": {"cor": {"dialect": "cor", "baseURL": "https://x", "nope": 1}}})
    result = command("run", "--config", file)
    assert result.returncode == 1
    assert b"$.targets.cor.nope" in result.stderr


def test_run_does_not_start_without_its_secrets(configuration):
    result = command("run", "--config", configuration)
    assert result.returncode == 1
    for name in SECRETS:
        assert name.encode() in result.stderr


def test_run_says_that_a_port_is_taken(tmp_path, certificate):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        file = write(tmp_path, {
            "listener": {"host": "127.0.0.1", "port": port}, "admin": {"port": 0},
            "targets": {"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}}})
        result = command("run", "--config", file)
    assert result.returncode == 1
    assert str(port).encode() in result.stderr


def test_run_with_the_sandbox_needs_nothing_and_teaches_the_first_request(tmp_path):
    certificate = tmp_path / "development.pem"
    gateway = Running(
        ["run", "--config", REPOSITORY / "gateway.json", "--sandbox", "--port", "0", "--admin-port", "0",
         "--certificate-file", certificate])
    try:
        until(lambda: gateway.must_run() or any('"ready"' in line for line in gateway.output), "the gateway is ready")
        lines = [json.loads(line) for line in gateway.output]
        port = next(int(line["port"]) for line in lines if line.get("for") == "callers")
        # Told on another channel than the log, for people.
        until(lambda: "curl" in gateway.text, "the first request is taught")
        with Connection("localhost", port, authority=str(certificate)) as connection:
            for target, id in [
                ("cor", "EXT-PROD-12345"), ("elastic-path", "60afe403-a191-455e-b771-c510c928a308"),
                ("softwareone", "PRD-1234-1234"), ("catalogue", "ad8f1c2c-3b1c-4b0a-8b0a-0b0b0b0b0b0b"),
            ]:
                answer = connection.request("PATCH", f"/v1/products/{id}?target={target}", {"name": "First"})
                assert answer.status == 200, answer
    finally:
        gateway.signal(signal.SIGINT)
        assert gateway.wait() == 0
    assert not certificate.exists()


def test_the_sandbox_has_callers_to_try_rules_with(tmp_path):
    gateway = Running(["run", "--sandbox", "--port", "0", "--admin-port", "0"], cwd=tmp_path, env={
        "TMPDIR": str(tmp_path)})
    try:
        until(lambda: gateway.must_run() or any('"ready"' in line for line in gateway.output), "the gateway is ready")
        until(lambda: "copywriter.jwt" in gateway.text, "the callers are shown")
        # The command that is printed is refused as it says, and the one without a key is taken.
        lines = iter(gateway.errors)
        printed = []
        for text in lines:
            if text.strip().startswith("curl "):
                printed.append("\n".join([text, *(next(lines) for _ in range(text.endswith("\\")))]))
                while printed[-1].endswith("\\"):
                    printed[-1] += "\n" + next(lines)
        open_, refused = printed
        answers = [json.loads(subprocess.run(["bash", "-c", each.replace("curl", "curl -s", 1)], capture_output=True,
                                             timeout=20).stdout) for each in (open_, refused)]
        assert answers[0]["vendor"] == {"status": 200}
        assert [error["pointer"] for error in answers[1]["errors"]] == ["/name"]
        folder, = tmp_path.glob("product-gateway-callers-*")
        assert folder.stat().st_mode & 0o77 == 0
        assert command("token", "check", "--keys", folder / "jwks.json", folder / "copywriter.jwt").returncode == 0
        port = next(json.loads(line)["port"] for line in gateway.output if '"callers"' in line)
        certificate, = tmp_path.glob("*.pem")
        with Connection("localhost", int(port), authority=str(certificate)) as connection:
            for file, field, status in [("copywriter.key", "x-api-key", 403), ("publisher.key", "x-api-key", 200),
                                        ("copywriter.jwt", "authorization", 403)]:
                proof = (folder / file).read_text().strip()
                answer = connection.request(
                    "PATCH", "/v1/products/EXT-PROD-12345?target=cor&dryRun=true", {"name": "New"},
                    {field: f"Bearer {proof}" if field == "authorization" else proof})
                assert answer.status == status, answer
    finally:
        gateway.signal(signal.SIGINT)
        assert gateway.wait() == 0
    assert list(tmp_path.iterdir()) == []


def test_run_with_the_sandbox_works_in_an_empty_folder(tmp_path):
    gateway = Running(["run", "--sandbox", "--port", "0", "--admin-port", "0"], cwd=tmp_path)
    try:
        until(lambda: gateway.must_run() or any('"ready"' in line for line in gateway.output), "the gateway is ready")
        until(lambda: "curl" in gateway.text, "the first request is taught")
        assert "there is no gateway.json in this folder" in "\n".join(gateway.errors)
    finally:
        gateway.signal(signal.SIGINT)
        assert gateway.wait() == 0
    assert list(tmp_path.iterdir()) == []


def test_without_the_sandbox_a_configuration_is_needed(tmp_path):
    result = command("run", cwd=tmp_path)
    assert result.returncode == 1
    assert "gateway.json" in result.stderr.decode()


def test_on_a_terminal_the_first_lines_name_the_status_page_and_hold_no_json(tmp_path):
    terminal, end = pty.openpty()
    gateway = subprocess.Popen(
        [binary(), "run", "--sandbox", "--port", "0", "--admin-port", "0"], stdin=end, stdout=end, stderr=end,
        cwd=tmp_path, env=environment({"TERM": "xterm"}))
    os.close(end)
    text = []

    def read():
        try:
            while chunk := os.read(terminal, 4096):
                text.append(chunk.decode())
        except OSError:
            pass  # The other end is closed.

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        until(lambda: "Ctrl-C" in "".join(text), "the first steps are told")
        lines = [line for line in "".join(text).splitlines() if line]
        workbench = re.fullmatch(r"Try a translation: (http://127\.0\.0\.1:\d+/workbench)", lines[0])
        assert "nothing leaves this machine" in lines[1]
        page = re.fullmatch(r"  Status page +(http://127\.0\.0\.1:\d+/)", lines[2])
        assert page and workbench, lines
        for address in (page[1], workbench[1]):
            with urlopen(address, timeout=10) as answer:
                assert b"<html" in answer.read()
        assert not any(line.startswith("{") for line in lines), lines
        example, refused = re.findall(r"curl .*?}'", "".join(text).replace("\r", ""), re.S)
        assert "x-api-key" in refused
        pasted = subprocess.run(["sh", "-c", example], capture_output=True, text=True, timeout=20)
        assert json.loads(pasted.stdout)["id"] == "EXT-PROD-12345", pasted
        until(lambda: re.search(r"update .*cor .*✓", "".join(text)), "the request is logged as text")
    finally:
        gateway.send_signal(signal.SIGINT)
        assert gateway.wait(20) == 0
        reader.join(5)
        os.close(terminal)


# translate


def test_translate_prints_the_vendor_request(configuration):
    result = command(
        "translate", "--target", "cor", "--id", "EXT-PROD-12345", "--config", configuration,
        stdin='{"name": "Updated Premium Product"}'.encode())
    assert result.returncode == 0, result
    document = json.loads(result.stdout)
    assert set(document) >= {"method", "url", "headers", "body", "warnings"}
    assert document["method"] == "PUT"
    assert document["url"].endswith("/v2/integrations/products/EXT-PROD-12345")
    assert document["body"] == {"metadata": {"source": "MICROSOFT_DYNAMICS"}, "name": "Updated Premium Product"}


def test_translate_reads_a_file_and_keeps_every_value_as_it_came(configuration, tmp_path):
    file = tmp_path / "update.json"
    carried = '{"a":1.10,"b":12345678901234567890,"c":1e400,"d":"caf\\u00e9"}'
    file.write_text('{"vendorFields": {"elastic-path": {"custom": ' + carried + "}}}")
    result = command("translate", "--target", "elastic-path", "--id", "x", "--config", configuration, file)
    assert result.returncode == 0, result
    for value in ("1.10", "12345678901234567890", "1e400", '"caf\\u00e9"'):
        assert value in result.stdout.decode()


def test_translate_of_a_creation(configuration):
    result = command(
        "translate", "--target", "elastic-path", "--operation", "create", "--config", configuration, "-",
        stdin=b'{"name": "x", "kind": "digital"}')
    assert result.returncode == 0, result
    assert json.loads(result.stdout)["method"] == "POST"


@pytest.mark.parametrize("stdin, code", [
    (b"nonsense", "malformed_json"), (b'{"sku": "x"}', "unsupported_field"), (b'{"nmae": "x"}', "validation_failed")])
def test_translate_prints_a_problem_as_json_and_exits_1(configuration, stdin, code):
    result = command("translate", "--target", "cor", "--id", "1", "--config", configuration, stdin=stdin)
    assert result.returncode == 1, result
    assert json.loads(result.stdout)["code"] == code


def test_translate_names_the_targets_there_are(configuration):
    result = command("translate", "--target", "nobody", "--id", "1", "--config", configuration, stdin=b"{}")
    assert result.returncode != 0
    assert b"nobody" in result.stdout + result.stderr and b"cor" in result.stdout + result.stderr


def test_translate_of_a_read(configuration):
    result = command(
        "translate", "--target", "elastic-path", "--operation", "read", "--id", "a b", "--config", configuration)
    assert result.returncode == 0, result
    document = json.loads(result.stdout)
    assert document["method"] == "GET" and document["url"].endswith("/pcm/products/a%20b")
    for arguments, words in [(["elastic-path"], "--id"), (["cor", "--id", "1"], "does not know how to read")]:
        result = command("translate", "--operation", "read", "--config", configuration, "--target", *arguments)
        assert result.returncode == 1, result
        assert words in json.loads(result.stdout)["detail"]


# fold


@pytest.mark.parametrize("target, status, body, expected_status, expected_code", [
    ("cor", 400, '{"status":400,"name":"CORCustomError","code":"ZC001","message":"Entity is not associated"}',
     404, "product_not_found"),
    ("cor", 500, "null", 502, "vendor_error"),
    ("elastic-path", 409, '{"errors":[{"title":"Conflict","status":"409","detail":"write conflict detected"}]}',
     409, "conflict"),
    ("softwareone", 404, '{"message": "Resource not found", "statusCode": 404}', 404, "product_not_found"),
    ("catalogue", 404, "", 404, "product_not_found"),
    ("catalogue", 200, "<html>", 502, "vendor_unintelligible"),
])
def test_fold_prints_what_the_gateway_would_answer(configuration, target, status, body, expected_status, expected_code):
    result = command("fold", "--target", target, "--status", status, "--config", configuration, stdin=body.encode())
    assert result.returncode == 0, result
    document = json.loads(result.stdout)
    assert document["status"] == expected_status
    assert document["body"]["code"] == expected_code
    assert document["headers"]["content-type"] == "application/problem+json"


def test_fold_of_a_success_prints_the_canonical_product(configuration):
    result = command(
        "fold", "--target", "cor", "--status", "200", "--config", configuration,
        stdin=b'{"id": 52188, "name": "Updated Premium Product", "client_id": 58294}')
    assert result.returncode == 0, result
    document = json.loads(result.stdout)
    assert document["status"] == 200
    assert document["body"]["product"]["name"] == "Updated Premium Product"


def test_fold_of_a_read(configuration):
    arguments = ["fold", "--target", "elastic-path", "--operation", "read", "--config", configuration]
    answer = b'{"data": {"type": "product", "id": "a", "attributes": {"name": "Chair"}}}'
    for id in ([], ["--id", "a"]):
        result = command(*arguments, "--status", "200", *id, stdin=answer)
        assert result.returncode == 0, result
        assert json.loads(result.stdout)["body"]["product"] == {"name": "Chair"}
    body = json.loads(command(*arguments, "--status", "200", "--id", "b", stdin=answer).stdout)["body"]
    assert (body["code"], body["outcome"]) == ("vendor_unintelligible", "not_sent")
    body = json.loads(command(*arguments, "--status", "404", "--id", "b", stdin=b"").stdout)["body"]
    assert (body["code"], body["outcome"]) == ("product_not_found", "not_sent")
    refused = command(*arguments, "--status", "200", "--request", configuration, stdin=answer)
    assert refused.returncode == 64 and b"a read sends none" in refused.stderr


# sandbox, healthcheck


def test_the_sandbox_alone_answers_and_ends_with_0():
    sandbox = Sandbox()
    with Connection("localhost", sandbox.port) as connection:
        index = connection.request("GET", "/")
        assert index.status == 200 and "cor" in index.text
        answer = connection.request(
            "PUT", "/v2/integrations/products/EXT-PROD-12345",
            {"metadata": {"source": "MICROSOFT_DYNAMICS"}, "name": "x"}, {"authorization": "Bearer sandbox-cor-token"})
        assert answer.status == 200, answer
    assert sandbox.stop() == 0


def test_healthcheck_says_whether_the_gateway_is_ready(tmp_path, start_gateway):
    gateway = start_gateway({"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}})
    file = write(tmp_path, {
        "admin": {"host": "127.0.0.1", "port": gateway.admin_port},
        "targets": {"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}}}, "health.json")
    assert command("healthcheck", "--config", file).returncode == 0
    gateway.stop()
    result = command("healthcheck", "--config", file)
    assert result.returncode == 1, result
    assert result.stderr or result.stdout


# check --against


def test_check_says_what_a_reload_of_a_running_gateway_would_change(start_vendor, start_gateway):
    vendor = start_vendor(Reply(200, {}))
    target = {"dialect": "elastic-path", "baseURL": vendor.url,
              "credentials": {"bearer": {"token": {"env": "SOFTWAREONE_TOKEN"}}}}
    gateway = start_gateway({"acme": target, "old": target}, env=SECRETS)
    url = f"http://127.0.0.1:{gateway.admin_port}"
    result = command("check", "--config", gateway.file, "--against", url, env=SECRETS)
    assert result.returncode == 0, result
    assert f"nothing would change at {url}".encode() in result.stdout
    configuration = json.loads(gateway.file.read_text())
    configuration["targets"] = {
        "acme": {**target, "dialect": "cor", "timeouts": {"connect": "3s"}}, "new": target}
    configuration["workers"] = 3
    other = gateway.file.with_name("other.json")
    other.write_text(json.dumps(configuration))
    result = command("check", "--config", other, "--against", url, env=SECRETS)
    text = result.stdout.decode()
    assert result.returncode == 0, result
    for line in ("target new is added", "target old is removed", "target acme does not take any more: ",
                 '$.targets.acme.timeouts.connect: ', "(takes effect only after a restart)"):
        assert line in text, text
    assert SECRETS["SOFTWAREONE_TOKEN"] not in text
    result = command("check", "--config", other, "--against", gateway.file, "--json", env=SECRETS)
    document = json.loads(result.stdout)
    assert document["isValid"] is True and document["against"]["needsRestart"] is True
    changes = {change["path"]: change for change in document["against"]["changes"]}
    assert changes["$.workers"]["new"] == 3 and changes["$.workers"]["needsRestart"] is True
    acme = next(target for target in document["against"]["targets"] if target["name"] == "acme")
    assert "update /sku" in acme["loses"]


def test_check_says_when_there_is_nothing_to_compare_with(configuration, tmp_path):
    for against in (tmp_path / "nothing.json", "http://127.0.0.1:1"):
        result = command("check", "--config", configuration, "--against", against, env=SECRETS)
        assert result.returncode == 1 and result.stderr


def test_check_prints_mistakes_as_json(tmp_path):
    file = write(tmp_path, {"targets": {"a": {"dialect": "cor", "baseURL": 1}}})
    result = command("check", "--config", file, "--json")
    assert result.returncode == 1
    document = json.loads(result.stdout)
    assert document["isValid"] is False
    [mistake] = [each for each in document["diagnostics"] if each["severity"] == "error"]
    assert mistake["path"] == "$.targets.a.baseURL" and mistake["line"] > 0


# init


def test_init_writes_what_check_accepts_and_the_list_of_secrets(tmp_path):
    names = [line["dialect"] for line in json.loads((REPOSITORY / "gateway.json").read_text())["targets"].values()]
    result = command("init", *[part for name in names for part in ("--vendor", name)], cwd=tmp_path)
    assert result.returncode == 0, result
    assert command("check", cwd=tmp_path).returncode == 0
    configuration = json.loads((tmp_path / "gateway.json").read_text())
    assert sorted(configuration["targets"]) == sorted(names)
    listed = (tmp_path / "secrets.env.example").read_text()
    for name in REPOSITORY_SECRETS:
        assert f"{name}=\n" in listed
    assert "/run/secrets/ep" in listed


def test_init_knows_every_dialect_that_is_compiled_in(tmp_path):
    refusal = command("init", "--vendor", "nobody").stderr.decode()
    names = re.search(r"one of (.*), not 'nobody'", refusal)[1].split(", ")
    assert len(names) >= 4
    for name in names:
        folder = tmp_path / name
        folder.mkdir()
        assert command("init", "--vendor", name, cwd=folder).returncode == 0
        result = command("check", cwd=folder)
        assert result.returncode == 0, result
        assert json.loads((folder / "gateway.json").read_text())["defaultTarget"] == name


def test_init_writes_the_credentials_that_a_vendor_wants(tmp_path):
    wanted = {
        "shopify": "header", "bigcommerce": "header", "woocommerce": "basic", "akeneo": "oauth2",
        "commercetools": "oauth2", "salesforce": "oauth2", "stripe": "bearer", "contentful": "bearer"}
    vendors = [part for name in wanted for part in ("--vendor", name)]
    assert command("init", *vendors, cwd=tmp_path).returncode == 0
    targets = json.loads((tmp_path / "gateway.json").read_text())["targets"]
    assert {name: next(iter(target["credentials"])) for name, target in targets.items()} == wanted
    assert targets["shopify"]["credentials"]["header"]["name"] == "x-shopify-access-token"
    assert "AKENEO_PASSWORD=\n" in (tmp_path / "secrets.env.example").read_text()


def test_init_overwrites_nothing_unless_it_is_told_to(tmp_path):
    (tmp_path / "gateway.json").write_text("mine")
    result = command("init", "--vendor", "cor", cwd=tmp_path)
    assert result.returncode == 1 and b"gateway.json is there already" in result.stderr
    assert (tmp_path / "gateway.json").read_text() == "mine"
    assert not (tmp_path / "secrets.env.example").exists()
    assert command("init", "--vendor", "cor", "--force", cwd=tmp_path).returncode == 0
    assert command("check", cwd=tmp_path).returncode == 0


def test_init_asks_which_vendors_on_a_terminal_and_nobody_else(tmp_path):
    assert command("init", stdin=b"", cwd=tmp_path).returncode == 64
    terminal, end = pty.openpty()
    process = subprocess.Popen(
        [binary(), "init"], stdin=end, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path,
        env=environment())
    os.close(end)
    os.write(terminal, b"n\nsure\ny\n" + b"\n" * 30)
    out, errors = process.communicate(timeout=20)
    os.close(terminal)
    assert process.returncode == 0, errors
    assert b"? [y/N]" in errors and b"Answer y or n" in errors
    assert len(json.loads((tmp_path / "gateway.json").read_text())["targets"]) == 1


# completion


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions_know_the_commands_and_their_options(shell):
    result = command("completion", shell)
    assert result.returncode == 0
    for word in ("tail", "slower-than", "against"):
        assert word in result.stdout.decode()


def test_bash_completes_with_it():
    script = command("completion", "bash").stdout.decode()
    asked = script + "\nCOMP_WORDS=(product-gateway ta); COMP_CWORD=1; COMP_LINE='product-gateway ta'; COMP_POINT=18;" \
        "_product_gateway 2>/dev/null || _product-gateway; echo \"${COMPREPLY[@]}\""
    result = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, timeout=20)
    assert "tail" in result.stdout, result


# explain


def test_explain_knows_the_pointers_that_errors_have():
    inside = command("explain", "/translations/de/name")
    assert inside.returncode == 0, inside
    assert inside.stdout.startswith(b"/translations/de/name is in /translations.\n/translations: "), inside.stdout
    assert command("explain", "/name/x").returncode == 1
    assert b"did you mean /name?" in command("explain", "name").stderr
