"""Waiting with a deadline, instead of sleeping for a guessed time."""

import time

# Generous, because it is only reached when something is broken: two busy cores make everything slow.
DEADLINE_SECONDS = 20


def until(condition, what, seconds=DEADLINE_SECONDS, pause=0.02):
    """Calls `condition` until it returns something true, and returns that."""
    end = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError(f"after {seconds} s still not: {what}")
        time.sleep(pause)
