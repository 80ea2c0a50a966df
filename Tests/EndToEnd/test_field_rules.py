"""RFC 9113 section 8, the fields of a request: each broken rule with its stream error, and an unharmed neighbour."""

import pytest

from harness.http2_client import Answer
from harness.waiting import until

PRODUCT = "/v1/products/EXT-PROD-12345?target=cor"
DRY_RUN = PRODUCT + "&dryRun=true"
PROTOCOL_ERROR = 1
GET = [(":method", "GET"), (":scheme", "https"), (":authority", "localhost"), (":path", "/v1/targets")]


def without(name):
    return [field for field in GET if field[0] != name]


def changed(name, value):
    return [(each, value if each == name else old) for each, old in GET]


MALFORMED = {
    "no :method": without(":method"),
    "no :scheme": without(":scheme"),
    "no :path": without(":path"),
    "neither :authority nor host": without(":authority"),
    "an empty :path": changed(":path", ""),
    "a :path without a slash": changed(":path", "v1/targets"),
    ":path * with GET": changed(":path", "*"),
    "an empty :method": changed(":method", ""),
    "a :method that is no word": changed(":method", "GE T"),
    "two :methods": [(":method", "PUT")] + GET,
    "two :paths": GET + [(":path", "/v1/targets")],
    "two :schemes": GET + [(":scheme", "https")],
    "two :authorities": GET + [(":authority", "localhost")],
    "an unknown pseudo field": GET + [(":version", "2")],
    "a :status": GET + [(":status", "200")],
    "a :protocol without extended CONNECT": GET + [(":protocol", "websocket")],
    "a pseudo field behind the others": without(":path") + [("x", "y"), (":path", "/v1/targets")],
    "a capital in a name": GET + [("X-Upper", "x")],
    "a space in a name": GET + [("x y", "x")],
    "a colon in a name": GET + [("x:y", "x")],
    "an empty name": GET + [("", "x")],
    "a NUL in a value": GET + [("x", "a\0b")],
    "a CR in a value": GET + [("x", "a\rb")],
    "an LF in a value": GET + [("x", "a\nb")],
    "a space before a value": GET + [("x", " a")],
    "a space behind a value": GET + [("x", "a ")],
    "a tab before a value": GET + [("x", "\ta")],
    "a tab behind a value": GET + [("x", "a\t")],
    "connection": GET + [("connection", "close")],
    "keep-alive": GET + [("keep-alive", "timeout=5")],
    "proxy-connection": GET + [("proxy-connection", "close")],
    "transfer-encoding": GET + [("transfer-encoding", "chunked")],
    "upgrade": GET + [("upgrade", "h2c")],
    "te other than trailers": GET + [("te", "gzip")],
    "te with trailers and more": GET + [("te", "trailers, gzip")],
    "host that differs from :authority": GET + [("host", "elsewhere")],
    "a user in :authority": changed(":authority", "user@localhost"),
    "a user and a password in :authority": changed(":authority", "user:secret@localhost"),
    "a user in host": without(":authority") + [("host", "user@localhost")],
    "an empty :authority": changed(":authority", ""),
    "a space in :authority": changed(":authority", "local host"),
    "a path in :authority": changed(":authority", "localhost/x"),
    "a port that is no number": changed(":authority", "localhost:x"),
    "a port that is too large": changed(":authority", "localhost:65536"),
    "an address that does not end": changed(":authority", "[::1"),
    "host with another port than :authority": GET + [("host", "localhost:80")],
    "host before the pseudo fields": [("host", "localhost")] + GET,
    "an empty :scheme": changed(":scheme", ""),
    "a :scheme that begins with a digit": changed(":scheme", "1x"),
    "a :path with a space": changed(":path", "/v1/tar gets"),
    "a :path with a NUL": changed(":path", "/v1/\0"),
    "a :path with a DEL": changed(":path", "/v1/\x7f"),
    "a :path that is a URL": changed(":path", "https://localhost/v1/targets"),
    "a :path that is a query": changed(":path", "?x"),
    "OPTIONS with an empty :path": [(":method", "OPTIONS")] + [f for f in changed(":path", "") if f[0] != ":method"],
    "a DEL in a value": GET + [("x", "a\x7fb")],
    "a control character in a value": GET + [("x", "a\x01b")],
    "a value that is a space": GET + [("x", " ")],
    "a name with a NUL": GET + [("x\0", "a")],
    "a name with a control character": GET + [("x\x01", "a")],
    "a name with a DEL": GET + [("x\x7f", "a")],
    "a name beyond ASCII": GET + [("x\u00e9", "a")],
    "a name with a bracket": GET + [("x(", "a")],
    "a name that is a colon": GET + [(":", "a")],
    "te with a weight": GET + [("te", "trailers;q=1")],
    "an empty te": GET + [("te", "")],
    "a length with a plus": GET + [("content-length", "+0")],
    "a list of lengths": GET + [("content-length", "0,0")],
    "an empty length": GET + [("content-length", "")],
    "a length beyond all numbers": GET + [("content-length", "99999999999999999999")],
    "CONNECT with a :scheme": [(":method", "CONNECT"), (":authority", "localhost:443"), (":scheme", "https")],
    "CONNECT without an :authority": [(":method", "CONNECT")],
    "two hosts": without(":authority") + [("host", "localhost"), ("host", "localhost")],
    "two lengths": GET + [("content-length", "0"), ("content-length", "0")],
    "a length that is no number": GET + [("content-length", "x")],
    "a negative length": GET + [("content-length", "-1")],
    "a length with a body that is not there": GET + [("content-length", "5")],
    "CONNECT with a :path": changed(":method", "CONNECT"),
}


@pytest.fixture
def conversation(gateway, sandbox):
    """A connection on which a neighbour is under way; it must come to its good end."""
    with gateway.connect(validates=False) as connection:
        neighbour = connection.begin("PATCH", DRY_RUN, {"content-type": "application/json"}, end=False)
        connection.h2.send_data(neighbour, b'{"name":')
        connection.flush()
        yield connection
        connection.h2.send_data(neighbour, b' "x"}', end_stream=True)
        connection.flush()
        assert connection.answer(neighbour).status == 200
        assert connection.request("GET", "/v1/targets").status == 200
        assert connection.goaway is None
    assert sandbox.exchanges() == []


def send(connection, fields, end=True):
    stream = connection.h2.get_next_available_stream_id()
    connection.answers[stream] = Answer()
    connection.h2.send_headers(stream, fields, end_stream=end)
    connection.flush()
    return stream


def outcome(connection, stream):
    answer = connection.answers[stream]
    connection.read_until(lambda: answer.is_complete)
    return answer


@pytest.mark.parametrize("fields", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_request_is_a_stream_error(conversation, fields):
    answer = outcome(conversation, send(conversation, fields))
    assert (answer.status, answer.reset) == (None, PROTOCOL_ERROR), answer


@pytest.mark.parametrize("fields", [
    GET + [("te", "trailers")],
    GET + [("host", "LOCALHOST")],
    without(":authority") + [("host", "localhost")],
    GET + [("x", "")],
    GET + [("x", "a \t b")],
    GET + [("x", "\u00fc")],
    GET + [("content-length", "0")],
    changed(":authority", "[::1]:8443"),
    changed(":authority", "localhost:443"),
    GET + [("cookie", "a=b"), ("cookie", "c=d"), ("cookie", "")],
    GET + [("te", "Trailers")],
], ids=["te: trailers", "the same host", "host alone", "an empty value", "spaces within a value", "obs-text",
        "no length",
        "an address", "a port", "a cookie in crumbs", "te in capitals"])
def test_what_is_allowed_is_taken(conversation, fields):
    assert outcome(conversation, send(conversation, fields)).status == 200


def test_connect_is_refused(conversation):
    answer = outcome(conversation, send(conversation, [(":method", "CONNECT"), (":authority", "localhost:443")]))
    assert answer.status == 405
    assert answer.json["code"] == "method_not_allowed"
    assert "PATCH" in answer.headers["allow"]


UPDATE = [
    (":method", "PATCH"), (":scheme", "https"), (":authority", "localhost"), (":path", PRODUCT),
    ("content-type", "application/json"),
]


@pytest.mark.parametrize("length, parts", [
    (5, [b'{"name": "x"}']), (500, [b'{"name": "x"}']), (12, [b'{"name":', b' "x"}']), (14, [b'{"name":', b' "x"}']),
    (0, [b'{"name": "x"}']), (1, [b""]),
], ids=["too many", "too few", "one too many in two frames", "one too few in two frames", "some where none was said",
        "none where one was said"])
def test_a_content_length_is_checked_against_the_bytes(conversation, length, parts):
    stream = send(conversation, UPDATE + [("content-length", str(length))], end=False)
    for part in parts:
        conversation.h2.send_data(stream, part, end_stream=part is parts[-1])
    conversation.flush()
    answer = outcome(conversation, stream)
    assert (answer.status, answer.reset) == (None, PROTOCOL_ERROR), answer


@pytest.mark.parametrize("length", [13, 12], ids=["right", "wrong"])
def test_trailers_end_a_body_that_is_checked_as_well(gateway, sandbox, length):
    with gateway.connect(validates=False) as connection:
        stream = send(connection, UPDATE + [("content-length", str(length))], end=False)
        connection.h2.send_data(stream, b'{"name": "x"}')
        connection.h2.send_headers(stream, [("x-checksum", "1")], end_stream=True)
        connection.flush()
        answer = outcome(connection, stream)
        assert (answer.status, answer.reset) == ((200, None) if length == 13 else (None, PROTOCOL_ERROR))


@pytest.mark.parametrize("trailers", [
    [(":path", "/")], [(":status", "200")], [("x", "1"), (":method", "GET")], [("X-Upper", "1")],
    [("connection", "close")],
    [("x", "a\nb")], [("te", "gzip")],
], ids=["a :path", "a :status", "a late pseudo field", "capitals", "connection", "a line break", "te"])
def test_malformed_trailers_are_a_stream_error(conversation, trailers):
    stream = send(conversation, UPDATE, end=False)
    conversation.h2.send_data(stream, b'{"name": "x"}')
    conversation.h2.send_headers(stream, trailers, end_stream=True)
    conversation.flush()
    answer = outcome(conversation, stream)
    assert (answer.status, answer.reset) == (None, PROTOCOL_ERROR), answer


def test_a_second_header_section_that_does_not_end_the_request_is_a_stream_error(conversation):
    stream = send(conversation, UPDATE, end=False)
    block = conversation.h2.encoder.encode([("x-more", "1")])
    conversation.send_bytes(len(block).to_bytes(3, "big") + b"\x01\x04" + stream.to_bytes(4, "big") + block)
    answer = outcome(conversation, stream)
    assert answer.reset == PROTOCOL_ERROR, answer


def test_a_header_section_that_does_not_come_to_its_end_is_cut_off(start_gateway):
    """Nothing else can come on a connection within a header section, so one that never ends would hold it for ever."""
    gateway = start_gateway(
        {"cor": {"dialect": "cor", "baseURL": "http://localhost:1", "parameters": {"source": "JIRA"}}},
        workers=1, limits={"headerTimeout": "300ms"})
    with gateway.connect() as slow, gateway.connect() as neighbour:
        # Nothing is left that this client would acknowledge in the middle of the section.
        assert slow.request("GET", "/v1/targets").status == 200
        # With another request under way, so that the connection is not idle.
        slow.begin("PATCH", DRY_RUN, {"content-type": "application/json"}, end=False)
        stream = slow.h2.get_next_available_stream_id()
        slow.send_bytes(b"\0\0\1\1\0" + stream.to_bytes(4, "big") + b"\x82")
        slow.send_bytes(b"\0\0\4\x09\0" + stream.to_bytes(4, "big") + b"\x00\x01x\x00")

        def cut_off():
            assert neighbour.request("GET", "/v1/targets").status == 200
            if not slow.is_closed:
                try:
                    slow.read_once(0.02)
                except Exception:
                    slow.is_closed = True
            return slow.is_closed

        until(cut_off, "the connection is closed")
        assert slow.goaway == 11
