"""What is deployed by: the Dockerfile, the manifests for Kubernetes, the compose file.

All of it must agree with the gateway.

That the image runs is scripts/check-image's to show: building it takes minutes and root.
"""

import json
import os
import re
import shutil
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import yaml

from harness.http2_client import Connection
from harness.packages import python
from harness.processes import REPOSITORY, Gateway, command

DEPLOY = REPOSITORY / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
COMPOSE = DEPLOY / "compose"
DOCKERFILE = (REPOSITORY / "Dockerfile").read_text()


def documents(path):
    return [document for document in yaml.safe_load_all(Path(path).read_text()) if document]


def manifests():
    """All that `kubectl apply -k` sends, by kind and name; the ConfigMap is the generator's."""
    kustomization = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())
    found = [document for file in kustomization["resources"] for document in documents(KUBERNETES / file)]
    return {(document["kind"], document["metadata"]["name"]): document for document in found}


MANIFESTS = manifests()
DEPLOYMENT = MANIFESTS["Deployment", "product-gateway"]
POD = DEPLOYMENT["spec"]["template"]["spec"]
CONTAINER = POD["containers"][0]
CONFIGURATION = json.loads((KUBERNETES / "gateway.json").read_text())


def seconds(duration):
    number, unit = re.fullmatch(r"(\d+)(ms|s|m|h)", duration).groups()
    return int(number) * {"ms": 0.001, "s": 1, "m": 60, "h": 3600}[unit]


# Kubernetes


def test_the_kustomization_has_every_manifest_and_no_secret():
    kustomization = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())
    files = {path.name for path in KUBERNETES.glob("*.yaml")} - {"kustomization.yaml", "secrets.example.yaml"}
    assert set(kustomization["resources"]) == files
    assert kustomization["configMapGenerator"] == [{"name": "product-gateway", "files": ["gateway.json"]}]
    assert [image["name"] for image in kustomization["images"]] == [CONTAINER["image"]]
    assert {kind for kind, _ in MANIFESTS} == {
        "Namespace", "ServiceAccount", "Deployment", "Service", "PodDisruptionBudget", "HorizontalPodAutoscaler",
        "NetworkPolicy"}


@pytest.mark.parametrize("version", ["1.30", "1.37"])
def test_the_manifests_keep_to_the_schemas_of_kubernetes(version):
    files = [path for path in sorted(KUBERNETES.glob("*.yaml")) if path.name != "kustomization.yaml"]
    # Patches are no whole documents.
    files += [KUBERNETES / "overlays/one-with-file/volume.yaml", KUBERNETES / "overlays/three-with-valkey/valkey.yaml"]
    result = python("-m", "kubernetes_validate", "--strict", "-k", version, *files, needs=["kubernetes_validate"])
    assert result.returncode == 0, result.stdout + result.stderr
    assert (result.stdout + result.stderr).count(" passed ") >= len(files)


OVERLAYS = sorted(path for path in (KUBERNETES / "overlays").iterdir())


STORES = [path for path in OVERLAYS if "store" in json.loads((path / "gateway.json").read_text())]


@pytest.mark.parametrize("overlay", OVERLAYS, ids=lambda path: path.name)
def test_an_overlay_changes_what_the_base_has_and_what_it_names(overlay):
    kustomization = yaml.safe_load((overlay / "kustomization.yaml").read_text())
    patches = [patch["path"] for patch in kustomization["patches"] if "path" in patch]
    files = {path.name for path in overlay.iterdir()}
    assert kustomization["resources"][0] == "../.."
    assert {*kustomization["resources"][1:], *patches, "kustomization.yaml", "gateway.json"} == files
    for patch in kustomization["patches"]:
        document = yaml.safe_load(patch["patch"]) if "patch" in patch else documents(overlay / patch["path"])[0]
        assert (document["kind"], document["metadata"]["name"]) in MANIFESTS
    checked = command("check", "--config", overlay / "gateway.json", "--without-secrets")
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("overlay", STORES, ids=lambda path: path.name)
def test_an_overlay_adds_a_store_to_the_base_and_nothing_else(overlay):
    configuration = json.loads((overlay / "gateway.json").read_text())
    assert {**configuration, **CONFIGURATION} == configuration
    assert set(configuration) - set(CONFIGURATION) <= {"store", "instances"}
    # What the configuration refers to is where the patch mounts it.
    pod = documents(overlay / "deployment.yaml")[0]["spec"]["template"]["spec"]
    [mount] = pod["containers"][0]["volumeMounts"]
    [volume] = pod["volumes"]
    store = configuration["store"]
    file = store["path"] if store["engine"] == "file" else store["password"]["file"]
    assert file.startswith(mount["mountPath"] + "/") and mount["name"] == volume["name"]


def test_the_overlay_of_callers_believes_the_mounted_authority(tmp_path, authority, certificate):
    overlay = KUBERNETES / "overlays/callers-by-certificate"
    configuration = json.loads((overlay / "gateway.json").read_text())
    own = {name: configuration[name] for name in configuration if name not in ("callers", "audit")}
    trusted = own["listener"]["tls"].pop("callers")
    assert own == CONFIGURATION
    assert trusted["mode"] == "require" and "anonymous" not in configuration
    pod = documents(overlay / "deployment.yaml")[0]["spec"]["template"]["spec"]
    [mount] = pod["containers"][0]["volumeMounts"]
    [volume] = pod["volumes"]
    [item] = volume["configMap"]["items"]
    assert trusted["authorities"] == f"{mount['mountPath']}/{item['path']}" and mount["name"] == volume["name"]
    assert "subPath" not in mount and mount["readOnly"]
    # Names of service accounts, as SPIFFE has them in Kubernetes; each is one caller's.
    names = [proof["mtls"] for caller in configuration["callers"].values() for proof in caller["identify"]]
    assert len(set(names)) == len(names) >= 2
    assert all(re.fullmatch(r"spiffe://[a-z0-9.-]+/ns/[a-z0-9-]+/sa/[a-z0-9-]+", name) for name in names)
    # With files in the places of the mounts there is no mistake, and nothing to warn of but vendors' secrets.
    configuration["listener"]["tls"] = {
        "certificate": certificate.certificate, "privateKey": certificate.key,
        "callers": {**trusted, "authorities": authority.path}}
    (tmp_path / "gateway.json").write_text(json.dumps(configuration))
    checked = command("check", "--json", "--config", tmp_path / "gateway.json")
    messages = [each for each in json.loads(checked.stdout)["diagnostics"] if "credentials" not in each["path"]]
    assert checked.returncode == 0 and not messages, checked


def test_the_server_of_the_overlay_loses_nothing_and_throws_nothing_away():
    overlay = KUBERNETES / "overlays/three-with-valkey"
    found = {document["kind"]: document for document in documents(overlay / "valkey.yaml")}
    container = found["StatefulSet"]["spec"]["template"]["spec"]["containers"][0]
    [arguments] = container["args"]
    for option in ("--appendonly yes", "--appendfsync always", "--maxmemory-policy noeviction", "--requirepass"):
        assert option in arguments
    url = json.loads((overlay / "gateway.json").read_text())["store"]["url"]
    assert url == f"redis://{found['Service']['metadata']['name']}:{found['Service']['spec']['ports'][0]['port']}"


def test_everything_that_selects_pods_selects_those_of_the_deployment():
    labels = DEPLOYMENT["spec"]["template"]["metadata"]["labels"]
    selectors = [
        DEPLOYMENT["spec"]["selector"]["matchLabels"],
        MANIFESTS["Service", "product-gateway"]["spec"]["selector"],
        MANIFESTS["Service", "product-gateway-admin"]["spec"]["selector"],
        MANIFESTS["PodDisruptionBudget", "product-gateway"]["spec"]["selector"]["matchLabels"],
        MANIFESTS["NetworkPolicy", "product-gateway"]["spec"]["podSelector"]["matchLabels"],
        *[each["labelSelector"]["matchLabels"] for each in POD["topologySpreadConstraints"]],
    ]
    assert len(selectors) == 7
    for selector in selectors:
        assert selector and selector.items() <= labels.items()
    assert MANIFESTS["HorizontalPodAutoscaler", "product-gateway"]["spec"]["scaleTargetRef"] == {
        "apiVersion": DEPLOYMENT["apiVersion"], "kind": "Deployment", "name": DEPLOYMENT["metadata"]["name"]}
    assert POD["serviceAccountName"] == MANIFESTS["ServiceAccount", "product-gateway"]["metadata"]["name"]
    assert "replicas" not in DEPLOYMENT["spec"], "the autoscaler decides"
    assert MANIFESTS["HorizontalPodAutoscaler", "product-gateway"]["spec"]["minReplicas"] >= 2


def test_ports_are_those_of_the_configuration():
    ports = {port["name"]: port["containerPort"] for port in CONTAINER["ports"]}
    assert ports == {"https": CONFIGURATION["listener"]["port"], "admin": CONFIGURATION["admin"]["port"]}
    # The kubelet and Prometheus ask from outside the pod.
    assert CONFIGURATION["admin"]["host"] == CONFIGURATION["listener"]["host"] == "0.0.0.0"
    for name in ("product-gateway", "product-gateway-admin"):
        for port in MANIFESTS["Service", name]["spec"]["ports"]:
            assert port["targetPort"] in ports
    assert MANIFESTS["Service", "product-gateway"]["spec"]["ports"][0]["appProtocol"] == "https"
    assert "tls" in CONFIGURATION["listener"]
    policy = MANIFESTS["NetworkPolicy", "product-gateway"]["spec"]
    assert {port["port"] for rule in policy["ingress"] for port in rule["ports"]} == set(ports)
    # Name servers, vendors, and OTLP over HTTP; nothing else may be reached.
    assert {port["port"] for rule in policy["egress"] for port in rule["ports"]} == {53, 443, 4318}


def test_pods_are_spread_over_machines_and_zones():
    spread = {each["topologyKey"]: each for each in POD["topologySpreadConstraints"]}
    assert set(spread) == {"kubernetes.io/hostname", "topology.kubernetes.io/zone"}
    # A cluster of one machine takes them all the same.
    assert all(each["maxSkew"] == 1 and each["whenUnsatisfiable"] == "ScheduleAnyway" for each in spread.values())


def test_probes_ask_for_what_is_there(gateway):
    probes = {name: CONTAINER[f"{name}Probe"]["httpGet"] for name in ("startup", "liveness", "readiness")}
    assert {probe["port"] for probe in probes.values()} == {"admin"}
    assert probes["liveness"]["path"] == "/livez" and probes["readiness"]["path"] == "/readyz"
    for probe in probes.values():
        with urllib.request.urlopen(f"http://127.0.0.1:{gateway.admin_port}{probe['path']}", timeout=10) as answer:
            assert answer.status == 200
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"http://127.0.0.1:{gateway.admin_port}/healthz", timeout=10)


def test_a_pod_is_killed_only_after_the_gateway_has_had_its_time():
    pause = CONTAINER["lifecycle"]["preStop"]["sleep"]["seconds"]
    last_answers = 1
    assert POD["terminationGracePeriodSeconds"] > pause + seconds(CONFIGURATION["drainTimeout"]) + last_answers
    # ... and has been taken out of the Service before it is told to stop.
    readiness = CONTAINER["readinessProbe"]
    assert pause > readiness["periodSeconds"] * readiness["failureThreshold"]
    assert DEPLOYMENT["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_the_pod_has_no_right_that_it_does_not_need():
    context = {**POD["securityContext"], **CONTAINER["securityContext"]}
    assert context["runAsNonRoot"] is True and context["readOnlyRootFilesystem"] is True
    assert context["allowPrivilegeEscalation"] is False and context["capabilities"] == {"drop": ["ALL"]}
    assert context["seccompProfile"] == {"type": "RuntimeDefault"}
    assert f"USER {context['runAsUser']}:{context['runAsGroup']}\n" in DOCKERFILE
    assert context["fsGroup"] == context["runAsGroup"]
    assert POD["automountServiceAccountToken"] is False
    assert {"cpu", "memory"} == set(CONTAINER["resources"]["limits"]) == set(CONTAINER["resources"]["requests"])
    assert all(mount["readOnly"] for mount in CONTAINER["volumeMounts"])


def test_everything_that_the_configuration_refers_to_is_mounted_or_set(tmp_path, certificate):
    secrets = {secret["metadata"]["name"]: set(secret["stringData"])
               for secret in documents(KUBERNETES / "secrets.example.yaml")}
    volumes = {volume["name"]: volume for volume in POD["volumes"]}
    given = {}
    for mount in CONTAINER["volumeMounts"]:
        volume = volumes[mount["name"]]
        if "secret" in volume:
            # Root owns it, the pod's group reads it, nobody else does.
            assert volume["secret"]["defaultMode"] == 0o440
            given |= {f"{mount['mountPath']}/{key}": "secret" for key in secrets[volume["secret"]["secretName"]]}
        else:
            assert volume["configMap"]["name"] == "product-gateway"
            given[f"{mount['mountPath']}/gateway.json"] = "configuration"
        assert "subPath" not in mount, "what is mounted so does not change when its source does"
    for variable in CONTAINER["env"]:
        reference = variable["valueFrom"]["secretKeyRef"]
        assert reference["key"] in secrets[reference["name"]]
        given[variable["name"]] = "environment"

    wanted = set()

    def collect(node):
        if isinstance(node, dict):
            for name, value in node.items():
                if name in ("file", "env", "certificate", "privateKey", "caFile") and isinstance(value, str):
                    wanted.add(value)
                collect(value)

    collect(CONFIGURATION)
    assert len(wanted) > 7 and wanted <= set(given)
    assert CONTAINER["args"][-1] in given

    # The same with files in the places of the mounts: there is no mistake, and nothing to warn of.
    text = (KUBERNETES / "gateway.json").read_text().replace('"/secrets/', f'"{tmp_path}/')
    for folder in ("vendors", "tls"):
        (tmp_path / folder).mkdir()
    for path in (path for path, kind in given.items() if kind == "secret"):
        (tmp_path / path.removeprefix("/secrets/")).write_text("a-secret")
    shutil.copy(certificate.certificate, tmp_path / "tls/tls.crt")
    shutil.copy(certificate.key, tmp_path / "tls/tls.key")
    (tmp_path / "gateway.json").write_text(text)
    result = command(
        "check", "--strict", "--config", tmp_path / "gateway.json",
        env={name: "an-id" for name, kind in given.items() if kind == "environment"})
    assert (result.returncode, result.stderr) == (0, b"") and b"is valid: 4 targets" in result.stdout, result


def test_the_operator_for_prometheus_finds_the_pods_and_gets_the_same_alerts():
    [monitor] = documents(KUBERNETES / "monitoring/servicemonitor.yaml")
    service = MANIFESTS["Service", "product-gateway-admin"]
    assert monitor["spec"]["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    callers = MANIFESTS["Service", "product-gateway"]["metadata"]["labels"]
    assert not monitor["spec"]["selector"]["matchLabels"].items() <= callers.items()
    [endpoint] = monitor["spec"]["endpoints"]
    assert endpoint["port"] in {port["name"] for port in service["spec"]["ports"]} and endpoint["path"] == "/metrics"
    # The job's name, which the alerts use.
    assert service["metadata"]["labels"][monitor["spec"]["jobLabel"]] == "product-gateway"
    assert 'job="product-gateway"' in (DEPLOY / "prometheus/alerts.yml").read_text()

    printed = subprocess.run([KUBERNETES / "monitoring/prometheus-rule"], capture_output=True, check=True).stdout
    rule = yaml.safe_load(printed)
    assert (rule["apiVersion"], rule["kind"]) == ("monitoring.coreos.com/v1", "PrometheusRule")
    assert rule["spec"] == yaml.safe_load((DEPLOY / "prometheus/alerts.yml").read_text())


# Compose

SERVICES = yaml.safe_load((COMPOSE / "compose.yaml").read_text())["services"]


def test_the_compose_file_keeps_to_its_schema():
    if not shutil.which("docker-compose"):
        pytest.skip("docker-compose is not installed")
    result = subprocess.run(
        ["docker-compose", "--file", COMPOSE / "compose.yaml", "config", "--quiet"], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_everything_that_compose_mounts_is_there_and_nothing_is_a_copy():
    mounted = {}
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source, target, *mode = volume.split(":")
            if source.startswith("."):
                assert (COMPOSE / source).resolve().is_file(), volume
                assert mode == ["ro"], volume
                mounted[target] = (COMPOSE / source).resolve()
    assert mounted["/etc/prometheus/alerts.yml"] == DEPLOY / "prometheus/alerts.yml"
    home = SERVICES["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert mounted[home] == DEPLOY / "grafana/product-gateway.json"
    [provider] = yaml.safe_load((COMPOSE / "grafana/dashboards.yml").read_text())["providers"]
    assert Path(home).parent == Path(provider["options"]["path"])
    assert (COMPOSE / SERVICES["gateway"]["build"]).resolve() == REPOSITORY


def test_prometheus_and_grafana_of_compose_find_what_they_look_at(tmp_path):
    # In the container both files are in one folder.
    shutil.copy(COMPOSE / "prometheus.yml", tmp_path)
    shutil.copy(DEPLOY / "prometheus/alerts.yml", tmp_path)
    result = subprocess.run(
        ["promtool", "check", "config", tmp_path / "prometheus.yml"], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    [job] = yaml.safe_load((COMPOSE / "prometheus.yml").read_text())["scrape_configs"]
    port = json.loads((COMPOSE / "gateway.json").read_text())["admin"]["port"]
    assert job["job_name"] == "product-gateway" and job["static_configs"] == [{"targets": [f"gateway:{port}"]}]
    [source] = yaml.safe_load((COMPOSE / "grafana/datasource.yml").read_text())["datasources"]
    assert source["type"] == "prometheus" and source["isDefault"] is True and source["url"] == "http://prometheus:9090"


def test_the_gateway_of_compose_answers_the_request_that_its_file_shows(tmp_path, monkeypatch):
    service = SERVICES["gateway"]
    configuration = COMPOSE / "gateway.json"
    assert seconds(service["stop_grace_period"]) > seconds(json.loads(configuration.read_text())["drainTimeout"]) + 1
    assert service["command"][0] == "run" and service["command"][-2:] == ["--host", "0.0.0.0"]
    arguments = [{"/etc/gateway/gateway.json": str(configuration), "0.0.0.0": "127.0.0.1"}.get(each, each)
                 for each in service["command"][1:]]
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    gateway = Gateway(*arguments, "--port", "0", "--admin-port", "0", is_tls=False)
    try:
        assert [line["host"] for line in gateway.lines("listening") if line["for"] == "callers"] == ["127.0.0.1"]
        with Connection("localhost", gateway.port) as connection:
            answer = connection.request("PATCH", "/v1/products/EXT-PROD-12345?target=cor", {"name": "Premium Product"})
            assert answer.status == 200 and answer.json["product"]["name"] == "Premium Product"
    finally:
        assert gateway.stop() == 0


# The image


def test_the_dockerfile_agrees_with_the_configuration_in_it():
    configuration = json.loads((REPOSITORY / "gateway.json").read_text())
    ports = f"EXPOSE {configuration['listener']['port']} {configuration['admin']['port']}\n"
    assert ports in DOCKERFILE
    version = command("--version").stdout.decode().strip()
    assert f"ARG VERSION={version}\n" in DOCKERFILE
    assert "FROM scratch\n" in DOCKERFILE and "STOPSIGNAL SIGTERM\n" in DOCKERFILE
    # Nothing needs a shell, and the version of the base is named.
    for word in ("ENTRYPOINT", "CMD"):
        assert re.search(rf"^ *{word} \[", DOCKERFILE, re.MULTILINE)
        assert not re.search(rf"^ *{word} [^\[]", DOCKERFILE, re.MULTILINE)
    assert re.search(r"^ARG SWIFT_IMAGE=swift:\d+\.\d+\.\d+-bookworm$", DOCKERFILE, re.MULTILINE)


def test_the_build_gets_what_the_dockerfile_copies_and_nothing_else():
    lines = [line for line in (REPOSITORY / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    assert lines[0] == "*"
    copied = {part.split("/")[0] for line in re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE)
              for part in line.split()}
    allowed = {line[1:].split("/")[0] for line in lines if line.startswith("!")}
    assert {name.replace("Package.resolve[d]", "Package.resolved") for name in copied} == allowed


@pytest.mark.parametrize("script", ["demo", "test", "prerequisites", "image", "check-image"])
def test_scripts_explain_themselves_and_can_be_read(script):
    path = REPOSITORY / "scripts" / script
    assert subprocess.run(["bash", "-n", path], capture_output=True).returncode == 0
    assert os.access(path, os.X_OK)
    if script != "prerequisites":
        result = subprocess.run([path, "--help"], capture_output=True, text=True, timeout=30)
        assert result.returncode == 0 and f"scripts/{script}" in result.stdout


# What operators read


RUNBOOKS = "https://product-gateway.example/"


def anchor(heading):
    """What the usual renderers of Markdown make of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def alerts(document):
    return {rule["alert"]: rule for group in document["groups"] for rule in group["rules"]}


def test_every_alert_leads_to_its_section_and_every_section_has_its_alert():
    rules = alerts(yaml.safe_load((DEPLOY / "prometheus/alerts.yml").read_text()))
    text = (REPOSITORY / "docs/operations.md").read_text()
    anchors = {anchor(heading) for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    sections = dict(re.findall(r"^### (ProductGateway\w+)\n\n((?:(?!^##).*\n)+)", text, re.MULTILINE))
    assert set(sections) == set(rules)
    for name, rule in rules.items():
        address, _, fragment = rule["annotations"]["runbook_url"].partition("#")
        assert address == f"{RUNBOOKS}docs/operations.md"
        assert fragment in anchors and fragment == anchor(name)
        seen, done = re.fullmatch(
            r"\*\*What you see\.\*\* (.+?)\n\n\*\*What you do\.\*\*(.+)", sections[name].strip(), re.DOTALL).groups()
        assert len(seen) > 40 and len(done.strip()) > 10, name


def test_the_rule_of_the_operator_has_the_same_alerts_with_the_operators_own_addresses():
    def rule(*arguments):
        return subprocess.run(
            [KUBERNETES / "monitoring/prometheus-rule", *arguments], capture_output=True, text=True, timeout=10)

    plain = alerts(yaml.safe_load((DEPLOY / "prometheus/alerts.yml").read_text()))
    assert alerts(yaml.safe_load(rule().stdout)["spec"]) == plain
    own = alerts(yaml.safe_load(rule("https://git.example.org/gateway/").stdout)["spec"])
    assert own.keys() == plain.keys()
    for name, alert in own.items():
        runbook = f"https://git.example.org/gateway/docs/operations.md#{name.lower()}"
        assert alert["annotations"]["runbook_url"] == runbook
    for wrong in ("https://git.example.org/gateway", "git.example.org/", "https://x/#a/", "https://x/&/"):
        refused = rule(wrong)
        assert refused.returncode == 2 and refused.stdout == ""
