"""Check the next rows of an import by the scene's form, each mistake kept with its row and column."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings

from lianban.actions.acting import Acting
from lianban.actions.importing import (
    CLOSED,
    NUMBER,
    OPENED,
    OWN_NAMES,
    closing_told,
    column_of,
    columns_for,
    run_in_hand,
)
from lianban.actions.permissions import require
from lianban.actions.work import Work, working
from lianban.engines.clocks import legal_date
from lianban.engines.imports import CheckedRow, RowChecker, match
from lianban.records import imports, scenes
from lianban.records.imports import RunRow

STEP = 2_000
"""Rows a call checks: about a second, so that a page can show how far it is."""


def check_import(acting: Acting, run: UUID, limit: int = STEP) -> RunRow:
    """Check up to ``limit`` rows that wait; returns the import with its counts. Killed in between, nothing is lost: what
    was not committed waits still."""
    require(acting, "start_import")
    with working(acting) as work:
        found = run_in_hand(work, run)
        staged = imports.rows_in(work.cursor, run, "waiting", limit) if found.state == "checking" else []
        if not staged:
            return found
        pack = scenes.scene(found.scene)
        checker = RowChecker(
            pack.forms[pack.matter_form], match(found.heads, columns_for(pack)), OWN_NAMES, demo=settings.DEMO
        )
        rows = [checker.check(one.number, one.cells) for one in staged]
        judged = _judge(work, found, rows, legal_date(acting.now))
        imports.judged(work.cursor, run, judged)
        bad = sum(1 for row in judged if row[1] == "bad")
        return imports.add_counts(work.cursor, run, good=len(judged) - bad, bad=bad)


def _judge(
    work: Work, run: RunRow, rows: Sequence[CheckedRow], today: date
) -> list[tuple[int, str, str, list[dict[str, str]]]]:
    """What the form cannot know: dates in order, numbers that stand already or twice."""
    assert work.acting.agency is not None
    numbers = [number for row in rows if (number := row.own.get(NUMBER))]
    known = imports.numbers_known(work.cursor, work.acting.agency, run.scene, run.id, numbers)
    judged = []
    for row in rows:
        number = row.own.get(NUMBER, "")
        errors = [
            {"column": column, "zh": error.zh, "en": error.en} for column, error in row.errors
        ] + _own_errors(row, today)
        if number and (where := known.get(number)):
            errors.append(_twice(where))
        elif number and not errors:
            known[number] = str(row.number)
        judged.append((row.number, "bad" if errors else "good", number, errors))
    return judged


def _own_errors(row: CheckedRow, today: date) -> list[dict[str, Any]]:
    errors = []
    if not row.own.get(NUMBER):
        errors.append({"column": "案号", "zh": "请填写案号。", "en": "Fill in the number."})
    days: dict[str, date] = {}
    for name, title, needed in ((OPENED, "立案日期", True), (CLOSED, "结案日期", False)):
        text = row.own.get(name, "")
        if not text and not needed:
            continue
        try:
            days[name] = date.fromisoformat(text)
        except ValueError:
            errors.append(
                {"column": title, "zh": "请填写日期，如 2026-03-02。", "en": "Give a day, like 2026-03-02."}
            )
            continue
        if days[name] > today:
            errors.append({"column": title, "zh": "日期在今天之后。", "en": "The day lies after today."})
    if OPENED in days and CLOSED in days and days[CLOSED] < days[OPENED]:
        errors.append(
            {"column": "结案日期", "zh": "早于立案日期。", "en": "It is before the day of opening."}
        )
    told = closing_told(row.own)
    if isinstance(told, list):
        errors += [{"column": column_of(flaw), "zh": flaw.zh, "en": flaw.en} for flaw in told]
    return errors


def _twice(where: str) -> dict[str, str]:
    if where == "matter":
        return {
            "column": "案号",
            "zh": "本单位已有这个案号的事项。",
            "en": "Your agency has a matter of this number already.",
        }
    return {"column": "案号", "zh": f"与第 {where} 行重复。", "en": f"It stands in row {where} as well."}
