"""A server of its own over a city with registries: declared, built, and some letters on their way."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from officials import in_the_city

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "registries"))


@dataclass
class Shown:
    """The running server and what its city holds."""

    address: str
    port: int
    environment: dict[str, str]
    matter: UUID
    """Approved, and waiting for its seal: as it is sealed, the police's registry answers."""
    seal: UUID
    """The task of the seal."""
    read: UUID
    """A letter to the police that is answered in part."""
    warranted: UUID
    """A matter with a standing warrant that was asked on."""
    process: subprocess.Popen | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lianban.doors.cli", "serve", "--port", str(self.port)],
            env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        until = time.monotonic() + 90
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.address}/health", timeout=5):
                    return
            except OSError:
                if self.process.poll() is not None:
                    pytest.fail(f"the server ended: {self.process.stderr.read()}")
                time.sleep(0.2)
        pytest.fail("the server did not start")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
            self.process.stderr.close()
            self.process = None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def registries_shown(
    database_server, city_database, database_copies, worker_id, django_db_blocker, tmp_path_factory
):
    from registry_city import registered

    name = f"test_registries_{worker_id}_{os.getpid()}"
    folder = tmp_path_factory.mktemp("registries")
    with database_copies.copy(database_server, city_database, name):
        with (
            in_the_city(database_server, name, database_copies, django_db_blocker) as city,
            registered(city, folder) as made,
        ):
            shown = _fill(made, name)
        shown.start()
        try:
            yield shown
        finally:
            shown.stop()


def _fill(made, database: str) -> Shown:
    from datetime import timedelta

    from registry_city import BASIS, now

    from lianban.actions.act_on_matter import act_on_matter

    city = made.city
    made.put("vehicles", (made.number(), "温清和", "云A12345", "某牌轿车", "2020-05-01"))
    made.put("taxpayers", (made.number(), "温青禾", "正常", "1280.55"))
    made.put("real_estate", as_of=now() - timedelta(days=3))
    made.build()
    read = made.sent(("police", "tax", "natural_resources"), ("vehicles", "household", "tax", "real_estate"))
    warranted = city.open(("police",), ["vehicles"], at=now())
    with city.acting_as("court.judge", now()) as acting:
        issued = act_on_matter(acting, warranted, "issue_warrant", {
            "kind": "standing", "legal_basis": BASIS, "questions": ["vehicles", "tax"], "days": 30, "quota": 60,
            "reason": "夜间核实财产线索"})  # fmt: skip
        act_on_matter(acting, warranted, "collide_now", {"reason": "核实财产线索"}, issued)
    city.superuser.execute(
        "DELETE FROM task WHERE matter_id = %s AND action = 'collisions.confirm'", [warranted]
    )
    city.superuser.execute(
        "DELETE FROM collision_hit WHERE matter_id = %s AND state = 'pending'", [warranted]
    )
    city.superuser.execute(
        """INSERT INTO query_alert (id, matter_id, party_id, lead_agency_id, times, most, raised_at, remark)
           SELECT gen_random_uuid(), m.id, p.id, m.lead_agency_id, 6, 4, now(), '' FROM matter m JOIN party p ON p.matter_id = m.id
            WHERE m.id = %s""",
        [warranted],
    )
    waiting = city.open(("police",), ["vehicles"], at=now())
    city.do("court.clerk", waiting, "draft", {}, now())
    city.do("court.judge", waiting, "approve", {"decision": "approve"}, now())
    seal = city.task(waiting, "seal")
    port = _free_port()
    environment = os.environ | {
        "LIANBAN_DATABASE_NAME": database, "LIANBAN_DEMO": "1", "LIANBAN_ROLE": "app",
        "LIANBAN_REGISTRIES": str(made.declarations), "LIANBAN_REGISTRY_DATA": str(made.tables),
    }  # fmt: skip
    # The server reads the index of this city, where no other test builds one.
    from lianban.records import registries

    environment["LIANBAN_REGISTRY_INDEX"] = str(registries.index_folder())
    return Shown(
        f"http://127.0.0.1:{port}", port, environment, waiting, seal, city.letter(read, "police"), warranted
    )
