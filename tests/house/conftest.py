"""Data folders for tests that start servers of their own, and programs that do so in other processes."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from officials import city, city_database

from lianban.records import server
from lianban.records.server import cluster, supervisor

__all__ = ["city", "city_database"]


@contextmanager
def _folder(tmp_path):
    """A place for data folders, with a space and Chinese characters in its path, that the server's account reaches."""
    top = Path("/var/lib/lianban") / f"test-{secrets.token_hex(4)}" if os.geteuid() == 0 else tmp_path
    folder = top / "数据 文件夹"
    yield folder
    for used, running in list(supervisor._in_use.items()):
        if used.is_relative_to(folder):
            running.stop()
            del supervisor._in_use[used]
    for places in map(server.Places, [folder, *folder.glob("*/")]):
        until = time.monotonic() + 30
        while cluster.is_ready(places) and time.monotonic() < until:
            time.sleep(0.05)  # its guardian stops it once the test's programs have ended
        shutil.rmtree(places.socket, ignore_errors=True)
    shutil.rmtree(top, ignore_errors=True)


@pytest.fixture
def own_data_folder(tmp_path):
    """A data folder that does not exist yet."""
    with _folder(tmp_path) as folder:
        yield folder


@pytest.fixture(scope="module")
def shared_folder(tmp_path_factory):
    """A place for the data folders of a module's tests that do not disturb each other."""
    with _folder(tmp_path_factory.mktemp("shared")) as folder:
        yield folder


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """Copies a finished, empty data folder to where a test wants one: making a cluster takes a second, this a tenth."""
    with _folder(tmp_path_factory.mktemp("prepared")) as folder:
        server.ensure(folder).stop()

        def copy(target: Path) -> Path:
            target.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cp", "-a", str(folder), str(target)], check=True)
            shutil.rmtree(target / "socket", ignore_errors=True)
            return target

        yield copy


@pytest.fixture
def program(own_data_folder):
    """Starts Python programs that have the fresh data folder as theirs; kills those still running afterwards."""
    started = []

    def start(code: str, **environment: str) -> subprocess.Popen:
        values = {key: value for key, value in os.environ.items() if not key.startswith("LIANBAN_")}
        values |= {"LIANBAN_DATA_FOLDER": str(own_data_folder), "LIANBAN_TEST_FSYNC": "off", **environment}
        process = subprocess.Popen(
            [sys.executable, "-c", code], env=values, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture(scope="session")
def wait_for():
    """Waits until ``condition()`` is true and returns its value."""

    def wait(condition, seconds: float = 60.0):
        until = time.monotonic() + seconds
        while not (value := condition()):
            assert time.monotonic() < until, "waited too long"
            time.sleep(0.05)
        return value

    return wait
