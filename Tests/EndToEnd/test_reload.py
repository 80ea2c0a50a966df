"""SIGHUP: everything is read again, checked whole, and swapped in without dropping a connection or a request."""

import json
import signal
import socket
import ssl
import threading

import pytest

from harness.http2_client import Connection
from harness.vendor import Reply
from harness.waiting import until

ID = "60afe403-a191-455e-b771-c510c928a308"
UPDATE = f"/v1/products/{ID}"
GOOD = Reply(200, {"data": {"id": ID, "type": "product", "attributes": {"name": "x"}}})


def reload(gateway, change):
    """Changes the configuration file and asks for a reload; the log lines that came of it."""
    configuration = json.loads(gateway.file.read_text())
    change(configuration)
    gateway.file.write_text(json.dumps(configuration))
    count = len(gateway.lines())
    gateway.signal(signal.SIGHUP)
    until(
        lambda: any("reload" in line["message"] for line in gateway.lines()[count:]), "the log tells of the reload")
    return gateway.lines()[count:]


def test_a_new_target_takes_effect_on_connections_that_are_open(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD)

    def add(configuration):
        configuration["targets"]["second"] = configuration["targets"]["acme"]

    with gateway.connect() as connection:
        assert connection.request("PATCH", f"{UPDATE}?target=second", {"name": "x"}).status == 404
        reload(gateway, add)
        assert connection.request("PATCH", f"{UPDATE}?target=second", {"name": "x"}).status == 200
        assert connection.goaway is None


def test_a_target_that_is_gone_is_unknown(vendor_gateway):
    _, gateway = vendor_gateway(GOOD)

    def rename(configuration):
        configuration["targets"]["other"] = configuration["targets"].pop("acme")
        configuration["defaultTarget"] = "other"

    with gateway.connect() as connection:
        reload(gateway, rename)
        assert connection.request("PATCH", f"{UPDATE}?target=acme", {"name": "x"}).status == 404
        assert connection.request("PATCH", UPDATE, {"name": "x"}).json["target"] == "other"


def test_a_configuration_with_mistakes_is_refused_and_the_old_one_stays(vendor_gateway):
    _, gateway = vendor_gateway(GOOD)

    def break_it(configuration):
        configuration["targets"]["acme"]["baseUrl"] = "x"
        configuration["limit"] = {}

    lines = reload(gateway, break_it)
    text = json.dumps(lines)
    assert "$.limit" in text and "$.targets.acme.baseUrl" in text
    assert any(line["level"] == "error" for line in lines)
    assert gateway.request("PATCH", UPDATE, {"name": "x"}).status == 200


def test_a_secret_that_was_replaced_is_used_after_a_reload(vendor_gateway, tmp_path):
    secret = tmp_path / "token"
    secret.write_text("first")
    vendor, gateway = vendor_gateway(GOOD, target={"credentials": {"bearer": {"token": {"file": str(secret)}}}})
    assert gateway.request("PATCH", UPDATE, {"name": "x"}).status == 200
    secret.write_text("second")
    reload(gateway, lambda configuration: None)
    assert gateway.request("PATCH", UPDATE, {"name": "x"}).status == 200
    assert [request.headers["authorization"] for request in vendor.requests] == ["Bearer first", "Bearer second"]


def test_what_is_in_flight_goes_on(vendor_gateway):
    gate = threading.Event()

    def held(request):
        gate.wait(10)
        return GOOD

    vendor, gateway = vendor_gateway(held, workers=1)

    def remove(configuration):
        configuration["targets"]["other"] = configuration["targets"].pop("acme")
        configuration["defaultTarget"] = "other"

    with gateway.connect() as connection:
        stream = connection.send("PATCH", UPDATE, {"name": "x"})
        until(lambda: vendor.requests, "the request is with the vendor")
        reload(gateway, remove)
        gate.set()
        answer = connection.answer(stream)
        assert (answer.status, answer.json["target"]) == (200, "acme")


def test_a_new_certificate_is_shown_to_new_connections(start_gateway, authority):
    gateway = start_gateway({"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}}, tls=True)
    renewed = authority.issue("renewed")

    def renew(configuration):
        configuration["listener"]["tls"] = {"certificate": renewed.certificate, "privateKey": renewed.key}

    def name():
        context = ssl.create_default_context(cafile=authority.path)
        context.set_alpn_protocols(["h2"])
        with socket.create_connection(("localhost", gateway.port), timeout=10) as plain:
            with context.wrap_socket(plain, server_hostname="localhost") as connection:
                return dict(part[0] for part in connection.getpeercert()["subject"])["commonName"]

    with Connection("localhost", gateway.port, authority=authority.path) as open_before:
        assert name() == "localhost"
        reload(gateway, renew)
        until(lambda: name() == "renewed", "new connections are shown the new certificate", seconds=5)
        assert open_before.request("GET", "/v1/targets").status == 200


def test_what_needs_a_restart_is_named(vendor_gateway):
    _, gateway = vendor_gateway(GOOD, workers=1)
    lines = reload(gateway, lambda configuration: configuration.update(workers=2))
    assert "workers" in json.dumps(lines)
    assert gateway.request("PATCH", UPDATE, {"name": "x"}).status == 200


def test_many_reloads_under_load_lose_nothing(vendor_gateway):
    _, gateway = vendor_gateway(GOOD)
    answered, must_stop = [], threading.Event()

    def call():
        with gateway.connect() as connection:
            while not must_stop.is_set():
                answered.append(connection.request("PATCH", UPDATE, {"name": "x"}).status)

    callers = [threading.Thread(target=call) for _ in range(4)]
    for caller in callers:
        caller.start()
    for _ in range(10):
        reload(gateway, lambda configuration: None)
    must_stop.set()
    for caller in callers:
        caller.join(20)
    assert set(answered) == {200}
    assert len(answered) > 20


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["TLS 1.2", "TLS 1.3"])
def test_callers_resume_their_sessions_across_reloads_until_the_certificate_changes(start_gateway, authority, version):
    gateway = start_gateway({"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}}, tls=True, workers=1)
    context = ssl.create_default_context(cafile=authority.path)
    context.set_alpn_protocols(["h2"])
    context.minimum_version = context.maximum_version = version

    def connect(session=None):
        """The session that this connection leaves, and whether it resumed the one given."""
        with socket.create_connection(("localhost", gateway.port), timeout=10) as plain:
            with context.wrap_socket(plain, server_hostname="localhost", session=session) as connection:
                # A session of TLS 1.3 comes after the handshake, with the first bytes: HTTP/2's SETTINGS.
                assert connection.recv(9)
                return connection.session, connection.session_reused

    session, _ = connect()
    for change in (
        lambda configuration: None, lambda configuration: configuration.update(limits={"idleTimeout": "50s"})):
        reload(gateway, change)
        session, is_resumed = connect(session)
        assert is_resumed, "the reload has ended the caller's session"
    renewed = authority.issue("renewed-for-sessions")
    reload(gateway, lambda configuration: configuration["listener"].update(
        tls={"certificate": renewed.certificate, "privateKey": renewed.key}))
    session, is_resumed = connect(session)
    assert not is_resumed, "whoever resumes is not shown the new certificate"
    assert connect(session)[1]
