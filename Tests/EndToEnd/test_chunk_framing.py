"""What surrounds a chunked body over HTTP/1.1: sizes, extensions, trailers. Bounded from callers and from vendors.

An extension means nothing to anybody here (RFC 9112 section 7.1.1), so a body of a hundred bytes could bring megabytes
that no limit of a body counts.
"""

import json

import pytest

from harness.http1_vendor import HTTP1Vendor, chunked
from harness.http2_client import ConnectionGone
from test_vendor_failures import ID

DRY_RUN = "/v1/products/EXT-PROD-12345?target=cor&dryRun=true"
BODY = b'{"name": "x"}'


def chunks(body, size, extension=b"", trailers=b""):
    parts = [body[at:at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x%s\r\n%s\r\n" % (len(part), extension, part) for part in parts) + b"0\r\n" + trailers + b"\r\n"


def send(gateway, body):
    with gateway.connect_http1() as connection:
        head = connection.head(
            "PATCH", DRY_RUN, {"content-type": "application/json", "transfer-encoding": "chunked"})
        try:
            connection.send_bytes(head)
            for at in range(0, len(body), 10_000):
                connection.send_bytes(body[at:at + 10_000])
        except ConnectionGone:
            pass
        return connection.answer("PATCH")


LONG = b'{"name": "x", "description": "' + b"y" * 60_000 + b'"}'
TAKEN = {
    "a chunk for each byte": chunks(LONG[:2_000] + b'"}', 1),
    "a signature for each chunk": chunks(LONG, 8_192, b";chunk-signature=" + b"a" * 64),
    "an extension of some kilobytes": chunks(BODY, 100, b";x=" + b"y" * 8_000),
    "trailers of some kilobytes": chunks(BODY, 100, trailers=b"x-checksum: " + b"y" * 8_000 + b"\r\n"),
}
REFUSED = {
    "one extension of a megabyte": chunks(BODY, 100, b";x=" + b"y" * 1_000_000),
    "an extension of 300 bytes for each byte": chunks(LONG[:2_000] + b'"}', 1, b";x=" + b"y" * 300),
    "an extension of a megabyte behind the last chunk": (
        chunks(BODY, 100)[:-5] + b"0;x=" + b"y" * 1_000_000 + b"\r\n\r\n"),
    "zeros before a size": chunks(BODY, 100)[:0] + b"0" * 1_000_000 + b"d\r\n" + BODY + b"\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("case", TAKEN)
def test_chunks_as_callers_send_them_are_taken(plain_gateway, case):
    answer = send(plain_gateway, TAKEN[case])
    assert answer.status in (200, 422), answer


@pytest.mark.parametrize("case", REFUSED)
def test_a_caller_cannot_send_more_around_its_body_than_as_header_fields(plain_gateway, case):
    answer = send(plain_gateway, REFUSED[case])
    assert (answer.status, answer.json["code"]) == (400, "invalid_request"), answer
    assert answer.headers["connection"] == "close"


def product(size):
    attributes = {"name": "x", "description": "y" * size}
    return json.dumps({"data": {"id": ID, "type": "product", "attributes": attributes}}).encode()


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def answering(vendor_gateway):
    """What an update is answered with when the vendor's answer is `data`."""
    vendors = []

    def ask(data):
        vendor = HTTP1Vendor(data)
        vendors.append(vendor)
        _, gateway = vendor_gateway(vendor=vendor, target={"connections": {"versions": ["http/1.1"]}})
        return gateway.request("PATCH", f"/v1/products/{ID}", {"name": "x"})

    yield ask
    for vendor in vendors:
        vendor.stop()


@pytest.mark.parametrize("data", [
    chunked(product(2_000), sizes=(1,)),
    HEAD + chunks(product(60_000), 8_192, b";chunk-signature=" + b"a" * 64),
    HEAD + chunks(product(10), 1_000, b";x=" + b"y" * 20_000),
], ids=["a chunk for each byte", "a signature for each chunk", "an extension of some kilobytes"])
def test_chunks_as_vendors_send_them_are_taken(answering, data):
    assert answering(data).status == 200


@pytest.mark.parametrize("data", [
    HEAD + chunks(product(10), 1_000, b";x=" + b"y" * 1_000_000),
    HEAD + chunks(product(2_000), 1, b";x=" + b"y" * 300),
], ids=["one extension of a megabyte", "an extension of 300 bytes for each byte"])
def test_a_vendor_cannot_send_more_around_its_answer_than_as_header_fields(answering, data):
    answer = answering(data)
    problem = answer.json
    assert (answer.status, problem["code"], problem["outcome"]) == (502, "vendor_unintelligible", "unknown"), answer
