"""``lianban parts``: the third-party parts of the pages."""

from __future__ import annotations

import subprocess
import sys

import typer

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="前端部件（按 frontend/assets.lock 取得并校验）。"
)


def _parts(verb: str) -> None:
    # A door does not import another door; the parts belong to the web door, which runs as a program of its own.
    done = subprocess.run([sys.executable, "-m", "lianban.doors.web.parts", verb], check=False)
    raise typer.Exit(done.returncode)


@app.command()
def fetch() -> None:
    """取得缺少的部件。Fetch what is missing."""
    _parts("fetch")


@app.command()
def check() -> None:
    """逐个文件校验。Check every file."""
    _parts("check")


@app.command()
def lock() -> None:
    """为清单中尚无哈希的部件写入 sha512。Write down the sha512 of new parts."""
    _parts("lock")
