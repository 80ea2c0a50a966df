"""Programs that need packages of requirements.txt: processes of their own, so that what those packages bring along
never mixes with what the tests import."""

import os
import subprocess
from pathlib import Path

import pytest

from .processes import REPOSITORY, environment

# What scripts/prerequisites has pip put there.
FOLDER = REPOSITORY / ".build/test-python"
PROGRAMS = Path(__file__).resolve().parent.parent / "programs"


def python(*arguments, needs, path=(), stdin=None, cwd=None, timeout=60, env=None):
    """Runs Debian's Python with these packages to its end; skips the test where one that it `needs` is missing.

    `path`: folders to import from beside those of the packages.
    """
    for package in needs:
        if not (FOLDER / package).is_dir():
            pytest.skip(f"{package} is not installed; scripts/prerequisites test says why")
    return subprocess.run(
        ["/usr/bin/python3", *map(str, arguments)],
        input=stdin, capture_output=True, text=True, cwd=cwd, timeout=timeout,
        env=environment({
            "PYTHONPATH": os.pathsep.join(map(str, [*path, FOLDER])), "PYTHONDONTWRITEBYTECODE": "1", **(env or {})}))
