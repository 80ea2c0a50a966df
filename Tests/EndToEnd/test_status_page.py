"""The status page in a real browser: what an operator asks first, live, on any screen, with nothing from elsewhere."""

import json

import pytest

from browser import Browser
from harness.configuration import SECRETS
from harness.vendor import Reply

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


def test_it_shows_the_targets_the_workers_and_the_configuration(gateway, open_page):
    gateway.update("cor", "EXT-PROD-12345", {"name": "x"})
    page = open_page(gateway)
    names = page.evaluate("[...document.querySelectorAll('.card')].map(card => card.dataset.name)")
    assert names == ["catalogue", "cor", "elastic-path", "softwareone"]
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
    assert "failing-request-7" in text(page, "#failures")
    assert "vendor error" in text(page, "[data-name=acme] .last")


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
