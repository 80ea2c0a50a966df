"""What is JSON and what is not, beside Python's reader: random documents, valid ones and ones with mistakes."""

import json
import random

import pytest

UPDATE = "/v1/products/8a0072c0-cedf-4e53-bdc4-a14a5d6389d5?target=elastic-path&dryRun=true"
# Plain text, all lengths of UTF-8 and their borders, everything that has to be escaped, and both kinds of escapes.
PIECES = [
    "a", "plain text of some length ", "~" * 15, "x" * 63, "é", "\u07ff", "\u0800", "無垢材", "\ud7ff", "\ue000", "\uffff",
    "\U00010000", "\U0010ffff", "😀", '\\"', "\\\\", "\\/", "\\n", "\\u00e9", "\\u0000", "\\ud83d\\ude00", "\\uFFFF",
    " ", "\u007f",
]
# Bytes that make a mistake likely, wherever they come to stand.
BREAKERS = [
    b'"', b"\\", b"\\u", b"\\ud800", b"\\x", b"\x00", b"\x1f", b"\n", b"\x80", b"\xc3", b"\xc0\x80", b"\xe0\x9f\xbf",
    b"\xed\xa0\x80", b"\xf0\x8f\xbf\xbf", b"\xf4\x90\x80\x80", b"\xff", b",", b":", b"{", b"}", b"[", b"]", b"0", b"-",
    b".", b"e", b"+", b"NaN", b"true", b"null", b" ", b"\xa0",
]
SPACES = ["", "", "", "", " ", "\n  ", "\t", "\r\n"]


def text(chance):
    return '"' + "".join(chance.choice(PIECES) for _ in range(chance.choice([0, 1, 1, 2, 3, 8, 20]))) + '"'


def number(chance):
    whole = chance.choice(["0", "7", "120", str(chance.getrandbits(90))])
    fraction = chance.choice(["", "", ".5", ".0", "." + "0123456789" * 3])
    exponent = chance.choice(["", "", "", "e3", "E-400", "e+07"])
    return chance.choice(["", "", "-"]) + whole + fraction + exponent


def value(chance, depth):
    kind = chance.randrange(9 if depth < 5 else 5)
    if kind < 2:
        return text(chance)
    if kind == 2:
        return number(chance)
    if kind < 5:
        return chance.choice(["true", "false", "null"])
    values = [value(chance, depth + 1) for _ in range(chance.choice([0, 1, 2, 3, 3, 20]))]
    space = chance.choice(SPACES)
    if kind < 7:
        return f"[{space}" + f"{space},{space}".join(values) + f"{space}]"
    members = [f'"{position}{text(chance)[1:]}{space}:{space}{each}' for position, each in enumerate(values)]
    return f"{{{space}" + f"{space},{space}".join(members) + f"{space}}}"


def broken(chance, body):
    place = chance.randrange(len(body) + 1)
    match chance.randrange(4):
        case 0:
            return body[:place]
        case 1:
            return body[:place] + body[place + 1:]
        case 2:
            return body[:place] + chance.choice(BREAKERS) + body[place:]
        case _:
            return body[:place] + chance.choice(BREAKERS) + body[place + 1:]


def without_duplicates(members):
    if len({name for name, _ in members}) < len(members):
        raise ValueError("a member occurs twice")
    return dict(members)


def refuse(word):
    raise ValueError(word)


def read(body):
    """The value with numbers as they are written; ValueError for what is not JSON, as strictly as the gateway."""
    found = json.loads(
        body.decode("utf-8"), object_pairs_hook=without_duplicates, parse_constant=refuse,
        parse_int=lambda digits: ("number", digits),
        parse_float=lambda digits: ("number", digits))
    # Python takes half of a surrogate pair.
    json.dumps(found, ensure_ascii=False).encode("utf-8")
    return found


@pytest.mark.parametrize("seed", range(4))
def test_what_python_reads_is_read_as_the_same_and_what_it_refuses_is_refused(plain_gateway, seed):
    chance = random.Random(seed)
    taken = refused = 0
    connection = plain_gateway.connect()
    for _ in range(400):
        body = f'{{"components":{{"c":[{value(chance, 0)}]}}}}'.encode("utf-8")
        if chance.random() < 0.6:
            body = broken(chance, body)
        answer = connection.request("PATCH", UPDATE, body, {"content-type": "application/json"})
        try:
            expected = read(body)
        except ValueError:
            assert answer.json.get("code") == "malformed_json", (body, answer)
            refused += 1
            continue
        assert answer.json.get("code") != "malformed_json", (body, answer)
        if answer.status == 200:
            sent = read(answer.text.encode("utf-8"))["body"]["data"]["attributes"]
            assert sent["components"] == expected["components"], body
            taken += 1
    connection.close()
    assert taken > 100 and refused > 100, (taken, refused)
