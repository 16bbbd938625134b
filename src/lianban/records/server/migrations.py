"""Whether the tables were made by the migrations that lie here.

A migration that was released is never edited. One that was edited all the same, before a release, leaves data folders
whose tables are neither old nor new: everything seems migrated, and some page fails later. So the digests of applied
migrations are kept with the tables, as the comment of ``django_migrations``, and compared before the next run.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from lianban.engines.errors import YourMistake

RECORDS = Path(__file__).resolve().parents[1]


class TablesOfAnotherState(YourMistake):
    code = "LB-SERVER-010"
    status = 409
    zh = (
        "数据文件夹 {folder} 中的表由本软件的另一个开发版本建立（{names} 此后有改动），不能继续使用，数据未被改动。"
        "演示数据：删除该文件夹后重试，或用 LIANBAN_DATA_FOLDER 另选一个；重要数据：用原来的版本打开。"
    )
    en = (
        "The tables in {folder} were made by another development state of this software ({names} changed since) and "
        "cannot be used; nothing was changed. Demo data: remove that folder, or choose another with "
        "LIANBAN_DATA_FOLDER. Data that matter: open them with the version that made them."
    )


def digests(records: Path = RECORDS) -> dict[str, str]:
    """SHA-256 of each migration (``0001_initial``) and of each SQL file that migrations run (``policies.sql``)."""
    files = {file.stem: file for file in sorted(records.glob("migrations/[0-9]*.py"))}
    files |= {file.name: file for file in sorted(records.glob("sql/**/*.sql"))}
    return {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in files.items()}


def check_unchanged(cursor: Any, folder: Path, records: Path = RECORDS) -> None:
    """Raise :class:`TablesOfAnotherState` when what was applied is not what lies here.

    A changed SQL file is in order when a migration that is yet to come runs it again. Tables from before digests were
    kept have no comment and are accepted.
    """
    cursor.execute("SELECT obj_description(to_regclass('django_migrations'), 'pg_class')")
    row = cursor.fetchone()
    applied: dict[str, str] = json.loads(row[0]) if row and row[0] else {}
    ours = digests(records)
    coming = "".join(
        file.read_text(encoding="utf-8")
        for file in records.glob("migrations/[0-9]*.py")
        if file.stem not in applied
    )
    changed = [
        name
        for name, digest in applied.items()
        if name in ours and ours[name] != digest and f'"{name.removesuffix(".sql")}"' not in coming
    ]
    if changed:
        raise TablesOfAnotherState(folder=str(folder), names=", ".join(changed))


def remember(cursor: Any, records: Path = RECORDS) -> None:
    """Keep the digests of what is applied now."""
    text = json.dumps(digests(records)).replace("'", "''")
    cursor.execute(f"COMMENT ON TABLE django_migrations IS '{text}'")
