"""``lianban collide --all``: the night's queries of every court, each matter on its own warrant."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from lianban.doors.cli.readiness import with_records
from lianban.doors.cli.speaking import print_json, say
from lianban.engines.errors import YourMistake
from lianban.records import server

app = typer.Typer(add_completion=False)
AT_ONCE = 100  # matters in one transaction


class NothingNamed(YourMistake):
    code = "LB-CLI-050"
    zh = "请写明 --all：为各法院有有效查询授权的全部事项查询登记库。"
    en = "Say --all: ask the registries for every matter of every court that has a live warrant."


@app.command()
def collide(
    every: Annotated[
        bool, typer.Option("--all", help="全部有授权的事项。Every matter with a warrant.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False,
) -> None:
    """夜间查询：为有有效查询授权的事项批量查询登记库，只报新发现。Ask the registries for every matter whose warrant allows."""
    if not every:
        raise NothingNamed
    with_records(server.Role.APP)
    total = night()
    if as_json:
        print_json({name: count for name, count in total.items() if name != "seconds"})
    else:
        show(total)


def night() -> dict[str, float]:
    """Ask for every court; how many courts, matters, collisions, refusals and findings that were, and its ``seconds``."""
    from lianban.records import registries

    began = time.perf_counter()
    done = [_of_court(*court) for court in _courts()] if registries.declared() else []
    total: dict[str, float] = {
        key: sum(one[key] for one in done) for key in ("matters", "collisions", "refused", "found", "pending")
    }
    return total | {"courts": len(done), "seconds": time.perf_counter() - began}


def show(total: Mapping[str, float]) -> None:
    """One line for the night."""
    say(
        f"法院 {total['courts']} 个，事项 {total['matters']} 件，碰撞 {total['collisions']} 次；新查得 {total['found']} 条，"
        f"待人工核对 {total['pending']} 条，授权不符而未查 {total['refused']} 次；{total['seconds']:.1f} 秒。",
        f"{total['courts']} courts, {total['matters']} matters, {total['collisions']} collisions; {total['found']} new findings,"
        f" {total['pending']} for a person, {total['refused']} refused; {total['seconds']:.1f} s.",
    )


def _courts() -> list[tuple[Any, bytes]]:
    """The agencies that have an account for the night, with its key."""
    from django.db import connections, transaction

    from lianban.records import machines

    with transaction.atomic(using="signin"), connections["signin"].cursor() as signin:
        signin.execute("SELECT id FROM agency ORDER BY code")
        agencies = [row[0] for row in signin.fetchall()]
    with transaction.atomic(), connections["default"].cursor() as cursor:
        keys = [(agency, machines.key_of(cursor, agency, machines.NIGHT)) for agency in agencies]
    return [(agency, key) for agency, key in keys if key is not None]


def _of_court(agency: Any, key: bytes) -> dict[str, int]:
    from lianban.actions.acting import Acting
    from lianban.actions.collide_batch import collide_batch, plan_night
    from lianban.records.context import entered

    kept = {"matters": 0, "collisions": 0, "refused": 0, "found": 0, "pending": 0}
    now = datetime.now(UTC)
    with entered(key) as identity:
        if identity is None:
            return kept
        night = plan_night(Acting(identity, now, "夜间查询"))
    matters = night.matters
    for start in range(0, len(matters), AT_ONCE):
        with entered(key) as identity:
            if identity is None:
                break
            part = collide_batch(Acting(identity, now, "夜间查询"), night, matters[start : start + AT_ONCE])
        for name in kept:
            kept[name] += getattr(part, name)
    return kept
