"""Callers by signed tokens, and the keys of those who sign them."""

import json
import time

import pytest

from harness.access import BY_TOKEN, KEY, OTHER_KEY, PATH, audited, bearer, by_key, dry, issuers
from harness.issuer import AUDIENCE
from harness.processes import command
from harness.waiting import until
from test_reload import reload


@pytest.mark.parametrize("where", ["url", "discovery", "file"])
def test_a_token_of_each_algorithm_names_its_caller(guarded, issuer, authority, tmp_path, where):
    for type in ["RS256", "PS256", "ES256", "ES384", "EdDSA"]:
        issuer.make_key(type, type)
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": issuer.published}))
    jwks = {"url": {"url": f"{issuer.url}/keys"}, "discovery": {"discovery": True},
            "file": {"file": str(tmp_path / "jwks.json")}}[where]
    gateway = guarded(BY_TOKEN, issuers=issuers(issuer, authority, jwks))
    for type in ["RS256", "PS256", "ES256", "ES384", "EdDSA"]:
        token = issuer.token(type)
        for _ in range(2):
            answer = dry(gateway, bearer(token))
            assert answer.status == 200, (type, answer)
            assert gateway.exchange_line(answer.headers["x-request-id"])["caller"] == "pim"
        role = dry(gateway, bearer(issuer.token(type, sub="other", roles=["a", "import"])))
        assert gateway.exchange_line(role.headers["x-request-id"])["caller"] == "batch"
        assert token not in gateway.text
    assert len([path for path in issuer.asked if path == "/keys"]) == (0 if where == "file" else 1)


@pytest.mark.parametrize("change,said", [
    ({"exp": int(time.time()) - 60}, "expired"), ({"exp": None}, "ends"), ({"aud": "other"}, "audience"),
    ({"iss": "https://other"}, "issuer"), ({"nbf": int(time.time()) + 600}, "not valid yet"),
    ({"sub": "nobody"}, "none of a caller"), ({"cnf": {"jkt": "x"}}, "bound"),
    ({"exp": int(time.time()) + 10 * 86400}, "longer"), ({"sub": "pim", "roles": "import"}, "none of a caller"),
])
def test_a_token_that_does_not_count_says_why(guarded, issuer, authority, change, said):
    issuer.make_key("k1")
    gateway = guarded(BY_TOKEN, issuers=issuers(issuer, authority))
    answer = dry(gateway, bearer(issuer.token("k1", **change)))
    assert answer.status == 401
    assert said in answer.json["detail"]
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_what_a_token_says_is_no_command_for_a_terminal(issuer, tmp_path):
    issuer.make_key("k1", "ES256")
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": issuer.published}))
    (tmp_path / "gateway.json").write_text(json.dumps({
        "targets": {"one": {"dialect": "softwareone", "baseURL": "https://vendor.example"}}, "callers": BY_TOKEN,
        "issuers": {"corp": {"issuer": issuer.url, "jwks": {"file": "jwks.json"}, "audience": [AUDIENCE]}}}))
    hostile = "a\x1b]0;x\x07\x1b[2J\r\nvalid: \u202eb\u2028c\x7f\u0085\u200bd\x00"
    for claims in ({"sub": hostile, "client_id": hostile}, {"sub": hostile, "aud": hostile}, {"iss": hostile}):
        for header in ({}, {"kid": hostile}):
            for arguments in (["--config", tmp_path / "gateway.json"], ["--keys", tmp_path / "jwks.json"]):
                token = issuer.token("k1", header=header, **claims).encode()
                checked = command("token", "check", *arguments, stdin=token)
                printed = checked.stdout + checked.stderr
                assert printed.count(b"\n") == 1 and printed.endswith(b"\n"), printed
                shown = printed[:-1].decode()
                assert shown.isprintable(), printed


def test_a_token_is_checked_as_that_of_a_caller(issuer, tmp_path):
    issuer.make_key("k1", "ES256")
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": issuer.published}))
    configuration = {
        "targets": {"one": {"dialect": "softwareone", "baseURL": "https://vendor.example"}}, "callers": BY_TOKEN,
        "issuers": {"corp": {"issuer": issuer.url, "jwks": {"file": "jwks.json"}, "audience": [AUDIENCE]}}}
    for change, claims, code, said in [
            ({}, {"sub": "pim"}, 0, "valid: caller pim, issuer corp, subject pim, client "),
            ({}, {"sub": "x", "roles": ["import"]}, 0, "valid: caller batch, issuer corp, subject x"),
            ({}, {"sub": "nobody"}, 1, "none of a caller's: issuer corp, subject nobody"),
            ({}, {"sub": "pim", "roles": "import"}, 1, "that of several (batch, pim): issuer corp"),
            ({"callers": {}}, {"sub": "nobody"}, 0, "no callers are configured")]:
        (tmp_path / "gateway.json").write_text(json.dumps({**configuration, **change}))
        checked = command(
            "token", "check", "--config", tmp_path / "gateway.json", stdin=issuer.token("k1", **claims).encode())
        assert (checked.returncode, said in checked.stdout.decode()) == (code, True), checked


def test_a_new_key_is_fetched_when_a_token_names_it(guarded, issuer, authority):
    issuer.make_key("k1")
    gateway = guarded(BY_TOKEN, issuers=issuers(issuer, authority))
    assert dry(gateway, bearer(issuer.token("k1"))).status == 200
    # Without overlap: the old key goes as the new one comes.
    issuer.published.clear()
    old = issuer.token("k1", sub="pim", jti="2")
    issuer.make_key("k2")
    assert dry(gateway, bearer(issuer.token("k2"))).status == 200
    assert dry(gateway, bearer(old)).status == 401
    assert issuer.asked.count("/keys") == 2


def test_made_up_keys_cost_one_fetch(guarded, issuer, authority):
    issuer.make_key("k1")
    issuer.make_key("made-up", publish=False)
    gateway = guarded(BY_TOKEN, issuers=issuers(issuer, authority))
    good = bearer(issuer.token("k1"))
    assert dry(gateway, good).status == 200
    with gateway.connect() as connection:
        for number in range(200):
            token = issuer.token("made-up", header={"kid": f"made-up-{number}"})
            answer = connection.request("PATCH", f"{PATH}?dryRun=true", {"name": "x"}, bearer(token))
            assert answer.status == 401
    assert dry(gateway, good).status == 200
    assert issuer.asked.count("/keys") == 2


def test_an_issuer_that_is_down_is_not_the_callers_fault(guarded, issuer, authority):
    issuer.make_key("k1")
    issuer.status = 500
    gateway = guarded(BY_TOKEN, issuers=issuers(issuer, authority))
    token = bearer(issuer.token("k1"))
    answer = dry(gateway, token)
    assert (answer.status, answer.json["code"]) == (503, "identity_unavailable")
    assert (answer.json["outcome"], answer.json["retryable"]) == ("not_sent", True)
    assert int(answer.headers["retry-after"]) >= 1
    issuer.status = 200
    until(lambda: dry(gateway, token).status == 200, "the keys are there")


@pytest.mark.parametrize("text", ['{"keys":[]}', "not JSON", '{"keys":[{"kty":"oct","k":"AAAA","kid":"k1"}]}'])
def test_a_broken_set_never_replaces_a_good_one(guarded, issuer, authority, text):
    issuer.make_key("k1")
    gateway = guarded(BY_TOKEN, issuers=issuers(issuer, authority))
    assert dry(gateway, bearer(issuer.token("k1"))).status == 200
    issuer.text = text
    issuer.make_key("k2", publish=False)
    assert dry(gateway, bearer(issuer.token("k2"))).status == 401
    until(lambda: gateway.lines("no keys of issuer"), "the reason in the log")
    assert dry(gateway, bearer(issuer.token("k1", jti="another"))).status == 200


def test_texts_that_unicode_takes_for_the_same_are_not(guarded, issuer, authority):
    issuer.make_key("k1")
    gateway = guarded({"karl": {"identify": [{"jwt": {"issuer": "corp", "subject": "Karl"}}]},
                       "role": {"identify": [{"jwt": {"issuer": "corp", "claims": {"roles": "jos\u00e9"}}}]}},
                      issuers=issuers(issuer, authority))
    assert dry(gateway, bearer(issuer.token("k1", sub="Karl"))).status == 200
    assert dry(gateway, bearer(issuer.token("k1", sub="\u212aarl"))).status == 401
    assert dry(gateway, bearer(issuer.token("k1", sub="x", roles=["jose\u0301"]))).status == 401


@pytest.mark.parametrize("kid", [True, False])
def test_new_material_under_the_same_name_or_none_is_fetched(guarded, issuer, authority, kid):
    def publish(name):
        made = issuer.make_key(name, publish=False)
        issuer.published[:] = [{**made, "kid": "same"} if kid else {k: v for k, v in made.items() if k != "kid"}]
        return lambda: bearer(issuer.token(name, header={"kid": "same" if kid else None}))

    first = publish("k1")
    gateway = guarded(BY_TOKEN, issuers=issuers(issuer, authority))
    assert dry(gateway, first()).status == 200
    second = publish("k2")
    assert dry(gateway, second()).status == 200
    assert issuer.asked.count("/keys") == 2
    assert dry(gateway, first()).status == 401
    assert issuer.asked.count("/keys") == 2


def test_a_key_with_dots_is_a_key_also_where_there_are_issuers(guarded, issuer, authority):
    issuer.make_key("k1")
    key = "a.key.with-dots-that-is-long-enough"
    gateway = guarded({**BY_TOKEN, "shop": by_key(key)}, issuers=issuers(issuer, authority))
    assert dry(gateway, bearer(key)).status == 200


def test_a_stream_ends_when_its_token_does(guarded, issuer, authority):
    issuer.make_key("k1")
    gateway = guarded(BY_TOKEN, issuers=issuers(issuer, authority, clockSkew="0s"))
    token = bearer(issuer.token("k1", exp=int(time.time()) + 3))
    with gateway.connect() as connection:
        stream = connection.begin(
            "POST", "/v1/bulk?target=one", {**token, "content-type": "application/jsonl"}, end=False)
        connection.send_body(stream, LINE, end=False)
        answer = connection.answer(stream)
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines[0]["outcome"] == "done"
    assert [line["fatal"]["code"] for line in lines if "fatal" in line] == ["unauthenticated"]
    assert lines[-1]["summary"]["lines"] == 1


LINE = json.dumps({"id": "PRD-1234-1234", "product": {"name": "a"}}).encode() + b"\n"


@pytest.mark.parametrize("what", ["gone", "another key", "may not", "same"])
def test_a_stream_is_held_against_the_rules_in_force(guarded, what):
    gateway = guarded({"pim": by_key(), "shop": by_key(OTHER_KEY)})

    def change(configuration):
        callers = configuration["callers"]
        if what == "gone":
            del callers["pim"]
        elif what == "another key":
            callers["pim"] = by_key("yet-another-key-that-is-long-enough")
        elif what == "may not":
            callers["pim"] = by_key(allow=[{"operations": ["read"]}])
        else:
            callers["shop"] = by_key(OTHER_KEY, allow=[{"operations": ["read"]}])

    with gateway.connect() as connection:
        stream = connection.begin(
            "POST", "/v1/bulk?target=one", {**bearer(KEY), "content-type": "application/jsonl"}, end=False)
        connection.send_body(stream, LINE, end=False)
        audited(gateway)
        reload(gateway, change)
        connection.send_body(stream, LINE, end=True)
        lines = [json.loads(line) for line in connection.answer(stream).text.splitlines()]
    results = [line.get("code", line.get("outcome")) for line in lines if "line" in line]
    fatal = [line["fatal"]["code"] for line in lines if "fatal" in line]
    if what in ("gone", "another key"):
        assert (results[0], fatal) == ("done", ["unauthenticated"])
        assert "done" not in results[1:]
    else:
        assert (results, fatal) == (["done", "done" if what == "same" else "forbidden"], [])
