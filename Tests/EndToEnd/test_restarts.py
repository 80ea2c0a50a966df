"""A new gateway takes over from an old one on the same port, again and again under load, and no caller loses a request."""

import json
import signal
import threading

from harness.configuration import listener, write
from harness.http2_client import Connection, ConnectionGone, StreamReset
from harness.processes import Gateway
from harness.vendor import Reply
from harness.waiting import until

ID = "60afe403-a191-455e-b771-c510c928a308"
UPDATE = f"/v1/products/{ID}"
GOOD = Reply(200, {"data": {"id": ID, "type": "product", "attributes": {"name": "x"}}})
RESTARTS = 10
REFUSED_STREAM = 7


class Caller(threading.Thread):
    """Follows RFC 9113: repeats what a GOAWAY or a refusal left out, on a new connection; counts everything else as lost."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port = port
        self.must_stop = threading.Event()
        self.answered = []
        self.lost = []

    def run(self):
        while not self.must_stop.is_set():
            try:
                connection = Connection("localhost", self.port)
                # Before the other side has spoken nobody has accepted the connection, and nothing is lost with it.
                connection.read_until(lambda: connection.h2.remote_settings.max_concurrent_streams <= 1000)
            except (OSError, ConnectionGone):
                continue
            with connection:
                self.use(connection)

    def use(self, connection):
        while not self.must_stop.is_set() and connection.goaway is None and not connection.is_closed:
            try:
                streams = [connection.send("PATCH", UPDATE, {"name": "x"}) for _ in range(4)]
            except (ConnectionGone, OSError):
                return
            for stream in streams:
                try:
                    self.answered.append(connection.answer(stream).status)
                except StreamReset as reset:
                    if reset.code != REFUSED_STREAM:
                        self.lost.append(f"stream {stream} reset with {reset.code}")
                except ConnectionGone:
                    if connection.last_stream is None or stream <= connection.last_stream:
                        self.lost.append(f"stream {stream} of {connection.last_stream}: connection closed")


def test_ten_restarts_under_load_lose_no_request(tmp_path, start_vendor):
    vendor = start_vendor(GOOD)
    configuration = {
        "listener": listener(), "admin": {"host": "127.0.0.1", "port": 0}, "workers": 2, "defaultTarget": "acme",
        "targets": {"acme": {"dialect": "elastic-path", "baseURL": vendor.url}}}
    current = Gateway("--config", write(tmp_path, configuration), is_tls=False)
    configuration["listener"]["port"] = current.port
    file = write(tmp_path, json.dumps(configuration), "same-port.json")
    callers = [Caller(current.port) for _ in range(4)]
    for caller in callers:
        caller.start()
    try:
        for _ in range(RESTARTS):
            count = sum(len(caller.answered) for caller in callers)
            until(lambda: sum(len(caller.answered) for caller in callers) > count + 40, "the load runs")
            following = Gateway("--config", file, is_tls=False)
            current.signal(signal.SIGTERM)
            assert current.wait() == 0, current.text[-2000:]
            current = following
    finally:
        for caller in callers:
            caller.must_stop.set()
        for caller in callers:
            caller.join(20)
        code = current.stop()
    assert code == 0
    assert [lost for caller in callers for lost in caller.lost] == []
    assert {status for caller in callers for status in caller.answered} == {200}
