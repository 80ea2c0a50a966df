"""What the log says of connections that fail: why a vendor cannot be reached, and whose connection has broken."""

import socket
import struct

from harness.waiting import until

PATH = "/v1/products/60afe403-a191-455e-b771-c510c928a308"
GOOD = {"data": {"id": "60afe403-a191-455e-b771-c510c928a308", "type": "product", "attributes": {"name": "x"}}}


def start(start_gateway, url, **options):
    return start_gateway(
        {"acme": {"dialect": "elastic-path", "baseURL": url, "retries": {"attempts": 1},
                  "breaker": {"enabled": False}, "timeouts": {"connect": "2s", "attempt": "2s", "total": "4s"}}},
        defaultTarget="acme", workers=1, **options)


def unreachable(gateway):
    """The first line that says why, after an update that could not be sent."""
    answer = gateway.request("PATCH", PATH, {"name": "x"})
    assert (answer.json["code"], answer.json["outcome"]) == ("vendor_unreachable", "not_sent"), answer
    return until(lambda: gateway.lines("cannot connect to vendor"), "the log says why")[0]


def test_a_vendor_that_refuses_connections_is_logged_with_target_address_and_reason(start_gateway, start_vendor):
    nobody = start_vendor(accepts=False)
    nobody.stop()
    line = unreachable(start(start_gateway, nobody.url))
    assert (line["level"], line["target"], line["host"]) == ("warning", "acme", "localhost"), line
    assert line["port"] == int(nobody.url.rsplit(":", 1)[1].strip("/")), line
    assert "refused" in line["reason"], line


def test_a_vendor_whose_name_is_unknown_is_logged_with_the_name(start_gateway):
    line = unreachable(start(start_gateway, "https://vendor.invalid"))
    assert "vendor.invalid" in line["reason"] and "could not be looked up" in line["reason"], line


def test_a_token_endpoint_is_called_what_it_is(start_gateway, start_vendor):
    vendor, nobody = start_vendor(), start_vendor(accepts=False)
    nobody.stop()
    gateway = start_gateway({"acme": {
        "dialect": "elastic-path", "baseURL": vendor.url, "retries": {"attempts": 1}, "credentials": {"oauth2": {
            "tokenURL": nobody.url + "/token", "clientID": {"env": "EP_CLIENT_ID"},
            "clientSecret": {"env": "EP_CLIENT_SECRET"}}}}}, workers=1)
    answer = gateway.update("acme", "p", {"name": "x"})
    assert answer.json["code"] == "vendor_unreachable", answer
    assert "No connection to acme's token endpoint: Connection refused." in answer.json["detail"]
    line = until(lambda: gateway.lines("cannot connect to token endpoint"), "the log says why")[0]
    assert line["target"] == "acme" and not gateway.lines("cannot connect to vendor")


def test_an_issuer_is_called_by_its_name(start_gateway, start_vendor):
    nobody = start_vendor(accepts=False)
    nobody.stop()
    gateway = start_gateway(
        {"acme": {"dialect": "elastic-path", "baseURL": "http://localhost:1"}}, workers=1, anonymous="allow",
        issuers={"corp": {"issuer": "https://issuer", "jwks": {"url": f"{nobody.url}/keys"}, "audience": ["a"]}},
        callers={"pim": {"identify": [{"jwt": {"issuer": "corp", "subject": "pim"}}]}})
    line = until(lambda: gateway.lines("cannot connect to issuer"), "the log says why")[0]
    assert line["issuer"] == "corp" and "target" not in line, line
    assert not gateway.lines("cannot connect to vendor")


def test_a_vendor_that_stays_away_does_not_fill_the_log(start_gateway, start_vendor):
    nobody = start_vendor(accepts=False)
    nobody.stop()
    gateway = start(start_gateway, nobody.url)
    with gateway.connect() as connection:
        for _ in range(50):
            assert connection.request("PATCH", PATH, {"name": "x"}).json["code"] == "vendor_unreachable"
    assert 1 <= len(gateway.lines("cannot connect to vendor")) <= 3


def test_a_callers_broken_connection_is_logged_with_its_address(start_gateway, start_vendor):
    gateway = start(start_gateway, start_vendor(GOOD).url, logging={"level": "debug"})
    with gateway.connect() as caller:
        assert caller.request("GET", "/v1/targets").status == 200
        # A close with unsent data thrown away is a reset.
        caller.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line = until(lambda: gateway.lines("downstream connection failed"), "the log names the caller")[0]
    assert (line["level"], line["caller"]) == ("debug", "127.0.0.1"), line
    assert line["error"], line
