"""A file that the gateway was configured from changes: everything is read again, without anybody asking for it."""

import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import threading

import pytest

from harness.certificates import Authority
from harness.vendor import Reply
from harness.waiting import until
from test_metrics import total
from test_own_dialects import BLOCKS

ID = "60afe403-a191-455e-b771-c510c928a308"
UPDATE = f"/v1/products/{ID}"
GOOD = Reply(200, {"data": {"id": ID, "type": "product", "attributes": {"name": "x"}}})
# Short, so that the tests are; files must then be at rest for as long.
WATCH = {"watchInterval": "100ms"}


def replace(path, text):
    """As an editor or a tool does it: a new file takes the place of the old one in one step."""
    new = f"{path}.new"
    with open(new, "w") as file:
        file.write(text)
    os.rename(new, path)


def change(gateway, edit):
    configuration = json.loads(gateway.file.read_text())
    edit(configuration)
    replace(gateway.file, json.dumps(configuration))


def reloads(gateway):
    return gateway.lines("reloaded")


def refusals(gateway):
    return [line for line in gateway.lines() if line["message"].startswith("reload refused")]


def shown_name(gateway, authority):
    context = ssl.create_default_context(cafile=authority.path)
    context.set_alpn_protocols(["h2"])
    with socket.create_connection(("localhost", gateway.port), timeout=10) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as connection:
            return dict(part[0] for part in connection.getpeercert()["subject"])["commonName"]


def test_a_changed_configuration_takes_effect(vendor_gateway):
    _, gateway = vendor_gateway(GOOD, **WATCH)
    with gateway.connect() as connection:
        change(gateway, lambda configuration: configuration["targets"].update(
            second=configuration["targets"]["acme"]))
        [line] = until(lambda: reloads(gateway), "the gateway has reloaded")
        assert (line["cause"], line["files"]) == ("files", str(gateway.file))
        assert "$.targets.second" in line["changes"]
        assert connection.request("PATCH", f"{UPDATE}?target=second", {"name": "x"}).status == 200
        assert connection.goaway is None
    assert total(gateway, "product_gateway_configuration_loads_total", outcome="ok") == 2


def test_changed_limits_take_effect_on_connections_that_are_open(vendor_gateway):
    _, gateway = vendor_gateway(GOOD, **WATCH)
    with gateway.connect() as connection:
        assert connection.request("PATCH", UPDATE, {"name": "x" * 2000}).status == 200
        change(gateway, lambda configuration: configuration.update(limits={"requestBody": "1KiB"}))
        until(lambda: reloads(gateway), "the gateway has reloaded")
        assert connection.request("PATCH", UPDATE, {"name": "x" * 2000}).status == 413


def test_a_changed_dialect_file_takes_effect(start_vendor, start_gateway, tmp_path):
    file = tmp_path / "marigold.json"
    file.write_text(BLOCKS["dialect"])
    vendor = start_vendor(Reply(200, BLOCKS["vendor-answer"]))
    gateway = start_gateway(
        {"garden": {"dialect": "marigold", "baseURL": vendor.url, "parameters": {"tenant": "acme"}}},
        dialects={"marigold": {"file": str(file)}}, defaultTarget="garden", **WATCH)
    assert gateway.request("PATCH", "/v1/products/M-7", BLOCKS["canonical-update"]).status == 200
    assert "/items/" in BLOCKS["dialect"]
    replace(file, BLOCKS["dialect"].replace("/items/", "/articles/"))
    until(lambda: reloads(gateway), "the gateway has reloaded")
    assert gateway.request("PATCH", "/v1/products/M-7", BLOCKS["canonical-update"]).status == 200
    assert [request.path for request in vendor.requests] == ["/api/acme/items/M-7", "/api/acme/articles/M-7"]


@pytest.mark.parametrize("restores", [True, False])
def test_a_secret_that_is_replaced_is_used(vendor_gateway, tmp_path, restores):
    secret = tmp_path / "token"
    secret.write_text("first-token-value")
    vendor, gateway = vendor_gateway(
        GOOD, target={"credentials": {"bearer": {"token": {"file": str(secret)}}}}, **WATCH)
    assert gateway.request("PATCH", UPDATE, {"name": "x"}).status == 200
    if restores:
        # Gone for a while: refused, and the old one stays.
        secret.unlink()
        until(lambda: refusals(gateway), "a secret that is not there is refused")
        assert total(gateway, "product_gateway_configuration_last_load_successful") == 0
        assert gateway.request("PATCH", UPDATE, {"name": "x"}).status == 200
    replace(secret, "second-token-value")
    until(lambda: reloads(gateway), "the gateway has reloaded")
    assert total(gateway, "product_gateway_configuration_last_load_successful") == 1
    assert gateway.request("PATCH", UPDATE, {"name": "x"}).status == 200
    tokens = [request.headers["authorization"] for request in vendor.requests]
    assert (tokens[0], tokens[-1]) == ("Bearer first-token-value", "Bearer second-token-value")
    assert "token-value" not in gateway.text


def test_a_certificate_whose_key_comes_later_is_taken_with_the_key(start_gateway, authority, tmp_path):
    first, second = authority.issue("first"), authority.issue("second")
    certificate, key = tmp_path / "tls.crt", tmp_path / "tls.key"
    shutil.copy(first.certificate, certificate)
    shutil.copy(first.key, key)
    gateway = start_gateway(
        {"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}}, **WATCH,
        listener={"host": "127.0.0.1", "port": 0, "tls": {"certificate": str(certificate), "privateKey": str(key)}})
    gateway.is_tls = True
    with gateway.connect() as open_before:
        assert shown_name(gateway, authority) == "first"
        replace(certificate, open(second.certificate).read())
        [refusal] = until(lambda: refusals(gateway), "a certificate without its key is refused")
        assert refusal["files"] == str(certificate)
        assert "does not belong to the certificate" in json.dumps(gateway.lines("configuration"))
        assert shown_name(gateway, authority) == "first"
        replace(key, open(second.key).read())
        [line] = until(lambda: reloads(gateway), "the pair is taken")
        assert line["files"] == str(key)
        assert shown_name(gateway, authority) == "second"
        assert open_before.request("GET", "/v1/targets").status == 200
        assert open_before.goaway is None


def test_files_that_kubernetes_replaces_are_seen(start_gateway, authority, tmp_path):
    """A Secret's volume: `tls.crt` leads to `..data/tls.crt`, and `..data` to a folder that is replaced as a whole."""
    volume = tmp_path / "volume"
    volume.mkdir()

    def publish(version, pair):
        folder = volume / f"..{version}"
        folder.mkdir()
        shutil.copy(pair.certificate, folder / "tls.crt")
        shutil.copy(pair.key, folder / "tls.key")
        os.symlink(folder.name, volume / "..data_tmp")
        os.rename(volume / "..data_tmp", volume / "..data")

    publish("2026_01", authority.issue("january"))
    for name in ("tls.crt", "tls.key"):
        os.symlink(f"..data/{name}", volume / name)
    gateway = start_gateway(
        {"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}}, **WATCH,
        listener={"host": "127.0.0.1", "port": 0, "tls": {
            "certificate": str(volume / "tls.crt"), "privateKey": str(volume / "tls.key")}})
    assert shown_name(gateway, authority) == "january"
    publish("2026_02", authority.issue("february"))
    shutil.rmtree(volume / "..2026_01")
    until(lambda: reloads(gateway), "the gateway has reloaded")
    assert shown_name(gateway, authority) == "february"
    assert not refusals(gateway)


def test_a_new_authority_is_trusted(start_vendor, start_gateway, tmp_path):
    other = Authority(tmp_path, "other")
    vendor = start_vendor(GOOD, certificate=other.issue("localhost-of-other"))
    trusted = tmp_path / "trusted.pem"
    wrong = Authority(tmp_path, "wrong")
    shutil.copy(wrong.path, trusted)
    gateway = start_gateway(
        {"acme": {"dialect": "elastic-path", "baseURL": vendor.url, "tls": {"caFile": str(trusted)}}},
        defaultTarget="acme", **WATCH)
    assert gateway.request("PATCH", UPDATE, {"name": "x"}).json["code"] == "vendor_unreachable"
    replace(trusted, open(other.path).read())
    until(lambda: reloads(gateway), "the gateway has reloaded")
    assert gateway.request("PATCH", UPDATE, {"name": "x"}).status == 200


def test_mistakes_are_refused_once_and_corrected_by_the_next_change(vendor_gateway):
    _, gateway = vendor_gateway(GOOD, **WATCH)
    good = gateway.file.read_text()
    replace(gateway.file, "{")
    until(lambda: refusals(gateway), "the refusal is told")
    assert total(gateway, "product_gateway_configuration_loads_total", outcome="refused") == 1
    assert gateway.request("PATCH", UPDATE, {"name": "x"}).status == 200
    replace(gateway.file, good)
    until(lambda: reloads(gateway), "the gateway has reloaded")
    assert len(refusals(gateway)) == 1


def test_the_watch_can_be_switched_off_and_on_again(vendor_gateway):
    _, gateway = vendor_gateway(GOOD, watchInterval="0s")
    change(gateway, lambda configuration: configuration.update(drainTimeout="3s"))
    # The proof that nobody looks is that the same change is still news to a signal.
    gateway.signal(signal.SIGHUP)
    [line] = until(lambda: reloads(gateway), "the gateway has reloaded")
    assert (line["cause"], line["changes"]) == ("SIGHUP", "$.drainTimeout")
    change(gateway, lambda configuration: configuration.update(WATCH))
    gateway.signal(signal.SIGHUP)
    until(lambda: len(reloads(gateway)) == 2, "the watch is on")
    change(gateway, lambda configuration: configuration.update(drainTimeout="4s"))
    until(lambda: len(reloads(gateway)) == 3, "the gateway has reloaded by itself")
    assert reloads(gateway)[2]["cause"] == "files"


def test_reloads_under_load_lose_nothing(start_vendor, start_gateway, authority, certificate, tmp_path):
    """h2load sends without a pause while the certificate and the configuration change: every request is answered."""
    vendor = start_vendor(GOOD)
    body = tmp_path / "body.json"
    body.write_text('{"name":"x"}')
    gateway = start_gateway(
        {"acme": {"dialect": "elastic-path", "baseURL": vendor.url}}, tls=True, defaultTarget="acme",
        logging={"level": "info"}, **WATCH)
    must_stop = threading.Event()

    def disturb():
        number = 0
        while not must_stop.wait(0.05):
            number += 1
            change(gateway, lambda configuration: configuration.update(drainTimeout=f"{number}s"))
            gateway.signal(signal.SIGHUP)

    disturber = threading.Thread(target=disturb)
    disturber.start()
    try:
        done = subprocess.run(
            ["h2load", "-n", "3000", "-c", "6", "-m", "5", "-d", str(body), "-H", ":method: PATCH",
             "-H", "content-type: application/json", f"https://localhost:{gateway.port}{UPDATE}?target=acme"],
            capture_output=True, text=True, timeout=120)
    finally:
        must_stop.set()
        disturber.join(20)
    assert done.returncode == 0, done.stderr
    assert re.search(r"3000 succeeded, 0 failed, 0 errored, 0 timeout", done.stdout), done.stdout
    assert re.search(r"status codes: 3000 2xx", done.stdout), done.stdout
    assert len(reloads(gateway)) >= 3
