"""恢复执行: a matter that was closed by 终本 goes on, under a 执恢 number, at any time and without limitation (民诉解释 517)."""

from __future__ import annotations

from datetime import datetime

from lianban.actions import timing
from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.case_errors import NoSuchRecord, NotAReopeningNumber
from lianban.engines.clocks.moments import legal_date
from lianban.engines.closing import ClosingBook, require_reopenable
from lianban.engines.identifiers import parse_case_number
from lianban.engines.process import start
from lianban.engines.process.state import State
from lianban.engines.process.timers import TimerSpec
from lianban.records import closings, scenes
from lianban.records.contents import content_of
from lianban.records.identity import new_id
from lianban.records.numbering import take_number
from lianban.records.process_rows import Loaded


@acts("closing.reopen")
def reopen_matter(doing: Doing) -> Outcome:
    work, matter, data, at = doing.work, doing.matter, doing.data, doing.at
    closing = closings.standing(work.cursor, matter.id)
    if closing is None:
        raise NoSuchRecord(what_zh="结案记录", what_en="closing")
    book = ClosingBook.standard()
    mode = book.mode_of_register(closing.mode, closing.closed_on) or book.mode(
        closing.mode, closing.closed_on
    )
    require_reopenable(mode, closing.ground)
    number = _number(doing)
    work.cursor.execute(
        """INSERT INTO reopening (id, matter_id, lead_agency_id, closing_id, number, reason, reopened_at, reopened_by_id, recorded_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        [new_id(), matter.id, matter.lead_agency, closing.id, number, str(data["reason"]), at, work.acting.officer,
         work.acting.now],
    )  # fmt: skip
    work.cursor.execute("UPDATE closing SET reopened_at = %s WHERE id = %s", [at, closing.id])
    queries = [query.id for query in closings.queries_of(work.cursor, closing.id) if query.done_at is None]
    work.close_asked(queries, at)
    work.cursor.execute(
        "UPDATE clock SET state = 'stopped', closed_at = %s, next_at = NULL WHERE about = ANY(%s) AND state = 'running'",
        [at, queries],
    )
    work.cursor.execute("UPDATE leg SET closed_at = NULL WHERE matter_id = %s AND role = 'lead'", [matter.id])
    matter.state, matter.closed_at = "open", None
    _begin_again(doing)
    return Outcome(said={"closing": str(closing.id), "number": number}, shown={"number": number}, milestone=True,
                   record=closing.id)  # fmt: skip


def _number(doing: Doing) -> str:
    """The number given, or the next 执恢 of this court and year."""
    work = doing.work
    given = str(doing.data.get("number") or "").strip()
    if given:
        parsed = parse_case_number(given)
        if "执恢" not in given:
            raise NotAReopeningNumber(number=given[:60])
        return str(parsed)
    organ = work.directory.agencies[doing.matter.lead_agency].organ
    year = legal_date(doing.at).year
    return f"（{year}）{organ}执恢{take_number(work.cursor, organ, '执恢', year)}号"


def _begin_again(doing: Doing) -> None:
    """The drawing starts anew in the same matter: what was found, held and paid stays where it is."""
    work, matter, at = doing.work, doing.matter, doing.at
    graph = scenes.graph_of(work.cursor, matter.drawing)
    content = content_of(work.cursor, matter.id)
    names = scenes.names_read(graph)

    def due(spec: TimerSpec, now: datetime) -> datetime:
        return timing.instant(spec, now)

    work.at[matter.id] = at
    work.loaded[matter.id] = Loaded(State.of())
    begun = start(
        graph, variables={key: value for key, value in content.items() if key in names}, matter=work.facts(matter),
        now=at, ids=new_id, due=due, decide=lambda decision, context: work.decide(matter, decision, context, at),
    )  # fmt: skip
    work.take(matter, begun.changes)
    work.serve(matter, begun.effects, at)
