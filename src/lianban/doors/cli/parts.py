"""``lianban parts``: the third-party parts of the pages."""

from __future__ import annotations

import subprocess
import sys
from typing import Annotated

import typer

from lianban.doors.cli.speaking import print_json

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="前端部件（按 frontend/assets.lock 取得并校验）。"
)


AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。")]


def _parts(verb: str, as_json: bool) -> None:
    # A door does not import another door; the parts belong to the web door, which runs as a program of its own.
    command = [sys.executable, "-m", "lianban.doors.web.parts", verb]
    done = subprocess.run(command, check=False, capture_output=as_json, text=True)
    if as_json:
        print_json({"done": done.returncode == 0, "said": (done.stdout + done.stderr).splitlines()})
    raise typer.Exit(done.returncode)


@app.command()
def fetch(as_json: AsJson = False) -> None:
    """取得缺少的部件。Fetch what is missing."""
    _parts("fetch", as_json)


@app.command()
def check(as_json: AsJson = False) -> None:
    """逐个文件校验。Check every file."""
    _parts("check", as_json)


@app.command()
def lock(as_json: AsJson = False) -> None:
    """为清单中尚无哈希的部件写入 sha512。Write down the sha512 of new parts."""
    _parts("lock", as_json)
