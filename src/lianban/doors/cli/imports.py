"""``lianban import``: matters from a CSV or Excel file, as the page does it, for files too large to hand in there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from lianban.doors.cli.readiness import with_records
from lianban.doors.cli.speaking import pick, print_json, say

app = typer.Typer(add_completion=False)
ERRORS_SHOWN = 20


@app.command(name="import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="CSV 或 Excel 文件。A CSV or Excel file.", exists=True, dir_okay=False)
    ],
    scene: Annotated[str, typer.Option(help="应用场景。The scene of the matters.")],
    officer: Annotated[str, typer.Option(help="以谁的身份导入。Who imports.")] = "court.clerk",
    check_only: Annotated[bool, typer.Option("--check", help="只核对，不导入。Check only.")] = False,
    refused: Annotated[
        Path | None, typer.Option(help="把有误的行连同原因写到这里。Write the rows to correct here.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False,
) -> None:
    """核对并导入事项：有误的行给出行号、列和原因，其余照常导入。Check and import matters; bad rows are told and left out."""
    found = run(file, scene, officer, check_only=check_only, refused=refused, quiet=as_json)
    if as_json:
        print_json(found)
    else:
        _show(found)
    if found["bad"]:
        raise typer.Exit(1)


def run(
    file: Path, scene: str, officer: str, *, check_only: bool = False, refused: Path | None = None, quiet: bool = False
) -> dict[str, Any]:  # fmt: skip
    """Read, check, take; returns the counts and the first of what is wrong."""
    from django.db import connection
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    content = file.read_bytes()
    with_records()
    from lianban.actions.cancel_import import cancel_import
    from lianban.actions.check_import import check_import
    from lianban.actions.refused_rows import refused_rows
    from lianban.actions.start_import import start_import
    from lianban.actions.take_import import take_import
    from lianban.doors.cli.officers import acting_as
    from lianban.engines.imports import write_table
    from lianban.records import imports

    with acting_as(officer, "批量导入") as acting:
        key = start_import(acting, scene, file.name, content)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, disable=quiet, transient=True) as progress:
        bar = progress.add_task(pick("核对", "checking"), total=None)
        while True:
            with acting_as(officer, "批量导入") as acting:
                found = check_import(acting, key)
            progress.update(bar, total=found.total, completed=found.total - found.waiting)
            if found.state != "checking":
                break
        with acting_as(officer, "批量导入") as acting:
            with connection.cursor() as cursor:
                errors = imports.errors_in(cursor, key, ERRORS_SHOWN)
            if refused is not None and found.bad:
                refused.write_bytes(write_table(*refused_rows(acting, key)))
            if check_only:
                cancel_import(acting, key)
        bar = progress.add_task(pick("导入", "importing"), total=found.good, visible=not check_only)
        while not check_only and found.state == "checked":
            with acting_as(officer, "批量导入") as acting:
                found = take_import(acting, key)
            progress.update(bar, completed=found.taken)
    return {
        "import": str(key), "file": file.name, "total": found.total, "bad": found.bad, "taken": found.taken,
        "errors": [{"row": number, "errors": wrong} for number, wrong in errors],
    }  # fmt: skip


def _show(found: dict[str, Any]) -> None:
    for line in found["errors"]:
        for one in line["errors"]:
            say(
                f"第 {line['row']} 行 {one['column']}：{one['zh']}",
                f"row {line['row']}, {one['column']}: {one['en']}",
            )
    if found["bad"] > len(found["errors"]):
        say(
            f"……另有 {found['bad'] - len(found['errors'])} 行有误。",
            f"… and {found['bad'] - len(found['errors'])} more rows.",
        )
    say(
        f"共 {found['total']} 行：导入 {found['taken']} 件，有误 {found['bad']} 行。",
        f"{found['total']} rows: {found['taken']} imported, {found['bad']} wrong.",
    )
