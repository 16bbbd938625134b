"""Registries on servers: an agency's PostgreSQL and its REST service give the same answers as a file."""

from __future__ import annotations

import sys
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import orjson
import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from lianban.engines.identifiers.labels import IdentifierKind
from lianban.engines.matching import (
    Asked,
    Parties,
    PointIndex,
    Reason,
    Scope,
    Status,
    build_index,
    collide_batch,
    load_registries,
)
from lianban.records import registry_sources

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "matching"))
from registry_making import resident

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
SCOPE = Scope(frozenset({"vehicles"}), "law_1")
WHO = Asked("p", IdentifierKind.RESIDENT_ID, resident(1), "沈砚")
DECLARED = """
code: vehicles
title: {zh: 机动车登记, en: Motor vehicles}
agency: police
source: {SOURCE}
rows: {ROWS}
keys:
  - {column: zjhm, kinds: [resident_id, credit_code], name: syr}
as_of: {column: gxsj}
fresh_hours: 48
accepts: [law_1]
answers:
  - question: vehicles
    fields: {plate: hphm, price: {column: jg, read: yuan}, registered_on: {column: djsj, read: date}}
"""
ROWS = [
    (11, resident(1), "沈砚", "浙J1", "1.50", "2020-02-29 10:00:00", "2026-11-23 08:00:00"),
    (15, resident(2), "林衡", "浙J2", "2.50", "2020-02-29 10:00:00", "2026-11-23 09:00:00"),
    (19, None, "温岚", "浙J3", None, None, "2026-11-23 07:00:00"),
]
COLUMNS = ("id", "zjhm", "syr", "hphm", "jg", "djsj", "gxsj")
FIELDS = {"vehicles": {"plate": "浙J1", "price": 150, "registered_on": "2020-02-29"}}


class Place:
    """One registry on a server, its list of servers and its index."""

    def __init__(self, folder, settings, address, source, rows):
        (folder / "declared").mkdir()
        text = DECLARED.replace("{SOURCE}", source).replace("{ROWS}", rows)
        (folder / "declared" / "vehicles.yaml").write_text(text, encoding="utf-8")
        listed = folder / "servers.yaml"
        listed.write_text(f'traffic: {{address: "{address}", token: secret}}\n', encoding="utf-8")
        listed.chmod(0o600)
        settings.REGISTRY_SERVERS = listed
        self.folder, self.registries = folder, load_registries(folder / "declared")

    def build(self):
        return build_index(
            self.registries,
            self.folder / "index",
            data=self.folder,
            now=NOW,
            demo=True,
            sources=registry_sources.sources(),
        )

    def ask(self, asked=WHO):
        index = PointIndex(
            self.registries,
            self.folder / "index",
            data=self.folder,
            demo=True,
            sources=registry_sources.sources(),
        )
        answer = index.collide(asked, SCOPE, now=NOW).answer("vehicles")
        index.close()
        return answer

    def batch(self):
        found = collide_batch(
            self.registries, self.folder / "index", Parties.of([WHO]), SCOPE, data=self.folder, now=NOW, demo=True,
            sources=registry_sources.sources(),
        )  # fmt: skip
        hits = [hit.hit for hit in found.hits()]
        found.close()
        return hits


@pytest.fixture
def traffic(city):
    """The table of the traffic police, in a schema of its own."""
    superuser = city.superuser
    superuser.execute("DROP SCHEMA IF EXISTS traffic CASCADE")
    superuser.execute("CREATE SCHEMA traffic")
    superuser.execute(
        "CREATE TABLE traffic.jdc (id bigint PRIMARY KEY, zjhm text, syr text, hphm text, jg numeric(12, 2), "
        "djsj timestamp, gxsj timestamp)"
    )
    superuser.cursor().executemany("INSERT INTO traffic.jdc VALUES (%s, %s, %s, %s, %s, %s, %s)", ROWS)
    yield make_conninfo(**city.server.dsn("super", city.database))
    superuser.execute("DROP SCHEMA traffic CASCADE")


class Service(ThreadingHTTPServer):
    """An agency's service, as registry_rest describes it."""

    daemon_threads = True
    rows = ROWS
    refuse = 0
    asked: list = []


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        query = parse_qs(urlsplit(self.path).query)
        after = int(query["after"][0])
        self.answer([row for row in self.server.rows if row[0] > after][:2], query["columns"][0].split(","))

    def do_POST(self):
        wanted = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.answer([row for row in self.server.rows if row[0] in wanted["rows"]], wanted["columns"])

    def answer(self, rows, columns):
        status = self.server.refuse or (200 if set(columns) <= set(COLUMNS) else 422)
        if self.headers["Authorization"] != "Bearer secret":
            status = 403
        places = [COLUMNS.index(column) for column in columns if column in COLUMNS]
        body = orjson.dumps({"rows": [[row[0], *(row[place] for place in places)] for row in rows]})
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said):
        """Not into the test's output."""


@pytest.fixture
def service():
    with Service(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("rows", ["prepared", "source"])
@pytest.mark.parametrize(
    "source", ["table: traffic.jdc", "query: 'SELECT id, zjhm, syr, hphm, jg, djsj, gxsj FROM traffic.jdc'"]
)
def test_postgres_registry(tmp_path, settings, traffic, rows, source):
    """A table and a query of an agency's PostgreSQL are indexed in one snapshot and answer with its own rows."""
    place = Place(
        tmp_path, settings, traffic, f"{{kind: postgresql, server: traffic, {source}, row_key: id}}", rows
    )
    assert not place.build().broken
    answer = place.ask()
    assert (answer.status, answer.as_of.hour) == (Status.HIT, 9)
    assert [(hit.confirmed, hit.fields) for hit in answer.hits] == [(True, FIELDS)]
    assert [hit.row for hit in answer.hits] == ([11] if rows == "source" else [0])
    assert place.batch() == list(answer.hits)
    assert [hit.check.value for hit in place.ask(Asked("q", WHO.kind, resident(7), "温岚")).hits] == [
        "name_only"
    ]


def test_postgres_registry_is_read_only(tmp_path, settings, traffic):
    """Whatever a declaration says, the session can change nothing."""
    place = Place(
        tmp_path,
        settings,
        traffic,
        "{kind: postgresql, server: traffic, table: traffic.jdc, row_key: id}",
        "source",
    )
    table = registry_sources.sources()[place.registries["vehicles"].source.kind](place.registries["vehicles"])
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        table._connected().execute("DELETE FROM traffic.jdc")
    table.close()


def test_postgres_registry_reads_what_is_there_now(tmp_path, settings, city, traffic):
    """A row that changed hands since it was indexed is no hit; one whose fields changed shows the new ones."""
    place = Place(
        tmp_path,
        settings,
        traffic,
        "{kind: postgresql, server: traffic, table: traffic.jdc, row_key: id}",
        "source",
    )
    place.build()
    city.superuser.execute("UPDATE traffic.jdc SET hphm = '浙J9' WHERE id = 11")
    assert place.ask().hits[0].fields["vehicles"]["plate"] == "浙J9"
    city.superuser.execute("UPDATE traffic.jdc SET zjhm = %s WHERE id = 11", [resident(8)])
    assert (place.ask().status, place.ask().hits) == (Status.NONE, ())


def test_postgres_registry_trouble(tmp_path, settings, city, traffic):
    """A column that is gone, a table that is gone and a server that is gone are told apart; what was indexed stays."""
    place = Place(
        tmp_path,
        settings,
        traffic,
        "{kind: postgresql, server: traffic, table: traffic.jdc, row_key: id}",
        "prepared",
    )
    place.build()
    listed = settings.REGISTRY_SERVERS
    listed.write_text('traffic: {address: "host=127.0.0.1 port=1 dbname=x"}\n', encoding="utf-8")
    assert place.build().registries["vehicles"].reason is Reason.UNREACHABLE
    assert place.ask().status is Status.HIT, (
        "what was indexed before is answered from, and grows late by itself"
    )
    listed.write_text(f'traffic: {{address: "{traffic}"}}\n', encoding="utf-8")
    city.superuser.execute("ALTER TABLE traffic.jdc RENAME COLUMN jg TO jiage")
    assert place.build().registries["vehicles"].reason is Reason.SCHEMA_CHANGED
    city.superuser.execute("ALTER TABLE traffic.jdc RENAME TO cars")
    assert place.build().registries["vehicles"].reason is Reason.MISSING
    assert (place.ask().status, place.ask().reason) == (Status.BROKEN, Reason.MISSING)


@pytest.mark.parametrize("rows", ["prepared", "source"])
def test_rest_registry(tmp_path, settings, service, rows):
    """An agency's service is read page by page, and asked row by row where no copy may be kept."""
    address = f"http://127.0.0.1:{service.server_port}"
    place = Place(tmp_path, settings, address, "{kind: rest, server: traffic, row_key: id}", rows)
    report = place.build().registries["vehicles"]
    assert (report.reason, report.rows) == (None, 3)
    answer = place.ask()
    assert [(hit.confirmed, hit.fields) for hit in answer.hits] == [(True, FIELDS)]
    assert place.batch() == list(answer.hits)
    service.refuse = 500
    assert (place.ask().status, place.ask().reason) == (
        (Status.BROKEN, Reason.UNREACHABLE) if rows == "source" else (Status.HIT, None)
    )


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([(5, *ROWS[0][1:]), (4, *ROWS[1][1:])], Reason.UNREADABLE),
        ([("x", *ROWS[0][1:])], Reason.UNREACHABLE),
    ],
)
def test_rest_registry_that_breaks_the_agreement(tmp_path, settings, service, rows, reason):
    """Rows that do not rise, or that the service itself chokes on, break the registry, and the build ends."""
    service.rows = rows
    place = Place(tmp_path, settings, f"http://127.0.0.1:{service.server_port}", "{kind: rest, server: traffic, row_key: id}", "prepared")  # fmt: skip
    assert place.build().registries["vehicles"].reason in (reason, Reason.UNREADABLE)


def test_rest_registry_refuses_plain_http(tmp_path, settings):
    """A token is not sent without TLS to another machine; an unlisted server and a readable list are refused."""
    place = Place(
        tmp_path, settings, "http://registry.example", "{kind: rest, server: traffic, row_key: id}", "source"
    )
    report = place.build().registries["vehicles"]
    assert (report.reason, report.detail) == (Reason.UNREACHABLE, "the address must be https")
    settings.REGISTRY_SERVERS.write_text(
        "insurers: {address: 'https://registry.example'}\n", encoding="utf-8"
    )
    assert place.build().registries["vehicles"].detail == "server traffic is not listed"
    settings.REGISTRY_SERVERS.chmod(0o644)
    with pytest.raises(registry_sources.RegistryServersUnreadable, match="mode 644"):
        place.build()
    settings.REGISTRY_SERVERS.chmod(0o600)
    settings.REGISTRY_SERVERS.write_text("traffic: {addres: 'postgresql://u:secret@h/d'}\n", encoding="utf-8")
    with pytest.raises(registry_sources.RegistryServersUnreadable) as caught:
        registry_sources.servers()
    assert "secret" not in str(caught.value)
