"""What the steps of an import share: the columns of a scene's table, and a row as the matter it becomes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from lianban.actions.import_errors import ImportNotFound
from lianban.actions.work import Work
from lianban.engines.forms.model import Widget
from lianban.engines.forms.words import Words
from lianban.engines.imports import Column, columns_of
from lianban.engines.process.timers import BEIJING
from lianban.engines.scenes import Scene
from lianban.records import imports
from lianban.records.imports import RunRow

NUMBER, OPENED, CLOSED = "matter_number", "opened_on", "closed_on"
OWN = (
    Column(NUMBER, Words("案号", "Number of the matter"), required=True,
           help=Words("每行一件，不能重复。", "One row a matter; none twice.")),
    Column(OPENED, Words("立案日期", "Opened on"), Widget.DATE, required=True),
    Column(CLOSED, Words("结案日期", "Closed on"), Widget.DATE,
           help=Words("填写的，作为已结案件导入，不再产生待办。", "Where it is filled in, the matter is imported as closed.")),
)  # fmt: skip
OWN_NAMES = tuple(column.name for column in OWN)
PARTIES = 6
"""How many parties of a matter one row has room for."""


def columns_for(pack: Scene) -> tuple[Column, ...]:
    """The columns of a table of this scene's matters."""
    return columns_of(pack.forms[pack.matter_form], {"subjects": PARTIES}, OWN)


def run_in_hand(work: Work, run: object) -> RunRow:
    """The import, under its lock. Raises :class:`ImportNotFound`."""
    found = imports.run_of(work.cursor, run, lock=True)  # type: ignore[arg-type]
    if found is None:
        raise ImportNotFound
    return found


def morning(day: str) -> datetime:
    """Nine o'clock in Beijing: a register that knows only the day says nothing more exact."""
    return datetime.combine(date.fromisoformat(day), time(9), BEIJING).astimezone(UTC)
