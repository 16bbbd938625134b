"""``lianban process``: what changed between two versions of a drawing, and open matters that go on in the new one.

``diff`` and ``plan`` only read. ``migrate`` and ``rollback`` are ordered as an officer of the agency that owns the
scene, in a session like anybody's, and then carried out by a process of the worker's role.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from lianban.doors.cli.migration_report import SHOWN, FileUnreadable, line, reported, show_plan, summary
from lianban.doors.cli.readiness import with_records
from lianban.doors.cli.speaking import english, pick, print_json, say
from lianban.engines.errors import YourMistake
from lianban.engines.migration import ElementMap, compare, read_map, route
from lianban.engines.process import Graph, compile_bpmn
from lianban.records import server

if TYPE_CHECKING:
    from lianban.records.migration_orders import Version

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="流程图版本：比较、预演、迁移在办事项、退回。"
)

Scene = Annotated[str, typer.Argument(help="场景。The scene.")]
From = Annotated[int, typer.Option("--from", help="原版本号，默认上一版。The old version.")]
To = Annotated[int, typer.Option("--to", help="新版本号，默认最新。The new version.")]
File = Annotated[
    Path | None, typer.Option("--file", help="尚未部署的流程图，代替 --to。A drawing not yet deployed.")
]
Map = Annotated[Path | None, typer.Option("--map", help="对照表（YAML）。The map of elements.")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。")]
Officer = Annotated[str, typer.Option("--officer", help="以谁的身份下达。Who orders it.")]
Reason = Annotated[str, typer.Option("--reason", help="理由，2 至 500 字。Why.")]


class NoSuchVersions(YourMistake):
    code = "LB-CLI-030"
    status = 404
    zh = "场景“{scene}”没有可以比较的两个版本。已部署的版本：{known}。请用 --from、--to 指定，或用 --file 给出新图。"
    en = 'The scene "{scene}" has no two versions to compare. Deployed: {known}. Name them with --from and --to, or give a drawing with --file.'


@app.command("list")
def list_versions(scene: Scene, as_json: AsJson = False) -> None:
    """列出各版本的在办事项数和历次迁移。The versions, their open matters, and the migrations so far."""
    with_records(server.Role.WORKER)
    from django.db import connection

    from lianban.records import migration_orders

    with connection.cursor() as cursor:
        versions = migration_orders.versions(cursor, scene)
        orders = migration_orders.orders(cursor, scene)
    numbers = {version.id: version.number for version in versions}
    if as_json:
        print_json(
            {
                "versions": [
                    {
                        "version": v.number,
                        "hash": v.graph_hash,
                        "deployed_at": v.recorded_at,
                        "open_matters": v.open_matters,
                    }
                    for v in versions
                ],
                "migrations": [
                    {
                        "id": str(o.id),
                        "from": numbers[o.from_drawing],
                        "to": numbers[o.to_drawing],
                        "undoes": str(o.undoes) if o.undoes else None,
                        "ordered_at": o.ordered_at,
                        "finished_at": o.finished_at,
                        "moved": o.moved,
                        "kept": o.kept,
                    }
                    for o in orders
                ],
            }
        )
        return
    for v in versions:
        say(
            f"第 {v.number} 版 {v.graph_hash[:12]}：在办 {v.open_matters:,} 件",
            f"version {v.number} {v.graph_hash[:12]}: {v.open_matters:,} open matters",
        )
    for o in orders:
        kind = pick("退回", "rollback") if o.undoes else pick("迁移", "migration")
        state = pick("已完成", "finished") if o.finished_at else pick("未完成", "not finished")
        print(
            f"{kind} {o.id} {numbers[o.from_drawing]} → {numbers[o.to_drawing]} {state}: {o.moved:,} / {o.kept:,}"
        )


@app.command()
def diff(
    scene: Scene, from_version: From = 0, to_version: To = 0, file: File = None, as_json: AsJson = False
) -> None:
    """两个版本有何不同：环节、岗位、表单、时限、条件、流向。What is different between two versions."""
    old, new, _, _ = _two(scene, from_version, to_version, file)
    found = compare(old, new)
    if as_json:
        print_json([one.as_dict() for one in found])
        return
    for one in found:
        print(line(one))
        for change in one.fields:
            name = change.en if english() else change.zh
            print(f"    {name}: {change.before or '—'} → {change.after or '—'}")
    if not found:
        say("两版含义相同。", "They mean the same.")


@app.command()
def plan(
    scene: Scene,
    from_version: From = 0,
    to_version: To = 0,
    file: File = None,
    map_file: Map = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", help="逐件报告写入 CSV 文件。The report of every matter, as CSV."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """预演迁移：逐件说明能否迁移、为什么、会改变什么；不写任何数据。A dry run that writes nothing."""
    chosen = _map(map_file)
    old, new, drawing, numbers = _two(scene, from_version, to_version, file)
    from lianban.actions.plan_migration import newly_read, plan_migration

    way = route(old, new, chosen)
    found = plan_migration(drawing, way, datetime.now(UTC))
    said = summary(reported(found, report) if report else found, keep=SHOWN if not as_json else None)
    said |= {"from": numbers[0], "to": numbers[1], "newly_read": list(newly_read(way))}
    if as_json:
        print_json(said)
    else:
        show_plan(said)
        if report:
            say(f"逐件报告：{report}", f"The report of every matter: {report}")
    if said["kept"]:
        raise typer.Exit(1)


@app.command()
def migrate(
    scene: Scene,
    officer: Officer,
    reason: Reason,
    from_version: From = 0,
    to_version: To = 0,
    map_file: Map = None,
    as_json: AsJson = False,
) -> None:
    """迁移在办事项到新版本；不能迁移的保持原样并说明原因。Move open matters; those that cannot move stay."""
    chosen = _map(map_file)
    with_records()
    from lianban.actions.order_migration import order_migration
    from lianban.doors.cli.officers import acting_as

    with acting_as(officer, "流程版本迁移") as acting:
        from django.db import connection

        from lianban.records import migration_orders

        with connection.cursor() as cursor:
            one, other = _pair(migration_orders.versions(cursor, scene), scene, from_version, to_version)
        key = order_migration(acting, scene, one.number, other.number, chosen, reason)
    _carried_out(key, as_json)


@app.command()
def rollback(
    migration: Annotated[str, typer.Argument(help="迁移的编号（见 list）。Which migration.")],
    officer: Officer,
    reason: Reason,
    as_json: AsJson = False,
) -> None:
    """退回一次迁移：其后没有办理的事项恢复原状。Take a migration back, for matters that have not moved on."""
    with_records()
    from lianban.actions.order_migration import order_roll_back
    from lianban.doors.cli.officers import acting_as

    with acting_as(officer, "流程版本退回") as acting:
        key = order_roll_back(acting, _uuid(migration), reason)
    _carried_out(key, as_json)


@app.command("carry-out")
def carry_out(
    order: Annotated[str, typer.Argument(help="迁移或退回的编号。The order.")],
    just_ordered: Annotated[bool, typer.Option("--just-ordered", hidden=True)] = False,
    as_json: AsJson = False,
) -> None:
    """执行或接着执行一次已下达的迁移、退回（后台角色）。Carry out an order, or go on with it after a stop."""
    with_records(server.Role.WORKER)
    from django.db import connection
    from rich.progress import Progress

    from lianban.actions.acting import Acting
    from lianban.actions.errors import MigrationIsFinished, MigrationNotFound
    from lianban.actions.migrate_matters import Moved, migrate_matters
    from lianban.actions.roll_back_migration import roll_back_migration
    from lianban.records import migration_orders

    key = _uuid(order)
    with connection.cursor() as cursor:
        given = migration_orders.order(cursor, key)
        if given is None:
            raise MigrationNotFound(migration=order)
        source = given.to_drawing if given.undoes else given.from_drawing
        cursor.execute("SELECT count(*) FROM matter WHERE drawing_id = %s AND state = 'open'", [source])
        total = cursor.fetchone()[0]
    act = roll_back_migration if given.undoes else migrate_matters
    with Progress(disable=as_json, transient=True) as progress:
        bar = progress.add_task(pick("迁移", "migrating"), total=total)
        try:
            done = act(
                Acting(None, datetime.now(UTC), given.reason),
                key,
                told=lambda so_far: progress.update(bar, completed=so_far.moved + len(so_far.kept)),
            )
        except MigrationIsFinished:
            if not just_ordered:
                raise
            # A worker that runs beside us took the order first and has carried it out.
            with connection.cursor() as cursor:
                given = migration_orders.order(cursor, key)
            assert given is not None
            done = Moved(given.moved)
            if given.kept:
                say(
                    f"另有 {given.kept:,} 件保持原样，原因见 lianban process plan。",
                    f"{given.kept:,} more stayed as they were; lianban process plan says why.",
                    to_stderr=True,
                )
    if as_json:
        print_json(
            {
                "order": order,
                "moved": done.moved,
                "kept": [
                    {
                        "matter": str(k.matter),
                        "number": k.number,
                        "obstacles": [o.as_dict() for o in k.obstacles],
                    }
                    for k in done.kept
                ],
            }
        )
    else:
        say(
            f"{order}：{done.moved:,} 件已完成，{len(done.kept):,} 件保持原样。",
            f"{order}: {done.moved:,} done, {len(done.kept):,} stayed as they were.",
        )
        for kept in done.kept[:SHOWN]:
            print(f"  {kept.number}: " + " ".join(pick(o.zh, o.en) for o in kept.obstacles))
    if done.kept:
        raise typer.Exit(1)


# --- reading what the caller named


def _two(
    scene: str, from_version: int, to_version: int, file: Path | None
) -> tuple[Graph, Graph, UUID, tuple[int, int | str]]:
    """The two drawings, the id of the old one, and what they are called."""
    new = compile_bpmn(_read(file), source=str(file)) if file else None
    with_records(server.Role.WORKER)
    from django.db import connection

    from lianban.records import migration_orders, scenes

    with connection.cursor() as cursor:
        known = migration_orders.versions(cursor, scene)
        if new is not None and file is not None:
            old = _one(known, scene, from_version or max((v.number for v in known), default=0))
            return scenes.graph_of(cursor, old.id), new, old.id, (old.number, str(file))
        old, other = _pair(known, scene, from_version, to_version)
        return (
            scenes.graph_of(cursor, old.id),
            scenes.graph_of(cursor, other.id),
            old.id,
            (old.number, other.number),
        )


def _pair(known: list[Version], scene: str, from_version: int, to_version: int) -> tuple[Version, Version]:
    numbers = sorted(version.number for version in known)
    to_version = to_version or (numbers[-1] if numbers else 0)
    earlier = [number for number in numbers if number < to_version]
    from_version = from_version or (earlier[-1] if earlier else 0)
    return _one(known, scene, from_version), _one(known, scene, to_version)


def _one(known: list[Version], scene: str, number: int) -> Version:
    for version in known:
        if version.number == number:
            return version
    raise NoSuchVersions(scene=scene, known=", ".join(str(version.number) for version in known) or "—")


def _map(file: Path | None) -> ElementMap:
    return read_map(_read(file), str(file)) if file else ElementMap()


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise FileUnreadable(file=str(file), why=error.strerror or str(error)) from None


def _uuid(text: str) -> UUID:
    from lianban.actions.errors import MigrationNotFound

    try:
        return UUID(text)
    except ValueError:
        raise MigrationNotFound(migration=text[:60]) from None


# --- saying it


def _carried_out(key: UUID, as_json: bool) -> None:
    """The worker's part, in a process of the worker's role: one process has one identity."""
    command = [sys.executable, "-m", "lianban.doors.cli", "process", "carry-out", "--just-ordered", str(key)]
    done = subprocess.run([*command, *(["--json"] if as_json else [])], check=False).returncode
    if done not in (0, 1):
        say(
            f"已下达但未执行完，可继续：lianban process carry-out {key}",
            f"Ordered, but not finished. Go on with: lianban process carry-out {key}",
            to_stderr=True,
        )
    raise typer.Exit(done)
