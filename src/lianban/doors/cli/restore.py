"""``lianban restore``: a backup into an empty data folder, and then the proof that nothing is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from lianban.doors.cli.commands import COMMANDS
from lianban.doors.cli.speaking import print_json, say
from lianban.engines.errors import OurFault
from lianban.records import server

app = typer.Typer(add_completion=False)

# Keys that a deployment may get from its environment instead of from files.
_FROM_ENVIRONMENT = {
    "LIANBAN_MASTER_KEY": "master-key",
    "LIANBAN_LEDGER_KEY": "ledger-key",
    "LIANBAN_SECRET_KEY": "secret-key",
}


class LedgerDoesNotVerify(OurFault):
    code = "LB-CLI-005"
    zh = "数据已恢复，但存证核验未通过：{said}。请勿投入使用，改用另一份备份。"
    en = "The data were restored, but the ledger does not verify: {said}. Do not use them; take another backup."


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="备份文件。")],
    keys: Annotated[Path | None, typer.Option(help="备份时另存的密钥文件。")] = None,
    without_keys: Annotated[
        bool, typer.Option("--without-keys", help="确无密钥：加密的内容将无法读出。")
    ] = False,
    verify: Annotated[bool, typer.Option(help="恢复后核验存证。")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False,
) -> None:
    """把备份恢复到空的数据文件夹，逐项校验，再核验存证。不覆盖任何数据。"""
    from lianban.records.server import restore as restores

    given = frozenset(name for variable, name in _FROM_ENVIRONMENT.items() if os.environ.get(variable))
    running = server.current()
    manifest = restores.restore(
        file, running, keys, without_keys, given, report=lambda zh, en: say(zh, en, to_stderr=True)
    )
    verified = _verify_ledger(manifest.migrations) if verify else None
    if as_json:
        print_json(
            {"taken_at": manifest.taken_at, "members": len(manifest.members), "ledger_verified": verified}
        )
        return
    say(f"已恢复 {manifest.taken_at} 的备份。", f"Restored the backup of {manifest.taken_at}.")
    if verified:
        say("存证核验通过。", "The ledger verifies.")


def _verify_ledger(migrations: tuple[str, ...]) -> bool:
    """Run ``lianban ledger verify`` as a process of its own: it is another role, and one process has one role."""
    if not migrations:
        return False  # a backup from before the first migration has no ledger
    assert "ledger" in COMMANDS  # the name is shared with the table of commands
    done = subprocess.run(
        [sys.executable, "-m", "lianban.doors.cli", "ledger", "verify"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise LedgerDoesNotVerify(said=(done.stdout + done.stderr).strip()[-400:])
    return True
