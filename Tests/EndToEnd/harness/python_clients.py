"""Programs of callers that are written with Python's clients (httpx, requests), each run as a process of its own.

The clients are scripts/prerequisites' to install; where they could not be, the tests that need them are skipped.
"""

import json
import os
import subprocess

import pytest

from .processes import REPOSITORY

PACKAGES = REPOSITORY / ".build/test-python"


def run_python(program, *arguments, needs, timeout=60):
    """Runs `program` with `arguments` (as JSON in `sys.argv[1]`); the lines it prints, each read as JSON."""
    if not (PACKAGES / needs).is_dir():
        pytest.skip(f"{needs} is not installed")
    result = subprocess.run(
        ["/usr/bin/python3", "-c", program, json.dumps(arguments)], capture_output=True, text=True, timeout=timeout,
        env={**os.environ, "PYTHONPATH": str(PACKAGES), "PYTHONDONTWRITEBYTECODE": "1"})
    assert result.returncode == 0, result.stdout + result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]
