"""Bringing a backup into an empty data folder: everything is checked first, and the database comes whole or not at all."""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
from pathlib import Path, PurePosixPath

from lianban.engines.errors import OurFault, YourMistake
from lianban.records.server.backup import (
    DUMP,
    KEYS,
    MANIFEST,
    BackupDamaged,
    Manifest,
    copy_hashed,
    fingerprint,
    password_environment,
    read_manifest,
)
from lianban.records.server.binaries import installed_binaries
from lianban.records.server.passwords import make_private_folder
from lianban.records.server.places import Places
from lianban.records.server.roles import Role
from lianban.records.server.supervisor import Report, Server


class NotEmpty(YourMistake):
    code = "LB-BACKUP-004"
    status = 409
    zh = "{folder} 中已有数据（{found}），恢复不会覆盖它。请用 LIANBAN_DATA_FOLDER 指定一个空文件夹。"
    en = "{folder} already holds data ({found}); a restore does not overwrite it. Name an empty folder with LIANBAN_DATA_FOLDER."


class KeysNeeded(YourMistake):
    code = "LB-BACKUP-005"
    zh = "这份备份中的身份标识是加密的，需要密钥文件：{names}。请用 --keys 指定备份时另存的密钥文件；确无密钥时可用 --without-keys，加密的内容将无法读出。"
    en = (
        "Identifiers in this backup are sealed; its keys are needed: {names}. Name the file they were saved to with --keys. "
        "If they are lost, --without-keys restores the rest; what is sealed stays sealed."
    )


class KeysDoNotFit(YourMistake):
    code = "LB-BACKUP-006"
    status = 409
    zh = "密钥文件 {file} 与这份备份不符：{reason}。什么也没有改动。"
    en = "The keys in {file} do not fit this backup: {reason}. Nothing was changed."


class FromANewerLianban(YourMistake):
    code = "LB-BACKUP-007"
    status = 409
    zh = "备份由联办 {version} 制作，其中有本版本不认识的表结构（{names}）。请先升级联办。"
    en = "The backup was made by Lianban {version} and has tables that this version does not know ({names}). Upgrade first."


class RestoreFailed(OurFault):
    code = "LB-BACKUP-008"
    zh = "恢复没有完成，数据库保持为空：{reason}。"
    en = "The restore was not finished; the database is still empty: {reason}."


def restore(
    source: Path,
    server: Server,
    keys: Path | None = None,
    without_keys: bool = False,
    given_keys: frozenset[str] = frozenset(),
    report: Report = lambda chinese, english: None,
) -> Manifest:
    """Restore ``source`` into the empty data folder of ``server`` and leave the server running.

    ``given_keys`` are names of keys that this deployment gets another way (from the environment). Order: check the
    manifest, the keys and every member's SHA-256; put the files in place; restore the database in one transaction,
    last. Cut off anywhere, the same command can be given again.
    """
    manifest = read_manifest(source)
    _known_migrations(manifest)
    fitting = _fitting_keys(source, manifest, keys, without_keys, given_keys)
    places = server.places
    server.start(report)
    _empty(server)
    workplace = places.folder / "restoring"
    _undo_unfinished(places, workplace)
    make_private_folder(workplace, 0o700)
    report("正在校验备份……", "Checking the backup …")
    try:
        _extract(source, manifest, workplace)
    except BaseException:
        shutil.rmtree(workplace, ignore_errors=True)
        raise
    (workplace / "journal.json").write_text(json.dumps({"keys": sorted(fitting)}), encoding="utf-8")
    if (workplace / "files").is_dir():
        (workplace / "files").rename(places.files)
    for name, text in fitting.items():
        _place_key(places.folder / name, text)
    report("正在恢复数据库……", "Restoring the database …")
    _restore_database(server, workplace / DUMP)
    shutil.rmtree(workplace)
    return manifest


def _known_migrations(manifest: Manifest) -> None:
    ours = Path(__file__).resolve().parents[1] / "migrations"
    known = {f"records.{file.stem}" for file in ours.glob("[0-9]*.py")}
    unknown = [name for name in manifest.migrations if name.startswith("records.") and name not in known]
    if unknown:
        raise FromANewerLianban(version=manifest.lianban, names=", ".join(unknown))


def _fitting_keys(
    source: Path, manifest: Manifest, keys: Path | None, without: bool, given: frozenset[str]
) -> dict[str, str]:
    if keys is None:
        missing = sorted(set(manifest.keys) - given)
        if missing and not without:
            raise KeysNeeded(names=", ".join(missing))
        return {}
    try:
        found = json.loads(keys.read_text(encoding="utf-8"))
        texts: dict[str, str] = found["keys"]
        if found["what"] != KEYS:
            raise KeyError("what")
    except OSError as error:
        raise KeysDoNotFit(file=str(keys), reason=str(error.strerror)) from error
    except (ValueError, KeyError, TypeError) as error:
        raise KeysDoNotFit(file=str(keys), reason="it is not a file of keys") from error
    for name, wanted in manifest.keys.items():
        if name not in texts:
            raise KeysDoNotFit(file=str(keys), reason=f"it has no {name}")
        if fingerprint(texts[name].encode()) != wanted:
            raise KeysDoNotFit(file=str(keys), reason=f"its {name} is another key")
    return {name: texts[name] for name in manifest.keys}


def _empty(server: Server) -> None:
    import psycopg

    with psycopg.connect(**server.dsn(Role.SUPERUSER, server.dsn(Role.OWNER)["dbname"])) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE relkind IN ('r', 'p') AND nspname NOT IN ('pg_catalog', 'information_schema') AND nspname !~ '^pg_toast'"
        ).fetchone()
    if row and row[0]:
        raise NotEmpty(folder=str(server.places.folder), found=f"{row[0]} tables")
    files = server.places.files
    if (
        files.is_dir()
        and any(files.iterdir())
        and not (server.places.folder / "restoring" / "journal.json").exists()
    ):
        raise NotEmpty(folder=str(server.places.folder), found="files/")


def _undo_unfinished(places: Places, workplace: Path) -> None:
    """Take back what a restore that was cut off has put in place; the database has nothing of it."""
    journal = workplace / "journal.json"
    if journal.exists():
        for name in json.loads(journal.read_text(encoding="utf-8"))["keys"]:
            (places.folder / name).unlink(missing_ok=True)
        shutil.rmtree(places.files, ignore_errors=True)
    shutil.rmtree(workplace, ignore_errors=True)
    if places.files.is_dir():
        places.files.rmdir()  # empty, or _empty() would have refused


def _extract(source: Path, manifest: Manifest, workplace: Path) -> None:
    """Unpack what the manifest lists, and nothing else; compare each size and SHA-256 on the way."""
    left = dict(manifest.members)
    try:
        with tarfile.open(source) as archive:
            for about in archive:
                if about.name == MANIFEST:
                    continue
                wanted = left.pop(about.name, None)
                path = PurePosixPath(about.name)
                safe = about.isfile() and not path.is_absolute() and ".." not in path.parts
                if wanted is None or not safe:
                    raise BackupDamaged(file=str(source), reason=f"{about.name} is not in its manifest")
                target = workplace / about.name
                target.parent.mkdir(parents=True, exist_ok=True)
                content = archive.extractfile(about)
                assert content is not None  # a regular file has content
                with content, target.open("xb") as out:
                    found = copy_hashed(content, out)
                if found != wanted:
                    raise BackupDamaged(file=str(source), reason=f"{about.name} was changed")
    except (OSError, tarfile.TarError, EOFError) as error:
        raise BackupDamaged(file=str(source), reason=str(error)) from error
    if left:
        raise BackupDamaged(file=str(source), reason=f"{sorted(left)[0]} is missing")


def _place_key(target: Path, text: str) -> None:
    # A key made by a start that sealed nothing yet may lie here: the database is empty, so nothing hangs on it.
    half = target.with_name(target.name + ".new")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    half.write_text(text, encoding="utf-8")
    half.replace(target)


def _restore_database(server: Server, dump: Path) -> None:
    dsn = server.dsn(Role.SUPERUSER, server.dsn(Role.OWNER)["dbname"])
    done = subprocess.run(
        [
            installed_binaries().program("pg_restore"), "--single-transaction", "--exit-on-error", "--no-password",
            f"--dbname={dsn['dbname']}", str(dump),
        ],
        env=password_environment(dsn), capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    if done.returncode:
        raise RestoreFailed(reason=" / ".join(done.stderr.strip().split("\n")[-3:]))
