"""RFC 9112 byte by byte: what is refused because it could be read in two ways, and what must be taken.

Behind each request stands another. What is refused ends the connection, so that the second is never read; what is
taken ends where it says, so that the second is answered.
"""

import re

import pytest

from harness.http2_client import ConnectionGone

UPDATE = b"/v1/products/EXT-PROD-12345?target=cor&dryRun=true"
BODY = b'{"name": "x"}'
CHUNKED = b"Transfer-Encoding: chunked"
NEXT = b"GET /v1/targets/behind HTTP/1.1\r\nHost: localhost\r\n\r\n"


def get(*fields, target=b"/v1/targets", version=b"HTTP/1.1", method=b"GET", host=b"Host: localhost"):
    lines = [method + b" " + target + b" " + version, *([host] if host is not None else []), *fields, b"", b""]
    return b"\r\n".join(lines)


def update(*fields, body=BODY, version=b"HTTP/1.1"):
    return get(b"Content-Type: application/json", *fields, target=UPDATE, version=version, method=b"PATCH") + body


def chunks(size=b"d", last=b"0\r\n\r\n", behind=b"\r\n"):
    return update(CHUNKED, body=size + b"\r\n" + BODY + behind + last)


REFUSED = {
    # Two framings, or none that is known (sections 6.1 and 6.3).
    "a length beside chunks": update(CHUNKED, b"Content-Length: 13", body=b"d\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "chunked twice": update(b"Transfer-Encoding: chunked, chunked", body=b"d\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "two codings": update(CHUNKED, CHUNKED, body=b"d\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "identity and a length": update(b"Transfer-Encoding: identity", b"Content-Length: 13"),
    "gzip": update(b"Transfer-Encoding: gzip"),
    "gzip after chunked": update(b"Transfer-Encoding: chunked, gzip"),
    "an empty coding": update(b"Transfer-Encoding:", b"Content-Length: 13"),
    "a coding that ends like chunked": update(b"Transfer-Encoding: xchunked"),
    "an empty member before chunked": update(b"Transfer-Encoding: , chunked"),
    "a control character before chunked": update(b"Transfer-Encoding: \x0bchunked"),
    "chunked in quotes": update(b'Transfer-Encoding: "chunked"'),
    "chunks in HTTP/1.0": update(CHUNKED, version=b"HTTP/1.0", body=b"d\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "a space before the coding's colon": update(b"Transfer-Encoding : chunked", body=b"0\r\n\r\n"),
    "a length twice": update(b"Content-Length: 13", b"Content-Length: 13"),
    "a list of lengths": update(b"Content-Length: 13, 13"),
    "two lengths": update(b"Content-Length: 13", b"Content-Length: 0"),
    "a length with a plus": update(b"Content-Length: +13"),
    "a negative length": update(b"Content-Length: -1"),
    "a length in hex": update(b"Content-Length: 0x0d"),
    "an empty length": update(b"Content-Length:"),
    "a length with a space in it": update(b"Content-Length: 1 3"),
    "a length beyond 2^64": update(b"Content-Length: 18446744073709551629"),
    # Chunks (section 7.1).
    "a chunk's line with LF alone": chunks().replace(b"d\r\n", b"d\n", 1),
    "a chunk that ends with LF alone": chunks(behind=b"\n"),
    "a chunk without an end": chunks(behind=b""),
    "last chunk's end with LF alone": chunks(last=b"0\n\n"),
    "a chunk's size with a plus": chunks(b"+d"),
    "a chunk's size in C": chunks(b"0xd"),
    "a negative chunk": chunks(b"-1"),
    "a space before a chunk's size": chunks(b" d"),
    "a space behind a chunk's size": chunks(b"d "),
    "a chunk's size beyond 2^64": chunks(b"1000000000000000d"),
    "no chunk's size": chunks(b""),
    "CR within a chunk's extension": chunks(b"d;a\rb"),
    "NUL within a chunk's extension": chunks(b"d;a\0b"),
    "LF behind a chunk's extension": chunks(b"d;a=b").replace(b"d;a=b\r\n", b"d;a=b\n"),
    "folded trailers": chunks(last=b"0\r\na: b\r\n c\r\n\r\n"),
    "trailers without a colon": chunks(last=b"0\r\nab\r\n\r\n"),
    "endless trailers": chunks(last=b"0\r\na: " + b"b" * 100_000 + b"\r\n\r\n"),
    "a framing in trailers": chunks(last=b"0\r\nContent-Length: 5\r\n\r\n"),
    # Whom it is for (section 3.2).
    "no host": get(host=None),
    "two hosts": get(b"Host: localhost"),
    "an empty host": get(host=b"Host:"),
    "a list of hosts": get(host=b"Host: a, b"),
    "a user in host": get(host=b"Host: user@localhost"),
    "a path in host": get(host=b"Host: localhost/x"),
    "a port that is no number": get(host=b"Host: localhost:x"),
    "a port that is too large": get(host=b"Host: localhost:65536"),
    "an address that does not end": get(host=b"Host: [::1"),
    "a URL of another host": get(target=b"http://other/v1/targets"),
    "a URL of another port": get(target=b"http://localhost:81/v1/targets"),
    "a URL with a user": get(target=b"http://user@localhost/v1/targets"),
    "a URL of another scheme": get(target=b"ftp://localhost/v1/targets"),
    "a URL without a host field": get(target=b"http://localhost/v1/targets", host=None),
    "a host and a port": get(target=b"localhost:80"),
    "* with GET": get(target=b"*"),
    "a path beyond ASCII": get(target=b"/v1/\xe9"),
    "NUL in a path": get(target=b"/v1/\0"),
    "a tab in a path": get(target=b"/v1/\tx"),
    # Lines and fields (sections 2.2, 3, 5).
    "white space before the first field": b"GET /v1/targets HTTP/1.1\r\n Host: localhost\r\n\r\n",
    "a folded field": get(b"X: a", b" b"),
    "CR in a value": get(b"X: a\rb"),
    "NUL in a value": get(b"X: a\0b"),
    "a control character in a value": get(b"X: a\x01b"),
    "DEL in a value": get(b"X: a\x7fb"),
    "no name": get(b": a"),
    "a space in a name": get(b"X y: a"),
    "a bracket in a name": get(b"X(: a"),
    "NUL in a name": get(b"X\0: a"),
    "a name beyond ASCII": get(b"X\xe9: a"),
    "a line without a colon": get(b"Xabc"),
    "LF alone": get().replace(b"\r\n", b"\n"),
    "LF alone behind one field": b"GET /v1/targets HTTP/1.1\r\nHost: localhost\nX: a\r\n\r\n",
    "LF alone as the empty line": b"GET /v1/targets HTTP/1.1\r\nHost: localhost\r\n\n",
    "CR alone as the empty line": b"GET /v1/targets HTTP/1.1\r\nHost: localhost\r\n\r\r",
    "HTTP/1.2": get(version=b"HTTP/1.2"),
    "HTTP/1.10": get(version=b"HTTP/1.10"),
    "HTTP/2.0": get(version=b"HTTP/2.0"),
    "HTTP/0.9 by its name": get(version=b"HTTP/0.9"),
    "no dot in the version": get(version=b"HTTP/1,1"),
    "a space behind the version": get(version=b"HTTP/1.1 "),
    "no target": b"GET HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "HTTP/2's preface in another version": b"PRI * HTTP/1.1\r\nHost: localhost\r\n\r\n",
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_could_be_read_in_two_ways_is_refused_and_nothing_behind_it_is_read(plain_gateway, sandbox, case):
    with plain_gateway.connect_http1() as connection:
        connection.send_bytes(REFUSED[case] + NEXT)
        answer = connection.answer()
        assert answer.status == 400, answer
        assert answer.headers["connection"] == "close"
        assert answer.json["code"] == "invalid_request" and answer.json["outcome"] == "not_sent"
        assert connection.rest() == b""
    assert sandbox.exchanges() == []


TAKEN = {
    "chunks": chunks(),
    "a chunk's extension": chunks(b'd;a=b;c="d"', last=b"0;x\r\n\r\n"),
    "a chunk's size with zeros": chunks(b"0000000D"),
    "chunked in capitals": update(b"TRANSFER-ENCODING: CHUNKED", body=b"d\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "trailers": chunks(last=b"0\r\nx-checksum: 1\r\nhost: elsewhere\r\n\r\n"),
    "a length with zeros": update(b"Content-Length: 0013"),
    "a length with space around it": update(b"Content-Length:   13  "),
    "an underscore instead of a hyphen": update(b"Transfer_Encoding: chunked", b"Content-Length: 13"),
    "a field that connection names, which frames the body": update(
        b"Connection: content-length", b"Content-Length: 13"),
    "an expectation that nobody knows": update(b"Expect: miracles", b"Content-Length: 13"),
    "an address as the host": get(host=b"Host: [::1]:8443"),
    "a URL": get(target=b"http://localhost/v1/targets"),
    "a URL in capitals": get(target=b"HTTP://LOCALHOST/v1/targets"),
    "empty lines before it": b"\r\n\r\n" + get(),
    "bytes beyond ASCII in a value": get(b"X: \xfc"),
    "an empty value": get(b"X:"),
    "te": get(b"TE: trailers, gzip"),
    "a body that GET does not need": get(b"Content-Length: 3") + b"abc",
    "chunks that GET does not need": get(CHUNKED) + b"3\r\nabc\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("case", TAKEN)
def test_what_is_right_is_taken_and_what_stands_behind_it_is_the_next_request(plain_gateway, sandbox, case):
    with plain_gateway.connect_http1() as connection:
        connection.send_bytes(TAKEN[case] + NEXT)
        first, second = connection.answer(), connection.answer()
        assert first.status == 200, first
        assert second.status == 404 and b"behind" in second.body


@pytest.mark.parametrize("request_bytes, status", [
    (get(b"Connection: close"), 200), (get(b"Connection: keep-alive, CLOSE"), 200), (get(version=b"HTTP/1.0"), 200),
    (get(version=b"HTTP/1.0", host=None), 200), (get(b"Connection: keep-alive", version=b"HTTP/1.0"), 200),
    (get(b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABkAAQAAP__"), 200),
    (get(b"Connection: Upgrade", b"Upgrade: websocket", b"Sec-WebSocket-Key: x"), 200),
    (get(method=b"CONNECT", target=b"localhost:80"), 405), (get(method=b"BREW"), 405), (get(method=b"get"), 405),
], ids=["close", "close in a list", "HTTP/1.0", "HTTP/1.0 without a host", "HTTP/1.0 with keep-alive",
        "an upgrade to h2c",
        "an upgrade to websocket", "CONNECT", "an unknown method", "a method in small letters"])
def test_an_answer_after_which_the_connection_ends_says_so(plain_gateway, request_bytes, status):
    with plain_gateway.connect_http1() as connection:
        connection.send_bytes(request_bytes + NEXT)
        answer = connection.answer()
        assert (answer.status, answer.headers["connection"]) == (status, "close")
        assert connection.rest() == b""


@pytest.mark.parametrize("method, target, status, has_body", [
    ("GET", "/v1/targets", 200, True), ("HEAD", "/v1/targets", 200, False), ("HEAD", "/nowhere", 404, False),
    ("OPTIONS", "*", 204, False), ("OPTIONS", "/v1/targets", 204, False), ("TRACE", "/v1/targets", 405, True),
])
def test_every_answer_has_one_date_one_via_one_id_and_a_body_only_where_it_may(
    plain_gateway, method, target, status, has_body
):
    with plain_gateway.connect_http1() as connection:
        last = NEXT.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        connection.send_bytes(get(method=method.encode(), target=target.encode()) + last)
        text = connection.rest()
    first, _, rest = text.partition(b"\r\n\r\n")
    names = [name.lower() for name in re.findall(rb"^([^:\r\n]+):", first, re.M)]
    assert first.startswith(b"HTTP/1.1 %d " % status), first
    for name in (b"date", b"via", b"x-request-id"):
        assert names.count(name) == 1, first
    assert (b"content-length" in names) == (status != 204)
    assert b"transfer-encoding" not in names
    # The next answer begins where this one's body ends.
    assert rest.startswith(b"HTTP/1.1 404 ") != has_body


def test_100_continue_is_for_those_who_wait_and_speak_http11(plain_gateway, sandbox):
    for version, is_asked in ((b"HTTP/1.1", True), (b"HTTP/1.0", False)):
        with plain_gateway.connect_http1() as connection:
            head = update(b"Content-Length: 13", b"Expect: 100-continue", body=b"", version=version)
            connection.send_bytes(head)
            if is_asked:
                connection._until(b"HTTP/1.1 100 Continue\r\n\r\n", 10)
            connection.send_bytes(BODY)
            answer = connection.answer()
            assert (answer.status, answer.interim) == (200, []), answer
    with plain_gateway.connect_http1() as connection:
        # Nothing is asked of a caller whose request is refused at once: the connection ends instead of waiting for the
        # body.
        connection.send_bytes(
            b"PATCH /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 13\r\nExpect: 100-continue\r\n\r\n")
        answer = connection.answer()
        assert (answer.status, answer.interim, answer.headers["connection"]) == (404, [], "close")
        with pytest.raises(ConnectionGone):
            connection.answer()
