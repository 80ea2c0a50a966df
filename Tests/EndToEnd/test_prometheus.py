"""What Prometheus itself makes of it: it scrapes, the alerts load, and every metric and label that they and the
dashboard use is really exported."""

import json
import re
import subprocess
import urllib.error
import urllib.parse
import urllib.request

import h2.errors
import pytest

from harness.issuer import AUDIENCE, Issuer
from harness.processes import REPOSITORY
from harness.vendor import Reply, Reset
from harness.waiting import until

ALERTS = REPOSITORY / "deploy/prometheus/alerts.yml"
DASHBOARD = REPOSITORY / "deploy/grafana/product-gateway.json"
ID = "60afe403-a191-455e-b771-c510c928a308"
UPDATE = f"/v1/products/{ID}"
GOOD = Reply(200, {"data": {"id": ID, "type": "product", "attributes": {"name": "x"}}})


def promtool(*arguments, data=None):
    done = subprocess.run(
        ["promtool", *map(str, arguments)], input=data, capture_output=True, text=True, timeout=60,
        cwd=ALERTS.parent)
    return done.returncode, done.stdout + done.stderr


class Prometheus:
    """A server of its own for a moment, on a port of the system's choice."""

    def __init__(self, folder, admin_port, *options):
        configuration = folder / "prometheus.yml"
        configuration.write_text(json.dumps({
            "global": {"scrape_interval": "250ms", "scrape_timeout": "250ms", "evaluation_interval": "1s"},
            "rule_files": [str(ALERTS)],
            "scrape_configs": [{
                "job_name": "product-gateway",
                "static_configs": [{"targets": [f"127.0.0.1:{admin_port}"]}]}],
        }))
        self.log = folder / "prometheus.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                ["prometheus", f"--config.file={configuration}", f"--storage.tsdb.path={folder / 'data'}",
                 "--web.listen-address=127.0.0.1:0", *options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            self.address = until(self._address, "Prometheus listens")
            until(self._is_ready, "Prometheus is ready")
        except AssertionError:
            self.stop()
            raise

    def _address(self):
        assert self.process.poll() is None, self.log.read_text()
        found = re.search(r'"?[Ll]istening on"? address=(\S+)', self.log.read_text())
        return found and found[1]

    def _is_ready(self):
        try:
            with urllib.request.urlopen(f"http://{self.address}/-/ready", timeout=10) as answer:
                return answer.status == 200
        except urllib.error.HTTPError:
            return False

    def ask(self, path, **parameters):
        url = f"http://{self.address}/api/v1/{path}?{urllib.parse.urlencode(parameters, doseq=True)}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            body = json.loads(answer.read())
        assert body["status"] == "success", body
        return body["data"]

    def query(self, expression):
        return self.ask("query", query=expression)["result"]

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)


@pytest.fixture(scope="module")
def used():
    """Every query of the alerts and the dashboard, Grafana's variables filled in as Grafana would."""
    queries = []
    for rule in re.split(r"- alert: ", ALERTS.read_text())[1:]:
        name = rule.split("\n", 1)[0].strip()
        block = re.search(r"\n        expr: \|\n((?:          .*\n)+)", rule)
        queries.append((name, block[1] if block else re.search(r"\n        expr: (.+)\n", rule)[1]))
    dashboard = json.loads(DASHBOARD.read_text())
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            queries.append((panel["title"], target["expr"]))
    for annotation in dashboard["annotations"]["list"]:
        queries.append((annotation["name"], annotation["expr"]))
    filled = []
    for name, query in queries:
        for variable, value in (
            ("$__rate_interval", "1m"), ("$instance", ".*"), ("$target", ".*"), ("$job", "product-gateway")):
            query = query.replace(variable, value)
        assert "$" not in query, (name, query)
        filled.append((name, query))
    return filled


@pytest.fixture
def prometheus(start_vendor, start_gateway, tmp_path, authority, certificate):
    """A Prometheus that has seen a gateway to which something of everything has happened."""
    vendor, client, issuer = start_vendor(GOOD), authority.issue("client"), Issuer(certificate)
    issuer.make_key("k1")
    gateway = start_gateway({
        "acme": {"dialect": "elastic-path", "baseURL": vendor.url, "retries": {"attempts": 2, "backoff": "1ms"}},
        "mutual": {"dialect": "softwareone", "baseURL": "https://localhost:1", "tls": {
            "clientCertificate": client.certificate, "clientKey": client.key}}}, tls=True, defaultTarget="acme",
        issuers={"corp": {"issuer": issuer.url, "jwks": {"url": f"{issuer.url}/keys"}, "audience": [AUDIENCE],
                          "caFile": authority.path}},
        callers={"pim": {"identify": [{"jwt": {"issuer": "corp", "subject": "pim"}}]}}, anonymous="allow")
    with gateway.connect() as connection:
        for headers in ({}, {}, {"authorization": f"Bearer {issuer.token('k1')}"}):
            assert connection.request("PATCH", UPDATE, {"name": "x"}, headers).status == 200
        vendor.script = [Reset(h2.errors.ErrorCodes.REFUSED_STREAM), GOOD]
        assert connection.request("PATCH", UPDATE, {"name": "x"}).status == 200
        assert connection.request("PATCH", UPDATE, {"nonsense": "x"}).status == 422
        vendor.script = [Reply(500, {"errors": [{"title": "down", "status": "500"}]})]
        assert connection.request("PATCH", UPDATE, {"name": "x"}).status == 502
        server = Prometheus(tmp_path, gateway.admin_port)
        try:
            until(lambda: server.query("product_gateway_build_info"), "Prometheus has scraped the gateway")
            yield server, gateway
        finally:
            server.stop()
            issuer.stop()


def test_promtool_finds_nothing_to_correct(gateway):
    gateway.update("cor", "EXT-PROD-12345", {"name": "x"})
    with urllib.request.urlopen(f"http://127.0.0.1:{gateway.admin_port}/metrics", timeout=10) as answer:
        code, output = promtool("check", "metrics", data=answer.read().decode())
    assert (code, output) == (0, "")


def test_the_alerts_are_valid_and_fire_when_they_should():
    code, output = promtool("check", "rules", ALERTS)
    assert code == 0, output
    code, output = promtool("test", "rules", ALERTS.parent / "alerts_test.yml")
    assert code == 0, output
    names = re.findall(r"- alert: (\S+)", ALERTS.read_text())
    tests = (ALERTS.parent / "alerts_test.yml").read_text()
    assert [name for name in names if name not in tests] == []


def test_prometheus_scrapes_loads_the_alerts_and_raises_none_for_a_gateway_that_is_well(prometheus):
    server, gateway = prometheus
    [target] = server.ask("targets")["activeTargets"]
    assert (target["health"], target["lastError"]) == ("up", "")
    [requests] = server.query("sum(product_gateway_requests_total{code='ok'})")
    assert requests["value"][1] == "4"
    [ratio] = server.query(
        "sum(product_gateway_exchange_duration_seconds_bucket{le='+Inf'})"
        " / sum(product_gateway_exchange_duration_seconds_count)")
    assert ratio["value"][1] == "1"
    rules = until(
        lambda: (rules := [rule for group in server.ask("rules")["groups"] for rule in group["rules"]])
        and all(rule["health"] == "ok" for rule in rules) and rules, "all rules have been evaluated")
    assert len(rules) == ALERTS.read_text().count("- alert:")
    assert [rule["name"] for rule in rules if rule["state"] == "firing"] == []


# Everything that operators were promised, and the metric that keeps the promise.
PROMISED = {
    "requests by canonical code": "sum by (code) (product_gateway_exchanges_total)",
    "durations of exchanges": "product_gateway_exchange_duration_seconds_bucket",
    "durations of attempts": "product_gateway_attempt_duration_seconds_bucket",
    "durations of connecting": "product_gateway_upstream_connect_duration_seconds_bucket",
    "durations of TLS handshakes with vendors": "product_gateway_upstream_tls_handshake_duration_seconds_bucket",
    "durations of TLS handshakes with callers": "product_gateway_downstream_tls_handshake_duration_seconds_bucket",
    "failed handshakes": "sum by (reason) (product_gateway_downstream_tls_handshakes_failed_total)",
    "bytes from callers": "product_gateway_downstream_received_bytes_total",
    "bytes to callers": "product_gateway_downstream_sent_bytes_total",
    "bytes from vendors": "product_gateway_upstream_received_bytes_total",
    "bytes to vendors": "product_gateway_upstream_sent_bytes_total",
    "streams of callers": "product_gateway_downstream_streams_open",
    "streams to vendors": "product_gateway_upstream_streams_open",
    "connections of callers": "product_gateway_worker_downstream_connections_open",
    "connections to vendors": "product_gateway_upstream_connections_open",
    "callers refused for the limit": "product_gateway_downstream_connections_refused_total",
    "sessions ended for abuse": "sum by (kind) (product_gateway_downstream_sessions_ended_for_abuse_total)",
    "vendors' sessions ended for abuse":
        "sum by (target, kind) (product_gateway_upstream_sessions_ended_for_abuse_total)",
    "queue depth": "product_gateway_upstream_queue_depth",
    "translation time": "product_gateway_translation_duration_seconds_bucket",
    "translation refusals by pointer": "sum by (pointer) (product_gateway_translation_refusals_total)",
    "vendor answers by status": "sum by (status) (product_gateway_vendor_answer_statuses_total)",
    "vendor answers by code": "sum by (code) (product_gateway_vendor_answers_total)",
    "credential refreshes": "sum by (outcome) (product_gateway_credential_refreshes_total)",
    "configuration version": "product_gateway_configuration_info",
    "last reload": "product_gateway_configuration_last_success_timestamp_seconds",
    "whether it was taken": "product_gateway_configuration_last_load_successful",
    "reloads": "sum by (outcome) (product_gateway_configuration_loads_total)",
    "build": "product_gateway_build_info",
    "certificates": "product_gateway_certificate_not_after_timestamp_seconds",
    "log lines dropped": "product_gateway_log_lines_dropped_total",
    "requests by caller": "sum by (caller) (product_gateway_caller_requests_total)",
    "tokens of callers": "sum by (result) (product_gateway_caller_tokens_total)",
    "keys of issuers": "product_gateway_issuer_keys",
    "processor": "process_cpu_seconds_total",
    "memory": "process_resident_memory_bytes",
    "file descriptors": "process_open_fds",
    "file descriptors allowed": "process_max_fds",
}


def test_everything_that_was_promised_is_scraped(prometheus):
    server, _ = prometheus
    missing = {what: query for what, query in PROMISED.items() if not server.query(query)}
    assert missing == {}


def test_every_metric_and_label_that_is_used_is_exported(prometheus, used):
    server, _ = prometheus
    assert len(used) > 40
    documents = "".join((REPOSITORY / "docs" / name).read_text() for name in ("metrics.md", "errors.md"))
    labels = {}
    for series in server.ask("series", **{"match[]": '{job="product-gateway"}'}):
        labels.setdefault(series.pop("__name__"), set()).update(series)
    keywords = {"by", "or"}
    for name, query in used:
        server.query(query)  # Prometheus understands it.
        bare = re.sub(r'"[^"]*"', '""', query)
        # Without matchers, durations and groupings, what is left of names are metrics and, before a parenthesis,
        # functions.
        rest = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\bby \([a-z, ]+\)", "", bare)
        metrics = set(re.findall(r"\b([a-z][a-z_0-9]*)\b(?!\s*\()", rest)) - keywords
        assert metrics, (name, query)
        grouped = {label for group in re.findall(r"\bby \(([a-z, ]+)\)", bare) for label in group.split(", ")}
        for metric in metrics:
            assert metric in labels, f"{name}: nobody exports {metric}"
            missing = grouped - labels[metric]
            assert not missing, f"{name}: {metric} has no label {missing}"
        for metric, matchers in re.findall(r"\b([a-z_]+)\{([^}]*)\}", bare):
            missing = set(re.findall(r"([a-z_]+)\s*[=!]", matchers)) - labels[metric]
            assert not missing, f"{name}: {metric} has no label {missing}"
        for label, value in re.findall(r'\b([a-z_]+)="([a-z_]+)"', query):
            assert label == "job" or f"`{value}`" in documents, f"{name}: {label} is never {value}"


def test_what_the_dashboard_shows_of_a_working_gateway_is_there(prometheus, used):
    server, _ = prometheus
    panels = {panel["title"] for panel in json.loads(DASHBOARD.read_text())["panels"]}
    # Rates need two scrapes between which something was counted; these need only one.
    empty = [
        (name, query) for name, query in used
        if name in panels and "rate(" not in query and not server.query(query)]
    assert empty == []
