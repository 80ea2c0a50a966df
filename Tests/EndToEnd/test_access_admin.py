"""An admin listener that wants to know who asks."""

import json

import pytest

from harness.access import KEY, bearer, by_key, digest, dry
from harness.configuration import SECRETS
from harness.issuer import curl
from harness.processes import Running, command
from harness.waiting import until


@pytest.mark.parametrize("mode", ["ask", "require"])
def test_an_admin_listener_that_wants_certificates_lets_nobody_in_without(guarded, authority, certificate, mode):
    gateway = guarded({"pim": by_key()}, admin={
        "host": "127.0.0.1", "port": 0,
        "tls": {"certificate": certificate.certificate, "privateKey": certificate.key,
                "callers": {"authorities": authority.path, "mode": mode}}})
    address = f"https://localhost:{gateway.admin_port}"
    operator = authority.issue("operator", "DNS:operator.example.org")
    proof = ["--cert", operator.certificate, "--key", operator.key]
    for path in ["/metrics", "/status", "/livez"]:
        assert curl(address + path, "--cacert", authority.path, *proof)[0] == 200
    if mode == "require":
        with pytest.raises(ConnectionError):
            curl(address + "/status", "--cacert", authority.path)
    else:
        for path in ["/metrics", "/status", "/", "/exchanges"]:
            assert curl(address + path, "--cacert", authority.path)[0] == 401
        assert curl(address + "/livez", "--cacert", authority.path)[0] == 200


def test_the_admin_listener_can_want_a_key_and_tls(guarded, authority, certificate):
    gateway = guarded({"pim": by_key()}, admin={
        "host": "127.0.0.1", "port": 0, "keySHA256": [digest(KEY)],
        "tls": {"certificate": certificate.certificate, "privateKey": certificate.key}})
    address = f"https://localhost:{gateway.admin_port}"
    for path in ["/metrics", "/status", "/", "/exchanges", "/workbench"]:
        status, fields, _ = curl(address + path, "--cacert", authority.path)
        assert status == 401
    assert curl(address + "/livez", "--cacert", authority.path)[0] == 200
    for proof in [["-H", f"authorization: Bearer {KEY}"], ["-u", f"operator:{KEY}"]]:
        assert curl(address + "/metrics", "--cacert", authority.path, *proof)[0] == 200
    assert curl(address + "/metrics", "--cacert", authority.path, "-u", "operator:wrong")[0] == 401


@pytest.fixture
def closed_admin(guarded, authority, certificate):
    """A gateway whose admin listener wants a key, over TLS, from whoever has a certificate."""
    return guarded({"pim": by_key()}, admin={
        "host": "127.0.0.1", "port": 0, "keySHA256": [digest(KEY)], "openHealthChecks": False,
        "tls": {"certificate": certificate.certificate, "privateKey": certificate.key,
                "callers": {"authorities": authority.path, "mode": "require"}}})


def test_commands_ask_a_guarded_admin_listener(closed_admin, authority, tmp_path):
    gateway = closed_admin
    url = f"https://localhost:{gateway.admin_port}"
    operator = authority.issue("operator", "DNS:operator.example.org")
    (tmp_path / "key").write_text(KEY + "\n")
    trust = ["--admin-ca-file", authority.path]
    shown = [*trust, "--admin-certificate", operator.certificate, "--admin-private-key", operator.key]
    whole = [*shown, "--admin-key-file", str(tmp_path / "key")]
    assert command("healthcheck", "--url", url, *whole).returncode == 0
    against = command("check", "--config", gateway.file, "--against", url, *whole, env=SECRETS)
    assert against.returncode == 0 and b"nothing would change" in against.stdout, against
    tail = Running(["tail", "--url", url, "--count", "1", *whole])
    seen = until(lambda: dry(gateway, bearer(KEY)) and tail.output, "an exchange is shown")
    assert "pim" in seen[0]
    assert tail.process.wait(timeout=10) == 0
    # Less than everything is not enough, and says what is missing.
    for arguments, said in [(shown, "401"), (trust, "certificate required"), ([], "not trusted")]:
        refused = command("healthcheck", "--url", url, *arguments)
        assert refused.returncode == 1 and said in refused.stderr.decode(), refused
    assert KEY.encode() not in against.stdout + against.stderr
    # An image's health check has no arguments of its own; the certificate's name is the configured one's.
    environment = {"PRODUCT_GATEWAY_ADMIN_KEY": KEY, "PRODUCT_GATEWAY_ADMIN_CA_FILE": authority.path,
                   "PRODUCT_GATEWAY_ADMIN_CERTIFICATE": operator.certificate,
                   "PRODUCT_GATEWAY_ADMIN_PRIVATE_KEY": operator.key}
    configured = json.loads(gateway.file.read_text())
    configured["admin"]["port"] = gateway.admin_port
    (tmp_path / "gateway.json").write_text(json.dumps(configured))
    checked = command("healthcheck", "--config", tmp_path / "gateway.json", env=environment)
    assert checked.returncode == 0, checked


def test_a_key_is_not_sent_where_everybody_can_read_it():
    refused = command("healthcheck", "--url", "http://192.0.2.1:9901", env={"PRODUCT_GATEWAY_ADMIN_KEY": KEY})
    assert refused.returncode == 64
    assert b"without TLS" in refused.stderr and KEY.encode() not in refused.stderr
