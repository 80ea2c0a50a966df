"""Configurations as an operator writes them."""

import json


# For a target that a test has fail again and again on purpose.
NEVER_LEFT_ALONE = {"enabled": False}


def vendor_targets(base, **changes):
    """The four vendors at the stand-ins' address. `changes`: members to add to every target."""
    changes = {"breaker": NEVER_LEFT_ALONE, **changes}
    return {
        "cor": {
            "dialect": "cor",
            "baseURL": base,
            "credentials": {"oauth2": {
                "tokenURL": "/v1/oauth/token", "style": "query-basic",
                "clientID": {"env": "COR_API_KEY"}, "clientSecret": {"env": "COR_CLIENT_SECRET"}}},
            "parameters": {"source": "MICROSOFT_DYNAMICS"},
            **changes,
        },
        "elastic-path": {
            "dialect": "elastic-path",
            "baseURL": base,
            "credentials": {"oauth2": {
                "tokenURL": "/oauth/access_token",
                "clientID": {"env": "EP_CLIENT_ID"}, "clientSecret": {"env": "EP_CLIENT_SECRET"}}},
            **changes,
        },
        "softwareone": {
            "dialect": "softwareone",
            "baseURL": base + "/public",
            "credentials": {"bearer": {"token": {"env": "SOFTWAREONE_TOKEN"}}},
            **changes,
        },
        "catalogue": {
            "dialect": "catalogue",
            "baseURL": base,
            "credentials": {"bearer": {"token": {"env": "CATALOGUE_TOKEN"}}},
            # The stand-in clears what an update leaves out, as the vendor may.
            "updateSemantics": "replace",
            **changes,
        },
    }


# What the stand-ins take unless they are told otherwise.
SECRETS = {
    "COR_API_KEY": "sandbox-cor-key",
    "COR_CLIENT_SECRET": "sandbox-cor-secret",
    "EP_CLIENT_ID": "sandbox-ep-client",
    "EP_CLIENT_SECRET": "sandbox-ep-secret",
    "SOFTWAREONE_TOKEN": "idt:TKN-0000-0001:sandbox-softwareone-token",
    "CATALOGUE_TOKEN": "sandbox-catalogue-token",
}


def listener(certificate=None):
    result = {"host": "127.0.0.1", "port": 0}
    if certificate:
        result["tls"] = {"certificate": certificate.certificate, "privateKey": certificate.key}
    return result


def write(folder, configuration, name="gateway.json"):
    path = folder / name
    path.write_text(configuration if isinstance(configuration, str) else json.dumps(configuration, indent=2))
    return path
