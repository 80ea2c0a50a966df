"""An issuer of tokens, made of joserfc, which shares no code with the gateway: reads one command in JSON from each line
of its standard input and answers in one line.

    {"do": "key", "name": "k1", "type": "ES256"}             makes a key; answers its public part
    {"do": "sign", "name": "k1", "claims": {…}, "header": {…}}  answers a token
"""

import json
import sys

from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

MAKE = {
    "RS256": lambda kid: RSAKey.generate_key(2048, {"kid": kid, "use": "sig"}),
    "PS256": lambda kid: RSAKey.generate_key(2048, {"kid": kid, "alg": "PS256"}),
    "ES256": lambda kid: ECKey.generate_key("P-256", {"kid": kid, "alg": "ES256"}),
    "ES384": lambda kid: ECKey.generate_key("P-384", {"kid": kid}),
    "EdDSA": lambda kid: OKPKey.generate_key("Ed25519", {"kid": kid}),
}

keys = {}
for line in sys.stdin:
    command = json.loads(line)
    name = command["name"]
    if command["do"] == "key":
        keys[name] = (command["type"], MAKE[command["type"]](name))
        answer = keys[name][1].as_dict(private=False)
    else:
        algorithm, key = keys[name]
        header = {"alg": algorithm, "kid": name, "typ": "at+jwt"} | command.get("header", {})
        header = {member: value for member, value in header.items() if value is not None}
        answer = jwt.encode(header, command["claims"], key, algorithms=[algorithm])
    print(json.dumps(answer), flush=True)
