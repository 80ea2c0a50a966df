"""Being told to stop and to reload: a stop is never lost and never waits, however many reloads were asked for."""

import json
import os
import signal
import subprocess
import time

import pytest

from harness.configuration import listener, write
from harness.processes import IS_SANITIZED, Running
from harness.vendor import Never
from harness.waiting import until

# Nobody listens there, and nobody is asked: these tests are about the gateway alone.
TARGETS = {"s": {"dialect": "softwareone", "baseURL": "http://localhost:1"}}


@pytest.mark.parametrize("number", range(20))
def test_a_stop_among_ninety_hangups_is_not_lost(start_gateway, number):
    # With many targets a reload takes longer than signals need to follow each other.
    gateway = start_gateway({f"s{each}": TARGETS["s"] for each in range(60)}, workers=1)
    for each in range(91):
        if gateway.process.poll() is None:
            stop = signal.SIGTERM if number % 2 else signal.SIGINT
            gateway.signal(stop if each == 45 else signal.SIGHUP)
            # So that each is noticed by itself: signals that wait together are one.
            time.sleep(0.0005)
    assert gateway.wait(10) == 0
    [stopping] = gateway.lines("stopping")
    assert stopping["signal"] == ("SIGTERM" if number % 2 else "SIGINT")
    assert len(gateway.lines("stopped")) == 1


def test_many_hangups_are_one_reload_under_way_and_one_that_waits(start_gateway):
    gateway = start_gateway(TARGETS, workers=1)
    # All are there before the gateway can look at the first.
    gateway.signal(signal.SIGSTOP)
    for _ in range(90):
        gateway.signal(signal.SIGHUP)
    gateway.signal(signal.SIGCONT)
    until(lambda: gateway.lines("reloaded"), "the gateway has reloaded")
    assert gateway.stop() == 0
    assert 1 <= len(gateway.lines("reloaded")) <= 2


def test_a_named_pipe_for_a_secret_holds_up_neither_a_reload_nor_the_stop(start_gateway, tmp_path):
    secret = tmp_path / "token"
    secret.write_text("first")
    gateway = start_gateway({"s": {
        "dialect": "softwareone", "baseURL": "http://localhost:1",
        "credentials": {"bearer": {"token": {"file": str(secret)}}}}}, workers=1, watchInterval="0s")
    secret.unlink()
    os.mkfifo(secret)
    gateway.signal(signal.SIGHUP)
    for _ in range(20):
        assert gateway.request("GET", "/v1/targets").status == 200
    gateway.signal(signal.SIGTERM)
    assert gateway.wait(10) == 0
    assert gateway.lines("stopped")


DEAD_MOUNT = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whoever opens the file named by DEAD_FILE waits for ever once the file named by DEAD_FROM is there. */
static void wait_for_ever(const char *path) {
    const char *dead = getenv("DEAD_FILE"), *from = getenv("DEAD_FROM");
    while (dead && from && strcmp(path, dead) == 0 && access(from, F_OK) == 0) {
        if (access(getenv("DEAD_REACHED"), F_OK) != 0) close(creat(getenv("DEAD_REACHED"), 0600));
        sleep(1);
    }
}

int open(const char *path, int flags, ...) {
    va_list list;
    va_start(list, flags);
    int mode = va_arg(list, int);
    va_end(list);
    wait_for_ever(path);
    return ((int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open"))(path, flags, mode);
}

int open64(const char *path, int flags, ...) __attribute__((alias("open")));
"""


@pytest.fixture(scope="module")
def dead_mount(tmp_path_factory):
    """A library that makes one file hang, as a mount does whose server is gone."""
    if IS_SANITIZED:
        pytest.skip("a sanitizer must be loaded first")
    folder = tmp_path_factory.mktemp("dead-mount")
    (folder / "dead.c").write_text(DEAD_MOUNT)
    subprocess.run(
        ["clang", "-shared", "-fPIC", "-o", folder / "dead.so", folder / "dead.c", "-ldl"], check=True, timeout=60)
    return folder / "dead.so"


@pytest.fixture
def hanging(dead_mount, tmp_path):
    """A secret's file, how to make it hang, and the environment of a gateway for which it does."""
    secret = tmp_path / "secret-on-a-mount"
    secret.write_text("first")

    class Hanging:
        dies, reached = tmp_path / "dies", tmp_path / "reached"
        targets = {"s": {
            "dialect": "softwareone", "baseURL": "http://localhost:1",
            "credentials": {"bearer": {"token": {"file": str(secret)}}}}}
        env = {"LD_PRELOAD": str(dead_mount), "DEAD_FILE": str(secret), "DEAD_FROM": str(dies),
               "DEAD_REACHED": str(reached)}

    return Hanging


def test_a_stop_does_not_wait_for_a_reload_that_hangs(start_gateway, hanging):
    gateway = start_gateway(hanging.targets, env=hanging.env, workers=1, watchInterval="0s")
    hanging.dies.write_text("")
    for _ in range(3):
        gateway.signal(signal.SIGHUP)
    until(hanging.reached.exists, "the reload hangs")
    # It serves meanwhile.
    assert gateway.request("GET", "/v1/targets").status == 200
    started = time.monotonic()
    gateway.signal(signal.SIGTERM)
    assert gateway.wait(10) == 0
    assert time.monotonic() - started < 5
    assert gateway.lines("stopped") and not gateway.lines("reloaded")


def test_a_start_that_hangs_can_be_stopped(hanging, tmp_path):
    hanging.dies.write_text("")
    file = write(tmp_path, {
        "listener": listener(), "admin": {"host": "127.0.0.1", "port": 0}, "targets": hanging.targets})
    gateway = Running(["run", "--config", file], env=hanging.env)
    until(hanging.reached.exists, "the start hangs")
    gateway.signal(signal.SIGTERM)
    assert gateway.wait(5) == 0
    assert "before it was ready" in gateway.text


def test_a_second_signal_of_either_kind_ends_it_at_once(vendor_gateway):
    vendor, gateway = vendor_gateway(Never(), workers=1, target={
        "timeouts": {"connect": "500ms", "attempt": "20s", "total": "20s"}})
    with gateway.connect() as connection:
        connection.send("PATCH", "/v1/products/1", {"name": "x"})
        until(lambda: vendor.requests, "the request is with the vendor")
        gateway.signal(signal.SIGTERM)
        until(lambda: gateway.lines("stopping"), "the gateway is stopping")
        gateway.signal(signal.SIGINT)
        assert gateway.wait(5) == -signal.SIGINT
