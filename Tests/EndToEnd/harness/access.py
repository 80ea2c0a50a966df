"""Callers as they are configured, and how they prove who they are."""

import hashlib

from .issuer import AUDIENCE, curl
from .waiting import until

PATH = "/v1/products/EXT-1"
KEY = "a-key-that-is-long-enough-for-a-test"
OTHER_KEY = "another-key-that-is-long-enough-too"


def digest(key):
    return hashlib.sha256(key.encode()).hexdigest()


def by_key(key=KEY, **more):
    return {"identify": [{"keySHA256": [digest(key)]}], **more}


def bearer(value):
    return {"authorization": f"Bearer {value}"}


def dry(gateway, headers=None, body=None, query=""):
    return gateway.request("PATCH", f"{PATH}?dryRun=true{query}", body or {"name": "x"}, headers)


def issuers(issuer, authority, jwks=None, **more):
    return {"corp": {"issuer": issuer.url, "jwks": jwks or {"url": f"{issuer.url}/keys"}, "audience": [AUDIENCE],
                     "algorithms": ["RS256", "PS256", "ES256", "ES384", "EdDSA"], "caFile": authority.path, **more}}


BY_TOKEN = {"pim": {"identify": [{"jwt": {"issuer": "corp", "subject": "pim"}}]},
            "batch": {"identify": [{"jwt": {"issuer": "corp", "claims": {"roles": "import"}}}]}}

WORKLOADS = {"pim": {"identify": [{"mtls": "spiffe://example.org/pim"}]},
             "shop": {"identify": [{"mtls": "dns:shop.example.org"}, {"keySHA256": [digest(KEY)]}]}}


def ask(gateway, authority, shown=None, *arguments):
    proof = ["--cert", shown.certificate, "--key", shown.key] if shown else []
    return curl(f"https://localhost:{gateway.port}/v1/targets", "--cacert", authority.path, *proof, *arguments)


def audited(gateway, count=1):
    return until(lambda: len(gateway.lines("audit")) >= count and gateway.lines("audit"), "the lines of the audit")
