"""Those who must not suffer: callers that behave while somebody else attacks, and the gateway's memory."""

import threading
import time

from .http2_client import ConnectionGone, StreamReset

PRODUCT = "/v1/products/60afe403-a191-455e-b771-c510c928a308"


class Bystanders:
    """Well-behaved callers on connections of their own; as a context manager they ask on and on until its end.

    One sends updates, which share the connection to the vendor with the attack; one asks what needs no vendor. Every
    answer must be a 200, or a 503 where the gateway may say that it is short of memory. Meanwhile the gateway's memory
    is looked at; `megabytes` bounds how much it may grow.
    """

    def __init__(self, gateway, megabytes, update=None, may_be_refused=False):
        self.gateway = gateway
        self.bytes_max = megabytes * 1_000_000
        self.update = update or {"name": "a good neighbour"}
        self.may_be_refused = may_be_refused
        self.answered = 0
        self.refused = 0
        self.slowest = 0.0
        # What each request took, by its method.
        self.seconds = {"PATCH": [], "GET": []}
        self.failures = []
        self.peak = 0
        self._stops = threading.Event()

    def __enter__(self):
        for method, path, body in (("PATCH", PRODUCT, self.update), ("GET", "/v1/targets", None)):
            assert self.gateway.request(method, path, body).status == 200
        self.before = self.gateway.memory_bytes()
        self._threads = [
            threading.Thread(target=self._ask, args=("PATCH", PRODUCT, self.update), daemon=True),
            threading.Thread(target=self._ask, args=("GET", "/v1/targets", None), daemon=True),
            threading.Thread(target=self._weigh, daemon=True)]
        for thread in self._threads:
            thread.start()
        return self

    def _ask(self, method, path, body):
        try:
            with self.gateway.connect() as connection:
                while not self._stops.is_set():
                    started = time.monotonic()
                    answer = connection.request(method, path, body)
                    self.seconds[method].append(time.monotonic() - started)
                    self.slowest = max(self.slowest, self.seconds[method][-1])
                    if answer.status == 503 and self.may_be_refused:
                        self.refused += 1
                    elif answer.status != 200:
                        self.failures.append(f"{method}: {answer}")
                        return
                    self.answered += 1
                    time.sleep(0.002)
        except (AssertionError, ConnectionGone, StreamReset, OSError) as error:
            self.failures.append(f"{method}: {error!r}")

    def _weigh(self):
        while not self._stops.is_set():
            try:
                self.peak = max(self.peak, self.gateway.memory_bytes())
            except (OSError, AttributeError):
                return
            time.sleep(0.02)

    def must_be_served(self, count=20):
        """Waits until that many more of their requests have been answered."""
        goal, end = self.answered + count, time.monotonic() + 20
        while self.answered < goal and not self.failures and time.monotonic() < end:
            time.sleep(0.01)
        assert not self.failures, self.failures
        assert self.answered >= goal, "the neighbours are not served any more"

    def __exit__(self, kind, *_):
        if kind is None:
            self.must_be_served()
        self._stops.set()
        for thread in self._threads:
            thread.join(30)
        if kind is None:
            assert not self.failures, self.failures
            growth = self.peak - self.before
            assert growth <= self.bytes_max, f"{growth / 1e6:.0f} MB more, {self.bytes_max / 1e6:.0f} are allowed"
