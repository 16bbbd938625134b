"""Building an index: states of registries, rebuilding one, corrections, kills, damage."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from registry_making import NOW, SCOPE, SHARES, VEHICLES, credit, declare, resident, shares, vehicles, write

from lianban.engines.identifiers.labels import IdentifierKind
from lianban.engines.matching import (
    Asked,
    IndexBusy,
    IndexUnreadable,
    NameCheck,
    NoIndex,
    NotAKey,
    Parties,
    PointIndex,
    Reason,
    Scope,
    Status,
    UnknownRegistry,
    build_index,
    collide_batch,
)

WHO = Asked("p", IdentifierKind.RESIDENT_ID, resident(1), "沈砚")


@pytest.fixture
def place(tmp_path):
    """Two registries with a row of the same person each, indexed."""
    return Place(tmp_path)


class Place:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.registries = declare(folder / "registries", VEHICLES, SHARES)
        vehicles(folder, [(resident(1), "沈砚"), (resident(2), "林衡")])
        shares(folder, [(credit(1), "云澜商贸有限公司", resident(1), "沈砚")])
        self.build()

    def build(self, now=NOW, **more):
        return build_index(
            self.registries, self.folder / "index", data=self.folder, now=now, demo=True, **more
        )

    def open(self):
        return PointIndex(self.registries, self.folder / "index", data=self.folder, demo=True)

    def ask(self, asked=WHO, now=NOW, scope=SCOPE):
        return self.open().collide(asked, scope, now=now)

    def batch(self, asked=WHO, now=NOW):
        return collide_batch(
            self.registries,
            self.folder / "index",
            Parties.of([asked]),
            SCOPE,
            data=self.folder,
            now=now,
            demo=True,
        )


def test_index_answers_with_fields_source_and_time(place):
    """A hit carries the permitted fields as the answer wants them, its as-of time and how it was recognised."""
    answer = place.ask().answer("vehicles")
    assert answer.status is Status.HIT
    assert answer.as_of.isoformat() == "2026-11-23T08:00:00+08:00"
    assert answer.agency == "police"
    (hit,) = answer.confirmed
    assert hit.fields == {"vehicles": {"plate": "浙J00000", "price": 150, "registered_on": "2020-02-29"}}
    assert "沈砚" not in repr(hit) and "浙J" not in repr(hit) and resident(1) not in repr(WHO)


def test_index_says_none_only_of_a_fresh_registry(place):
    """查无 is said on the day; the same silence is late once the table is older than it promises."""
    nobody = Asked("p", IdentifierKind.RESIDENT_ID, resident(9), "温岚")
    assert place.ask(nobody).answer("vehicles").status is Status.NONE
    later = NOW + timedelta(hours=40)
    answer = place.ask(nobody, later).answer("vehicles")
    assert (answer.status, answer.reason) == (Status.LATE, Reason.OLD)
    assert place.ask(WHO, later).answer("vehicles").hits, "a late registry still says what it knew"


def test_index_early_as_of_is_not_believed(place):
    """A table that says it is of next year says nothing about its age."""
    vehicles(place.folder, [(resident(1), "沈砚")], when="2027-11-23 08:00:00")
    place.build()
    answer = place.ask().answer("vehicles")
    assert (answer.status, answer.reason) == (Status.LATE, Reason.NO_AS_OF)


def test_index_empty_table_has_no_time(place):
    """An empty table with its time in a column is late, not fresh: nobody knows whether it was ever filled."""
    vehicles(place.folder, [])
    place.build()
    answer = place.ask().answer("vehicles")
    assert (answer.status, answer.reason, answer.hits) == (Status.LATE, Reason.NO_AS_OF, ())


def test_index_missing_table_is_broken(place):
    """A table that is gone is broken, at once for who asks and in the next build's report."""
    (place.folder / "vehicles.parquet").unlink()
    answer = place.ask().answer("vehicles")
    assert (answer.status, answer.reason, answer.hits) == (Status.BROKEN, Reason.MISSING, ())
    assert place.batch().answers["vehicles"].reason is Reason.MISSING
    assert place.build().broken == ("vehicles",)
    assert place.ask().answer("shares").status is Status.HIT


def test_index_changed_table_is_broken_until_rebuilt(place):
    """A table that was replaced since it was indexed is not answered from, and is after a rebuild."""
    vehicles(place.folder, [(resident(1), "沈砚")], when="2026-11-24 08:00:00")
    answer = place.ask().answer("vehicles")
    assert (answer.status, answer.reason) == (Status.BROKEN, Reason.INDEX_STALE)
    place.build(only=["vehicles"])
    answer = place.ask().answer("vehicles")
    assert (answer.status, answer.as_of.day) == (Status.HIT, 24)


def test_index_changed_structure_is_broken(place):
    """A declared column that is gone breaks the registry; the report names the column, not a row."""
    write(place.folder / "vehicles.parquet", {"zjhm": [resident(1)], "syr": ["沈砚"], "hphm": ["浙J1"]})
    report = place.build().registries["vehicles"]
    assert (report.reason, report.detail) == (Reason.SCHEMA_CHANGED, "jg, djsj, gxsj")
    answer = place.ask().answer("vehicles")
    assert (answer.status, answer.reason) == (Status.BROKEN, Reason.SCHEMA_CHANGED)


def test_index_garbage_is_broken(place):
    """A file that is no Parquet breaks its registry alone."""
    (place.folder / "vehicles.parquet").write_bytes(b"not a table")
    assert place.build().registries["vehicles"].reason is Reason.UNREADABLE
    assert place.ask().answer("shares").status is Status.HIT


def test_index_changed_declaration_is_broken_until_rebuilt(place):
    """A registry that is declared otherwise is not answered by the old declaration's index."""
    place.registries = declare(
        place.folder / "registries", VEHICLES.replace("column: jg", "column: djsj"), SHARES
    )
    assert place.ask().answer("vehicles").reason is Reason.DECLARATION_CHANGED
    place.build(only=["shares"])
    assert place.ask().answer("vehicles").status is Status.HIT, "a build reads what is declared otherwise"


def test_index_new_registry_is_broken_until_built(place):
    """A registry that is declared and was never indexed says so."""
    text = VEHICLES.replace("code: vehicles", "code: trucks")
    place.registries = declare(place.folder / "registries", VEHICLES, SHARES, text)
    assert place.ask().answer("trucks").reason is Reason.NOT_INDEXED


def test_index_not_asked(place):
    """Other questions, other bases and other subjects are not asked, and the answer says which it was."""
    assert place.ask(scope=Scope(frozenset({"shares"}), "law_1")).answer("vehicles").reason is Reason.QUESTION
    assert place.ask(scope=Scope(frozenset({"vehicles"}), "law_2")).answer("vehicles").reason is Reason.BASIS
    narrowed = Scope(SCOPE.questions, "law_1", frozenset({"shares"}))
    assert place.ask(scope=narrowed).answer("vehicles").status is Status.NOT_ASKED
    firm = Asked("f", IdentifierKind.CREDIT_CODE, credit(1), "云澜商贸有限公司")
    (hit,) = place.ask(firm).answer("shares").hits
    assert hit.check is NameCheck.CONFIRMED
    place.registries = declare(place.folder / "registries", VEHICLES.replace("[resident_id, credit_code]", "[resident_id]"), SHARES)  # fmt: skip
    assert place.ask(firm).answer("vehicles").reason is Reason.SUBJECT
    with pytest.raises(NotAKey):
        place.ask(Asked("x", IdentifierKind.PHONE, "13800000000", "沈砚"))


def test_index_correction_is_found_with_its_time(place):
    """A row that the agency corrects is found as corrected after a rebuild of that registry, by who has the index open."""
    reader = place.open()
    assert reader.collide(WHO, SCOPE, now=NOW).answer("vehicles").confirmed
    version = reader.version
    vehicles(place.folder, [(resident(3), "孟禾"), (resident(2), "林衡")], when="2026-11-24 09:00:00")
    place.build(only=["vehicles"])
    answer = reader.collide(WHO, SCOPE, now=NOW).answer("vehicles")
    assert (answer.status, answer.as_of.day, answer.as_of.hour) == (Status.NONE, 24, 9)
    other = Asked("q", IdentifierKind.RESIDENT_ID, resident(3), "孟禾")
    assert reader.collide(other, SCOPE, now=NOW).answer("vehicles").confirmed
    assert reader.version != version


def test_index_rebuild_of_one_reads_no_other(place):
    """The registries that are not rebuilt keep what was indexed of them, though their tables be gone."""
    (place.folder / "shares.parquet").rename(place.folder / "away.parquet")
    assert not place.build(only=["vehicles"]).broken
    (place.folder / "away.parquet").rename(place.folder / "shares.parquet")
    assert place.ask().answer("shares").status is Status.HIT
    with pytest.raises(UnknownRegistry):
        place.build(only=["ships"])


def test_index_leaves_no_files_behind(place):
    """After a build the folder holds the files of one generation, the manifest and the lock."""
    place.build()
    names = sorted(path.name for path in (place.folder / "index").iterdir())
    assert names == [
        "build.lock", "index.json", "postings-000002.lmdb",
        "shares-000002.duckdb", "shares-000002.rows", "vehicles-000002.duckdb", "vehicles-000002.rows",
    ]  # fmt: skip


def test_index_same_tables_same_answers_for_who_holds_the_old(place):
    """A reader that is in the middle of a question goes on with the generation it began with."""
    reader = place.open()
    opened, _plans = reader._current()
    place.build()
    place.build()
    assert opened.stores["vehicles"].fetch([1])[1][0] == "林衡"


def test_index_damage_is_seen(place):
    """A shortened file, a changed manifest and another demo mode are refused; nothing answers from them."""
    folder = place.folder / "index"
    with pytest.raises(IndexUnreadable):
        PointIndex(place.registries, folder, data=place.folder, demo=False)
    manifest = (folder / "index.json").read_bytes()
    (folder / "index.json").write_bytes(manifest.replace(b'"rows":2', b'"rows":3'))
    with pytest.raises(IndexUnreadable):
        place.open()
    (folder / "index.json").write_bytes(manifest)
    with (folder / "postings-000001.lmdb").open("r+b") as file:
        file.truncate(4096)
    with pytest.raises(IndexUnreadable):
        place.open()
    place.build()
    assert place.ask().answer("vehicles").status is Status.HIT
    (folder / "index.json").unlink()
    with pytest.raises(NoIndex):
        place.open()


def test_index_one_build_at_a_time(place):
    """A second build is refused while the first holds the lock."""
    import fcntl

    with (place.folder / "index" / "build.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(IndexBusy):
            place.build()


KILLED = """
    import os, signal, sys
    from pathlib import Path
    sys.path.insert(0, {tests!r})
    from registry_making import NOW, load_registries
    from lianban.engines.matching import build_index

    class Counting:
        def __init__(self, left): self.left = left
        def __call__(self, frame, event, argument):
            if event == "call" and "/matching/" in frame.f_code.co_filename:
                self.left -= 1
                if self.left == 0: os.kill(os.getpid(), signal.SIGKILL)

    folder = Path({folder!r})
    registries = load_registries(folder / "registries")
    sys.setprofile(Counting({calls}))
    build_index(registries, folder / "index", data=folder, now=NOW, demo=True)
    sys.setprofile(None)
    print("finished")
"""


def test_index_killed_build_leaves_the_old_one(place):
    """Killed at any of its calls, a build leaves an index that answers exactly: the old one, or the new."""
    vehicles(place.folder, [(resident(1), "沈砚"), (resident(4), "顾言")], when="2026-11-24 09:00:00")
    old = Asked("q", IdentifierKind.RESIDENT_ID, resident(2), "林衡")
    new = Asked("r", IdentifierKind.RESIDENT_ID, resident(4), "顾言")
    kills, seen = 0, set()
    for calls in (30, 120, 200, 260, 300, 1000):
        script = textwrap.dedent(KILLED).format(
            tests=str(Path(__file__).parent), folder=str(place.folder), calls=calls
        )
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
        kills += done.returncode == -signal.SIGKILL
        assert done.returncode in (-signal.SIGKILL, 0), done.stderr
        reader = place.open()
        state = reader.states(NOW)["vehicles"]
        seen.add(state.reason)
        if state.reason is Reason.INDEX_STALE:  # the old generation, and it says that the table is newer
            assert reader._current()[0].stores["vehicles"].fetch([1])[1][0] == "林衡"
            assert reader.find(old) and not reader.find(new)
        else:
            assert state.reason is None
            assert reader.find(new) and not reader.find(old)
        assert reader.collide(WHO, SCOPE, now=NOW).answer("shares").confirmed
    assert kills >= 4 and Reason.INDEX_STALE in seen
    place.build()
    assert place.ask(new).answer("vehicles").confirmed


def test_index_killed_from_outside_while_sorting(place):
    """A build of a larger table that is killed by the clock leaves the old index."""
    numbers = [resident(order % 1000, born=f"19{61 + order // 1000}0214") for order in range(20_000)]
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t AS SELECT unnest($1) AS zjhm", [numbers * 10])
        connection.execute(
            "COPY (SELECT zjhm, '沈砚' AS syr, 'x' AS hphm, 1.0 AS jg, DATE '2020-01-01' AS djsj, "
            f"TIMESTAMP '2026-11-24 09:00:00' AS gxsj FROM t) TO '{place.folder}/vehicles.parquet' (FORMAT parquet)"
        )
    script = textwrap.dedent(KILLED).format(
        tests=str(Path(__file__).parent), folder=str(place.folder), calls=10**9
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.DEVNULL)
    leftover = place.folder / "index" / "vehicles-000002.duckdb"
    while not leftover.exists() and process.poll() is None:
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert place.ask().index.startswith("000001-")
    assert not place.build().broken
    assert not list((place.folder / "index").glob("build-*"))
    assert len(place.ask().answer("vehicles").hits) == 10


@pytest.mark.parametrize(
    ("kind", "rows"),
    [(kind, "prepared") for kind in ("csv", "gb18030", "duckdb", "sqlite")]
    + [(kind, "source") for kind in ("parquet", "duckdb", "sqlite")],
)
def test_index_of_every_kind_of_file(tmp_path, kind, rows):
    """One table as Parquet, CSV in two encodings, DuckDB and SQLite gives the same rows, from the copy or the source."""
    people = [
        (resident(1), "沈砚"),
        ("", "温岚"),
        (resident(1).lower(), "沈 砚"),
        ("990100", "林衡"),
        (None, None),
    ]
    vehicles(tmp_path, people)
    ending = {"gb18030": "csv"}.get(kind, kind)
    path = tmp_path / f"vehicles.{ending}"
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE t AS SELECT * FROM '{tmp_path}/vehicles.parquet'")
        match kind:
            case "csv" | "gb18030":
                connection.execute(f"COPY t TO '{path}' (HEADER)")
                path.write_text(
                    path.read_text(encoding="utf-8"), encoding="gb18030" if kind == "gb18030" else "utf-8"
                )
            case "duckdb":
                connection.execute(
                    f"ATTACH '{path}' AS target; CREATE TABLE target.t AS SELECT * FROM t; DETACH target"
                )
            case "sqlite":
                with sqlite3.connect(path) as target:
                    target.execute(
                        "CREATE TABLE t (zjhm TEXT, syr TEXT, hphm TEXT, jg REAL, djsj TEXT, gxsj TEXT)"
                    )
                    found = connection.execute(
                        "SELECT zjhm, syr, hphm, jg::DOUBLE, djsj::VARCHAR, gxsj::VARCHAR FROM t"
                    ).fetchall()
                    target.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", found)
                target.close()
    table = ", table: t" if kind in ("duckdb", "sqlite") else ""
    text = VEHICLES.replace(
        "{kind: parquet, path: vehicles.parquet}",
        f"{{kind: {ending}, path: {path.name}{table}}}\nrows: {rows}",
    )
    registries = declare(tmp_path / "registries", text)
    assert not build_index(registries, tmp_path / "index", data=tmp_path, now=NOW, demo=True).broken
    index = PointIndex(registries, tmp_path / "index", data=tmp_path, demo=True)
    answer = index.collide(WHO, SCOPE, now=NOW).answer("vehicles")
    assert [(hit.check, hit.fields["vehicles"]) for hit in answer.hits] == [
        (NameCheck.CONFIRMED, {"plate": "浙J00000", "price": 150, "registered_on": "2020-02-29"}),
        (NameCheck.CONFIRMED, {"plate": "浙J00002", "price": 350, "registered_on": "2020-02-29"}),
    ]
    by_name = index.collide(Asked("n", IdentifierKind.RESIDENT_ID, resident(8), "温岚"), SCOPE, now=NOW)
    assert [hit.check for hit in by_name.answer("vehicles").hits] == [NameCheck.NAME_ONLY]
    batch = collide_batch(
        registries, tmp_path / "index", Parties.of([WHO]), SCOPE, data=tmp_path, now=NOW, demo=True
    )
    assert [hit.hit for hit in batch.hits()] == list(answer.hits)


def test_index_row_that_changed_hands_at_the_source(tmp_path):
    """Where rows are read at the source, one that belongs to another by now is no hit any more."""
    text = VEHICLES.replace(
        "{kind: parquet, path: vehicles.parquet}", "{kind: sqlite, path: v.sqlite, table: t}\nrows: source"
    )
    registries = declare(tmp_path / "registries", text)
    with sqlite3.connect(tmp_path / "v.sqlite") as table:
        table.execute("CREATE TABLE t (zjhm TEXT, syr TEXT, hphm TEXT, jg REAL, djsj TEXT, gxsj TEXT)")
        table.execute(
            "INSERT INTO t VALUES (?, '沈砚', '浙J1', 1, '2020-01-01', '2026-11-23 08:00:00')", [resident(1)]
        )
    build_index(registries, tmp_path / "index", data=tmp_path, now=NOW, demo=True)
    index = PointIndex(registries, tmp_path / "index", data=tmp_path, demo=True)
    # The source cannot say that it changed: its fingerprint is held still, as a server without one would.
    held = index.standings.table(registries["vehicles"])
    held.fingerprint = lambda: ""
    assert index.collide(WHO, SCOPE, now=NOW).answer("vehicles").confirmed
    table.execute("UPDATE t SET zjhm = ?", [resident(2)])
    table.commit()
    answer = index.collide(WHO, SCOPE, now=NOW).answer("vehicles")
    assert (answer.status, answer.hits) == (Status.NONE, ())
    table.close()
