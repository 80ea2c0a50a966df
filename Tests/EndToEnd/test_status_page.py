"""The status page in a real browser: what an operator asks first, live, on any screen, with nothing from elsewhere."""

import json
import re
import urllib.request

import pytest

from browser import Browser
from harness.configuration import SECRETS
from harness.vendor import Reply
from harness.waiting import until

ID = "60afe403-a191-455e-b771-c510c928a308"
UPDATE = f"/v1/products/{ID}"
GOOD = Reply(200, {"data": {"id": ID, "type": "product", "attributes": {"name": "x"}}})

LOADED = "document.querySelectorAll('.card').length > 0"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    browser = Browser(tmp_path_factory.mktemp("browser"))
    yield browser
    browser.close()


@pytest.fixture
def open_page(browser):
    pages = []

    def open(gateway, **options):
        page = browser.open(f"http://127.0.0.1:{gateway.admin_port}/", **options)
        pages.append(page)
        page.until(LOADED, "the page shows the targets")
        return page

    yield open
    for page in pages:
        page.close()


def text(page, selector):
    return page.evaluate(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''")


def test_it_shows_what_became_of_keys(gateway, open_page):
    page = open_page(gateway)
    page.until("document.querySelectorAll('#store dd').length > 0", "there is a row about the store")
    before = json.loads(urllib.request.urlopen(f"http://127.0.0.1:{gateway.admin_port}/status").read())["store"]
    for _ in range(2):
        gateway.update("cor", "EXT-PROD-12345", {"name": "x"}, headers={"idempotency-key": "status-page"})
    after = json.loads(urllib.request.urlopen(f"http://127.0.0.1:{gateway.admin_port}/status").read())["store"]
    assert (after["engine"], after["limits"], after["failures"]) == ("memory", "own", 0)
    assert after["claims"]["first"] == before["claims"]["first"] + 1
    assert after["claims"]["replayed"] == before["claims"]["replayed"] + 1
    tile = "[...document.querySelectorAll('#store > div')].find(tile => tile.innerText.startsWith('replayed'))"
    page.until(f"Number({tile}.querySelector('dd').innerText) >= 1", "the repetition is shown")
    assert "a restart forgets the keys" in page.evaluate("document.querySelector('#store').innerHTML")
    assert page.evaluate("document.getElementById('store-failure').hidden")


def test_it_shows_the_targets_the_workers_and_the_configuration(gateway, open_page):
    gateway.update("cor", "EXT-PROD-12345", {"name": "x"})
    page = open_page(gateway)
    names = page.evaluate("[...document.querySelectorAll('.card')].map(card => card.dataset.name)")
    assert sorted(names) == ["catalogue", "cor", "elastic-path", "softwareone"]
    page.until("document.querySelector('[data-name=cor]').dataset.health !== 'idle'", "cor has been asked")
    assert "ok" in text(page, "[data-name=cor] .codes")
    assert text(page, "#ready") == "ready"
    assert page.evaluate("document.querySelectorAll('#workers tbody tr').length") >= 1
    configuration = json.loads(page.evaluate("document.getElementById('configuration').textContent"))
    assert set(configuration["targets"]) == set(names)
    whole = page.evaluate("document.documentElement.outerHTML")
    for secret in SECRETS.values():
        assert secret not in whole


def test_a_vendor_that_falls_ill_is_seen_without_a_reload(vendor_gateway, open_page):
    vendor, gateway = vendor_gateway(GOOD)
    with gateway.connect() as connection:
        connection.request("PATCH", UPDATE, {"name": "x"})
        page = open_page(gateway)
        page.until("document.querySelector('[data-name=acme]').dataset.health === 'well'", "the vendor is well")
        vendor.script = [Reply(500, {"errors": [{"title": "down", "status": "500"}]}) for _ in range(8)]
        for number in range(8):
            connection.request("PATCH", UPDATE, {"name": "x"}, {"x-request-id": f"failing-request-{number}"})
    page.until("document.querySelector('[data-name=acme]').dataset.health === 'ill'", "the vendor is shown as ill")
    assert "vendor error" in text(page, "[data-name=acme] .last")
    # Eight failures of one kind are one entry, which unfolds and stays so.
    assert page.evaluate("document.querySelectorAll('#failures .group > ul > li').length") == 1
    page.until("document.querySelector('#failures .kind').innerText.includes('8 since')", "all are counted")
    assert "failing-request-7" in text(page, "#failures") and "failing-request-6" not in text(page, "#failures")
    page.evaluate("document.querySelector('#failures summary').click()")
    shown = page.evaluate("document.getElementById('updated').textContent")
    page.until(f"document.getElementById('updated').textContent !== {json.dumps(shown)}", "the page has asked again")
    assert "failing-request-6" in text(page, "#failures details")


@pytest.fixture
def two_vendors(start_vendor, start_gateway):
    """A vendor that fails and one that does not, behind targets whose names are in the other order."""
    ill, well = start_vendor(Reply(503, {"errors": [{"title": "down", "status": "503"}]})), start_vendor(GOOD)
    target = {"dialect": "elastic-path", "retries": {"attempts": 1}}
    gateway = start_gateway(
        {"a-well": {**target, "baseURL": well.url}, "b-ill": {**target, "baseURL": ill.url},
         "c-idle": {**target, "baseURL": well.url}}, workers=1)
    with gateway.connect() as connection:
        for number in range(6):
            for name in ("a-well", "b-ill"):
                connection.request("PATCH", f"{UPDATE}?target={name}", {"name": f"{number}"})
            connection.request("PATCH", f"{UPDATE}?target=b-ill", {"nmae": "x"})
    return gateway


def test_ill_targets_come_first_and_each_has_its_failures_together(two_vendors, open_page):
    page = open_page(two_vendors)
    page.until("document.querySelector('[data-name=b-ill]').dataset.health === 'ill'", "the vendor is shown as ill")
    order = page.evaluate("[...document.querySelectorAll('.card')].map(card => card.dataset.name)")
    assert order == ["b-ill", "a-well", "c-idle"], "those that are well and those that are idle by their names"
    assert page.evaluate("[...document.querySelectorAll('#failures .group')].map(group => group.dataset.target)") == [
        "b-ill"]
    kinds = "[...document.querySelectorAll('#failures .kind b')].map(kind => kind.textContent)"
    assert page.evaluate(kinds) == ["vendor unavailable"]
    page.evaluate("document.querySelector('[data-which=rejections]').click()")
    assert page.evaluate(kinds) == ["validation failed"]


def test_every_number_says_over_which_time(two_vendors, open_page):
    page = open_page(two_vendors)
    tiles = page.evaluate("[...document.querySelectorAll('#tiles dt small')].map(each => each.textContent)")
    assert len(tiles) == 9 and all(re.fullmatch(r"1 min|\d+ s|now|since the start", each) for each in tiles), tiles
    assert re.search(r"the last (minute|\d+ s)", text(page, "h2 .window"))
    assert re.search(r"\d+ in (1 min|\d+ s) · 6 since \d\d:\d\d:\d\d", text(page, "#failures .kind"))
    assert "requests / s, 5 min" in text(page, "[data-name=b-ill] figcaption")


def test_the_last_failure_stays_when_nothing_is_asked_any_more(two_vendors, open_page):
    """What the page makes of a status from ten minutes later: nobody waits for it here."""
    page = open_page(two_vendors)
    page.until("document.querySelector('[data-name=b-ill]').dataset.health === 'ill'", "the vendor is shown as ill")
    later = json.loads(page.evaluate("JSON.stringify(latest)"))
    ill = later["targets"][1]
    # The samples of every five seconds keep what the target was like.
    until(lambda: status(two_vendors)["targets"][1].get("lastHealth") == "ill", "the health is remembered", seconds=10)
    ill.update(status(two_vendors)["targets"][1], health="idle", codes=[], requests=0, requestsPerSecond=0)
    later["now"] = ill["lastHealthAt"] + 600_000
    page.evaluate(f"show({json.dumps(later)})")
    order = page.evaluate("[...document.querySelectorAll('.card')].map(card => card.dataset.name)")
    assert order.index("b-ill") < order.index("c-idle")
    card = text(page, "[data-name=b-ill]")
    assert "idle" in card and "ill when it was last asked, 10 min ago" in card
    assert "Last failure: vendor unavailable" in card


def status(gateway):
    with urllib.request.urlopen(f"http://127.0.0.1:{gateway.admin_port}/status", timeout=10) as answer:
        return json.loads(answer.read())


def test_rejected_requests_are_a_click_away(gateway, open_page):
    answer = gateway.update("cor", "EXT-PROD-12345", {"sku": "x"})
    page = open_page(gateway)
    page.evaluate("document.querySelector('[data-which=rejections]').click()")
    page.until(f"document.getElementById('failures').innerText.includes({json.dumps(answer.json['requestId'])})",
               "the rejection is listed")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 800, 1600])
def test_it_fits_the_screen_and_can_be_read(gateway, open_page, tmp_path, width, scheme):
    gateway.update("cor", "EXT-PROD-99999", {"name": "x"})
    page = open_page(gateway, width=width, scheme=scheme)
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    page.screenshot(tmp_path / "page.png")
    assert (tmp_path / "page.png").stat().st_size > 5000
    contrasts = page.evaluate(CONTRASTS)
    assert contrasts and min(each["ratio"] for each in contrasts) >= 4.5, sorted(
        contrasts, key=lambda each: each["ratio"])[:5]
    lightness = page.evaluate(
        "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + +b, 0)")
    assert (lightness > 600) == (scheme == "light")


def test_it_asks_nobody_but_the_gateway(gateway, open_page):
    page = open_page(gateway)
    asked = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    assert asked and all(url == f"http://127.0.0.1:{gateway.admin_port}/status" for url in asked)


def test_it_says_when_the_gateway_does_not_answer(vendor_gateway, open_page):
    _, gateway = vendor_gateway(GOOD)
    page = open_page(gateway)
    assert page.evaluate("document.getElementById('alarm').hidden")
    assert gateway.stop() == 0
    page.until("!document.getElementById('alarm').hidden", "the page says that the gateway is gone")
    assert "has not answered since" in text(page, "#alarm")


# WCAG 2.1, success criterion 1.4.3: every text against the nearest background that is painted behind it.
CONTRASTS = """
(() => {
  const channels = colour => colour.match(/[\\d.]+/g).map(Number);
  const luminance = colour => channels(colour).slice(0, 3).map(value => value / 255)
    .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const background = element => {
    for (; element; element = element.parentElement) {
      const colour = getComputedStyle(element).backgroundColor;
      const parts = channels(colour);
      if (parts.length < 4 || parts[3] > 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  return [...document.body.querySelectorAll("*")].filter(element => element.offsetParent
    && [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())).map(element => {
    const [a, b] = [luminance(getComputedStyle(element).color), luminance(background(element))];
    return { text: element.textContent.trim().slice(0, 30), ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) };
  });
})()
"""
