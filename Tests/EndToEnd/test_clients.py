"""Real HTTP/2 clients: curl, nghttp and h2load."""

import json
import re
import subprocess

PRODUCT = json.dumps({"name": "Updated Premium Product", "description": "Updated product description"})


def run(*arguments, timeout=60):
    return subprocess.run(arguments, capture_output=True, text=True, timeout=timeout)


def url(gateway, path="/v1/products/EXT-PROD-12345?target=cor"):
    return f"https://localhost:{gateway.port}{path}"


def test_curl_updates_a_product_over_http2(gateway):
    result = run(
        "curl", "-sS", "--http2", "--cacert", gateway.authority, "-X", "PATCH", url(gateway),
        "-H", "content-type: application/merge-patch+json", "-d", PRODUCT, "-w", "\n%{http_version} %{http_code}")
    assert result.returncode == 0, result.stderr
    body, _, versions = result.stdout.rpartition("\n")
    assert versions == "2 200"
    assert json.loads(body)["product"]["name"] == "Updated Premium Product"


def test_curl_verifies_the_certificate(gateway):
    result = run("curl", "-sS", "--http2", url(gateway, "/v1/targets"))
    assert result.returncode == 60, result.stderr


def test_curl_with_tls_1_2_and_with_1_3(gateway):
    for option in ("--tlsv1.2 --tls-max 1.2", "--tlsv1.3"):
        result = run(
            "curl", "-sS", "--http2", "--cacert", gateway.authority, *option.split(), "-o", "/dev/null",
            "-w", "%{http_version} %{http_code}", url(gateway, "/v1/targets"))
        assert result.stdout == "2 200", result.stderr


def test_curl_with_an_old_tls_version_is_refused(gateway):
    result = run(
        "curl", "-sS", "--cacert", gateway.authority, "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0",
        url(gateway, "/v1/targets"))
    assert result.returncode == 35, (result.returncode, result.stderr)


def test_curl_waits_for_100_continue_and_gets_it(gateway, tmp_path):
    (tmp_path / "body.json").write_text('{"nmae": "' + "x" * 200_000 + '"}')
    result = run(
        "curl", "-sSv", "--http2", "--cacert", gateway.authority, "-X", "PATCH", url(gateway),
        "-H", "content-type: application/json", "-H", "expect: 100-continue",
        "--data-binary", f"@{tmp_path}/body.json")
    assert result.returncode == 0, result.stderr
    assert "HTTP/2 100" in result.stderr
    assert json.loads(result.stdout)["code"] == "validation_failed"


def test_nghttp_updates_a_product(gateway, tmp_path):
    (tmp_path / "body.json").write_text(PRODUCT)
    result = run(
        "nghttp", "-v", "--data", str(tmp_path / "body.json"), "-H", ":method: PATCH",
        "-H", "content-type: application/json", url(gateway))
    assert result.returncode == 0, result.stdout + result.stderr
    assert ":status: 200" in result.stdout
    assert '"target":"cor"' in result.stdout
    assert "SETTINGS_MAX_CONCURRENT_STREAMS(0x03):100" in result.stdout


def h2load(
    gateway, tmp_path, *, requests, clients, streams, path="/v1/products/EXT-PROD-12345?target=cor", body=PRODUCT):
    (tmp_path / "load.json").write_text(body)
    result = run(
        "h2load", "-n", str(requests), "-c", str(clients), "-m", str(streams), "-d", str(tmp_path / "load.json"),
        "-H", ":method: PUT", "-H", "content-type: application/json", url(gateway, path), timeout=120)
    assert result.returncode == 0, result.stdout + result.stderr
    statuses = re.search(r"status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx", result.stdout)
    counts = re.search(r"requests: (\d+) total.* (\d+) succeeded, (\d+) failed, (\d+) errored", result.stdout)
    return [int(n) for n in statuses.groups()], [int(n) for n in counts.groups()], result.stdout


def test_h2load_with_a_hundred_streams_on_one_connection(gateway, sandbox, tmp_path):
    statuses, counts, text = h2load(gateway, tmp_path, requests=2000, clients=1, streams=100)
    assert statuses == [2000, 0, 0, 0], text
    assert counts == [2000, 2000, 0, 0], text


def test_h2load_with_many_connections(gateway, sandbox, tmp_path):
    statuses, counts, text = h2load(gateway, tmp_path, requests=3000, clients=30, streams=10)
    assert statuses == [3000, 0, 0, 0], text
    assert counts == [3000, 3000, 0, 0], text
    # Few connections carried all of them to the vendor.
    assert sandbox.stats()["connections"]["open"] <= 30


def test_h2load_with_bodies_that_are_refused(gateway, sandbox, tmp_path):
    statuses, counts, text = h2load(
        gateway, tmp_path, requests=2000, clients=4, streams=50, body='{"nmae": "x"}')
    assert statuses == [0, 0, 2000, 0], text
    assert counts[2:] in ([2000, 0], [0, 0]), text
    assert sandbox.exchanges() == []


def test_h2load_with_large_bodies(gateway, sandbox, tmp_path):
    statuses, _, text = h2load(
        gateway, tmp_path, requests=200, clients=2, streams=20,
        body=json.dumps({"name": "x", "description": "y" * 100_000}))
    assert statuses == [200, 0, 0, 0], text
