"""A real server, a real Chromium, and a small city in a database of its own.

The city is filled by the actions before the server starts; from then on everything happens as people do it, through
the pages. All browser tests run on one worker: one server and one browser serve them all.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from case_making import open_case
from officials import PASSWORD, city_database, in_the_city

__all__ = ["city_database"]

# What a machine without a display, and a container whose user is root, ask for.
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip


@dataclass
class Shown:
    """The running server and what its city holds."""

    address: str
    matter: UUID
    """Sent to four units: the police have answered, housing has routed, tax has signed for it, the market not yet."""
    moving: list[UUID]
    """Matters that wait for the tax bureau to sign: a test that moves one takes it."""
    letter: UUID
    tasks: dict[str, UUID]
    environment: dict[str, str]
    port: int
    case: UUID | None = None
    """A case of enforcement that waits for a township to sign, for a president, and for the decision on an objection."""
    content: dict[str, Any] = field(default_factory=dict)
    """What the matter form asks for: a test that opens a matter of its own sends it."""
    process: subprocess.Popen | None = None
    said: list[str] = field(default_factory=list)

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lianban.doors.cli", "serve", "--port", str(self.port)],
            env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.address}/health", timeout=5) as answer:
                    assert answer.status == 200
                return
            except OSError:
                if self.process.poll() is not None:
                    pytest.fail(f"the server ended: {self.process.stderr.read()}")
                time.sleep(0.2)
        pytest.fail("the server did not start within a minute")

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        self.process.stderr.close()
        self.process = None


@pytest.fixture(scope="session")
def shown(database_server, city_database, database_copies, worker_id, django_db_blocker):
    name = f"test_browser_{worker_id}_{os.getpid()}"
    with database_copies.copy(database_server, city_database, name):
        with in_the_city(database_server, name, database_copies, django_db_blocker) as city:
            shown = _fill(city, _free_port(), name)
        shown.start()
        try:
            yield shown
        finally:
            shown.stop()


def _fill(city, port: int, database: str) -> Shown:
    now = datetime.now(UTC)
    ago = now - timedelta(days=2)
    matter = city.open(("police", "housing", "tax", "market"), names=("温清和", "陆知行"), at=ago)
    city.send(matter, ago)
    for unit in ("police", "housing"):
        city.sign_and_route(matter, unit, ago)
    city.do("tax.liaison", matter, "sign", {}, ago)
    city.answer(matter, "police", "yes", ago)
    closed = city.open(("police",), at=ago - timedelta(days=20))
    city.send(closed, ago - timedelta(days=20))
    city.sign_and_route(closed, "police", ago - timedelta(days=19))
    city.answer(closed, "police", "no", ago - timedelta(days=18))
    city.check(closed, "police", at=ago - timedelta(days=18))
    city.do("court.clerk", closed, "archive", {"summary": "均已反馈。"}, ago - timedelta(days=17))
    late = city.open(("market", "tax"), at=ago - timedelta(days=30))
    city.send(late, ago - timedelta(days=30))
    city.open(("police",), at=ago)  # a draft
    moving = []
    for _ in range(4):
        moving.append(city.open(("tax", "market"), at=ago))
        city.send(moving[-1], ago)
    case = _case(city, ago)
    city.sequence()
    environment = os.environ | {"LIANBAN_DATABASE_NAME": database, "LIANBAN_DEMO": "1", "LIANBAN_ROLE": "app"}
    return Shown(
        f"http://127.0.0.1:{port}", matter, moving, city.letter(matter, "police"),
        {"check": city.check_task(matter, "police"), "answer": city.task(matter, "answer", "housing"),
         "route": city.task(matter, "route", "tax"), "sign": city.task(matter, "sign", "market")},
        environment, port, content=city.content(("police",), names=("陆知行",)), case=case,
    )  # fmt: skip


def _case(city, at) -> UUID:
    case = open_case(city, firms=("云澜机电有限公司",), at=at)
    case.act(
        "push_to_township",
        {"township": "qingping", "party": case.party("沈砚"), "asked": "look_for_property"},
        at=at,
    )
    case.act("limit_consumption", {"party": case.party("沈砚"), "capacity": "debtor"}, at=at)
    case.act(
        "list_debtor",
        {"party": case.party("沈砚"), "ground": "reports_nothing", "facts": "收到报告财产令后拒不报告"},
        at=at,
    )
    claim = {
        "kind": "third_party",
        "objector": "孟案外",
        "request": "该车归我所有",
        "received_on": at.date().isoformat(),
    }
    case.act("file_objection", claim, at=at)
    return case.matter


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# For one file, not for the session: while Playwright lives, its event loop runs in this thread, and Django refuses to
# touch the database in the tests that this worker is handed next.
@pytest.fixture(scope="module")
def chromium_browser():
    import shutil

    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    program = next(filter(None, map(shutil.which, names)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def person(shown, chromium_browser):
    """``person("court.judge")`` is a page of a browser of one's own, signed in. What the console complains of, and
    whatever the content policy stopped, fails the test at its end."""
    complaints: list[str] = []
    contexts: list[Any] = []

    @contextmanager
    def expecting_complaints():
        """For what a test does on purpose: a refused upload is an error on the console too."""
        yield
        complaints.clear()

    def sign_in(username: str, language: str = "zh-CN", **more: Any):
        context = chromium_browser.new_context(locale=language, base_url=shown.address, **more)
        contexts.append(context)
        context.set_default_timeout(10_000)
        context.add_init_script(
            "document.addEventListener('securitypolicyviolation', (e) => console.error('POLICY ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample))"
        )
        page = context.new_page()
        context.on("console", lambda said: complaints.append(f"{said.page.url if said.page else ''} {said.text}")
                   if said.type == "error" else None)  # fmt: skip
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        if username:
            page.goto("/sign-in")
            page.fill("#username", username)
            page.fill("#password", PASSWORD)
            page.press("#password", "Enter")
            page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    sign_in.expecting_complaints = expecting_complaints
    yield sign_in
    for context in contexts:
        context.close()
    assert complaints == []
