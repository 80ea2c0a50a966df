"""A headless Chromium, driven through its own protocol over two pipes: no driver, no port, no package of Python's."""

import base64
import json
import os
import subprocess

from harness.waiting import until


class Browser:
    def __init__(self, folder):
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        self.log = open(folder / "chromium.log", "wb")
        # No sandbox, because containers run as root and without the privileges that it needs; it only opens our page.
        command = (
            'exec chromium --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run'
            f' --disable-background-networking --user-data-dir="$1" --remote-debugging-pipe'
            f' about:blank 3<&{to_browser} 4>&{from_browser}')
        self.process = subprocess.Popen(
            ["bash", "-c", command, "chromium", str(folder / "profile")], stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=self.log, pass_fds=(to_browser, from_browser),
            env={**os.environ, "HOME": str(folder)})
        os.close(to_browser)
        os.close(from_browser)
        self._buffer = b""
        self._count = 0

    def call(self, method, session=None, **parameters):
        """One command; its result."""
        self._count += 1
        number = self._count
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return answer["result"]

    def _next(self):
        while b"\0" not in self._buffer:
            data = os.read(self._read, 1 << 16)
            assert data, "Chromium has ended"
            self._buffer += data
        message, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(message)

    def open(self, url, width=1280, height=900, scheme="light"):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, target, session)
        page.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        page.call("Page.navigate", url=url)
        return page

    def close(self):
        try:
            self.call("Browser.close")
        except (AssertionError, OSError):
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        os.close(self._read)
        os.close(self._write)
        self.log.close()


class Page:
    def __init__(self, browser, target, session):
        self._browser = browser
        self._target = target
        self._session = session

    def call(self, method, **parameters):
        return self._browser.call(method, self._session, **parameters)

    def evaluate(self, expression):
        """The value of a JavaScript expression."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def until(self, expression, what):
        return until(lambda: self.evaluate(expression), what, pause=0.1)

    def screenshot(self, file):
        file.write_bytes(base64.b64decode(
            self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"]))

    def close(self):
        self._browser.call("Target.closeTarget", targetId=self._target)
