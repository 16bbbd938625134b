"""``lianban replay``: a real case log, driven through the actions, and its figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from lianban.doors.cli.readiness import with_records
from lianban.doors.cli.speaking import pick, print_json, say

app = typer.Typer(add_completion=False)
SCENE = "observed"


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(help="XES 或 CSV 文件（可为 .gz）。XES or CSV, may be gzipped.")],
    batch: Annotated[str, typer.Option(help="批次名，默认文件名。Name of the batch.")] = "",
    officer: Annotated[str, typer.Option(help="以谁的身份记录。Who records it.")] = "court.recorder",
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False,
) -> None:
    """按原时间重放真实案件日志，然后由指标给出数字。Replay a case log with its own times, then its figures."""
    found = run(file, batch or file.name, officer, quiet=as_json)
    if as_json:
        print_json(found)
        return
    show(found)


def run(file: Path, batch: str, officer: str, quiet: bool = False) -> dict[str, Any]:
    """Read, replay, count. Returns the keys of the reference statistics."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from lianban.engines.eventlogs import read_log

    log = read_log(file)
    events = sum(len(case.events) for case in log.cases)
    with_records()
    from lianban.actions.replay_log import replay_log
    from lianban.doors.cli.officers import acting_as

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, disable=quiet, transient=True) as progress:
        bar = progress.add_task(pick("重放", "replaying"), total=events)
        with acting_as(officer, "日志回放") as acting:
            replayed = replay_log(acting, SCENE, log, batch, lambda count: progress.advance(bar, count))
            return {"log": file.name, "batch": batch, **figures_of(acting, replayed.batch)}


def figures_of(acting: Any, batch: str) -> dict[str, Any]:
    """The scene's indicators over one batch: cases, events, activities, variants, mean_s, median_s, max_s."""
    from django.db import connection

    from lianban.engines.indicators import Condition, Op, Scope
    from lianban.records import figures

    scope = Scope(as_of=acting.now, scene=SCENE, also=(Condition("batch", Op.EQ, batch),))
    with connection.cursor() as cursor:
        return {
            code: _number(figures.figure(cursor, definition, scope))
            for code, definition in figures.definitions(SCENE).items()
        }


def _number(figure: Any) -> int | float | None:
    rounded = figure.rounded(3) if figure.indicator.unit.value == "seconds" else figure.rounded()
    if rounded is None:
        return None
    return int(rounded) if figure.indicator.unit.value == "count" else float(rounded)


def show(found: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    from lianban.records import figures

    table = Table(title=pick(f"{found['log']} 的指标", f"Figures of {found['log']}"))
    table.add_column(pick("指标", "Indicator"))
    table.add_column(pick("数值", "Value"), justify="right")
    for code, definition in figures.definitions(SCENE).items():
        value = found[code]
        table.add_row(
            pick(definition.title.zh, definition.title.en), f"{value:,}" if value is not None else "—"
        )
    Console().print(table)
    say("每个数字都可在“指标”页打开其背后的事项。", "On the figures page every number opens its matters.")
