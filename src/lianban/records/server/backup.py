"""One file that holds a whole deployment: the database, the uploaded files, and a manifest that proves both.

The database is dumped (``pg_dump`` custom format) rather than copied: a dump can be restored by a later PostgreSQL and
on another machine. It is one snapshot, taken before the files are read; files are only ever added, so every file the
snapshot speaks of is there.

**Keys stay out.** Identifiers in the dump are sealed; whoever has only the backup has nothing. The keys go into a second
file, kept elsewhere. The manifest holds a fingerprint of each key, so that a restore can say at once whether the keys fit.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import IO, Any

from lianban.engines.errors import OurFault, YourMistake
from lianban.records.server.binaries import installed_binaries
from lianban.records.server.places import Places
from lianban.records.server.roles import Role
from lianban.records.server.supervisor import Server

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
KEYS = "lianban-keys"
"""What a file of keys says it is."""

Progress = Callable[[int, int], None]
"""Told bytes done and bytes in all."""


class FileExists(YourMistake):
    code = "LB-BACKUP-001"
    status = 409
    zh = "{file} 已存在，不会覆盖。请换一个文件名。"
    en = "{file} exists and is not overwritten. Choose another name."


class BackupFailed(OurFault):
    code = "LB-BACKUP-002"
    zh = "备份没有完成，未留下文件：{reason}。"
    en = "The backup was not finished and left no file: {reason}."


class BackupDamaged(YourMistake):
    code = "LB-BACKUP-003"
    status = 409
    zh = "{file} 不是完好的联办备份：{reason}。什么也没有改动。请换一份备份。"
    en = "{file} is not a whole backup of Lianban: {reason}. Nothing was changed. Use another backup."


@dataclass(frozen=True)
class Member:
    """One file inside a backup."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds, and what made it. Names no person and no secret."""

    format: int
    lianban: str
    postgresql: str
    taken_at: str
    """When, UTC, ISO 8601."""
    migrations: tuple[str, ...]
    keys: dict[str, str]
    """Fingerprints of the keys in use, by file name."""
    members: dict[str, Member]

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        raw: dict[str, Any] = json.loads(text)
        raw["members"] = {name: Member(**member) for name, member in raw["members"].items()}
        raw["migrations"] = tuple(raw["migrations"])
        return cls(**raw)


def back_up(
    server: Server, target: Path, now: datetime, progress: Progress = lambda done, total: None
) -> Manifest:
    """Write the backup of the running ``server`` to ``target``, mode 0600, all or nothing."""
    if target.exists():
        raise FileExists(file=str(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".lianban-backup-") as temporary:
        dump = Path(temporary) / DUMP
        _dump(server, dump)
        files = [(DUMP, dump), *_uploaded(server.places)]
        total = sum(file.stat().st_size for _, file in files)
        half = Path(temporary) / "backup.tar"
        handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        members: dict[str, Member] = {}
        with os.fdopen(handle, "wb") as out:
            with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
                done = 0
                for name, file in files:
                    members[name] = _add(archive, name, file)
                    done += members[name].size
                    progress(done, total)
                manifest = Manifest(
                    format=FORMAT,
                    lianban=metadata.version("lianban"),
                    postgresql=installed_binaries().version,
                    taken_at=now.isoformat(),
                    migrations=_migrations(server),
                    keys={key.name: fingerprint(key.read_bytes()) for key in key_files(server.places)},
                    members=members,
                )
                _add_text(archive, MANIFEST, manifest.as_json())
            out.flush()
            os.fsync(out.fileno())
        if target.exists():  # made by somebody else while we were dumping
            raise FileExists(file=str(target))
        half.rename(target)
    return manifest


def back_up_keys(places: Places, target: Path) -> list[str]:
    """Write the keys into a file of their own, mode 0600. Returns their names. Keep it apart from the backups."""
    if target.exists():
        raise FileExists(file=str(target))
    keys = {key.name: key.read_text(encoding="utf-8") for key in key_files(places)}
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"what": KEYS, "keys": keys}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return sorted(keys)


def read_manifest(source: Path) -> Manifest:
    """The manifest of a backup. Raises :class:`BackupDamaged`."""
    try:
        with tarfile.open(source) as archive:
            file = archive.extractfile(MANIFEST)
            if file is None:
                raise BackupDamaged(file=str(source), reason="it has no manifest")
            with file:
                manifest = Manifest.from_json(file.read().decode("utf-8"))
    except (OSError, KeyError, tarfile.TarError, EOFError) as error:
        raise BackupDamaged(file=str(source), reason=str(error).strip("'\"")) from error
    except (ValueError, TypeError) as error:
        raise BackupDamaged(file=str(source), reason="its manifest cannot be read") from error
    if manifest.format != FORMAT:
        raise BackupDamaged(
            file=str(source), reason=f"its format is {manifest.format}, this program reads {FORMAT}"
        )
    return manifest


def fingerprint(key: bytes) -> str:
    """Tells whether two keys are equal and nothing else: keys are 256 random bits."""
    return hashlib.sha256(b"lianban key fingerprint\0" + key.strip()).hexdigest()[:32]


def key_files(places: Places) -> list[Path]:
    """The keys of a data folder: files called ``…-key`` at its top."""
    return sorted(file for file in places.folder.glob("*-key") if file.is_file())


def password_environment(dsn: dict[str, Any]) -> dict[str, str]:
    """The environment that lets PostgreSQL's programs connect: nothing secret on the command line."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "dbname": "PGDATABASE",
    }
    given = {names.get(key, f"PG{key.upper()}"): str(value) for key, value in dsn.items()}
    return kept | given | {"LC_ALL": "C"}


def copy_hashed(source: IO[bytes], out: IO[bytes]) -> Member:
    """Copy a stream; its size and SHA-256."""
    digest = hashlib.sha256()
    size = 0
    while chunk := source.read(2**20):
        digest.update(chunk)
        size += len(chunk)
        out.write(chunk)
    return Member(size, digest.hexdigest())


def _dump(server: Server, target: Path) -> None:
    dsn = server.dsn(Role.SUPERUSER, server.dsn(Role.OWNER)["dbname"])
    # The superuser, because forced row-level security binds even the owner: anybody else would dump a part.
    done = subprocess.run(
        [installed_binaries().program("pg_dump"), "--format=custom", "--no-password", f"--file={target}"],
        env=password_environment(dsn), capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    if done.returncode:
        raise BackupFailed(reason=" / ".join(done.stderr.strip().split("\n")[-3:]))
    target.chmod(0o600)


def _uploaded(places: Places) -> Iterator[tuple[str, Path]]:
    for file in sorted(places.files.rglob("*")):
        if file.is_file() and not file.is_symlink():
            yield f"files/{file.relative_to(places.files).as_posix()}", file


def _migrations(server: Server) -> tuple[str, ...]:
    import psycopg

    with psycopg.connect(**server.dsn(Role.SUPERUSER, server.dsn(Role.OWNER)["dbname"])) as connection:
        if connection.execute("SELECT to_regclass('django_migrations')").fetchone() == (None,):
            return ()
        rows = connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY id").fetchall()
    return tuple(row[0] for row in rows)


def _add(archive: tarfile.TarFile, name: str, file: Path) -> Member:
    about = archive.gettarinfo(file, arcname=name)
    about.uid = about.gid = 0
    about.uname = about.gname = ""
    about.mode = 0o600
    with file.open("rb") as source:
        reader = _HashingReader(source)
        archive.addfile(about, reader)
    return Member(about.size, reader.digest.hexdigest())


class _HashingReader(io.RawIOBase):
    """Hashes what the archive reads, so that each file is read once."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.source.read(size)
        self.digest.update(data)
        return data


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    data = text.encode("utf-8")
    about = tarfile.TarInfo(name)
    about.size = len(data)
    about.mode = 0o600
    archive.addfile(about, io.BytesIO(data))
