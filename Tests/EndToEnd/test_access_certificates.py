"""Callers by certificate, of their own or passed on by a trusted proxy."""

import hashlib

import pytest

from harness.access import BY_TOKEN, KEY, WORKLOADS, ask, bearer, by_key, issuers
from harness.configuration import listener


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
@pytest.mark.parametrize("tls", ["1.2", "1.3"])
def test_a_certificate_names_its_caller(guarded, mutual, authority, version, tls):
    gateway = guarded(WORKLOADS, listener=mutual(), tls=True)
    pim = authority.issue("pim", "URI:spiffe://example.org/pim,DNS:other.example.org")
    shop = authority.issue("shop", "DNS:SHOP.example.org")
    nobody = authority.issue("nobody", "URI:spiffe://example.org/nobody")
    two = authority.issue("two", "URI:spiffe://example.org/pim,DNS:shop.example.org")
    options = [version, "--tls-max", tls, f"--tlsv{tls}"]
    for shown, name in [(pim, "pim"), (shop, "shop")]:
        status, fields, _ = ask(gateway, authority, shown, *options)
        assert status == 200
        assert gateway.exchange_line(fields["x-request-id"])["caller"] == name
    for shown in [nobody, two, None]:
        assert ask(gateway, authority, shown, *options)[0] == 401
    assert ask(gateway, authority, None, *options, "-H", f"x-api-key: {KEY}")[0] == 200


def test_a_certificate_of_another_authority_gets_no_connection(guarded, mutual, authority, tmp_path):
    from harness.certificates import Authority
    gateway = guarded(WORKLOADS, listener=mutual(mode="require"), tls=True)
    stranger = Authority(tmp_path, "strangers").issue("pim", "URI:spiffe://example.org/pim")
    expired = authority.issue("late", "URI:spiffe://example.org/pim", days=-1)
    for shown in [stranger, expired, None]:
        with pytest.raises(ConnectionError):
            ask(gateway, authority, shown)
    assert ask(gateway, authority, authority.issue("pim", "URI:spiffe://example.org/pim"))[0] == 200


def test_a_token_can_be_bound_to_a_certificate(guarded, mutual, authority, issuer):
    import base64
    import ssl
    issuer.make_key("k1")
    gateway = guarded(BY_TOKEN, listener=mutual(), tls=True, issuers=issuers(issuer, authority))
    shown = authority.issue("bound", "URI:spiffe://example.org/any")
    der = ssl.PEM_cert_to_DER_cert(open(shown.certificate).read())
    thumbprint = base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()
    token = issuer.token("k1", cnf={"x5t#S256": thumbprint})
    for _ in range(2):
        assert ask(gateway, authority, shown, "-H", f"authorization: Bearer {token}")[0] == 200
        other = authority.issue("other", "URI:spiffe://example.org/any")
        assert ask(gateway, authority, other, "-H", f"authorization: Bearer {token}")[0] == 401
        assert ask(gateway, authority, None, "-H", f"authorization: Bearer {token}")[0] == 401


# Behind a balancer

PROXY_LINE = b"PROXY TCP4 198.51.100.9 127.0.0.1 4711 8443\r\n"
PROXY_BINARY = bytes.fromhex("0d0a0d0a000d0a515549540a 21 11 000c c6336409 7f000001 1267 20fb")


@pytest.mark.parametrize("header", [PROXY_LINE, PROXY_BINARY])
def test_a_trusted_balancer_says_where_a_connection_comes_from(guarded, header):
    gateway = guarded({"pim": by_key()}, listener={
        **listener(), "trusted": {"networks": ["127.0.0.0/8"], "proxyProtocol": True}})
    with gateway.connect_http1() as connection:
        for part in (header[:7], header[7:]):
            connection.send_bytes(part)
        answer = connection.request("GET", "/v1/targets", headers=bearer(KEY))
        assert answer.status == 200
    assert gateway.exchange_line(answer.headers["x-request-id"])["callerAddress"] == "198.51.100.9"
    with gateway.connect_http1() as connection:
        connection.send("GET", "/v1/targets")
        assert connection.rest() == b""


def test_nobody_else_is_believed_a_header(guarded):
    gateway = guarded({"pim": by_key()}, listener={
        **listener(), "trusted": {"networks": ["10.0.0.0/8"], "proxyProtocol": True, "clientCertificates": True,
                                  "addressFrom": "X-Forwarded-For"}})
    with gateway.connect_http1() as connection:
        connection.send_bytes(PROXY_LINE)
        connection.send("GET", "/v1/targets", headers=bearer(KEY))
        assert b"200" not in connection.rest()[:16]
    answer = gateway.request("GET", "/v1/targets", headers={**bearer(KEY), "x-forwarded-for": "198.51.100.9"})
    assert answer.status == 200
    assert gateway.exchange_line(answer.headers["x-request-id"])["callerAddress"] == "127.0.0.1"


@pytest.mark.parametrize("field,value", [
    ("X-Forwarded-For", "1.2.3.4, 198.51.100.9"), ("Forwarded", 'for=1.2.3.4, for="198.51.100.9:80";proto=https')])
def test_a_trusted_proxy_says_where_a_request_comes_from(guarded, field, value):
    gateway = guarded({"pim": by_key()}, listener={
        **listener(), "trusted": {"networks": ["127.0.0.1"], "addressFrom": field}})
    answer = gateway.request("GET", "/v1/targets", headers={**bearer(KEY), field.lower(): value})
    assert gateway.exchange_line(answer.headers["x-request-id"])["callerAddress"] == "198.51.100.9"


def test_a_trusted_proxy_passes_a_certificate_on(guarded, authority):
    import base64
    import ssl
    shown = authority.issue("forwarded", "URI:spiffe://example.org/pim")
    field = ":" + base64.b64encode(ssl.PEM_cert_to_DER_cert(open(shown.certificate).read())).decode() + ":"
    callers = {"pim": {"identify": [{"mtls": "spiffe://example.org/pim"}]}}
    believing = guarded(callers, listener={
        **listener(), "trusted": {"networks": ["127.0.0.1"], "clientCertificates": True}})
    answer = believing.request("GET", "/v1/targets", headers={"client-cert": field})
    assert answer.status == 200
    assert believing.exchange_line(answer.headers["x-request-id"])["caller"] == "pim"
    for wrong in (field[:-2] + ":", ":AAAA:", "junk"):
        assert believing.request("GET", "/v1/targets", headers={"client-cert": wrong}).status == 401
    for trusted in [{"networks": ["10.0.0.1"], "clientCertificates": True}, {"networks": ["127.0.0.1"]}]:
        unbelieving = guarded(callers, listener={**listener(), "trusted": trusted})
        assert unbelieving.request("GET", "/v1/targets", headers={"client-cert": field}).status == 401


def forwarded(shown):
    import base64
    import ssl
    return ":" + base64.b64encode(ssl.PEM_cert_to_DER_cert(open(shown.certificate).read())).decode() + ":"


def test_a_certificate_that_has_ended_proves_nothing(guarded, authority, issuer):
    import base64
    issuer.make_key("k1")
    gateway = guarded({**BY_TOKEN, "shop": {"identify": [{"mtls": "spiffe://example.org/shop"}]}}, anonymous="allow",
                      issuers=issuers(issuer, authority), listener={
        **listener(), "trusted": {"networks": ["127.0.0.1"], "clientCertificates": True}})
    for days, expected in [(1, 200), (-1, 401)]:
        field = forwarded(authority.issue(f"for-{days}", "URI:spiffe://example.org/shop", days=days))
        assert gateway.request("GET", "/v1/targets", headers={"client-cert": field}).status == expected
        digest_ = hashlib.sha256(base64.b64decode(field.strip(":"))).digest()
        token = issuer.token("k1", cnf={"x5t#S256": base64.urlsafe_b64encode(digest_).rstrip(b"=").decode()})
        for _ in range(2):
            answer = gateway.request("GET", "/v1/targets", headers={**bearer(token), "client-cert": field})
            assert answer.status == expected


def test_what_a_trusted_proxy_says_of_a_certificate_is_one_or_wrong(guarded, mutual, authority):
    proxy = authority.issue("proxy", "URI:spiffe://example.org/pim")
    built = mutual()
    built["trusted"] = {"networks": ["127.0.0.1"], "clientCertificates": True}
    gateway = guarded(WORKLOADS, listener=built, tls=True, anonymous="allow")
    # Its own certificate is never its caller's.
    status, fields, _ = ask(gateway, authority, proxy)
    assert status == 200
    assert gateway.exchange_line(fields["x-request-id"])["caller"] == "127.0.0.1"
    for wrong in (":AAAA:", "junk"):
        assert ask(gateway, authority, proxy, "-H", f"client-cert: {wrong}")[0] == 401


def test_several_lines_of_a_field_are_one(guarded):
    gateway = guarded({"pim": by_key()}, listener={
        **listener(), "trusted": {"networks": ["127.0.0.1", "10.0.0.0/8"], "addressFrom": "X-Forwarded-For"}})
    with gateway.connect_http1() as connection:
        connection.send_bytes(
            f"GET /v1/targets HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\n"
            "x-forwarded-for: 198.51.100.9\r\nx-forwarded-for: 10.1.1.1\r\n\r\n".encode())
        answer = connection.answer("GET")
    assert gateway.exchange_line(answer.headers["x-request-id"])["callerAddress"] == "198.51.100.9"
