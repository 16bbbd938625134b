"""``lianban messages``: the catalogues of the texts on the pages, compiled without GNU gettext."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import lianban
from lianban.doors.cli.speaking import print_json, say
from lianban.engines.errors import YourMistake

app = typer.Typer(no_args_is_help=True, add_completion=False, help="界面文字。")


class CatalogueBroken(YourMistake):
    code = "LB-CLI-003"
    zh = "文字目录 {file} 无法编译：{reason}。请改正该文件。"
    en = "The catalogue {file} cannot be compiled: {reason}. Correct that file."


@app.callback()
def _group() -> None:
    """界面文字。"""


@app.command("compile")
def compile_catalogues(
    quiet: bool = typer.Option(False, help="只在有变动时说话。"),
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False,
) -> None:
    """把 .po 编译为 .mo；未变动的跳过。Compile .po into .mo where it is older."""
    count = compile_all(Path(lianban.__file__).parent)
    if as_json:
        print_json({"compiled": count})
    elif count or not quiet:
        say(f"已编译 {count} 个文字目录。", f"Compiled {count} catalogues.")


def compile_all(folder: Path) -> int:
    """Compile every catalogue under ``folder`` whose ``.mo`` is missing or older. Returns how many."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    count = 0
    for source in sorted(folder.glob("**/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        try:
            with source.open("rb") as file:
                catalogue = read_po(file, abort_invalid=True)
        except (PoFileError, ValueError) as error:
            raise CatalogueBroken(file=str(source), reason=str(error)) from error
        half = target.with_suffix(".mo.new")
        with half.open("wb") as file:
            write_mo(file, catalogue)
        half.replace(target)
        count += 1
    return count
