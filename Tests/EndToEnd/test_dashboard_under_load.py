"""Every query of every panel of the dashboard, against a real Prometheus, while a gateway works: each shows data."""

import itertools
import json
import math

import pytest

from harness.issuer import AUDIENCE, Issuer
from harness.processes import REPOSITORY
from harness.vendor import Close, Reply
from harness.waiting import until
from test_prometheus import GOOD, UPDATE, Prometheus

DASHBOARD = json.loads((REPOSITORY / "deploy/grafana/product-gateway.json").read_text())
DOWN = Reply(500, {"errors": [{"title": "down", "status": "500"}]})


def filled(query):
    """Grafana's variables as Grafana fills them in when everything is chosen."""
    for variable, value in (
            ("$__rate_interval", "30s"), ("$instance", ".*"), ("$target", ".*"), ("$job", "product-gateway")):
        query = query.replace(variable, value)
    return query


QUERIES = [
    (f"{panel['title']} {target['refId']}", filled(target["expr"]))
    for panel in DASHBOARD["panels"] for target in panel.get("targets", [])]


@pytest.fixture
def loaded(start_vendor, start_gateway, shared_sandbox, tmp_path, authority, certificate):
    """A Prometheus, and something that loads the gateway that it scrapes: well, refused, failing, with a token."""
    vendor, client = start_vendor(GOOD, certificate=certificate), authority.issue("client")
    issuer = Issuer(certificate)
    issuer.make_key("k1")
    gateway = start_gateway({
        "pim": {"dialect": "akeneo", "baseURL": f"http://localhost:{shared_sandbox.port}/stand-in/akeneo"},
        "acme": {
            "dialect": "elastic-path", "baseURL": vendor.url, "retries": {"attempts": 2, "backoff": "1ms"},
            "tls": {"caFile": str(authority.path), "clientCertificate": client.certificate, "clientKey": client.key},
            "credentials": {"oauth2": {
                "tokenURL": "/oauth/access_token", "clientID": {"env": "EP_CLIENT_ID"},
                "clientSecret": {"env": "EP_CLIENT_SECRET"}}}}},
        issuers={"corp": {"issuer": issuer.url, "jwks": {"url": f"{issuer.url}/keys"}, "audience": [AUDIENCE],
                          "caFile": str(authority.path)}},
        callers={"pim": {"identify": [{"jwt": {"issuer": "corp", "subject": "pim"}}],
                         "allow": [{"operations": ["update"]}]}}, anonymous="allow",
        tls=True, defaultTarget="acme", env={"EP_CLIENT_ID": "i", "EP_CLIENT_SECRET": "s"})
    server = Prometheus(tmp_path, gateway.admin_port)

    numbers, token = itertools.count(), issuer.token("k1")

    def work():
        # One connection ends in the middle of a request: it is made anew, and the update sent again.
        vendor.script = [GOOD, DOWN, Close()]
        # A connection of its own, so that callers' handshakes go on too.
        with gateway.connect() as connection:
            for body in ({"name": "a"}, {"name": "b"}, {"nmae": "c"}, {"name": "d"}):
                connection.request("PATCH", UPDATE, body)
            connection.request("PATCH", UPDATE, {"name": "e"}, {"idempotency-key": str(next(numbers))})
            known = {"authorization": f"Bearer {token}"}
            connection.request("PATCH", UPDATE, {"name": "f"}, known)
            # What this caller may not do.
            connection.request("GET", UPDATE, headers=known)
            # They travel together.
            lines = "".join(json.dumps({"id": id, "product": {"name": id}}) + "\n" for id in "abcdef")
            connection.request("POST", "/v1/bulk?target=pim", lines, {"content-type": "application/jsonl"})

    try:
        until(lambda: server.query("product_gateway_build_info"), "Prometheus has scraped the gateway")
        yield server, work
    finally:
        server.stop()
        issuer.stop()


def shown(server, query):
    """The numbers of a query: what is not a number is not drawn."""
    return [value for series in server.query(query) if not math.isnan(value := float(series["value"][1]))]


def test_every_query_of_every_panel_returns_data_under_load(loaded):
    server, work = loaded
    assert len(QUERIES) > 50

    def all_are_shown():
        work()
        return not [name for name, query in QUERIES if not shown(server, query)]

    try:
        until(all_are_shown, "all are shown", seconds=60, pause=0.2)
    except AssertionError:
        empty = [(name, query) for name, query in QUERIES if not shown(server, query)]
        raise AssertionError(f"nothing is shown by {empty}")


def test_a_new_gateway_alerts_nobody(loaded):
    server, work = loaded
    work()
    rules = until(
        lambda: (rules := [rule for group in server.ask("rules")["groups"] for rule in group["rules"]])
        and all(rule["health"] == "ok" for rule in rules) and rules, "all rules have been evaluated")
    assert [rule["name"] for rule in rules if rule["state"] == "firing"] == []
