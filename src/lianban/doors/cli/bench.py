"""``lianban bench``: benchmarks by name, in one table: what, data, the peer's figure, ours, the ratio, the goal, the machine.

``benchmarks/table.py`` of the checkout makes the table, each benchmark in a process of its own. A benchmark that has
rows for it is a package ``benchmarks/NAME`` with a function ``rows``; ``all`` runs those. With options after its name a
benchmark runs as the program it is (``python -m benchmarks.NAME``), and so does one without rows.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from lianban.doors.cli.speaking import say
from lianban.engines.errors import YourMistake
from lianban.records import server

app = typer.Typer(add_completion=False)
TABLE = ("-m", "benchmarks.table")
_ROWS = re.compile(r"^def rows\(", re.MULTILINE)


class UnknownBenchmark(YourMistake):
    code = "LB-CLI-006"
    zh = "没有名为“{name}”的性能测试。可用的有：{known}。"
    en = 'There is no benchmark "{name}". There are: {known}.'


@dataclass(frozen=True)
class Benchmark:
    """One program that measures, and what its docstring says first."""

    name: str
    arguments: tuple[str, ...]
    """For Python, after the interpreter."""
    file: Path
    rows: bool = False
    """Whether it has rows for the table."""

    @property
    def about(self) -> str:
        text = ast.get_docstring(ast.parse(self.file.read_text(encoding="utf-8"))) or ""
        return text.split("\n\n")[0].replace("\n", " ")


def found_in(project: Path) -> dict[str, Benchmark]:
    """The benchmarks of a checkout: packages ``benchmarks/NAME``, programs ``bench_NAME.py``, and those of packages."""
    found = {}
    for package in sorted(path for path in project.glob("benchmarks/*") if path.is_dir()):
        start, program = package / "__init__.py", package / "__main__.py"
        rows = start.is_file() and _ROWS.search(start.read_text(encoding="utf-8")) is not None
        if rows or program.is_file():
            arguments = ("-m", f"benchmarks.{package.name}")
            found[package.name] = Benchmark(package.name, arguments, start if rows else program, rows)
    for pattern in ("benchmarks/*/bench_*.py", "benchmarks/bench_*.py"):
        for file in sorted(project.glob(pattern)):
            name = file.stem.removeprefix("bench_")
            found.setdefault(name, Benchmark(name, (str(file),), file))
    for file in sorted(project.glob("packages/*/benchmarks/bench.py")):
        name = file.parent.parent.name
        found[name] = Benchmark(name, (str(file),), file)
    return dict(sorted(found.items()))


@app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def bench(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="名称；all 为全部；不写则列出。")] = "",
) -> None:
    """运行一项或全部性能测试，与同类软件在同一次运行中对照，结果列为一张表；FULL=1 为完整规模。名称之后的参数交给该测试。"""
    project = server.project_folder()
    known = found_in(project)
    if not name:
        for benchmark in known.values():
            print(f"  {benchmark.name:<14} {benchmark.about}")
        return
    if name != "all" and name not in known:
        raise UnknownBenchmark(name=name, known=", ".join(known) or "—")
    if name == "all":
        program: tuple[str, ...] = (*TABLE, *context.args)
    elif known[name].rows and not context.args:
        program = (*TABLE, name)
    else:
        program = (*known[name].arguments, *context.args)
    # Beside the project, so that `python -m benchmarks.NAME` finds it.
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(project), os.environ.get("PYTHONPATH", "")])
    }
    if subprocess.run([sys.executable, *program], cwd=project, env=environment, check=False).returncode:
        say(f"未完成：{name}", f"Not finished: {name}", to_stderr=True)
        raise typer.Exit(1)
