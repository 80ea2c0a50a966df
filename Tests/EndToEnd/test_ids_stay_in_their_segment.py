"""A product's id never leads anywhere else at the vendor, however it is spelled: a real nginx stands in front of the
vendor, which decodes paths and resolves their steps, as vendors' proxies do."""

from urllib.parse import unquote

import pytest

from harness.http1_client import HTTP1Connection
from harness.http1_vendor import HTTP1Vendor, answer
from harness.servers import NginxProxy
from harness.waiting import until
from test_bad_requests import check_problem

ID = "60afe403-a191-455e-b771-c510c928a308"


def echo(request):
    """The product that was asked for."""
    id = unquote(request.path.rsplit("/", 1)[1])
    return answer(200, {"data": {"id": id, "type": "product", "attributes": {"name": "x"}}})


# Ids as a vendor would read them.
STEPS = ["../admin", "..", ".", "./admin", "a/../admin", "a/../../admin", "a/..", "a/.", "/../admin", "../../../admin"]


def spellings(steps):
    """One id with steps in the ways in which it can be written in a path, each still one segment."""
    slash, dot = steps.replace("/", "%2F"), steps.replace(".", "%2e")
    return {
        slash, steps.replace("/", "%2f"), dot.replace("/", "%2F"), steps.replace(".", "%2E").replace("/", "%2f"),
        steps.replace("/", "%5C"), steps.replace("/", "%5c"), dot.replace("/", "%5C"),
        # Decoded more than once on its way.
        steps.replace("/", "%252F"), dot.replace("%", "%25").replace("/", "%252f"), steps.replace("/", "%255C"),
        slash.replace("%", "%2525"),
    }


SEGMENTS = sorted(
    {spelling for steps in STEPS for spelling in spellings(steps)} | {"..\\admin", "a\\..\\admin", "..%5C..%2Fadmin"})
IDS = sorted(
    {id for steps in STEPS for id in (
        steps, steps.replace("/", "\\"), steps.replace(".", "%2e"), steps.replace("/", "%2F"),
        steps.replace(".", "%2E").replace("/", "%5c"), steps.replace("/", "%252F"))})


@pytest.fixture(scope="module")
def fronted(tmp_path_factory):
    from harness.configuration import listener, write
    from harness.processes import Gateway
    vendor = HTTP1Vendor(echo)
    nginx = NginxProxy(vendor.port)
    file = write(tmp_path_factory.mktemp("fronted"), {
        "listener": listener(), "admin": {"host": "127.0.0.1", "port": 0}, "defaultTarget": "acme",
        "targets": {"acme": {
            "dialect": "elastic-path", "baseURL": f"http://localhost:{nginx.port}",
            "connections": {"versions": ["http/1.1"]}}}})
    gateway = Gateway("--config", file, env={}, is_tls=False)
    gateway.nginx, gateway.vendor = nginx, vendor
    yield gateway
    assert gateway.stop() == 0
    nginx.stop()
    vendor.stop()


def test_the_proxy_resolves_what_it_is_given(fronted):
    """What these tests are about: without a refusal the request would lead elsewhere."""
    with HTTP1Connection("localhost", fronted.nginx.port) as direct:
        assert direct.request("PATCH", "/pcm/products/..%2Fadmin", {"name": "x"}).status == 200
    until(lambda: "/pcm/admin" in fronted.nginx.paths, "the request is in nginx's log")


@pytest.mark.parametrize("id", [ID, "a%2Fb", "...", "a..b", "..a", "a%2F...%2Fb", "50%25"])
def test_other_ids_reach_their_product(fronted, id):
    before = len(fronted.nginx.paths)
    assert fronted.request("PATCH", f"/v1/products/{id}", {"name": "x"}).status == 200
    until(lambda: len(fronted.nginx.paths) > before, "the request is in nginx's log")
    assert fronted.nginx.paths[-1].startswith("/pcm/products/")


@pytest.mark.parametrize("version", ["HTTP/2", "HTTP/1.1"])
def test_no_spelling_of_a_step_in_the_path_leads_anywhere(fronted, version):
    before = list(fronted.nginx.paths)
    connect = fronted.connect if version == "HTTP/2" else fronted.connect_http1
    for segment in SEGMENTS:
        with connect() as connection:
            for method, query in (("PATCH", ""), ("PUT", "?target=acme"), ("PATCH", "?dryRun=true")):
                answer = connection.request(method, f"/v1/products/{segment}{query}", {"name": "x"})
                check_problem(answer, 400, "invalid_request")
    assert fronted.nginx.paths == before


@pytest.mark.parametrize("path_id", [ID, "x"])
def test_no_spelling_of_a_step_in_the_body_leads_anywhere(fronted, path_id):
    before = list(fronted.nginx.paths)
    with fronted.connect() as connection:
        for id in IDS:
            for query in ("", "?dryRun=true"):
                answer = connection.request(
                    "PATCH", f"/v1/products/{path_id}{query}", {"name": "x", "ids": {"acme": id}})
                assert answer.status in (400, 422), (id, answer)
                assert answer.json["outcome"] == "not_sent", (id, answer)
    assert fronted.nginx.paths == before
