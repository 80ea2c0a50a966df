"""The built binary as processes: the gateway, the stand-ins, and commands that end by themselves."""

import json
import os
import re
import signal
import subprocess
import threading
from pathlib import Path
from urllib.request import urlopen

from .http1_client import HTTP1Connection
from .http2_client import Connection
from .waiting import until

REPOSITORY = Path(__file__).resolve().parents[3]
IS_SANITIZED = any(name.endswith("SAN_OPTIONS") for name in os.environ)


def binary():
    path = os.environ.get("PRODUCT_GATEWAY_BINARY") or REPOSITORY / ".build/debug/product-gateway"
    if not Path(path).is_file():
        raise RuntimeError(f"there is no binary at {path}; scripts/test builds it")
    return str(path)


def environment(extra=None):
    """A small environment of our own, so that nothing of the developer's machine changes a test."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
    # The build under test may be an instrumented one.
    kept.update({name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")})
    return {**kept, **(extra or {})}


def command(*arguments, stdin=None, env=None, cwd=None, timeout=30):
    """Runs a command of the binary to its end."""
    return subprocess.run(
        [binary(), *map(str, arguments)], input=stdin, capture_output=True, env=environment(env),
        cwd=cwd, timeout=timeout,
    )


class Running:
    """A process that serves until it is stopped. What it prints is kept. `through`: a command that runs it."""

    def __init__(self, arguments, env=None, cwd=None, through=()):
        self.process = subprocess.Popen(
            [*through, binary(), *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=environment(env), cwd=cwd,
        )
        self.output = []
        self.errors = []
        self._readers = [
            self._collect(self.process.stdout, self.output),
            self._collect(self.process.stderr, self.errors),
        ]

    @staticmethod
    def _collect(stream, lines):
        def read():
            for line in stream:
                lines.append(line.decode("utf-8", "replace").rstrip("\n"))

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        return thread

    @property
    def text(self):
        """Everything printed so far, on both outputs."""
        return "\n".join(self.output + self.errors)

    def must_run(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the process ended with {self.process.returncode}:\n{self.text}")

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self, timeout=30):
        """Waits for the end; the exit code."""
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the process did not end within {timeout} s:\n{self.text[-4000:]}")
        for reader in self._readers:
            reader.join(5)
        return code

    def stop(self):
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
        return self.wait()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
        for reader in self._readers:
            reader.join(5)

    def memory_bytes(self):
        """What is resident; 0 under a sanitizer, which keeps what was freed, so that there is nothing to weigh."""
        if IS_SANITIZED:
            return 0
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) * 1024


class Gateway(Running):
    """`product-gateway run`, listening on ports of the system's choice."""

    def __init__(self, *arguments, env=None, cwd=None, authority=None, is_tls=True, through=()):
        super().__init__(["run", *arguments], env=env, cwd=cwd, through=through)
        self.authority = authority
        self.is_tls = is_tls
        try:
            until(lambda: self.must_run() or self.lines("ready"), "the gateway is ready")
        except AssertionError:
            self.kill()
            raise
        self.port = self._port("callers")
        self.admin_port = self._port("operators")

    def _port(self, whose):
        line = next(line for line in self.lines("listening") if line["for"] == whose)
        return int(line["port"])

    @property
    def sandbox_port(self):
        return self._port("sandbox")

    def lines(self, message=None):
        """The log, each line as a dictionary; only those with `message` if it is given."""
        parsed = [json.loads(line) for line in list(self.output)]
        return [line for line in parsed if message is None or line["message"] == message]

    def exchange_line(self, request_id):
        """The log line of one exchange."""
        return until(
            lambda: next(
                (line for line in self.lines("exchange") if line.get("requestId") == request_id), None),
            f"the log line of exchange {request_id}")

    def metric(self, name):
        """A metric's value, summed over its labels."""
        with urlopen(f"http://127.0.0.1:{self.admin_port}/metrics", timeout=20) as answer:
            lines = answer.read().decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if re.split("[{ ]", line)[0] == name)

    def connect(self, **options):
        return Connection("localhost", self.port, authority=self.authority if self.is_tls else None, **options)

    def connect_http1(self, **options):
        """Speaks HTTP/1.1: by ALPN, or from the first byte where there is no TLS."""
        return HTTP1Connection("localhost", self.port, authority=self.authority if self.is_tls else None, **options)

    def request(self, method, path, body=None, headers=None, **options):
        """One request on a connection of its own."""
        with self.connect() as connection:
            return connection.request(method, path, body, headers, **options)

    def update(self, target, id, product, query="", **options):
        return self.request("PATCH", f"/v1/products/{id}?target={target}{query}", product, **options)

    def create(self, target, product, query="", **options):
        return self.request("POST", f"/v1/products?target={target}{query}", product, **options)


class Sandbox(Running):
    """`product-gateway sandbox`: the vendor stand-ins alone, h2c on loopback."""

    def __init__(self, *arguments, env=None):
        super().__init__(["sandbox", "--port", "0", *arguments], env=env)
        try:
            line = until(
                lambda: self.must_run()
                or next((line for line in self.output if line.startswith("listening on ")), None),
                "the stand-ins listen")
        except AssertionError:
            self.kill()
            raise
        self.port = int(re.search(r":(\d+)/", line).group(1))
        self.control = SandboxControl(self.port)


class SandboxControl:
    """The stand-ins' control API."""

    def __init__(self, port, authority=None):
        self.port = port
        self.authority = authority

    def _ask(self, method, path, body=None):
        with Connection("localhost", self.port, authority=self.authority) as connection:
            answer = connection.request(method, f"/__sandbox/{path}", body)
        assert answer.status < 300, f"{method} {path}: {answer.status} {answer.text}"
        return answer.json if answer.body else None

    def reset(self):
        return self._ask("POST", "reset")

    def exchanges(self, vendor=None, endpoint=None):
        query = f"?vendor={vendor}" if vendor else ""
        found = self._ask("GET", f"exchanges{query}")["exchanges"]
        return [each for each in found if endpoint is None or each["endpoint"] == endpoint]

    def products_requests(self, vendor):
        """Without those whose token the vendor did not take: `reset` forgets tokens that a gateway still has."""
        return [each for each in self.exchanges(vendor, "products") if each["response"]["status"] != 401]

    def token_requests(self, vendor):
        return self.exchanges(vendor, "token")

    def expire_tokens(self, vendor=None):
        return self._ask("POST", "tokens/expire" + (f"?vendor={vendor}" if vendor else ""))

    def fault(self, **fault):
        return self._ask("POST", "faults", fault)

    def stats(self):
        return self._ask("GET", "stats")

    def behaviour(self, **behaviour):
        return self._ask("POST", "behaviour", behaviour)

    def products(self, vendor):
        """What the stand-in holds, by id."""
        found = self._ask("GET", f"products?vendor={vendor}")[vendor]
        return {product["id"]: product for product in found}
