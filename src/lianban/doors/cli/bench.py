"""``lianban bench``: each benchmark by name, with the machine, the data, the peer's figure and ours side by side."""

from __future__ import annotations

import ast
import os
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

    @property
    def about(self) -> str:
        text = ast.get_docstring(ast.parse(self.file.read_text(encoding="utf-8"))) or ""
        return text.split("\n\n")[0].replace("\n", " ")


def found_in(project: Path) -> dict[str, Benchmark]:
    """The benchmarks of a checkout: ``benchmarks/NAME/__main__.py`` or ``bench_NAME.py``, and those of packages."""
    found = {}
    for file in sorted(project.glob("benchmarks/*/__main__.py")):
        found[file.parent.name] = Benchmark(file.parent.name, ("-m", f"benchmarks.{file.parent.name}"), file)
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
    """运行一项性能测试，与同类软件在同一次运行中对照。名称之后的参数交给该测试。"""
    project = server.project_folder()
    known = found_in(project)
    if not name:
        for benchmark in known.values():
            print(f"  {benchmark.name:<14} {benchmark.about}")
        return
    if name != "all" and name not in known:
        raise UnknownBenchmark(name=name, known=", ".join(known) or "—")
    failed = []
    for benchmark in known.values() if name == "all" else [known[name]]:
        say(f"== {benchmark.name}：{benchmark.about}", f"== {benchmark.name}: {benchmark.about}")
        # Beside the project, so that `python -m benchmarks.NAME` finds it.
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join([str(project), os.environ.get("PYTHONPATH", "")])
        }
        command = [sys.executable, *benchmark.arguments, *context.args]
        if subprocess.run(command, cwd=project, env=environment, check=False).returncode:
            failed.append(benchmark.name)
    if failed:
        say(f"未完成：{', '.join(failed)}", f"Not finished: {', '.join(failed)}", to_stderr=True)
        raise typer.Exit(1)
