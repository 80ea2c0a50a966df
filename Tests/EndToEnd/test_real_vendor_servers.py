"""Vendors behind servers that are in use: nghttpx, nginx, openssl. The stand-ins behind an HTTP/1.1 server give the
same answers as over HTTP/2."""

import json
import re
import subprocess

import pytest

from documented import CREATES, UPDATES
from harness.configuration import SECRETS, listener, vendor_targets, write
from harness.processes import Gateway, Sandbox
from harness.servers import Nghttpx, Nginx, OpenSSLServer
from harness.waiting import until
from test_metrics import total
from test_vendor_failures import ID, update

BODY = json.dumps({"data": {"id": ID, "type": "product", "attributes": {"name": "x"}, "meta": {}}})


@pytest.fixture
def serve():
    """Starts servers and stops them."""
    servers = []

    def start(kind, *arguments, **options):
        server = kind(*arguments, **options)
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="module")
def fronted(tmp_path_factory, authority, certificate):
    """The stand-ins, over HTTP/2 and behind a server that has HTTP/1.1 only, with a gateway for each."""
    sandbox = Sandbox()
    server = Nghttpx(certificate, sandbox.port, "http/1.1")

    def start(targets):
        file = write(tmp_path_factory.mktemp("gateway"), {
            "listener": listener(certificate), "admin": {"host": "127.0.0.1", "port": 0}, "targets": targets})
        return Gateway("--config", file, env=SECRETS, authority=authority.path)

    direct = start(vendor_targets(f"http://localhost:{sandbox.port}"))
    behind = start(vendor_targets(f"https://localhost:{server.port}", tls={"caFile": authority.path}))
    yield sandbox.control, direct, behind
    assert direct.stop() == 0 and behind.stop() == 0
    server.stop()
    assert sandbox.stop() == 0


def answers(control, gateway, ask):
    control.reset()
    gateway.request("GET", "/v1/targets")
    return comparable(ask(gateway))


def comparable(answer):
    """Without what differs from one request to the next: ids, times, connection counts."""
    text = re.sub(r"[0-9a-f]{32}", "ID", answer.text)
    text = re.sub(r'"(requestId|createdAt|updatedAt|created_at|updated_at)":"[^"]*"', r'"\1":""', text)
    return answer.status, answer.headers.get("content-type"), answer.headers.get("proxy-status"), text


@pytest.mark.parametrize("case", UPDATES, ids=lambda case: case.name)
def test_documented_updates_are_answered_alike_over_http1(fronted, case):
    control, direct, behind = fronted
    expected = answers(control, direct, lambda gateway: gateway.update(case.target, case.id, case.canonical))
    assert answers(control, behind, lambda gateway: gateway.update(case.target, case.id, case.canonical)) == expected
    assert expected[0] == 200


@pytest.mark.parametrize("case", CREATES, ids=lambda case: case.name)
def test_documented_creations_are_answered_alike_over_http1(fronted, case):
    control, direct, behind = fronted
    expected = answers(control, direct, lambda gateway: gateway.create(case.target, case.canonical))
    assert answers(control, behind, lambda gateway: gateway.create(case.target, case.canonical)) == expected
    assert expected[0] == 201


@pytest.mark.parametrize("target", ["cor", "elastic-path", "softwareone", "catalogue"])
def test_a_product_that_is_not_there_is_missed_alike_over_http1(fronted, target):
    control, direct, behind = fronted

    def ask(gateway):
        return gateway.update(target, "00000000-0000-4000-8000-000000000000", {"name": "x"})

    expected = answers(control, direct, ask)
    assert answers(control, behind, ask) == expected
    assert expected[0] == 404


def test_nghttpx_is_spoken_to_in_http2_where_it_offers_it(
    serve, start_gateway, shared_sandbox, sandbox, authority, certificate):
    server = serve(Nghttpx, certificate, shared_sandbox.port, "h2,http/1.1")
    gateway = start_gateway(
        vendor_targets(f"https://localhost:{server.port}", tls={"caFile": authority.path}), workers=1)
    with gateway.connect() as connection:
        streams = [
            connection.send("PATCH", "/v1/products/EXT-PROD-12345?target=cor", {"name": f"x{n}"}) for n in range(50)]
        assert {connection.answer(stream).status for stream in streams} == {200}
    # One for the products and one for the tokens: over HTTP/1.1 it would have taken many.
    assert total(gateway, "product_gateway_upstream_connects_total", target="cor") <= 2


def acme(server, authority, tls=True, **members):
    target = {"dialect": "elastic-path", "baseURL": f"http{'s' if tls else ''}://localhost:{server.port}", **members}
    return {"acme": {**target, **({"tls": {"caFile": authority.path}} if tls else {})}}


def test_nginx_without_http2_is_spoken_to_in_http1_on_kept_connections(serve, start_gateway, authority, certificate):
    server = serve(Nginx, BODY, certificate, requests=4)
    gateway = start_gateway(acme(server, authority), defaultTarget="acme", workers=1)
    for _ in range(10):
        assert update(gateway).status == 200
    fields = [line.split() for line in server.lines]
    assert {line[3] for line in fields} == {"HTTP/1.1"}
    assert [line[2] for line in fields] == ["1", "2", "3", "4", "1", "2", "3", "4", "1", "2"]
    # The second connection and the third resumed the session.
    assert [line[1] for line in fields] == ["."] * 4 + ["r"] * 6


@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
def test_nginx_resumes_the_gateways_sessions_over_http2(serve, start_gateway, authority, certificate, version):
    server = serve(Nginx, BODY, certificate, requests=1, versions=version, http2=True)
    gateway = start_gateway(acme(server, authority, retries={"attempts": 3}), defaultTarget="acme", workers=2)
    for _ in range(6):
        assert update(gateway).status == 200
    fields = [line.split() for line in server.lines]
    assert {line[0] for line in fields} == {version}
    assert {line[3] for line in fields} == {"HTTP/2.0"}
    # Whatever worker dialled: what one connection leaves, any may resume.
    assert [line[1] for line in fields] == ["."] + ["r"] * 5
    assert total(gateway, "product_gateway_upstream_tls_resumptions_total") == 5


def test_nginx_without_tls_is_spoken_to_in_http1_where_the_configuration_says_so(serve, start_gateway, authority):
    server = serve(Nginx, BODY)
    gateway = start_gateway(
        acme(server, authority, tls=False, connections={"versions": ["http/1.1"]}), defaultTarget="acme", workers=1)
    with gateway.connect() as connection:
        streams = [connection.send("PATCH", f"/v1/products/{ID}", {"name": f"x{n}"}) for n in range(40)]
        assert {connection.answer(stream).status for stream in streams} == {200}
    assert len(server.lines) == 40


@pytest.mark.parametrize("arguments", [("-tls1_2",), ("-tls1_3",), ("-alpn", "http/1.1")])
def test_openssl_without_an_http_of_its_own(serve, start_gateway, authority, certificate, arguments):
    data = f"HTTP/1.1 200 OK\r\nContent-Length: {len(BODY)}\r\n\r\n{BODY}".encode()
    server = serve(OpenSSLServer, certificate, data, *arguments)
    gateway = start_gateway(acme(server, authority), defaultTarget="acme", workers=1)
    answered = update(gateway)
    assert answered.status == 200, answered
    assert b"PUT /pcm/products/" in server.received


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_callers_resume_their_sessions_at_any_worker(start_gateway, start_sandbox, tmp_path, authority, version):
    sandbox = start_sandbox()
    gateway = start_gateway(vendor_targets(f"http://localhost:{sandbox.port}"), tls=True, workers=2)
    session = tmp_path / "session"

    def connect(*arguments, is_done=lambda: True):
        client = subprocess.Popen(
            ["openssl", "s_client", "-connect", f"localhost:{gateway.port}", "-CAfile", authority.path, "-alpn", "h2",
             "-verify_return_error", version, *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            # A session of TLS 1.3 comes after the handshake.
            until(is_done, "the session is there")
            output, _ = client.communicate(b"Q\n", timeout=20)
        finally:
            client.kill()
        assert b"Verify return code: 0" in output, output
        return b"Reused, " in output

    assert not connect("-sess_out", str(session), is_done=lambda: session.exists() and session.stat().st_size)
    # The kernel spreads connections over the workers, most of which have not seen the session before.
    assert [connect("-sess_in", str(session)) for _ in range(6)] == [True] * 6
    assert total(gateway, "product_gateway_downstream_tls_resumptions_total") == 6
