"""``lianban city``: the directory of agencies, posts and officers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from lianban.doors.cli.readiness import with_records
from lianban.doors.cli.speaking import print_json, say
from lianban.records import server

app = typer.Typer(no_args_is_help=True, add_completion=False, help="城市名录。")
FILE = "city.yaml"


@app.callback()
def _group() -> None:
    """城市名录。The directory of a city."""


@app.command()
def load(
    file: Annotated[Path | None, typer.Argument(help="city.yaml；默认场景文件夹中的那份。")] = None,
    password: Annotated[
        str, typer.Option(help="演示账号的统一密码。", envvar="LIANBAN_DEMO_PASSWORD")
    ] = "lianban-demo",  # noqa: S107
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False,
) -> None:
    """载入单位、岗位和人员（可重复运行，只添新的）。Load agencies, posts and officers; only what is new is added."""
    with_records(server.Role.OWNER)
    from django.conf import settings
    from django.db import connection, transaction

    from lianban.actions.load_city import load_city
    from lianban.engines.scenes.city import load_city as read_city

    city = read_city(file or settings.SCENES / FILE)
    with transaction.atomic(), connection.cursor() as cursor:
        loaded = load_city(cursor, city, password, datetime.now(UTC))
    if as_json:
        print_json({"agencies": loaded.agencies, "posts": loaded.posts, "officers": loaded.officers})
        return
    say(
        f"{city.title.zh}：新增单位 {loaded.agencies} 个、岗位 {loaded.posts} 个、人员 {loaded.officers} 名。",
        f"{city.title.en}: {loaded.agencies} agencies, {loaded.posts} posts, {loaded.officers} officers added.",
    )


@app.command()
def coverage(
    scene: Annotated[
        list[str] | None, typer.Argument(help="场景；默认为有样例的全部场景。Scenes; all that tell stories.")
    ] = None,
    officer: Annotated[
        str, typer.Option(help="以谁的身份看。Who looks; of the agency that leads the matters.")
    ] = "court.judge",
    missing: Annotated[bool, typer.Option("--missing", help="只列看不到的。Only what is not shown.")] = False,
    brief: Annotated[
        bool, typer.Option("--brief", help="只说总数和缺项。The totals, and what is missing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False,
) -> None:
    """各场景每种状态、时限、提醒各有几件事项可见；缺一项即以 1 退出。Whether every state, clock and alarm can be seen; exit 1 if not."""
    with_records()
    from lianban.doors.cli import coverage as covering

    asked = scene or covering.told()
    found = {name: covering.coverage_of(name, officer) for name in asked}
    if as_json:
        print_json(
            [
                {"scene": name, "summary": one.summary().zh, "needless": list(one.needless),
                 "items": covering.rows(one.missing if missing else one.lines)}
                for name, one in found.items()
            ]
        )  # fmt: skip
    else:
        for name, one in found.items():
            if not missing and not brief:
                covering.show_lines(one)
            covering.show(name, one)
    raise typer.Exit(1 if any(one.missing or one.needless for one in found.values()) else 0)
