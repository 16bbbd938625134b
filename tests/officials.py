"""The fictional city with its officers, for tests that act.

``scenes/city.yaml`` is loaded once, by the actions; ``city`` empties all else before each test. Whoever acts does so
through a session, as the app role; what is then compared is read as the superuser, whom no policy binds.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

PASSWORD = "云澜-test"
# A Monday at nine in Beijing; no rest day but the weekends follows for a month.
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BASIS = "cpl_2023_253"


# What a loaded city consists of. All other tables are emptied before each test.
KEPT = ("agency", "post", "officer", "officer_secret", "appointment", "drawing", "scene_owner", "publication",
        "asset_kind", "measure_limit")  # fmt: skip


@pytest.fixture(scope="session")
def city_database(database_server, template_database, database_copies, worker_id, django_db_blocker) -> str:
    """The name of this worker's database with the city in it."""
    from django.conf import settings
    from django.db import connections, transaction

    from lianban.actions.load_city import load_city
    from lianban.engines.scenes.city import load_city as read_city
    from lianban.records import scenes

    name = f"test_city_{worker_id}_{os.getpid()}"
    before = connections["default"].settings_dict["NAME"]
    with database_copies.copy(database_server, template_database, name), django_db_blocker.unblock():
        database_copies.point_django_at(name)
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            load_city(cursor, read_city(settings.SCENES / "city.yaml"), PASSWORD, MONDAY)
            scenes.deploy(cursor, MONDAY)
        database_copies.point_django_at(before)
        with psycopg.connect(**database_server.dsn("super", name), autocommit=True) as superuser:
            superuser.execute("CREATE SCHEMA kept; CREATE TABLE kept.setting AS TABLE lianban.setting")
            for table in KEPT:
                superuser.execute(f"CREATE TABLE kept.{table} AS TABLE public.{table}")
        yield name


def _as_new(superuser: psycopg.Connection) -> None:
    """Empty what earlier tests wrote, and put back what they changed of the city."""
    every = superuser.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public'"
        " AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'django_migrations'"
    ).fetchall()
    filled = [name for (name,) in every if name not in KEPT
              and superuser.execute(f"SELECT EXISTS (SELECT FROM public.{name})").fetchone()[0]]  # fmt: skip
    changed = [name for name in KEPT if superuser.execute(
        f"SELECT EXISTS ((TABLE public.{name} EXCEPT TABLE kept.{name}) UNION (TABLE kept.{name} EXCEPT TABLE public.{name}))"
    ).fetchone()[0]]  # fmt: skip
    with superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")  # no order of foreign keys to keep
        for name in [*filled, *changed]:
            superuser.execute(f"DELETE FROM public.{name}")
        for name in changed:
            superuser.execute(f"INSERT INTO public.{name} TABLE kept.{name}")
        superuser.execute("DELETE FROM lianban.setting; INSERT INTO lianban.setting TABLE kept.setting")


@contextmanager
def in_the_city(database_server, city_database, database_copies, django_db_blocker):
    """The city as it was loaded, with demo mode on, for as long as the block lasts."""
    from django.conf import settings
    from django.db import connections

    from lianban.records import directory

    before, demo = connections["default"].settings_dict["NAME"], settings.DEMO
    with (
        django_db_blocker.unblock(),
        psycopg.connect(**database_server.dsn("super", city_database), autocommit=True) as superuser,
    ):
        _as_new(superuser)
        database_copies.point_django_at(city_database)
        directory.forget()
        settings.DEMO = True
        try:
            yield City(city_database, database_server, superuser)
        finally:
            settings.DEMO = demo
            database_copies.point_django_at(before)


@pytest.fixture
def city(database_server, city_database, database_copies, django_db_blocker):
    """The city, with nothing in it but its officers."""
    with in_the_city(database_server, city_database, database_copies, django_db_blocker) as made:
        yield made


@dataclass
class City:
    """A loaded city: act in it by ``acting_as`` and ``do``, look at it by ``rows``."""

    database: str
    server: Any
    superuser: psycopg.Connection
    keys: dict[tuple[str, str], bytes] = field(default_factory=dict, repr=False)
    cases: Any = field(default_factory=lambda: itertools.count(1))
    _samples: Any = field(default=None, repr=False)

    def __repr__(self) -> str:
        return f"City({self.database})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """hypothesis would print every field, the samples with them, whatever ``repr`` says."""
        printer.text(repr(self))

    # --- looking, as the superuser

    def rows(self, query: str, *params: Any) -> list[tuple[Any, ...]]:
        return self.superuser.execute(query, params or None).fetchall()  # type: ignore[arg-type]

    def one(self, query: str, *params: Any) -> Any:
        found = self.rows(query, *params)
        assert len(found) == 1, found
        return found[0][0] if len(found[0]) == 1 else found[0]

    def column(self, query: str, *params: Any) -> list[Any]:
        return [row[0] for row in self.rows(query, *params)]

    def tables(self, schema: str = "public") -> list[str]:
        return self.column(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s"
            " AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1", schema,
        )  # fmt: skip

    def digests(self, *leave_out: str) -> dict[str, tuple[int, str]]:
        """What every table holds, as a count and a digest. Sessions are left out: opening one is not the act."""
        kept = {}
        for table in self.tables():
            if table in ("access_session", "django_migrations", *leave_out):
                continue
            query = sql.SQL(
                "SELECT count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {} t"
            )
            kept[table] = self.superuser.execute(query.format(sql.Identifier(table))).fetchone()
        return kept

    # --- acting

    def officer(self, username: str) -> UUID:
        return self.one("SELECT id FROM officer WHERE username = %s", username)

    def agency(self, code: str) -> UUID:
        return self.one("SELECT id FROM agency WHERE code = %s", code)

    def post(self, agency: str, code: str) -> UUID:
        return self.one(
            "SELECT p.id FROM post p JOIN agency a ON a.id = p.agency_id WHERE a.code = %s AND p.code = %s",
            agency, code,
        )  # fmt: skip

    def session(self, username: str, post: str = "") -> bytes:
        """A session key of ``court.judge`` in that post, or in another post of the same agency that they may hold."""
        from lianban.actions.sign_in import change_post

        agency, own = username.split(".")[:2]
        if (username, post) not in self.keys:
            opened = change_post(self.officer(username), self.post(agency, post or own))
            assert opened is not None, f"{username} does not hold the post {post or own}"
            self.keys[username, post] = opened.key
        return self.keys[username, post]

    @contextmanager
    def acting_as(self, username: str, at: datetime = MONDAY, post: str = "", purpose: str = "办理事项"):
        """One transaction as this officer, at an instant the test chooses."""
        from lianban.actions.acting import Acting
        from lianban.records.context import entered

        with entered(self.session(username, post)) as identity:
            assert identity is not None, f"the session of {username} is not valid"
            yield Acting(identity, at, purpose)

    @contextmanager
    def as_role(self, role: str):
        """The default connection is another role's: the worker's, as in the process that fires timers, or the auditor's."""
        from django.conf import settings
        from django.db import connections

        from lianban.records import server

        own = connections["default"]
        before = {key: own.settings_dict[key] for key in ("USER", "PASSWORD", "OPTIONS")}
        taken = server.connection_settings(role, self.database)
        own.close()
        own.settings_dict.update(USER=taken["USER"], PASSWORD=taken["PASSWORD"],
                                 OPTIONS={**taken.get("OPTIONS", {}), "server_side_binding": True})  # fmt: skip
        settings.DATABASES["default"].update(USER=taken["USER"], PASSWORD=taken["PASSWORD"])
        try:
            yield
        finally:
            own.close()
            own.settings_dict.update(before)
            settings.DATABASES["default"].update({key: before[key] for key in ("USER", "PASSWORD")})

    def start_worker(self, program: str, **environment: str) -> subprocess.Popen[str]:
        """A process of its own in the worker's role, running ``program`` with Django set up."""
        head = "import django; django.setup()\n"
        return subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", head + program], text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, "LIANBAN_ROLE": "worker", "LIANBAN_DATABASE_NAME": self.database, "LIANBAN_DEMO": "1",
                 **environment},
        )  # fmt: skip

    def connect(self, role: str, **more: Any) -> psycopg.Connection:
        """A connection of a database role, outside of Django."""
        return psycopg.connect(**self.server.dsn(role, self.database), **more)

    # --- the life of a matter, in short words

    @property
    def samples(self):
        if self._samples is None:
            from django.conf import settings

            from lianban.engines.scenes.city import load_city
            from lianban.engines.scenes.samples import load_samples
            from lianban.records import scenes

            pack = scenes.scene("assistance")
            self._samples = load_samples(
                pack, load_city(settings.SCENES / "city.yaml"), settings.SCENES / "assistance"
            )
        return self._samples

    def person(self, number: int = 0):
        """A made-up person with an identity number of the demo."""
        return next(itertools.islice(self.samples.city.people(7), number, None))

    def content(
        self, units=("police", "housing"), questions=None, names=("温清和",), **more: Any
    ) -> dict[str, Any]:
        """What the matter form asks for. Each name gets an identity number of its own."""
        data = {
            "case_no": f"（2026）云9901执{next(self.cases)}号", "cause": "民间借贷纠纷", "legal_basis": BASIS,
            "questions": list(questions or self.samples.scene.questions), "units": list(units),
            "subjects": [
                {"role": "debtor", "kind": "person", "name": name, "id_kind": "resident_id",
                 "id_number": self.person(number).id_number} for number, name in enumerate(names)
            ],
        }  # fmt: skip
        return {**data, **more}

    def open(self, *args: Any, at: datetime = MONDAY, by: str = "court.clerk", **more: Any) -> UUID:
        from lianban.actions.open_matter import Opening, open_matter

        with self.acting_as(by, at) as acting:
            return open_matter(acting, "assistance", Opening(self.content(*args, **more)))

    def task(self, matter: UUID, element: str, agency: str = "court") -> UUID:
        """The one open task at an element, of an agency."""
        return self.one(
            "SELECT t.id FROM task t JOIN agency a ON a.id = t.agency_id WHERE t.matter_id = %s AND t.element = %s"
            " AND a.code = %s AND t.state = 'open'", matter, element, agency,
        )  # fmt: skip

    def open_tasks(self, matter: UUID) -> list[tuple[str, str]]:
        """(agency, element) of every open task."""
        return sorted(self.rows(
            "SELECT a.code, t.element FROM task t JOIN agency a ON a.id = t.agency_id WHERE t.matter_id = %s"
            " AND t.state = 'open'", matter,
        ))  # fmt: skip

    def do(self, username: str, matter: UUID, element: str, data: Any = None, at: datetime = MONDAY) -> UUID:
        """Complete the open task of this officer's agency at an element."""
        from lianban.actions.complete_task import complete_task

        task = self.task(matter, element, username.split(".")[0])
        with self.acting_as(username, at) as acting:
            complete_task(acting, task, data or {})
        return task

    def send(self, matter: UUID, at: datetime = MONDAY) -> None:
        """Draft, approve, seal: the letters are delivered."""
        self.do("court.clerk", matter, "draft", {}, at)
        self.do("court.judge", matter, "approve", {"decision": "approve"}, at)
        self.do("court.seal_keeper", matter, "seal", {"checked": True}, at)

    def sign_and_route(
        self, matter: UUID, unit: str, at: datetime = MONDAY, handler: str = "handler_1"
    ) -> None:
        self.do(f"{unit}.liaison", matter, "sign", {}, at)
        self.do(f"{unit}.liaison", matter, "route", {"handler": handler} if handler else {}, at)

    def letter(self, matter: UUID, unit: str) -> UUID:
        return self.one(
            "SELECT l.id FROM letter l JOIN agency a ON a.id = l.addressee_id WHERE l.matter_id = %s AND a.code = %s",
            matter, unit,
        )  # fmt: skip

    def letter_state(self, matter: UUID, unit: str) -> str:
        return self.one("SELECT state FROM letter WHERE id = %s", self.letter(matter, unit))

    def answer_data(
        self, matter: UUID, unit: str, result: str = "no", at: datetime = MONDAY
    ) -> dict[str, Any]:
        questions, kind = self.one(
            "SELECT questions, kind FROM letter WHERE id = %s", self.letter(matter, unit)
        )
        return self.samples.answer(kind, questions, signer="陆知行", now=at, result=result)

    def answer(
        self, matter: UUID, unit: str, result: str = "no", at: datetime = MONDAY, by: str = "handler_1"
    ) -> UUID:
        """Answer the unit's letter; returns the answer's id."""
        self.do(f"{unit}.{by}", matter, "answer", self.answer_data(matter, unit, result, at), at)
        return self.one("SELECT id FROM answer WHERE letter_id = %s ORDER BY round DESC LIMIT 1",
                        self.letter(matter, unit))  # fmt: skip

    def check(
        self, matter: UUID, unit: str, decision: str = "accept", remark: str = "", at: datetime = MONDAY
    ) -> None:
        """The judge checks the answer of one unit."""
        from lianban.actions.complete_task import complete_task

        data = {"decision": decision, **({"remark": remark} if remark else {})}
        with self.acting_as("court.judge", at) as acting:
            complete_task(acting, self.check_task(matter, unit), data)

    def check_task(self, matter: UUID, unit: str, element: str = "check") -> UUID:
        return self.one(
            "SELECT id FROM task WHERE letter_id = %s AND element = %s AND state = 'open'",
            self.letter(matter, unit), element,
        )  # fmt: skip

    def fire(self, at: datetime) -> int:
        """Fire what is due at an instant, as the worker does."""
        from lianban.actions.acting import Acting
        from lianban.actions.fire_timers import fire_timers

        with self.as_role("worker"):
            fired = 0
            while count := fire_timers(Acting(None, at, "时限到期")):
                fired += count
            return fired

    def sequence(self, at: datetime = MONDAY) -> int:
        from lianban.actions.sequence_ledger import sequence_ledger

        with self.as_role("worker"):
            return sequence_ledger(at)


def days(count: float) -> timedelta:
    return timedelta(days=count)


def refused(city: City, error: type[Exception], act, *leave_out: str) -> Any:
    """Run ``act``: it raises ``error``, both of whose sentences say something, and no table has changed."""
    before = city.digests(*leave_out)
    with pytest.raises(error) as caught:
        act()
    assert city.digests(*leave_out) == before, "a refused act changed the database"
    found = caught.value
    for language in ("zh", "en"):
        sentence = found.text(language)
        assert sentence and "?" not in sentence, sentence
    assert found.code.startswith("LB-") and 400 <= found.status < 500
    return found
