"""``lianban backup``: the whole deployment in one file, its keys in another."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from lianban.doors.cli.readiness import with_database
from lianban.doors.cli.speaking import english, print_json, say

app = typer.Typer(add_completion=False)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="备份写到哪里；已存在的文件不会被覆盖。")],
    keys: Annotated[Path | None, typer.Option(help="同时把密钥存到这个文件，请与备份分开保管。")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False,
) -> None:
    """备份数据库与上传的文件。密钥不在备份里：用 --keys 另存一份，分开保管。可在运行中进行。"""
    from rich.progress import Progress

    from lianban.records.server import backup as backups

    running = with_database()
    if keys is not None and keys.exists():
        raise backups.FileExists(file=str(keys))
    with Progress(transient=True, disable=as_json) as bar:
        task = bar.add_task("Backup" if english() else "备份", total=None)
        manifest = backups.back_up(
            running,
            file,
            datetime.now(UTC),
            lambda done, total: bar.update(task, completed=done, total=total),
        )
    saved = backups.back_up_keys(running.places, keys) if keys else []
    if as_json:
        print_json(
            {
                "file": str(file),
                "size": file.stat().st_size,
                "members": len(manifest.members),
                "keys_saved": saved,
            }
        )
        return
    size = f"{file.stat().st_size / 2**20:.1f} MiB"
    files = len(manifest.members) - 1
    say(
        f"已备份到 {file}（{size}，数据库与 {files} 个文件）。",
        f"Backed up to {file} ({size}, the database and {files} files).",
    )
    if saved:
        say(f"密钥已存到 {keys}：请与备份分开保管。", f"Keys are in {keys}: keep them apart from the backup.")
    elif manifest.keys:
        say(
            "提醒：密钥不在备份里，没有密钥，加密的身份标识无法读出。请用 --keys 文件 另存一份，分开保管。",
            "Note: the keys are not in it, and without them sealed identifiers cannot be read. Save them with --keys FILE.",
        )
