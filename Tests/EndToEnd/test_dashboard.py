"""The dashboard, against the shape that Grafana documents for its JSON model. No Grafana opens it here."""

import json
import re

import pytest

from harness.processes import REPOSITORY

DASHBOARD = json.loads((REPOSITORY / "deploy/grafana/product-gateway.json").read_text())
PANELS = DASHBOARD["panels"]
DRAWN = [panel for panel in PANELS if panel["type"] != "row"]
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
# The ids of Grafana's own units that a dashboard of this kind needs.
UNITS = {"none", "short", "s", "ms", "bytes", "Bps", "binBps", "reqps", "ops", "cps", "percentunit", "dateTimeFromNow",
         "dateTimeAsIso"}


def test_it_can_be_imported():
    assert DASHBOARD["uid"] == "product-gateway" and DASHBOARD["title"]
    # 39 is what Grafana 10 and 11 write; newer ones migrate it.
    assert DASHBOARD["schemaVersion"] == 39
    assert "id" not in DASHBOARD, "an id of one Grafana's own database"
    assert not {"__inputs", "__requires"} & set(DASHBOARD), "provisioning does not fill inputs in"
    assert DASHBOARD["time"] == {"from": "now-1h", "to": "now"}
    assert re.fullmatch(r"\d+[smh]", DASHBOARD["refresh"])


def test_ids_are_unique_and_panels_neither_overlap_nor_leave_the_grid():
    ids = [panel["id"] for panel in PANELS]
    assert len(ids) == len(set(ids)) and all(isinstance(id, int) for id in ids)
    taken = {}
    for panel in PANELS:
        place = panel["gridPos"]
        assert set(place) == {"h", "w", "x", "y"}
        assert place["h"] > 0 and place["w"] > 0 and 0 <= place["x"] and place["x"] + place["w"] <= 24, panel["title"]
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                assert (x, y) not in taken, f"{panel['title']} lies over {taken[x, y]}"
                taken[x, y] = panel["title"]
    # Grafana moves panels up into gaps: what is drawn is what is written only if there are none.
    assert {y for _, y in taken} == set(range(max(y for _, y in taken) + 1))
    tops = [(panel["gridPos"]["y"], panel["gridPos"]["x"]) for panel in PANELS]
    assert tops == sorted(tops), "panels are not in the order in which they are read"


def test_rows_hold_the_panels_below_them():
    for panel in PANELS:
        if panel["type"] == "row":
            assert panel["panels"] == [] and panel["collapsed"] is False
            assert panel["gridPos"]["w"] == 24 and panel["gridPos"]["h"] == 1


@pytest.mark.parametrize("panel", DRAWN, ids=lambda panel: panel["title"])
def test_a_panel_has_what_its_kind_needs(panel):
    assert panel["type"] in {"timeseries", "stat", "table"}
    assert panel["title"] and panel["datasource"] == SOURCE
    assert panel["targets"]
    references = [target["refId"] for target in panel["targets"]]
    assert len(references) == len(set(references))
    for target in panel["targets"]:
        assert target["datasource"] == SOURCE and target["expr"]
        for label in re.findall(r"\{\{(\w+)\}\}", target.get("legendFormat", "")):
            grouped = re.findall(r"\bby \(([a-z, ]+)\)", target["expr"])
            assert not grouped or any(label in group for group in grouped), f"no series has {label}"
    configuration = panel["fieldConfig"]
    assert set(configuration) == {"defaults", "overrides"}
    assert configuration["defaults"].get("unit", "none") in UNITS
    if panel["type"] == "timeseries":
        assert {"legend", "tooltip"} <= set(panel["options"])
        assert configuration["defaults"]["custom"]["drawStyle"] == "line"
        # Several queries in one panel must be told apart.
        if len(panel["targets"]) > 1:
            assert all(target["legendFormat"] for target in panel["targets"])
    if panel["type"] == "stat":
        assert panel["options"]["reduceOptions"]["calcs"]
        steps = configuration["defaults"]["thresholds"]["steps"]
        assert steps[0]["value"] is None, "the first step has no lower bound"
        assert [step["value"] for step in steps[1:]] == sorted(step["value"] for step in steps[1:])


def test_variables_are_declared_before_they_are_used():
    declared = []
    for variable in DASHBOARD["templating"]["list"]:
        used = set(re.findall(r"\$\{?(\w+)\}?", json.dumps(variable["query"])))
        assert used <= set(declared), variable["name"]
        if variable["type"] == "query":
            assert variable["datasource"] == SOURCE and variable["refresh"] == 2
        else:
            assert (variable["type"], variable["query"]) == ("datasource", "prometheus")
        declared.append(variable["name"])
    used = set(re.findall(r"\$\{?(\w+)\}?", json.dumps([PANELS, DASHBOARD["annotations"]])))
    assert used - {"__rate_interval"} == set(declared)


def test_every_query_can_be_limited_to_instances():
    for panel in DRAWN:
        for target in panel["targets"]:
            for metric, matchers in re.findall(r"\b((?:product_gateway|process)_\w+)(\{[^}]*\})?", target["expr"]):
                assert 'instance=~"$instance"' in matchers, (panel["title"], metric)


def test_it_covers_what_operators_ask():
    rows = [panel["title"] for panel in PANELS if panel["type"] == "row"]
    assert rows == ["Now", "Traffic", "Errors", "Latency", "Vendors", "Saturation", "Callers",
                    "Idempotency keys", "Streams of updates", "Callers by name", "What runs"]
    queries = " ".join(target["expr"] for panel in DRAWN for target in panel["targets"])
    for needed in ("by (code)", "by (target, code)", "histogram_quantile(0.5", "histogram_quantile(0.99",
                   "upstream_queue_depth", "worker_cpu_seconds", "open_fds", "credential_refreshes",
                   "vendor_answer_statuses", "certificate_not_after", "sessions_ended_for_abuse"):
        assert needed in queries, needed
