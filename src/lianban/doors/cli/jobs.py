"""``lianban jobs``: the background worker, a process of its own with a database role of its own."""

from __future__ import annotations

import subprocess
import sys
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)
PROGRAM = [sys.executable, "-m", "lianban.config.worker"]


@app.command()
def jobs(
    once: Annotated[
        bool, typer.Option("--once", help="做完现有的就退出。Do what is due, then leave.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="与 --once 同用，输出 JSON。")] = False,
) -> None:
    """后台作业：到期时限、存证编序、维护。Timers that are due, the ledger's order, upkeep."""
    chosen = [name for name, wanted in (("--once", once), ("--json", as_json)) if wanted]
    raise typer.Exit(subprocess.run([*PROGRAM, *chosen], check=False).returncode)
