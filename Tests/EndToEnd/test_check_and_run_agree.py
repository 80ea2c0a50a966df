"""What `check --strict` passes, `run` serves with; what it refuses, `run` refuses with the same words."""

import os
import shutil
from signal import SIGHUP

import pytest

from harness.certificates import Authority
from harness.configuration import listener, write
from harness.processes import Gateway, command
from harness.waiting import until

TARGET = {"dialect": "catalogue", "baseURL": "https://localhost:1"}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Certificates of every kind, and things that are no files at all."""
    folder = tmp_path_factory.mktemp("files")
    authority = Authority(folder, "ours")
    made = {"authority": authority.path}
    for name, days in {"good": 60, "soon": 3, "expired": -1}.items():
        issued = authority.issue(name, days=days)
        made[name], made[f"{name}-key"] = issued.certificate, issued.key
    made["old-authority"] = made["expired"]
    made["both-authorities"] = str(folder / "both.pem")
    with open(made["both-authorities"], "wb") as both:
        for name in ("authority", "expired"):
            both.write(open(made[name], "rb").read())
    made["directory"] = str(folder / "directory.pem")
    os.mkdir(made["directory"])
    made["pipe"] = str(folder / "pipe.pem")
    os.mkfifo(made["pipe"])
    made["device"] = "/dev/zero"
    made["missing"] = str(folder / "missing.pem")
    return made


def at_listener(certificate, key):
    return lambda files: {
        "listener": {
            "host": "127.0.0.1", "port": 0, "tls": {"certificate": files[certificate], "privateKey": files[key]}}}


def at_client(certificate, key):
    return lambda files: {"targets": {"acme": {
        **TARGET, "tls": {"clientCertificate": files[certificate], "clientKey": files[key]}}}}


def trusting(authority):
    return lambda files: {"targets": {"acme": {**TARGET, "tls": {"caFile": files[authority]}}}}


def with_secret(name):
    return lambda files: {"targets": {"acme": {
        **TARGET, "credentials": {"bearer": {"token": {"file": files[name]}}}}}}


def with_dialect(name):
    return lambda files: {"dialects": {"own": {"file": files[name]}}, "targets": {
        "acme": {**TARGET, "dialect": "own"}}}


def configuration(tmp_path, files, change):
    return write(tmp_path, {
        "listener": listener(), "admin": {"port": 0}, "targets": {"acme": TARGET}, **change(files)})


REFUSED = {
    "a key that is not the certificate's": (
        at_listener("good", "soon-key"), "$.listener.tls: the private key does not belong to the certificate"),
    "a client's key that is not its certificate's": (
        at_client("good", "soon-key"), "$.targets.acme.tls: the private key does not belong to the certificate"),
    "an expired certificate": (
        at_listener("expired", "expired-key"), "$.listener.tls.certificate: FILE: /CN=expired has expired, on "),
    "a directory for a certificate": (
        at_listener("directory", "good-key"), "$.listener.tls.certificate: FILE is a directory, not a regular file"),
    "a pipe for a key": (at_listener("good", "pipe"), "$.listener.tls.privateKey: FILE is a pipe, not a regular file"),
    "a device for authorities": (
        trusting("device"), "$.targets.acme.tls.caFile: FILE is a device, not a regular file"),
    "a pipe for a secret": (
        with_secret("pipe"), "$.targets.acme.credentials.bearer.token: file FILE is a pipe, not a regular file"),
    "a directory for a dialect": (with_dialect("directory"), "$.dialects.own: FILE is a directory, not a regular file"),
    "a file that is not there": (
        at_listener("missing", "good-key"), "$.listener.tls.certificate: FILE cannot be read: No such file"),
}


@pytest.mark.parametrize("change, words", REFUSED.values(), ids=REFUSED)
def test_what_check_refuses_run_refuses_with_the_same_words(tmp_path, files, change, words):
    file = configuration(tmp_path, files, change)
    checked = command("check", "--strict", "--config", file)
    started = command("run", "--config", file)
    assert (checked.returncode, started.returncode) == (1, 1), (checked, started)
    lines = checked.stdout.decode().splitlines()[:-1]
    assert started.stderr.decode().splitlines()[:-1] == lines
    [line] = lines
    assert line.startswith(f"{file}:") and " warning: " not in line
    for part in words.split("FILE"):
        assert part in line


WARNED = {
    "a certificate that ends soon": (at_listener("soon", "soon-key"), "/CN=soon expires on "),
    "an expired certificate for a vendor": (
        at_client("expired", "expired-key"), "/CN=expired has expired, on ", ": the vendor refuses it"),
    "an expired authority": (
        trusting("old-authority"), "/CN=expired has expired, on ", ": no certificate of this vendor is trusted"),
    "an expired authority among good ones": (
        trusting("both-authorities"), "1 of 2 authorities do not count now: /CN=expired has expired, on "),
}


@pytest.mark.parametrize("change, words", [(case[0], case[1:]) for case in WARNED.values()], ids=WARNED)
def test_what_leaves_others_at_work_is_a_warning_for_both(tmp_path, files, change, words):
    file = configuration(tmp_path, files, change)
    checked = command("check", "--config", file)
    assert checked.returncode == 0, checked
    [warning, summary, _] = checked.stdout.decode().splitlines()
    assert " warning: $." in warning and summary.endswith("1 warning")
    for part in words:
        assert part in warning
    assert command("check", "--strict", "--config", file).returncode == 1
    gateway = Gateway("--config", file)
    gateway.stop()
    assert warning in gateway.errors


def test_what_strict_passes_runs(tmp_path, files):
    file = configuration(tmp_path, files, lambda files: {
        **at_listener("good", "good-key")(files),
        "targets": {"acme": {**TARGET, "tls": {
            "caFile": files["authority"], "clientCertificate": files["good"], "clientKey": files["good-key"]}}}})
    checked = command("check", "--strict", "--config", file)
    assert (checked.returncode, checked.stdout.decode()) == (
        0, f"{file} is valid: 1 target (acme)\n"
        "idempotency keys are kept in memory: they do not survive a restart\n")
    gateway = Gateway("--config", file, is_tls=True)
    assert gateway.stop() == 0
    assert gateway.errors == []


def test_without_strict_a_file_that_may_yet_come_is_a_warning_and_a_directory_is_not(tmp_path, files):
    missing = command("check", "--config", configuration(tmp_path, files, at_listener("missing", "good-key")))
    assert missing.returncode == 0 and b"warning: $.listener.tls.certificate" in missing.stdout
    assert b"on this machine; `run` needs it" in missing.stdout
    directory = command("check", "--config", configuration(tmp_path, files, at_listener("directory", "good-key")))
    assert directory.returncode == 1 and b"warning" not in directory.stdout
    mismatch = command("check", "--config", configuration(tmp_path, files, at_listener("good", "soon-key")))
    assert mismatch.returncode == 1 and b"does not belong to the certificate" in mismatch.stdout


def test_a_configuration_that_is_a_pipe_is_refused_at_once(tmp_path):
    pipe = tmp_path / "gateway.json"
    os.mkfifo(pipe)
    for name in ("check", "run"):
        result = command(name, "--config", pipe, timeout=10)
        assert result.returncode == 1
        assert f"{pipe}: $: the file is a pipe, not a regular file" in (result.stdout + result.stderr).decode()


def test_a_document_for_one_command_may_come_through_a_pipe(tmp_path):
    file = write(tmp_path, {"targets": {"acme": TARGET}})
    result = command("translate", "--config", file, "--target", "acme", "--id", "1", stdin=b'{"name": "x"}')
    assert result.returncode == 0, result


def test_a_file_that_becomes_a_pipe_does_not_hold_up_a_reload(tmp_path, files):
    key = tmp_path / "key.pem"
    shutil.copy(files["good-key"], key)
    file = write(tmp_path, {
        "listener": {"host": "127.0.0.1", "port": 0, "tls": {"certificate": files["good"], "privateKey": str(key)}},
        "admin": {"port": 0}, "watchInterval": "0s", "targets": {"acme": TARGET}})
    gateway = Gateway("--config", file)
    key.unlink()
    os.mkfifo(key)
    gateway.signal(SIGHUP)
    until(
        lambda: any(line["message"].startswith("reload refused") for line in gateway.lines()), "the reload is refused")
    assert any("is a pipe, not a regular file" in line.get("diagnostic", "") for line in gateway.lines("configuration"))
    assert gateway.stop() == 0
