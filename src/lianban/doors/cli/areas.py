"""``lianban areas``: the tables of counties and towns, and what a code or a name means on a day."""

from __future__ import annotations

import csv
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from lianban.doors.cli.speaking import english, pick, print_json, say
from lianban.engines.errors import YourMistake
from lianban.engines.identifiers import (
    Area,
    AreaTables,
    UnknownArea,
    areas_with_code,
    counterpart_on,
    find_areas,
    load_areas,
)

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="行政区划：核对两个来源的乡镇表；查代码和名称。"
)

# Shown in full with --all or --json; a screen holds twenty.
SHOWN = 20


class DayUnreadable(YourMistake):
    code = "LB-CLI-040"
    zh = "日期“{day}”无法识别。请写成 2020-01-31。"
    en = 'The date "{day}" cannot be read. Write it as 2020-01-31.'


@app.command()
def load(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="含 areas.csv、streets.csv、towns_second_source.csv 的文件夹；默认为随程序发布的表。"
        ),
    ] = None,
    county: Annotated[list[str] | None, typer.Option(help="另报此县的乡级区划数，可重复。")] = None,
    report: Annotated[Path | None, typer.Option(help="把不一致之处写入此 CSV 文件。")] = None,
    show_all: Annotated[bool, typer.Option("--all", help="逐条列出全部不一致。")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False,
) -> None:
    """读入两个来源的乡镇表，报告不一致之处。"""
    tables = load_areas(folder) if folder else load_areas()
    counties = county or ["653122", "410482"]
    if report is not None:
        _write(report, tables)
    if as_json:
        print_json(_as_dict(tables, counties))
        return
    say(
        f"省 {len(tables.provinces)} · 市 {len(tables.cities)} · 县 {len(tables.counties)} · "
        f"乡级 {sum(town.in_first for town in tables.towns)}（第二来源 {sum(town.in_second for town in tables.towns)}）",
        f"{len(tables.provinces)} provinces, {len(tables.cities)} cities, {len(tables.counties)} counties, "
        f"{sum(town.in_first for town in tables.towns)} towns (second source: {sum(town.in_second for town in tables.towns)})",
    )
    say(
        f"同一代码名称不一致 {len(tables.disagreements)} 处；仅第一来源有 {len(tables.only_first)}，"
        f"仅第二来源有 {len(tables.only_second)}；仅存于第二来源的县级代码 {len(tables.counties_only_second)}。",
        f"{len(tables.disagreements)} codes with two names; {len(tables.only_first)} towns in the first source only, "
        f"{len(tables.only_second)} in the second only; {len(tables.counties_only_second)} county codes survive in the second only.",
    )
    for code in counties:
        _say_county(tables, code)
    shown = tables.disagreements if show_all else tables.disagreements[:SHOWN]
    for one in shown:
        print(f"  {one.code}  {one.first}  ≠  {one.second}")
    if len(shown) < len(tables.disagreements):
        rest = len(tables.disagreements) - len(shown)
        say(f"  …… 另有 {rest} 处，--all 全部列出。", f"  … and {rest} more; --all lists them.")


@app.command()
def show(
    area: Annotated[str, typer.Argument(help="六位代码，或名称。")],
    on: Annotated[str | None, typer.Option(help="哪一天，如 2016-05-01；默认今天。")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False,
) -> None:
    """某日某代码是什么地方；某地当日是什么代码。"""
    day = _day(on)
    if area.isascii() and area.isdigit():
        periods: tuple[Area, ...] = areas_with_code(area)
        if not periods:
            raise UnknownArea(area=area)
        then = counterpart_on(area, day)
    else:
        periods = find_areas(area, day)
        if not periods:
            raise UnknownArea(area=area)
        then = periods[0] if len(periods) == 1 else None
    if as_json:
        print_json(
            {"periods": [asdict(one) for one in periods], "on": day, "then": asdict(then) if then else None}
        )
        return
    for one in periods:
        since, until = one.since or "…", one.until or "…"
        print(f"{one.code}  {one.name}  {since} – {until}  {one.source}")
    if then is not None:
        say(f"{day}：{then.code} {then.name}", f"{day}: {then.code} {then.name}")


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now(ZoneInfo("Asia/Shanghai")).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DayUnreadable(day=text) from None


def _say_county(tables: AreaTables, code: str) -> None:
    name = next((county.name for county in tables.counties if county.code == code), None)
    if name is None:
        raise UnknownArea(area=code)
    words = {
        "street": pick("街道", "streets"),
        "town": pick("镇", "towns"),
        "township": pick("乡", "townships"),
        "zone": pick("类似乡级单位", "zones"),
        "farm": pick("农场", "farms"),
        "other": pick("其他", "other"),
    }
    parts = (pick("、", ", ")).join(
        f"{count} {words[kind]}" if english() else f"{words[kind]} {count}"
        for kind, count in tables.count_of(code).items()
    )
    total = len(tables.towns_of(code))
    say(
        f"{name} {code}：乡级区划 {total} 个（{parts}）",
        f"{name} {code}: {total} township-level divisions ({parts})",
    )


def _as_dict(tables: AreaTables, counties: list[str]) -> dict[str, object]:
    return {
        "provinces": len(tables.provinces),
        "cities": len(tables.cities),
        "counties": len(tables.counties),
        "towns": {
            "first": sum(town.in_first for town in tables.towns),
            "second": sum(town.in_second for town in tables.towns),
            "only_first": len(tables.only_first),
            "only_second": len(tables.only_second),
        },
        "disagreements": [asdict(one) for one in tables.disagreements],
        "counties_only_second": list(tables.counties_only_second),
        "of_county": {
            code: {"total": len(tables.towns_of(code)), **tables.count_of(code)} for code in counties
        },
    }


def _write(path: Path, tables: AreaTables) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["code", "first", "second"])
        writer.writerows((one.code, one.first, one.second) for one in tables.disagreements)
    count = len(tables.disagreements)
    say(f"已写入 {path}：{count} 行。", f"Wrote {path}: {count} lines.", to_stderr=True)
