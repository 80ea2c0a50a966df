"""An issuer of tokens with an HTTPS server for its key set, and a client for gateways that know callers."""

import http.server
import json
import os
import ssl
import subprocess
import threading
import time

import pytest

from .packages import FOLDER, PROGRAMS
from .processes import environment

AUDIENCE = "https://gateway.example"


class Issuer:
    """Keys, tokens, and a server that publishes what a test says. Counts what it is asked for."""

    def __init__(self, certificate):
        if not (FOLDER / "joserfc").is_dir():
            pytest.skip("joserfc is not installed; scripts/prerequisites test says why")
        self.program = subprocess.Popen(
            ["/usr/bin/python3", "-W", "ignore", str(PROGRAMS / "issuer.py")], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
            env=environment({"PYTHONPATH": str(FOLDER), "PYTHONDONTWRITEBYTECODE": "1"}))
        self.published = []
        self.text = None
        self.status = 200
        self.headers = {}
        self.asked = []
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                issuer.asked.append(self.path)
                body = issuer.answer(self.path)
                self.send_response(issuer.status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                for name, value in issuer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.certificate, certificate.key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"https://localhost:{self.server.server_port}"

    def answer(self, path):
        if path == "/.well-known/openid-configuration":
            return json.dumps({"issuer": self.url, "jwks_uri": self.url + "/keys"}).encode()
        return (self.text if self.text is not None else json.dumps({"keys": self.published})).encode()

    def ask(self, **command):
        self.program.stdin.write(json.dumps(command) + "\n")
        self.program.stdin.flush()
        return json.loads(self.program.stdout.readline())

    def make_key(self, name, type="ES256", publish=True):
        key = self.ask(do="key", name=name, type=type)
        if publish:
            self.published.append(key)
        return key

    def token(self, name, header=None, **claims):
        now = int(time.time())
        said = {"iss": self.url, "aud": AUDIENCE, "sub": "pim", "exp": now + 300, "iat": now} | claims
        return self.ask(
            do="sign", name=name, header=header or {},
            claims={member: value for member, value in said.items() if value is not None})

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.program.stdin.close()
        self.program.wait(10)


def curl(url, *arguments, timeout=20):
    """One request by curl: the status, the fields, the body."""
    done = subprocess.run(
        ["curl", "--silent", "--show-error", "--include", "--max-time", str(timeout), *arguments, url],
        capture_output=True, text=True, env={"PATH": os.environ["PATH"]})
    if done.returncode:
        raise ConnectionError(done.stderr)
    # Text mode has made one character of each line end.
    head, _, body = done.stdout.partition("\n\n")
    lines = head.splitlines()
    fields = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
    return int(lines[0].split()[1]), {name.lower(): value for name, value in fields.items()}, body
