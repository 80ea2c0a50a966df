"""What operators see of unserved callers (refused connections, failed handshakes, abuse) and of certificates."""

import socket
import ssl
import subprocess

import pytest

from harness.http2_client import Connection, ConnectionGone
from harness.vendor import Reply
from harness.waiting import until
from test_counting import status
from test_metrics import ask, samples, total

TARGET = {"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}}
FAILED = "product_gateway_downstream_tls_handshakes_failed_total"
ENDED = "product_gateway_downstream_sessions_ended_for_abuse_total"


def plain(gateway, data=b""):
    """Connects without TLS, says `data`, and waits for the end."""
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=10) as connection:
        if data:
            connection.sendall(data)
            try:
                while connection.recv(4096):
                    pass
            except OSError:
                pass


def handshake(gateway, authority, protocols=("h2",)):
    context = ssl.create_default_context(cafile=authority)
    context.set_alpn_protocols(list(protocols))
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=10) as connection:
        with pytest.raises((ssl.SSLError, OSError)):
            context.wrap_socket(connection, server_hostname="localhost")


def s_client(gateway, *options):
    subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{gateway.port}", *options], stdin=subprocess.DEVNULL,
        capture_output=True, timeout=30)


def test_failed_handshakes_are_counted_by_what_went_wrong(start_gateway, authority, tmp_path):
    gateway = start_gateway(TARGET, tls=True, limits={"handshakeTimeout": "1s"})
    others = tmp_path / "others.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
         str(tmp_path / "key.pem"), "-out", str(others), "-days", "1", "-subj", "/CN=others"],
        check=True, capture_output=True)
    causes = {
        "not_tls": lambda: plain(gateway, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"),
        "no_common_protocol": lambda: handshake(gateway, authority.path, ["spdy/3"]),
        "certificate_refused": lambda: handshake(gateway, str(others)),
        "unsupported_version": lambda: s_client(gateway, "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"),
        "no_common_cipher": lambda: s_client(gateway, "-tls1_2", "-cipher", "AES128-SHA256"),
        "closed": lambda: plain(gateway),
    }
    for reason, cause in causes.items():
        assert total(gateway, FAILED, reason=reason) == 0
        cause()
        until(lambda: total(gateway, FAILED, reason=reason) == 1, f"{reason} is counted: {told(gateway)}")
    assert total(gateway, FAILED) == len(causes)
    # Silence is not the end of a connection until its time is over.
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=10) as silent:
        assert silent.recv(100) == b""
    until(lambda: total(gateway, FAILED, reason="timed_out") == 1, "timed_out is counted")
    # One that went well is no failure, however it ends.
    with gateway.connect() as connection:
        assert connection.request("GET", "/v1/targets").status == 200
    until(lambda: total(gateway, "product_gateway_worker_downstream_connections_open") == 0, "all are closed")
    assert total(gateway, FAILED) == len(causes) + 1
    assert total(gateway, "product_gateway_downstream_tls_handshake_duration_seconds_count") == 1


def told(gateway):
    return {name: value for name, value in samples(gateway).items() if name.startswith(FAILED) and value}


def test_callers_beyond_the_limit_are_counted(start_gateway):
    gateway = start_gateway(TARGET, workers=1, limits={"connections": 2})
    refused = "product_gateway_downstream_connections_refused_total"
    assert total(gateway, refused) == 0
    held = [gateway.connect() for _ in range(2)]
    for connection in held:
        assert connection.request("GET", "/v1/targets").status == 200
    with pytest.raises((ConnectionGone, OSError)):
        with gateway.connect() as connection:
            connection.request("GET", "/v1/targets")
    until(lambda: total(gateway, refused) == 1, "the refusal is counted")
    for connection in held:
        connection.close()
    assert total(gateway, "product_gateway_downstream_connections_total") == 2


def test_sessions_that_are_ended_for_abuse_are_counted_by_kind(start_gateway):
    gateway = start_gateway(TARGET, workers=1)
    ping = b"\x00\x00\x08\x06\x00\x00\x00\x00\x00" + b"12345678"
    with gateway.connect() as connection:
        assert connection.request("GET", "/v1/targets").status == 200
        assert total(gateway, ENDED) == 0
        try:
            for _ in range(200):
                connection.send_bytes(ping * 1000)
        except ConnectionGone:
            pass
    until(lambda: total(gateway, ENDED) == 1, "the abuse is counted")
    flooding = total(gateway, ENDED, kind="flooding")
    with gateway.connect() as connection:
        # CONTINUATION without end: libnghttp2 itself gives up.
        connection.request("GET", "/v1/targets")
        try:
            connection.send_bytes(b"\0\0\1\1\0\0\0\0\3\x82" + b"\0\0\0\x09\0\0\0\0\3" * 100)
        except ConnectionGone:
            pass
        until(lambda: total(gateway, ENDED, kind="flooding") == flooding + 1, "the flood of CONTINUATION is counted")
    with Connection("localhost", gateway.port) as neighbour:
        assert neighbour.request("GET", "/v1/targets").status == 200


def not_after(certificate):
    text = subprocess.run(
        ["openssl", "x509", "-in", certificate, "-noout", "-enddate"],
        check=True, capture_output=True, text=True).stdout
    return ssl.cert_time_to_seconds(text.strip().partition("=")[2])


def test_the_end_of_certificates_is_told_and_follows_a_reload(start_gateway, authority, start_vendor, tmp_path):
    vendor = start_vendor(Reply(200, b"{}"))
    soon, later, client = (
        authority.issue(name, days=days) for name, days in (("soon", 3), ("later", 30), ("client", 7)))
    certificate, key = tmp_path / "tls.crt", tmp_path / "tls.key"
    certificate.write_text(open(soon.certificate).read())
    key.write_text(open(soon.key).read())
    gateway = start_gateway(
        {"plain": {"dialect": "softwareone", "baseURL": vendor.url},
         "mutual": {"dialect": "softwareone", "baseURL": "https://localhost:1", "tls": {
             "caFile": authority.path, "clientCertificate": client.certificate, "clientKey": client.key}}},
        listener={"host": "127.0.0.1", "port": 0, "tls": {"certificate": str(certificate), "privateKey": str(key)}},
        watchInterval="100ms")
    name = "product_gateway_certificate_not_after_timestamp_seconds"

    def ends():
        return {sample: value for sample, value in samples(gateway).items() if sample.startswith(name)}

    listener_sample = f'{name}{{use="listener",target=""}}'
    assert ends() == {
        listener_sample: not_after(soon.certificate),
        f'{name}{{use="client",target="mutual"}}': not_after(client.certificate)}
    shown = {each["use"]: each for each in status(gateway)["certificates"]}
    assert shown["listener"]["notAfter"] == not_after(soon.certificate) * 1000
    assert shown["client"]["target"] == "mutual"
    certificate.write_text(open(later.certificate).read())
    key.write_text(open(later.key).read())
    until(lambda: ends()[listener_sample] == not_after(later.certificate), "the new certificate's end is told")


def test_vendor_answers_are_counted_by_their_very_status(vendor_gateway):
    id = "60afe403-a191-455e-b771-c510c928a308"
    vendor, gateway = vendor_gateway(Reply(200, {"data": {"id": id, "type": "product", "attributes": {"name": "x"}}}))
    vendor.script = [Reply(number, b"") for number in (417, 417, 299, 599, 451)]
    with gateway.connect() as connection:
        for _ in range(6):
            connection.request("PATCH", f"/v1/products/{id}", {"name": "x"})
    statuses = "product_gateway_vendor_answer_statuses_total"
    until(lambda: total(gateway, statuses) == 6, "all answers are counted")
    assert {label: total(gateway, statuses, status=label) for label in ("200", "417", "451", "2xx", "5xx")} == {
        "200": 1, "417": 2, "451": 1, "2xx": 1, "5xx": 1}
    assert total(gateway, "product_gateway_vendor_answers_total", status="4xx") == 3


def test_every_figure_that_is_promised_is_exported_from_the_start(start_gateway):
    gateway = start_gateway(TARGET)
    _, _, text = ask(gateway, "/metrics")
    for name in (FAILED, ENDED, "product_gateway_downstream_connections_refused_total",
                 "product_gateway_log_lines_dropped_total", "product_gateway_configuration_loads_total"):
        assert f"\n{name}" in text, name
