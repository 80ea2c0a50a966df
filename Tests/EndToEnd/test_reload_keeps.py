"""A reload leaves alone what it does not change: connections to vendors, and tokens. What is equal is shared."""

import json
import signal
import threading

from harness.configuration import SECRETS
from harness.vendor import Reply
from harness.waiting import until
from test_metrics import total
from test_reload import reload

ID = "60afe403-a191-455e-b771-c510c928a308"
UPDATE = f"/v1/products/{ID}"
GOOD = Reply(200, {"data": {"id": ID, "type": "product", "attributes": {"name": "x"}}})
# A reload is asked for by a signal only.
STILL = {"watchInterval": "0s", "workers": 1}


def oauth(secret="EP_CLIENT_SECRET"):
    return {"credentials": {"oauth2": {
        "tokenURL": "/oauth/access_token", "clientID": {"env": "EP_CLIENT_ID"}, "clientSecret": {"env": secret}}}}


def test_fifty_reloads_that_change_nothing_cost_no_connection_and_no_token(vendor_gateway):
    vendor, gateway = vendor_gateway(GOOD, target=oauth(), **STILL)
    statuses, stop = [], threading.Event()

    def traffic():
        with gateway.connect() as connection:
            while not stop.is_set():
                statuses.append(connection.request("PATCH", UPDATE, {"name": "x"}).status)

    with gateway.connect() as connection:
        assert connection.request("PATCH", UPDATE, {"name": "x"}).status == 200
    connections = vendor.connections
    caller = threading.Thread(target=traffic)
    caller.start()
    for count in range(1, 51):
        gateway.signal(signal.SIGHUP)
        until(lambda: len(gateway.lines("reloaded")) >= count, "the gateway has reloaded")
    served = len(statuses)
    until(lambda: len(statuses) > served, "updates go on behind the last reload")
    stop.set()
    caller.join(10)
    assert set(statuses) == {200}
    assert (vendor.connections, len(vendor.token_requests)) == (connections, 1)
    assert total(gateway, "product_gateway_upstream_connections_open") == connections


def test_targets_that_agree_in_their_endpoint_share_its_connections_and_their_client_its_token(
        start_vendor, start_gateway):
    vendor = start_vendor(GOOD)
    target = {"dialect": "elastic-path", "baseURL": vendor.url, **oauth()}
    gateway = start_gateway({
        "zebra": target, "apple": {**target, "baseURL": f"{vendor.url}/deeper", "handling": "lenient"}}, **STILL)
    with gateway.connect() as connection:
        for name in ("zebra", "apple", "zebra"):
            assert connection.request("PATCH", f"{UPDATE}?target={name}", {"name": "x"}).status == 200
    assert [request.path for request in vendor.requests].count(f"/deeper/pcm/products/{ID}") == 1
    assert len({request.connection for request in vendor.requests}) == 1
    assert len(vendor.token_requests) == 1
    # Connections are counted once, for the first of those that share them; updates for each.
    assert total(gateway, "product_gateway_upstream_connects_total", target="apple", outcome="ok") == 2
    assert total(gateway, "product_gateway_upstream_connects_total", target="zebra", outcome="ok") == 0


def test_targets_that_differ_in_their_connections_share_none(start_vendor, start_gateway):
    vendor = start_vendor(GOOD)
    target = {"dialect": "elastic-path", "baseURL": vendor.url}
    gateway = start_gateway({"one": target, "other": {**target, "connections": {"maxStreams": 7}}}, **STILL)
    with gateway.connect() as connection:
        for name in ("one", "other"):
            assert connection.request("PATCH", f"{UPDATE}?target={name}", {"name": "x"}).status == 200
    assert vendor.connections == 2


def test_a_changed_secret_costs_only_its_own_target_a_token(start_vendor, start_gateway):
    vendor = start_vendor(GOOD)
    target = {"dialect": "elastic-path", "baseURL": vendor.url}
    gateway = start_gateway(
        {"one": {**target, **oauth()}, "other": {**target, **oauth("COR_CLIENT_SECRET")}}, **STILL)
    with gateway.connect() as connection:
        def update(name):
            assert connection.request("PATCH", f"{UPDATE}?target={name}", {"name": "x"}).status == 200

        update("one")
        update("other")
        assert len(vendor.token_requests) == 2
        before = vendor.connections
        reload(gateway, lambda configuration: configuration["targets"]["other"].update(oauth("CATALOGUE_TOKEN")))
        update("one")
        assert len(vendor.token_requests) == 2
        update("other")
        assert len(vendor.token_requests) == 3
        assert f"client_secret={SECRETS['CATALOGUE_TOKEN']}".encode() in vendor.token_requests[2].body
        assert vendor.connections == before


def test_a_changed_endpoint_gets_connections_of_its_own(start_vendor, start_gateway):
    vendor = start_vendor(GOOD)
    target = {"dialect": "elastic-path", "baseURL": vendor.url}
    gateway = start_gateway({"kept": target, "changed": {**target, "connections": {"max": 2}}}, **STILL)
    with gateway.connect() as connection:
        def update(name):
            assert connection.request("PATCH", f"{UPDATE}?target={name}", {"name": "x"}).status == 200
            return vendor.requests[-1].connection

        kept, changed = update("kept"), update("changed")
        reload(
            gateway, lambda configuration: configuration["targets"]["changed"].update(connections={"max": 3}))
        assert update("kept") == kept
        assert update("changed") not in (kept, changed)
    until(lambda: vendor.open == 2, "the connection that nobody uses any more is closed")


def test_a_renewed_client_certificate_gets_connections_of_its_own(start_vendor, start_gateway, authority, tmp_path):
    vendor = start_vendor(GOOD, certificate=authority.issue("vendor"))
    for name in ("first", "second"):
        issued = authority.issue(name)
        (tmp_path / f"{name}.crt").write_bytes(open(issued.certificate, "rb").read())
        (tmp_path / f"{name}.key").write_bytes(open(issued.key, "rb").read())
    (tmp_path / "crt").symlink_to("first.crt")
    (tmp_path / "key").symlink_to("first.key")
    gateway = start_gateway({"acme": {
        "dialect": "elastic-path", "baseURL": vendor.url, "tls": {
            "caFile": authority.path, "clientCertificate": str(tmp_path / "crt"), "clientKey": str(tmp_path / "key")}}},
        **STILL)
    with gateway.connect() as connection:
        def update():
            assert connection.request("PATCH", f"{UPDATE}?target=acme", {"name": "x"}).status == 200
            return vendor.requests[-1].connection

        first = update()
        reload(gateway, lambda configuration: None)
        assert update() == first
        for name in ("crt", "key"):
            (tmp_path / name).unlink()
            (tmp_path / name).symlink_to(f"second.{name}")
        reload(gateway, lambda configuration: None)
        assert update() != first


def test_the_numbers_of_a_target_that_is_gone_stay_its_own(start_vendor, start_gateway):
    vendor = start_vendor(GOOD)
    target = {"dialect": "elastic-path", "baseURL": vendor.url}
    gateway = start_gateway({"apple": target, "zebra": target}, **STILL)
    with gateway.connect() as connection:
        assert connection.request("PATCH", f"{UPDATE}?target=zebra", {"name": "x"}).status == 200
        assert total(gateway, "product_gateway_upstream_connections_open", target="apple") == 1
        reload(gateway, lambda configuration: configuration["targets"].pop("apple"))
        assert connection.request("PATCH", f"{UPDATE}?target=zebra", {"name": "x"}).status == 200
        until(
            lambda: total(gateway, "product_gateway_upstream_connections_open", target="apple") == 0,
            "nobody is counted for the target that is gone")
        assert total(gateway, "product_gateway_upstream_connections_open", target="zebra") == 1
    assert json.loads(gateway.file.read_text())["targets"].keys() == {"zebra"}
