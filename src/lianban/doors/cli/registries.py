"""``lianban registries``: build the index of the declared registries, and say how each stands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from lianban.doors.cli.readiness import with_records
from lianban.doors.cli.speaking import pick, print_json, say
from lianban.records import server

app = typer.Typer(no_args_is_help=True, add_completion=False, help="登记库：建立索引、查看状态。")
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。")]
STATES = {"ready": ("可自动应答", "answers"), "late": ("迟延", "late"), "broken": ("故障", "broken")}


@app.command()
def sample(
    rows: Annotated[int, typer.Option(help="各库合计行数。Rows in all.", min=1)] = 320_000,
    as_json: AsJson = False,
) -> None:
    """造出演示城市的登记库：虚构的人和企业，含重复、空白、错号等真实情形。Make the demo city's registries, with what makes real ones hard."""
    with_records(server.Role.OWNER)
    from django.conf import settings

    from lianban.doors.cli import doubts
    from lianban.doors.cli.demo import NotADemo
    from lianban.engines.matching.synthetic import make_registries
    from lianban.engines.scenes.city import load_city

    if not settings.DEMO:
        raise NotADemo
    city = load_city(settings.SCENES / "city.yaml")
    made = make_registries(
        city, settings.REGISTRY_DATA, at=datetime.now(UTC), rows=rows, people=doubts.known_people(city),
        firms=doubts.known_firms(city),
    )  # fmt: skip
    if as_json:
        print_json([{"registry": one.registry, "rows": one.rows, "path": str(one.path)} for one in made])
        return
    total = sum(one.rows for one in made)
    say(
        f"登记库 {len(made)} 个，共 {total:,} 行（虚构）。",
        f"{len(made)} registries with {total:,} rows in all, made up.",
    )


@app.command()
def build(
    only: Annotated[
        list[str] | None, typer.Option("--only", help="只重读这些登记库。Read these again only.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """读取各登记库，建立碰撞索引，登记可以自动应答的单位。Index the registries and enrol the agencies that answer by them."""
    with_records(server.Role.OWNER)
    from django.db import connection, transaction

    from lianban.actions.build_registries import build_registries

    with transaction.atomic(), connection.cursor() as cursor:
        built = build_registries(cursor, datetime.now(UTC), only or ())
    if as_json:
        print_json(
            {"version": built.report.version,
             "registries": {code: {"rows": one.rows, "valid": one.valid, "old": one.old, "invalid": one.invalid,
                                   "blank": one.blank, "repeated": one.repeated, "as_of": one.as_of,
                                   "reason": one.reason, "detail": one.detail}
                            for code, one in built.report.registries.items()}}
        )  # fmt: skip
        return
    for code, one in built.report.registries.items():
        say(
            f"{'✗' if one.reason else '✓'} {code}：{one.rows:,} 行，有效号码 {one.valid:,}（其中 15 位 {one.old:,}），"
            f"无效 {one.invalid:,}，空白 {one.blank:,}，重复 {one.repeated:,}{'；' + one.detail if one.detail else ''}",
            f"{'✗' if one.reason else '✓'} {code}: {one.rows:,} rows, {one.valid:,} valid numbers ({one.old:,} of 15 digits),"
            f" {one.invalid:,} invalid, {one.blank:,} blank, {one.repeated:,} repeated{'; ' + one.detail if one.detail else ''}",
        )  # fmt: skip
    say(f"索引版本 {built.report.version}。", f"Index version {built.report.version}.")
    if built.report.broken:
        raise typer.Exit(1)


@app.command()
def status(as_json: AsJson = False) -> None:
    """各登记库现在能否应答，为什么不能。Whether each registry answers now, and why not."""
    with_records(server.Role.OWNER)
    from django.db import connection, transaction

    from lianban.actions.build_registries import look_at_registries
    from lianban.engines.matching import REASON_WORDS, Reason
    from lianban.records.directory import directory

    with transaction.atomic(), connection.cursor() as cursor:
        lines = look_at_registries(cursor, datetime.now(UTC))
        agencies = directory(cursor).agencies
    if as_json:
        print_json([_plain(line, agencies) for line in lines])
    else:
        for line in lines:
            why = REASON_WORDS[Reason(line.reason)] if line.reason else None
            said = pick(*STATES[line.state]) + (f"（{pick(why.zh, why.en)}）" if why else "")
            as_of = line.as_of.astimezone().strftime("%Y-%m-%d %H:%M") if line.as_of else "—"
            name, holder = pick(line.name_zh, line.name_en), agencies[line.agency].name(pick("zh", "en"))
            typer.echo(
                f"{'✓' if line.state == 'ready' else '✗'} {line.code}  {holder}·{name}  {said}  {as_of}  {line.rows:,}"
            )
        if not lines:
            say("没有声明登记库（LIANBAN_REGISTRIES）。", "No registry is declared (LIANBAN_REGISTRIES).")
    if any(line.state == "broken" for line in lines):
        raise typer.Exit(1)


def _plain(line: Any, agencies: Any) -> dict[str, Any]:
    return {
        "code": line.code, "agency": agencies[line.agency].code, "state": line.state, "reason": line.reason or None,
        "as_of": line.as_of, "rows": line.rows, "fields": line.fields, "legal_basis": line.legal_basis,
        "read_from": line.read_from, "index_version": line.index_version, "indexed_at": line.indexed_at,
    }  # fmt: skip
