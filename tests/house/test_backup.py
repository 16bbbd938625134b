"""Backup and restore, rehearsed: what comes back is what was saved, or nothing comes at all."""

import json
import os
import subprocess
import sys
import tarfile
from datetime import UTC, datetime

import psycopg
import pytest

from lianban.records import server
from lianban.records.server import backup, restore

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def deployment(shared_folder, prepared):
    """A small deployment: a table under forced row-level security, two uploaded files, a key."""
    running = server.ensure(prepared(shared_folder / "first"))
    with psycopg.connect(**running.dsn("owner")) as connection:
        connection.execute("CREATE TABLE letter (id int PRIMARY KEY, words text)")
        connection.execute("INSERT INTO letter SELECT n, '第' || n || '号函' FROM generate_series(1, 500) n")
        connection.execute("ALTER TABLE letter ENABLE ROW LEVEL SECURITY")
        connection.execute("ALTER TABLE letter FORCE ROW LEVEL SECURITY")
        connection.execute("GRANT SELECT ON letter TO lianban_auditor")
        connection.execute("CREATE POLICY only_auditor ON letter TO lianban_auditor USING (true)")
    files = running.places.files
    (files / "2026").mkdir(parents=True)
    (files / "2026" / "裁定书.pdf").write_bytes(bytes(range(256)) * 40)
    (files / "empty").write_bytes(b"")
    (running.places.folder / "master-key").write_text("ab" * 32)
    yield running
    running.stop()


@pytest.fixture
def second(own_data_folder, prepared):
    """An empty deployment beside it."""
    running = server.Server(server.Places(prepared(own_data_folder / "second")))
    yield running
    running.stop()


@pytest.fixture
def nowhere(own_data_folder):
    """A deployment of which nothing was made yet."""
    running = server.Server(server.Places(own_data_folder / "nowhere"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def saved(deployment, tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("saved")
    backup.back_up(deployment, tmp_path / "备份.lianban", NOW)
    backup.back_up_keys(deployment.places, tmp_path / "keys.json")
    return tmp_path / "备份.lianban", tmp_path / "keys.json"


def rewritten(source, target, change):
    """A copy of a backup in which ``change(name, bytes)`` decides each member; None leaves it out."""
    import io

    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for about in old:
            data = change(about.name, old.extractfile(about).read())
            if data is not None:
                about.size = len(data)
                new.addfile(about, io.BytesIO(data))
    return target


def test_backup_comes_back_whole(deployment, saved, second):
    """Rows, rights, policies, files and keys are the same in another folder."""
    manifest = restore.restore(saved[0], second, keys=saved[1])
    assert manifest.taken_at == NOW.isoformat()
    with psycopg.connect(**second.dsn("auditor")) as connection:
        assert connection.execute("SELECT count(*), min(words) FROM letter").fetchone() == (500, "第100号函")
    with psycopg.connect(**second.dsn("owner")) as connection:
        assert connection.execute("SELECT count(*) FROM letter").fetchone() == (0,)  # forced, still
    with (
        psycopg.connect(**second.dsn("app")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("SELECT 1 FROM letter")
    for name in ("2026/裁定书.pdf", "empty"):
        assert (second.places.files / name).read_bytes() == (deployment.places.files / name).read_bytes()
    assert (second.places.folder / "master-key").read_text() == "ab" * 32
    assert (second.places.folder / "master-key").stat().st_mode & 0o777 == 0o600
    assert not (second.places.folder / "restoring").exists()


def test_backup_is_private_and_holds_no_key(saved):
    """Only its owner reads the backup, and no key or password is in it."""
    assert saved[0].stat().st_mode & 0o777 == 0o600
    with tarfile.open(saved[0]) as archive:
        names = archive.getnames()
    assert sorted(names) == ["database.dump", "files/2026/裁定书.pdf", "files/empty", "manifest.json"]
    assert b"ab" * 32 not in saved[0].read_bytes()


def test_backup_overwrites_nothing(deployment, saved):
    """A file that is there is never overwritten, neither backup nor keys."""
    before = saved[0].read_bytes()
    with pytest.raises(backup.FileExists):
        backup.back_up(deployment, saved[0], NOW)
    with pytest.raises(backup.FileExists):
        backup.back_up_keys(deployment.places, saved[1])
    assert saved[0].read_bytes() == before


def test_restore_refuses_a_folder_with_data(deployment, saved):
    """Restoring over a deployment that holds data is refused, and it stays as it was."""
    with pytest.raises(restore.NotEmpty):
        restore.restore(saved[0], deployment, keys=saved[1])
    with psycopg.connect(**deployment.dsn("auditor")) as connection:
        assert connection.execute("SELECT count(*) FROM letter").fetchone() == (500,)


@pytest.mark.parametrize(
    ("what", "change", "found"),
    [
        ("a changed file", lambda name, data: data[:-1] + b"\0" if name.startswith("files/2026") else data, "was changed"),
        ("a cut dump", lambda name, data: data[:-9] if name == "database.dump" else data, "was changed"),
        ("a missing file", lambda name, data: None if name == "files/empty" else data, "is missing"),
        ("no manifest", lambda name, data: None if name == "manifest.json" else data, "manifest"),
        ("another format", lambda name, data: data.replace(b'"format": 1', b'"format": 2') if name == "manifest.json" else data, "format is 2"),
        ("a path outside", lambda name, data: data.replace(b"files/empty", b"files/../up") if name == "manifest.json" else data, "not in its manifest"),
    ],
)  # fmt: skip
def test_restore_refuses_a_damaged_backup(saved, second, tmp_path, what, change, found):
    """A backup in which a byte is wrong restores nothing, and says what is wrong."""
    bad = rewritten(saved[0], tmp_path / "bad", change)
    with pytest.raises(backup.BackupDamaged, match=found):
        restore.restore(bad, second, keys=saved[1])
    assert not second.places.files.exists()
    assert not (second.places.folder / "restoring").exists()


@pytest.mark.parametrize("content", [b"", b"nothing of the kind", b"\0" * 20480])
def test_restore_refuses_another_file(nowhere, tmp_path, content):
    """A file that is no backup is refused before anything is made."""
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(backup.BackupDamaged):
        restore.restore(tmp_path / "other", nowhere)
    assert not nowhere.places.folder.exists()


def test_restore_asks_for_keys(saved, nowhere, tmp_path):
    """Without keys, or with others, the restore says so before it does anything; --without-keys insists."""
    with pytest.raises(restore.KeysNeeded, match="master-key"):
        restore.restore(saved[0], nowhere)
    other = json.loads(saved[1].read_text())
    other["keys"]["master-key"] = "cd" * 32
    (tmp_path / "other.json").write_text(json.dumps(other))
    with pytest.raises(restore.KeysDoNotFit, match="another key"):
        restore.restore(saved[0], nowhere, keys=tmp_path / "other.json")
    (tmp_path / "no.json").write_text("[]")
    with pytest.raises(restore.KeysDoNotFit, match="not a file of keys"):
        restore.restore(saved[0], nowhere, keys=tmp_path / "no.json")
    assert not nowhere.places.folder.exists()
    restore.restore(saved[0], nowhere, without_keys=True)
    assert not (nowhere.places.folder / "master-key").exists()


def test_restore_from_a_newer_version_is_refused(saved, second, tmp_path):
    """Tables that this version does not know are named, and nothing is done."""
    newer = rewritten(
        saved[0], tmp_path / "newer",
        lambda name, data: data.replace(b'"migrations": []', b'"migrations": ["records.9999_far_future"]') if name == "manifest.json" else data,
    )  # fmt: skip
    with pytest.raises(restore.FromANewerLianban, match="9999_far_future"):
        restore.restore(newer, second, keys=saved[1])


def test_restore_cut_off_can_be_given_again(saved, second, monkeypatch):
    """Killed between placing the files and the database, the same command succeeds the second time."""

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(restore, "_restore_database", killed)
        with pytest.raises(KeyboardInterrupt):
            restore.restore(saved[0], second, keys=saved[1])
    assert second.places.files.exists()
    restore.restore(saved[0], second, keys=saved[1])
    with psycopg.connect(**second.dsn("auditor")) as connection:
        assert connection.execute("SELECT count(*) FROM letter").fetchone() == (500,)
    assert (second.places.files / "empty").exists()


LOG = """\
case,activity,timestamp
案一,立案,2024-01-02T09:00:00+08:00
案一,结案,2024-03-01T17:30:00+08:00
NA,立案,2024-01-05T10:00:00+08:00
NA,送达,2024-01-09T10:00:00+08:00
NA,结案,2024-02-05T10:00:00+08:00
"""


@pytest.mark.slow
def test_backup_rehearsal_of_a_working_city(own_data_folder, tmp_path):
    """A city with matters, through the commands an operator types: backup, restore elsewhere, verify, compare every row."""
    first, second = own_data_folder / "first", own_data_folder / "second"
    (tmp_path / "log.csv").write_text(LOG)
    for command in (
        ["database", "migrate"],
        ["scene", "deploy"],
        ["city", "load"],
        ["replay", str(tmp_path / "log.csv")],
        ["jobs", "--once"],
    ):
        lianban(first, *command)
    lianban(first, "backup", str(tmp_path / "city"), "--keys", str(tmp_path / "keys"))
    said = lianban(second, "restore", str(tmp_path / "city"), "--keys", str(tmp_path / "keys"), "--json")
    assert json.loads(said)["ledger_verified"] is True
    before = tables(first)
    assert before["ledger_entry"][-1][0] >= 5
    assert before == tables(second)
    refused = lianban(
        second, "restore", str(tmp_path / "city"), "--keys", str(tmp_path / "keys"), "--json", code=2
    )
    assert json.loads(refused)["error"]["code"] == "LB-BACKUP-004"
    with _hold(second) as connection:
        connection.execute("ALTER TABLE ledger_entry DISABLE TRIGGER ALL")
        connection.execute("UPDATE ledger_entry SET payload = replace(payload::text, '结案', '撤案')::jsonb")
    lianban(second, "ledger", "verify", code=1)


def lianban(folder, *arguments, code=0) -> str:
    values = {name: value for name, value in os.environ.items() if not name.startswith("LIANBAN_")}
    values |= {"LIANBAN_DATA_FOLDER": str(folder), "LIANBAN_TEST_FSYNC": "off", "LIANBAN_DEMO": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "lianban.doors.cli", *arguments],
        env=values,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def _hold(folder):
    running = server.ensure(folder)
    return psycopg.connect(**running.dsn(server.Role.SUPERUSER))


def tables(folder) -> dict:
    """Every table with its owner, its policies, its number of rows and a digest of all of them."""
    with _hold(folder) as connection:
        found = connection.execute(
            "SELECT tablename, tableowner, rowsecurity,"
            " (SELECT count(*) FROM pg_policies p WHERE p.tablename = t.tablename)"
            " FROM pg_tables t WHERE schemaname = 'public' ORDER BY 1"
        ).fetchall()
        assert len(found) > 10
        return {
            name: (
                *about,
                connection.execute(
                    f"SELECT count(*), md5(string_agg(r::text, '|' ORDER BY r::text COLLATE \"C\")) FROM {name} r"
                ).fetchone(),
            )
            for name, *about in found
        }
