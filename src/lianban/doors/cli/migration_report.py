"""What ``lianban process`` says of differences and plans, on the screen and in a file."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lianban.doors.cli.speaking import pick, say
from lianban.engines.errors import YourMistake
from lianban.engines.migration import Difference, Sort

if TYPE_CHECKING:
    from lianban.actions.plan_migration import Planned

SHOWN = 20
"""Matters that are named on the screen; all are in the report and in JSON."""


class FileUnreadable(YourMistake):
    code = "LB-CLI-031"
    zh = "读不到文件 {file}：{why}。请检查路径和权限。"
    en = "The file {file} cannot be read: {why}. Check the path and who may read it."


def line(one: Difference) -> str:
    """One difference, as a line."""
    sign = {Sort.ADDED: "+", Sort.REMOVED: "-", Sort.CHANGED: "~"}[one.sort]
    return f"{sign} {one.type} {one.id}" + (f" “{one.name}”" if one.name else "")


def summary(found: Iterator[Planned], keep: int | None) -> dict[str, Any]:
    """The plan as a whole. ``keep``: so many of the matters that stay; None for every matter."""
    moves, changes, reasons, rests = 0, Counter[str](), Counter[str](), Counter[str]()
    matters: list[dict[str, Any]] = []
    said: dict[str, tuple[str, str]] = {}
    kept = 0
    for one in found:
        rests.update(one.rests)
        moves += one.moves
        kept += not one.moves
        changes.update(one.changes)
        for obstacle in one.obstacles:
            reasons[f"{obstacle.code} {obstacle.element}".strip()] += 1
            said[f"{obstacle.code} {obstacle.element}".strip()] = (obstacle.zh, obstacle.en)
        if keep is None or (not one.moves and len(matters) < keep):
            matters.append(one.as_dict())
    return {
        "moves": moves,
        "kept": kept,
        "changes": dict(changes),
        "rests": dict(rests.most_common()),
        "reasons": [
            {"reason": key, "matters": count, "zh": said[key][0], "en": said[key][1]}
            for key, count in reasons.most_common()
        ],
        "matters": matters,
    }


def reported(found: Iterator[Planned], file: Path) -> Iterator[Planned]:
    """Writes each matter of the report as it comes by."""
    from lianban.actions.plan_migration import COLUMNS

    try:
        handle = file.open("w", encoding="utf-8-sig", newline="")
    except OSError as error:
        raise FileUnreadable(file=str(file), why=error.strerror or str(error)) from None
    with handle:
        writer = csv.writer(handle)
        writer.writerow(COLUMNS)
        for one in found:
            writer.writerow(one.cells())
            yield one


def show_plan(found: dict[str, Any]) -> None:
    """The summary in words."""
    say(
        f"第 {found['from']} 版 → {found['to']}：{found['moves']:,} 件可迁移，{found['kept']:,} 件不能。",
        f"version {found['from']} → {found['to']}: {found['moves']:,} can move, {found['kept']:,} cannot.",
    )
    words = {
        "tasks": pick("任务改变", "tasks changed"),
        "armed": pick("定时新增", "timers armed"),
        "recomputed": pick("定时重算", "timers computed again"),
        "dropped": pick("定时取消", "timers dropped"),
    }
    for key, count in found["changes"].items():
        print(f"  {words.get(key, key)}: {count:,}")
    for reason in found["reasons"]:
        print(f"  ✗ {reason['matters']:,} × {pick(reason['zh'], reason['en'])}")
    for one in found["matters"]:
        print(f"    {one['number']} ({' '.join(one['rests'])})")
    if found["newly_read"]:
        names = ", ".join(found["newly_read"])
        say(
            f"注意：新版表达式读取在办事项没有存下的变量：{names}。它们在迁移后的事项中为空。",
            f"Mind: the new version reads variables that open matters did not keep: {names}. They are null there.",
        )
