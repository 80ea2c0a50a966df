"""Streams of many lines: in constant memory, at the vendor's pace, and beside others.

For a release build and an idle machine.

`GATEWAY_BULK_LINES=1000000` runs it; scripts/check-all does, and prints the figures.
"""

import json
import os
import re
import shutil
import subprocess
import time

import pytest

from harness.load import Load
from harness.processes import binary
from harness.servers import Nginx
from harness.vendor import Reply

LINES = int(os.environ.get("GATEWAY_BULK_LINES", "0"))
pytestmark = [
    pytest.mark.alone,
    pytest.mark.skipif(LINES == 0, reason="GATEWAY_BULK_LINES says how many"),
    pytest.mark.skipif(not shutil.which("h2load"), reason="there is no h2load here"),
]
MIB = 1 << 20
UPDATE = {"name": "x", "sku": "a-sku", "description": "What a shop says of a product, in a sentence or two."}


def answer(id):
    return json.dumps({"data": {"id": id, "type": "product", "attributes": {"name": "x"}}})


def target(port):
    return {"shop": {"dialect": "elastic-path", "baseURL": f"http://127.0.0.1:{port}"}}


@pytest.fixture
def shop():
    """A vendor that is quicker than the gateway."""
    nginx = Nginx(answer("$id"), http2=True, requests=100_000_000)
    yield nginx
    nginx.stop()


class Pushing:
    """`push` of so many lines, each of a product of its own."""

    def __init__(self, folder, gateway, count):
        file = folder / f"{count}.jsonl"
        with file.open("w") as output:
            for number in range(count):
                output.write(json.dumps({"id": f"p{number}", "product": UPDATE}) + "\n")
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [binary(), "push", str(file), "--to", f"http://localhost:{gateway.port}", "--target", "shop"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def has_ended(self):
        return self.process.poll() is not None

    def seconds(self):
        assert self.process.wait(36_000) == 0
        return time.monotonic() - self.began


def test_many_lines_take_no_more_memory_than_few(tmp_path, shop, start_gateway):
    gateway = start_gateway(target(shop.port), workers=1)
    # What a stream takes at all is there after the first.
    Pushing(tmp_path, gateway, 20_000).seconds()
    before = most = gateway.memory_bytes()
    pushing = Pushing(tmp_path, gateway, LINES)
    while not pushing.has_ended():
        most = max(most, gateway.memory_bytes())
        time.sleep(0.2)
    seconds = pushing.seconds()
    print(f"{LINES} lines in {seconds:.0f} s, {LINES / seconds:.0f} a second; {before / MIB:.1f} MiB before, "
          f"{most / MIB:.1f} at most")
    assert most - before < 10 * MIB


def test_a_stream_goes_at_the_pace_of_a_vendor_that_is_slower_than_the_gateway(
        tmp_path, start_vendor, start_gateway):
    count = min(LINES, 5_000)
    vendor = start_vendor(lambda request: Reply(200, json.loads(answer(request.path.rsplit("/", 1)[1]))))
    body = tmp_path / "body.json"
    body.write_text(json.dumps({"data": {"id": "p0", "type": "product", "attributes": UPDATE}}))
    gateway = start_gateway(target(vendor.port), workers=1)
    paces = []
    for _ in range(3):
        direct = subprocess.run(
            ["h2load", "--clients=1", "--max-concurrent-streams=100", f"--requests={count}", f"--data={body}",
             "-H", ":method: PUT", "-H", "content-type: application/json",
             f"http://127.0.0.1:{vendor.port}/pcm/products/p0"],
            capture_output=True, text=True, check=True)
        alone = float(re.search(r"([0-9.]+) req/s", direct.stdout)[1])
        through = count / Pushing(tmp_path, gateway, count).seconds()
        print(f"{count} lines at {through:.0f} a second, {alone:.0f} straight to the vendor")
        paces.append(through / alone)
    assert max(paces) > 0.9, paces


def test_others_are_as_quick_beside_a_stream(tmp_path, shop, start_gateway):
    gateway = start_gateway(target(shop.port), workers=1)
    p99 = {"alone": [], "beside a stream": []}
    for _ in range(3):
        p99["alone"].append(Load(tmp_path, gateway, ["shop"], 200, 4, 5).end())
        pushing = Pushing(tmp_path, gateway, LINES)
        time.sleep(1)
        p99["beside a stream"].append(Load(tmp_path, gateway, ["shop"], 200, 4, 5).end())
        assert not pushing.has_ended(), "the stream goes on as long as the others"
        pushing.process.kill()
        pushing.process.wait(10)
    for what, loads in p99.items():
        print(f"{what}: p99 {', '.join(f'{load.p99():.1f}' for load in loads)} ms, "
              f"{sum(load.good() for load in loads)} done")
    assert all(load.good() == len(load.statuses) for loads in p99.values() for load in loads)
    best = {what: min(load.p99() for load in loads) for what, loads in p99.items()}
    assert best["beside a stream"] < max(1.5 * best["alone"], best["alone"] + 10), best
