"""``lianban …``: all that an operator needs, in Chinese or English, with ``--json`` for programs.

Each command, or group of commands, is one file here that exports ``app``, a ``typer.Typer``; the table in
:mod:`lianban.doors.cli.commands` names it. Nothing of a command is imported before it is called, so that
``lianban --help`` answers at once, works without a database, and one broken command does not take the others along.

Exit codes: 0 done · 1 the command found something wrong (as ``ledger verify`` may) · 2 the caller's mistake ·
3 our fault · 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import importlib
import sys
import traceback
from importlib import metadata

from lianban.doors.cli.commands import COMMANDS, CommandMissing, UnknownCommand
from lianban.doors.cli.speaking import english, print_error, say
from lianban.engines.errors import LianbanError


def main(arguments: list[str] | None = None) -> None:
    """The entry point of the ``lianban`` program: runs one command and exits."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """Run one command. Returns the exit code instead of leaving."""
    first = arguments[0] if arguments else "--help"
    as_json = "--json" in arguments
    try:
        if first in ("--help", "-h", "help"):
            _print_commands()
            return 0
        if first == "--version":
            print(f"lianban {metadata.version('lianban')}")
            return 0
        return _call(first, arguments[1:])
    except LianbanError as error:
        return print_error(error, as_json)
    except KeyboardInterrupt:
        say("已停止。", "Stopped.", to_stderr=True)
        return 130
    except BrokenPipeError:
        # The reader of our output has gone (`lianban … | head`); say nothing more, not even at exit.
        sys.stdout = None
        return 0
    except Exception:
        traceback.print_exc()
        say(
            "这是联办自身的错误，请把以上内容连同所用命令反馈给我们。",
            "This is a fault of Lianban itself. Please report the lines above, with the command.",
            to_stderr=True,
        )
        return 3


def _call(name: str, arguments: list[str]) -> int:
    entry = COMMANDS.get(name)
    if entry is None:
        raise UnknownCommand(name=name, known=", ".join(sorted(COMMANDS)))
    try:
        module = importlib.import_module(entry.module)
    except ModuleNotFoundError as error:
        if error.name == entry.module:
            raise CommandMissing(name=name) from error
        raise
    import typer

    try:
        typer.main.get_command(module.app).main(arguments, prog_name=f"lianban {name}")
    except SystemExit as leaving:
        # Typer has shown a wrong option by itself and leaves with 2; Ctrl-C with 130.
        return leaving.code if isinstance(leaving.code, int) else 0
    return 0


def _print_commands() -> None:
    say(
        "联办：法院与各单位协同办理一件事。\n用法：lianban 命令 …\n",
        "Lianban: courts and agencies handle one matter together.\nUsage: lianban COMMAND …\n",
    )
    for name, entry in COMMANDS.items():
        print(f"  {name:<10} {entry.en if english() else entry.zh}")
    say("\n每个命令都有 --help。", "\nEvery command has --help.")
