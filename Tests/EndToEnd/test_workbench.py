"""The workbench in a real browser: a canonical update and what each vendor would be sent, side by side, live."""

import base64
import json
import re
import signal
import urllib.error
import urllib.request

import pytest

from browser import Browser
from harness.configuration import SECRETS
from harness.vendor import Reply
from harness.waiting import until

TRANSLATED = "document.querySelectorAll('#requests .request-card').length > 0"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    browser = Browser(tmp_path_factory.mktemp("browser"))
    yield browser
    browser.close()


@pytest.fixture
def open_workbench(browser):
    pages = []

    def open(gateway, state=None, **options):
        fragment = "#" + base64.urlsafe_b64encode(json.dumps(state).encode()).decode().rstrip("=") if state else ""
        page = browser.open(f"http://127.0.0.1:{gateway.admin_port}/workbench{fragment}", **options)
        pages.append(page)
        page.until(TRANSLATED, "something is translated")
        return page

    yield open
    for page in pages:
        page.close()


def text(page, selector):
    return page.evaluate(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''")


def edit(page, document, selector="#document"):
    """Types a text into the editor, as far as its page can tell."""
    page.evaluate(f"""(() => {{
        const area = document.querySelector({json.dumps(selector)});
        area.value = {json.dumps(document)};
        area.dispatchEvent(new Event('input'));
    }})()""")


def card(name):
    return f"#requests [data-name={json.dumps(name)}]"


def state(document, targets=None, **members):
    return {"document": document, "id": "60afe403-a191-455e-b771-c510c928a308", "targets": targets, **members}


def centre(page, selector):
    return page.evaluate(f"""(() => {{
        const box = document.querySelector({json.dumps(selector)}).getClientRects()[0];
        return [box.x + box.width / 2, box.y + box.height / 2];
    }})()""")


def hover(page, selector):
    page.evaluate(f"document.querySelector({json.dumps(selector)}).scrollIntoView({{block: 'center'}})")
    x, y = centre(page, selector)
    page.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)


LIT = "[...document.querySelectorAll('.lit')].map(element => element.textContent)"


def test_each_target_is_shown_its_own_request_as_one_types(gateway, open_workbench):
    page = open_workbench(gateway)
    names = page.evaluate("[...document.querySelectorAll('#requests [data-name]')].map(card => card.dataset.name)")
    assert names == ["catalogue", "cor", "elastic-path", "softwareone"]
    edit(page, '{"name": "Typed in", "weight": 1.10}')
    page.until(f"{TRANSLATED} && document.querySelector({json.dumps(card('cor'))}).innerText.includes('refused')",
               "an unknown member is refused")
    edit(page, '{"name": "Typed in"}')
    page.until("document.getElementById('requests').innerText.match(/Typed in/g)?.length === 4", "all four take it")
    assert "PUT https" in text(page, card("elastic-path")) or "PUT http" in text(page, card("elastic-path"))
    assert '"type": "product"' in text(page, card("elastic-path"))
    assert "4 of 4 targets take it" in text(page, "#state")


def test_exact_values_stay_what_they_are(gateway, open_workbench):
    document = '{"vendorFields":{"cor":{"a":12345678901234567890,"b":1.10,"c":1e400,"d":"caf\\u00e9"}}}'
    page = open_workbench(gateway, state(document, ["cor"]))
    shown = text(page, card("cor"))
    for value in ("12345678901234567890", "1.10", "1e400", '"caf\\u00e9"'):
        assert value in shown


def test_a_value_is_linked_with_where_it_went_both_ways(gateway, open_workbench):
    page = open_workbench(gateway, state(
        '{"name": "n", "gtin": "0012345678905"}', ["elastic-path"]))
    hover(page, "#editor [data-pointer='/gtin']")
    page.until(f"({LIT}).length === 2", "the value is lit where it came from and where it went")
    assert page.evaluate(LIT) == ['"0012345678905"', '"0012345678905"']
    assert text(page, "#where") == "/gtin → elastic-path /data/attributes/upc_ean"
    hover(page, f"{card('elastic-path')} [data-place$='/data/attributes/name']")
    page.until(f"({LIT})[0] === '\"n\"'", "and back")
    assert text(page, "#where") == "/name → elastic-path /data/attributes/name"
    # A keyboard gets to both sides: the cursor in the editor, Tab in the requests, Enter back.
    page.evaluate("document.activeElement.blur(); document.getElementById('document').focus();"
                  "document.getElementById('document').setSelectionRange(10, 10);")
    for kind in ("keyDown", "keyUp"):
        page.call("Input.dispatchKeyEvent", type=kind, key="ArrowRight", code="ArrowRight", windowsVirtualKeyCode=39)
    page.until("document.getElementById('where').innerText.startsWith('/name →')", "the cursor shows it")
    page.evaluate("[...document.querySelectorAll('#requests [data-place]')].find(e => "
                  "e.dataset.place.endsWith('upc_ean')).focus()")
    page.until("document.getElementById('where').innerText.startsWith('/gtin →')", "the focus shows it")
    page.call("Input.dispatchKeyEvent", type="keyDown", key="Enter", code="Enter", windowsVirtualKeyCode=13, text="\r")
    page.call("Input.dispatchKeyEvent", type="keyUp", key="Enter", code="Enter", windowsVirtualKeyCode=13)
    page.until("document.activeElement.id === 'document'", "Enter leads to the value in the editor")
    selected = ("(area => area.value.slice(area.selectionStart, area.selectionEnd))"
                "(document.getElementById('document'))")
    assert page.evaluate(selected) == '"0012345678905"'


def test_every_request_of_an_update_is_shown_and_linked(start_gateway, open_workbench):
    gateway = start_gateway({"adobe": {
        "dialect": "adobe-commerce", "baseURL": "http://localhost:1",
        "parameters": {"currency": "EUR", "weightUnit": "kg"}}})
    page = open_workbench(gateway, state('{"name": "Desk", "translations": {"de": {"name": "Tisch"}}}', ["adobe"]))
    shown = text(page, card("adobe"))
    first, then = shown.split("then PUT")
    assert "/rest/all/V1/products/" in first and '"Desk"' in first and "Tisch" not in first
    assert "/rest/de/V1/products/" in then and '"Tisch"' in then and "Desk" not in then
    # A value is linked with the request that it went into, and with no other.
    hover(page, "#editor [data-pointer='/translations/de/name']")
    page.until(f"({LIT}).length === 2", "the value is lit where it came from and where it went")
    assert page.evaluate(LIT) == ['"Tisch"', '"Tisch"']


def test_what_is_refused_is_marked_where_it_stands_and_lenient_shows_the_loss(gateway, open_workbench):
    page = open_workbench(gateway, state('{"name": "n", "slug": "s", "status": "sold"}', ["cor", "elastic-path"]))
    marked = "[...document.querySelectorAll('#editor .refused')].map(each => each.dataset.pointer)"
    page.until(f"({marked}).length === 2", "two are marked")
    assert page.evaluate(marked) == ["/slug", "/status"]
    assert "/status" in text(page, card("elastic-path")) and "not allowed" in text(page, card("elastic-path"))
    assert page.evaluate("document.getElementById('document').getAttribute('aria-invalid')") == "true"
    # From the list to the place.
    page.evaluate("[...document.querySelectorAll('#requests .pointer')].find(e => e.innerText === '/slug').click()")
    assert page.evaluate("document.getElementById('document').selectionStart") == 22
    edit(page, '{"name": "n", "slug": "s"}')
    page.until(f"document.querySelector({json.dumps(card('cor'))}).innerText.includes('With handling lenient')",
               "what lenient would send is shown")
    assert "Left out" in text(page, card("cor"))
    page.evaluate("(s => { s.value = 'lenient'; s.dispatchEvent(new Event('input', {bubbles: true})); })"
                  "(document.getElementById('handling'))")
    page.until("document.querySelectorAll('#editor .lost').length === 1", "the loss is marked")
    assert "taken in part" in text(page, card("cor"))


def test_a_text_that_is_no_json_is_told_with_its_place(gateway, open_workbench):
    page = open_workbench(gateway)
    edit(page, '{"name": "n",\n  "sku": }')
    page.until("!document.getElementById('malformed').hidden", "the mistake is told")
    assert text(page, "#malformed").startswith("Line 2, column 10:")
    assert page.evaluate("document.querySelector('#editor .refused').textContent") == "}"


def test_a_vendors_answer_is_folded_and_linked(gateway, open_workbench):
    page = open_workbench(gateway, state('{"name": "n"}', ["elastic-path"], answer={
        "target": "elastic-path", "status": "422", "fields": "",
        "body": json.dumps({"errors": [{"title": "Failed Validation", "detail": "too short", "status": "422",
                                        "source": {"pointer": "/data/attributes/upc_ean"}}]})}))
    page.until("document.querySelectorAll('#folded .request-card').length === 1", "the answer is folded")
    assert "422" in text(page, "#folded") and '"pointer": "/gtin"' in text(page, "#folded")
    hover(page, "#answer-editor [data-pointer='/errors/0/detail']")
    page.until("document.getElementById('answer-where').innerText.includes('/errors/0/detail')", "it is linked")
    edit(page, '{"data":{"id":"60afe403-a191-455e-b771-c510c928a308","attributes":{"name":"n"}}}', "#answer")
    page.evaluate("(s => { s.value = '200'; s.dispatchEvent(new Event('input', {bubbles: true})); })"
                  "(document.getElementById('answer-status'))")
    page.until("document.getElementById('folded').innerText.includes('application/json')", "a product is folded")
    assert '"product"' in text(page, "#folded")


def test_every_shipped_dialect_has_an_example_and_a_link_brings_it_back(gateway, open_workbench):
    page = open_workbench(gateway)
    titles = page.evaluate("[...document.querySelectorAll('#example option')].map(option => option.innerText)")
    for vendor in ("COR", "Elastic Path", "SoftwareOne"):
        assert any(title.startswith(vendor) for title in titles), titles
    index = next(index for index, title in enumerate(titles) if title.startswith("Elastic Path"))
    page.evaluate(f"(s => {{ s.selectedIndex = {index}; s.dispatchEvent(new Event('change')); }})"
                  "(document.getElementById('example'))")
    page.until("document.getElementById('requests').innerText.includes('upc_ean')", "the example is translated")
    page.until("document.getElementById('folded').innerText.includes('\"product\"')", "its answer is folded")
    address = page.evaluate("location.href")
    document = page.evaluate("document.getElementById('document').value")
    assert "#" in address and "Espresso" not in address.split("#")[0]
    other = open_workbench(gateway, json.loads(base64.urlsafe_b64decode(address.split("#")[1] + "===")))
    assert other.evaluate("document.getElementById('document').value") == document
    other.until("document.getElementById('requests').innerText.includes('upc_ean')", "the same is translated")
    assert other.evaluate("[...document.querySelectorAll('#targets input:checked')].map(each => each.value)") == [
        "elastic-path"]


@pytest.mark.parametrize("options", [
    {"width": 1500, "height": 1200}, {"width": 1500, "height": 1200, "scheme": "dark"},
    {"width": 390, "height": 844}, {"width": 390, "height": 844, "scheme": "dark"}], ids=str)
def test_it_fits_any_screen_and_is_readable(gateway, open_workbench, tmp_path, options):
    page = open_workbench(gateway, **options)
    page.until("document.querySelectorAll('#editor .carried').length > 0", "the values are linked")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # The text and its copy behind it are set alike, or marks would stand beside their values.
    assert page.evaluate("""(() => {
        const [back, area] = ['pre', 'textarea'].map(name => document.querySelector('#editor ' + name));
        const [a, b] = [back, area].map(element => getComputedStyle(element));
        return ['font', 'padding', 'lineHeight', 'whiteSpace', 'overflowWrap', 'tabSize'].every(
            name => a[name] === b[name]) && Math.abs(back.clientWidth - area.clientWidth) < 1
            && area.scrollHeight <= area.clientHeight + 1;
    })()""")
    unnamed = """[...document.querySelectorAll('input, select, textarea, button')].filter(element =>
        !element.closest('[hidden]') && !element.labels?.length && !element.getAttribute('aria-label')
        && !element.innerText).length"""
    assert page.evaluate(unnamed) == 0
    page.screenshot(tmp_path / f"workbench-{options['width']}-{options.get('scheme', 'light')}.png")


def test_it_asks_nobody_else_and_sends_nothing_to_a_vendor(vendor_gateway, open_workbench):
    vendor, gateway = vendor_gateway(Reply(200, {}))
    page = open_workbench(gateway)
    edit(page, '{"name": "<img src=x onerror=alert(1)>"}')
    page.until("document.getElementById('requests').innerText.includes('<img')", "markup is text")
    assert page.evaluate("document.querySelectorAll('img').length") == 0
    resources = page.evaluate("performance.getEntriesByType('resource').map(each => each.name)")
    assert all(name.startswith(f"http://127.0.0.1:{gateway.admin_port}/workbench/") or name.startswith("data:")
               for name in resources), resources
    assert vendor.requests == []
    with urllib.request.urlopen(f"http://127.0.0.1:{gateway.admin_port}/workbench", timeout=10) as answer:
        policy, html = answer.headers["content-security-policy"], answer.read().decode()
    assert "default-src 'none'" in policy and "unsafe" not in policy and "form-action 'none'" in policy
    assert not re.search(r"(src|href)=\"?(https?:|//)", html)


def post(gateway, path, body, content_type="application/json"):
    request = urllib.request.Request(
        f"http://127.0.0.1:{gateway.admin_port}{path}", data=body, headers={"content-type": content_type})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_its_endpoints_are_read_only_bounded_and_not_for_forms(gateway):
    question = json.dumps({"document": '{"name":"n"}', "id": "P1"}).encode()
    status, body = post(gateway, "/workbench/translate", question)
    assert status == 200
    for secret in SECRETS.values():
        assert secret.encode() not in body
    assert post(gateway, "/workbench/translate", question, "text/plain")[0] == 415
    assert post(gateway, "/workbench/translate", b"x" * (600 << 10))[0] == 413
    assert post(gateway, "/workbench/translate", b"{}{")[0] == 400
    assert post(gateway, "/workbench/other", b"{}")[0] == 404
    assert post(gateway, "/metrics", b"{}")[0] == 405
    with urllib.request.urlopen(f"http://127.0.0.1:{gateway.admin_port}/livez", timeout=1) as answer:
        assert answer.status == 200


def test_a_page_that_types_without_pause_does_not_hold_up_a_health_check(gateway):
    """The longest question that is answered: its links cost the most translations that are made."""
    document = json.dumps({"customFields": {f"field{number}": "x" * 20 for number in range(3000)}})
    question = json.dumps({"document": document, "id": "P1"}).encode()
    status, body = post(gateway, "/workbench/translate", question)
    assert status == 200 and json.loads(body)["linksLeftOut"] is True


def test_it_is_off_where_it_is_configured_off(start_vendor, start_gateway):
    vendor = start_vendor(Reply(200, {}))
    gateway = start_gateway({"acme": {"dialect": "elastic-path", "baseURL": vendor.url}})
    assert post(gateway, "/workbench/translate", b'{"document":"{}"}')[0] == 200
    configuration = json.loads(gateway.file.read_text())
    configuration["admin"]["workbench"] = False
    gateway.file.write_text(json.dumps(configuration))
    gateway.signal(signal.SIGHUP)
    until(lambda: post(gateway, "/workbench/translate", b'{"document":"{}"}')[0] == 404, "it is off")
    for path in ("/workbench", "/workbench/start"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"http://127.0.0.1:{gateway.admin_port}{path}", timeout=10)
        assert refused.value.code == 404
