"""Callers that keep a pace."""

import subprocess
import time

from .bystanders import PRODUCT


class Load:
    """h2load with updates at a steady pace; what became of each, and how long it took."""

    def __init__(self, folder, gateway, targets, per_second, connections, seconds):
        self.log = folder / f"load-{time.monotonic_ns()}.log"
        body = folder / "body.json"
        body.write_text('{"name": "x"}')
        # The pace is that of each connection.
        self.process = subprocess.Popen(
            ["h2load", f"--clients={connections}", "--max-concurrent-streams=50", f"--duration={seconds}",
             f"--rps={per_second // connections}", f"--data={body}", f"--log-file={self.log}",
             "-H", ":method: PATCH", "-H", "content-type: application/json",
             *(f"http://127.0.0.1:{gateway.port}{PRODUCT}?target={target}" for target in targets)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def end(self):
        self.process.wait(120)
        rows = [line.split("\t") for line in self.log.read_text().splitlines()]
        self.statuses = [int(row[1]) for row in rows]
        self.milliseconds = sorted(int(row[2]) / 1000 for row in rows)
        return self

    def p99(self):
        return self.milliseconds[int(len(self.milliseconds) * 0.99)]

    def good(self):
        return sum(each == 200 for each in self.statuses)
