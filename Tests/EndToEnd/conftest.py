"""Fixtures of the end-to-end tests: the built binary, real sockets on loopback, nothing of the product imported."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from harness.certificates import Authority  # noqa: E402
from harness.configuration import NEVER_LEFT_ALONE, SECRETS, listener, vendor_targets, write  # noqa: E402
from harness.frames import FrameConnection  # noqa: E402
from harness.issuer import Issuer  # noqa: E402
from harness.processes import Gateway, Sandbox  # noqa: E402
from harness.vendor import Vendor  # noqa: E402


def pytest_configure(config):
    config.addinivalue_line(
        "markers",
        "alone: needs the machine for itself, because it weighs memory, counts file descriptors or processor time, or "
        "floods; scripts/end-to-end runs it after the others, one at a time")


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """The certificate authority that clients, and gateways with `tls.caFile`, trust."""
    return Authority(tmp_path_factory.mktemp("certificates"), "tests")


@pytest.fixture(scope="session")
def certificate(authority):
    return authority.issue("localhost")


@pytest.fixture(scope="session")
def shared_sandbox():
    sandbox = Sandbox()
    yield sandbox
    assert sandbox.stop() == 0


@pytest.fixture(scope="session")
def shared_gateway(tmp_path_factory, shared_sandbox, authority, certificate):
    folder = tmp_path_factory.mktemp("gateway")
    file = write(folder, {
        "listener": listener(certificate),
        "admin": {"host": "127.0.0.1", "port": 0},
        "defaultTarget": "cor",
        "targets": vendor_targets(f"http://localhost:{shared_sandbox.port}"),
    })
    gateway = Gateway("--config", file, env=SECRETS, authority=authority.path)
    yield gateway
    assert gateway.stop() == 0
    check_no_secrets(gateway.text)


@pytest.fixture(scope="session")
def shared_plain_gateway(tmp_path_factory, shared_sandbox):
    folder = tmp_path_factory.mktemp("plain-gateway")
    file = write(folder, {
        "listener": listener(),
        "admin": {"host": "127.0.0.1", "port": 0},
        "defaultTarget": "cor",
        "targets": vendor_targets(f"http://localhost:{shared_sandbox.port}"),
    })
    gateway = Gateway("--config", file, env=SECRETS, is_tls=False)
    yield gateway
    assert gateway.stop() == 0
    check_no_secrets(gateway.text)


def check_no_secrets(text, secrets=SECRETS):
    for value in secrets.values():
        assert value not in text, f"the secret {value!r} is shown"


@pytest.fixture
def sandbox(shared_sandbox):
    """The stand-ins in their first state, through their control API."""
    shared_sandbox.control.reset()
    return shared_sandbox.control


@pytest.fixture
def gateway(shared_gateway, sandbox):
    """A gateway with TLS whose four targets are the stand-ins; shared by the tests that change nothing of it."""
    shared_gateway.must_run()
    return shared_gateway


@pytest.fixture(scope="session")
def cleartext_gateway(tmp_path_factory):
    """A gateway without TLS, for what needs no vendor."""
    file = write(tmp_path_factory.mktemp("cleartext"), {
        "listener": listener(), "admin": {"host": "127.0.0.1", "port": 0},
        "targets": {"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}}})
    gateway = Gateway("--config", file, env=SECRETS, is_tls=False)
    yield gateway
    assert gateway.stop() == 0


@pytest.fixture(params=["TLS", "cleartext"])
def connect(request, shared_gateway, cleartext_gateway, authority):
    """Opens connections in frames, over TLS and in cleartext: each test runs with both."""
    opened = []

    def connect(**options):
        if request.param == "TLS":
            connection = FrameConnection(shared_gateway.port, authority=authority.path, **options)
        else:
            connection = FrameConnection(cleartext_gateway.port, **options)
        opened.append(connection)
        return connection

    yield connect
    for connection in opened:
        connection.close()
    shared_gateway.must_run()
    cleartext_gateway.must_run()


@pytest.fixture
def plain_gateway(shared_plain_gateway, sandbox):
    """The same without TLS."""
    shared_plain_gateway.must_run()
    return shared_plain_gateway


@pytest.fixture
def start_gateway(tmp_path, authority, certificate):
    """Starts gateways of a test's own; they must end well."""
    started = []

    def start(targets, tls=False, env=None, through=(), **members):
        folder = tmp_path / f"gateway-{len(started)}"
        folder.mkdir()
        configuration = {
            "listener": listener(certificate if tls else None),
            "admin": {"host": "127.0.0.1", "port": 0},
            "targets": targets,
            **members,
        }
        file = write(folder, configuration)
        gateway = Gateway(
            "--config", file, env=SECRETS if env is None else env, authority=authority.path, is_tls=tls,
            through=through)
        gateway.file = file
        started.append(gateway)
        return gateway

    yield start
    codes = [gateway.stop() if gateway.process.returncode is None else None for gateway in started]
    assert all(code in (0, None) for code in codes), [gateway.text[-3000:] for gateway in started]


@pytest.fixture
def start_vendor():
    """Starts misbehaving vendors."""
    started = []

    def start(*arguments, **options):
        vendor = Vendor(*arguments, **options)
        started.append(vendor)
        return vendor

    yield start
    for vendor in started:
        vendor.stop()


@pytest.fixture
def start_sandbox():
    """Starts stand-ins of a test's own."""
    started = []

    def start(*arguments, **options):
        sandbox = Sandbox(*arguments, **options)
        started.append(sandbox)
        return sandbox

    yield start
    for sandbox in started:
        sandbox.stop()


@pytest.fixture
def vendor_gateway(start_vendor, start_gateway):
    """One misbehaving vendor and a gateway whose target `acme` speaks to it, in Elastic Path's language."""

    def start(usually=None, target=None, vendor=None, **members):
        vendor = vendor or start_vendor(usually)
        gateway = start_gateway(
            {"acme": {
                "dialect": "elastic-path", "baseURL": vendor.url,
                "timeouts": {"connect": "1s", "attempt": "2s", "total": "4s"},
                "retries": {"attempts": 1}, "breaker": NEVER_LEFT_ALONE,
                **(target or {})}},
            defaultTarget="acme", **members)
        return vendor, gateway

    return start


@pytest.fixture
def guarded(shared_sandbox, start_gateway):
    """A gateway that knows callers, with the stand-in of one vendor behind it."""

    def start(callers, **members):
        target = {"dialect": "softwareone", "baseURL": f"http://localhost:{shared_sandbox.port}/public",
                  "credentials": {"bearer": {"token": {"env": "SOFTWAREONE_TOKEN"}}}}
        return start_gateway({"one": target, "two": target}, defaultTarget="one", callers=callers, **members)

    return start


@pytest.fixture
def issuer(certificate):
    issuer = Issuer(certificate)
    yield issuer
    issuer.stop()


@pytest.fixture
def mutual(certificate, authority):
    """The listener of a gateway that asks for certificates, with members of `callers`."""

    def build(**more):
        built = listener(certificate)
        built["tls"]["callers"] = {"authorities": authority.path, **more}
        return built

    return build
