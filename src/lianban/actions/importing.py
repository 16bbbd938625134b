"""What the steps of an import share: the columns of a scene's table, and a row as the matter it becomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache

from lianban.actions.import_errors import ImportNotFound
from lianban.actions.work import Work
from lianban.engines.clocks import Words as Named
from lianban.engines.closing import ClosingBook, Flaw, Told, grounds_known, modes_known, read_register
from lianban.engines.forms.model import Option, Widget
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
MODE, GROUND, RULING, RECOVERED = "closing_mode", "closing_ground", "closing_ruling", "recovered_amount"
"""The four of a scene whose matters are closed in one of the six modes: how a case of the past ended."""
_CELLS = {"mode": MODE, "ground": GROUND, "ruling_no": RULING, "recovered": RECOVERED, "closed_on": CLOSED}
OWN_NAMES = (*(column.name for column in OWN), MODE, GROUND, RULING, RECOVERED)
_CLOSE = "closing.close"
PARTIES = 6
"""How many parties of a matter one row has room for."""


def columns_for(pack: Scene) -> tuple[Column, ...]:
    """The columns of a table of this scene's matters."""
    own = (*OWN, *_closing_columns()) if tells_closings(pack) else OWN
    return columns_of(pack.forms[pack.matter_form], {"subjects": PARTIES}, own)


def tells_closings(pack: Scene) -> bool:
    """Whether matters of this scene are closed in a mode, and a table may say in which."""
    return any(act.verb == _CLOSE for act in pack.acts.values())


def closing_told(cells: Mapping[str, str]) -> Told | list[Flaw] | None:
    """The closing a row tells by its own cells, or what is wrong with it."""
    given = {place: cells.get(name, "") for place, name in _CELLS.items()}
    return read_register(ClosingBook.standard(), given, given["closed_on"])


def column_of(flaw: Flaw) -> str:
    """The title of the column a flaw is at."""
    return next(c.title.zh for c in (*OWN, *_closing_columns()) if c.name == _CELLS[flaw.cell])


@lru_cache(maxsize=1)
def _closing_columns() -> tuple[Column, ...]:
    book = ClosingBook.standard()
    return (
        Column(MODE, Words("结案方式", "Closing mode"), Widget.SELECT, _options(modes_known(book)),
               help=Words("已结案件填写；不填的，不计入按结案方式统计的指标。",
                          "Of closed cases; without it a case is in no figure that counts closings.")),
        Column(GROUND, Words("结案事由", "Ground of closing"), Widget.SELECT, _options(grounds_known(book)),
               help=Words("终结执行、销案、不予执行必填。", "Required where it was ended, struck off or denied.")),
        Column(RULING, Words("结案裁定文号", "Number of the closing ruling")),
        Column(RECOVERED, Words("实际到位金额", "Recovered (yuan)"), Widget.MONEY,
               help=Words("元。执行完毕不填的，按申请执行标的计；终本、终结执行必填，没有的填 0。",
                          "In yuan. Enforced in full: the claim, where left empty. Required of 终本 and of an end; 0 for nothing.")),
    )  # fmt: skip


def _options(known: Iterable[tuple[str, Named]]) -> tuple[Option, ...]:
    return tuple(Option(code, Words(words.zh, words.en)) for code, words in known)


def run_in_hand(work: Work, run: object) -> RunRow:
    """The import, under its lock. Raises :class:`ImportNotFound`."""
    found = imports.run_of(work.cursor, run, lock=True)  # type: ignore[arg-type]
    if found is None:
        raise ImportNotFound
    return found


def morning(day: str) -> datetime:
    """Nine o'clock in Beijing: a register that knows only the day says nothing more exact."""
    return datetime.combine(date.fromisoformat(day), time(9), BEIJING).astimezone(UTC)
