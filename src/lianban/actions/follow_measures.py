"""Follow what measures do by themselves: lapse, promotion, an excess that comes and goes. Run by the worker.

The database says what changed (the outbox, filled by ``measures.sql`` in the transaction that changed it), in whichever court's
matter; here it becomes history, clocks and tasks. A worker that dies leaves its notices for the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from lianban.actions import timing
from lianban.actions.abilities import ClockVerb, on_clock
from lianban.actions.acting import Acting
from lianban.actions.measure_in_hand import SETTINGS, unit_code
from lianban.actions.running_clocks import meet_clocks, start_clock, stop_clocks
from lianban.actions.work import MatterRow, Work, working
from lianban.engines.clocks.moments import end_of_day, legal_date
from lianban.records.clocks import ClockRow
from lianban.records.history import Entry

BATCH = 500
DECISION = "renewal_decision"
EXCESS = "measure_excess"
REQUEST_CLOCK = "enforcement.preservation_renewal_request"
PRICE_CLOCK = "enforcement.price_start"
_SOLD = ("enforcement.seize_movable", "enforcement.seal_immovable", "enforcement.freeze_other_rights")
_LIVE = ("effective", "waiting")


@dataclass(frozen=True, slots=True)
class _Held:
    """What the worker may know of a measure: its dates and its desk, not which account or house."""

    id: UUID
    unit: UUID
    basis: str
    clock: str
    number: str
    state: str
    rank: int | None
    served_at: datetime | None
    effective_from: datetime | None
    ends_on: date | None
    post: UUID | None
    officer: UUID | None


def follow_measures(acting: Acting, batch: int = BATCH) -> int:
    """Let end what has ended, then tell what changed; returns how much there was to do."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT lianban.stand_due(%s, %s)", [acting.now, batch])
        looked = int(cursor.fetchone()[0])
    with working(acting) as work:
        work.cursor.execute(
            """SELECT id, kind, matter, reference, recorded_at FROM outbox
                WHERE done_at IS NULL AND kind LIKE 'measures.%%' ORDER BY recorded_at, id LIMIT %s FOR UPDATE SKIP LOCKED""",
            [batch],
        )
        notices = work.cursor.fetchall()
        work.lock({matter for _, _, matter, _, _ in notices})
        held = _read(work, [reference for _, _, _, reference, _ in notices])
        for _, kind, matter, reference, at in notices:
            _tell(work, work.matters[matter], kind, held.get(reference), at)
        work.cursor.execute(
            "UPDATE outbox SET done_at = %s WHERE id = ANY(%s)", [acting.now, [row[0] for row in notices]]
        )
    return looked + len(notices)


def _read(work: Work, ids: list[UUID]) -> dict[UUID, _Held]:
    work.cursor.execute(
        """SELECT id, unit_agency_id, basis, clock, number, state, rank, served_at, effective_from, ends_on, post_id, officer_id
             FROM measure WHERE id = ANY(%s)""",
        [ids],
    )
    return {row[0]: _Held(*row) for row in work.cursor.fetchall()}


def _tell(work: Work, matter: MatterRow, kind: str, row: _Held | None, at: datetime) -> None:
    if kind == "measures.excess":
        _excess(work, matter, at)
    elif kind == "measures.excess_over":
        meet_clocks(work, matter.id, at, [SETTINGS.release_clock])
        work.close_asked([matter.id], at, elements=[EXCESS])
        _say(work, matter, kind, at)
    elif row is not None:
        _clocks(work, matter, row, at)
        _price(work, matter, row, at)
        if kind == "measures.promoted":
            _ask(work, matter, row, f"轮候转为正式，请核对财产和期限：{row.number}", "measure_promoted", at)
        elif kind == "measures.lapsed":
            _ask(work, matter, row, f"控制措施已届满失效：{row.number}", "measure_lapsed", at)
        _say(
            work, matter, kind, at, measure=str(row.id), number=row.number, unit=unit_code(work, row.unit),
            rank=row.rank, ends_on=row.ends_on.isoformat() if row.ends_on else None,
        )  # fmt: skip


def _clocks(work: Work, matter: MatterRow, row: _Held, at: datetime) -> None:
    """The clock of its term, and of a preservation the creditor's seven days before; none for what has ended."""
    work.cursor.execute(
        "SELECT due_on FROM clock WHERE about = %s AND matter_id = %s AND state = 'running' AND code = %s",
        [row.id, matter.id, row.clock],
    )
    running = work.cursor.fetchone()
    wanted = row.ends_on if row.state in _LIVE else None
    if (running[0] if running else None) == wanted:
        return
    # A changed term leaves the other clocks of a measure alone; an end ends them all.
    stop_clocks(work, [row.id], at, None if wanted is None else [row.clock, REQUEST_CLOCK])
    work.close_asked([row.id], at, elements=[DECISION])
    if wanted is None:
        return
    begun = row.effective_from or row.served_at or at
    start_clock(
        work, matter, code=row.clock, about_kind="measures", about=row.id, from_at=begun, verb="measures.lapse",
        warn_days=SETTINGS.radar_days, due_on=wanted,
    )  # fmt: skip
    if row.basis == "preservation":
        asked_by = timing.book().due(REQUEST_CLOCK, wanted).legal_date
        start_clock(
            work, matter, code=REQUEST_CLOCK, about_kind="measures", about=row.id, from_at=begun,
            verb="measures.request_due", warn_days=(7,), due_on=asked_by,
        )  # fmt: skip


def _price(work: Work, matter: MatterRow, row: _Held, at: datetime) -> None:
    """参考价规定 2: for what has to be sold the reference price is sought within thirty days of its control. The worker does not
    know the asset: money is told by the clock of its term, and what is sold later or never is met by hand."""
    if row.state != "effective" or row.basis != "enforcement" or row.clock not in _SOLD:
        return
    work.cursor.execute(
        "SELECT 1 FROM clock WHERE about = %s AND matter_id = %s AND code = %s",
        [row.id, matter.id, PRICE_CLOCK],
    )
    if work.cursor.fetchone() is None:
        start_clock(
            work, matter, code=PRICE_CLOCK, about_kind="measures", about=row.id, from_at=max(row.effective_from or at, matter.opened_at), warn_days=(7, 3)
        )  # fmt: skip


def _excess(work: Work, matter: MatterRow, at: datetime) -> None:
    start_clock(
        work, matter, code=SETTINGS.release_clock, about_kind="measures", about=matter.id, from_at=at,
        warn_days=(2,),
    )  # fmt: skip
    due = timing.due(SETTINGS.release_clock, at)
    work.ask_desk(
        matter, "judge", "超标的控制：解除超出部分（查扣冻规定第19条）", element=EXCESS, form=EXCESS, about=matter.id,
        due_at=due.at, at=at,
    )  # fmt: skip
    _say(work, matter, "measures.excess", at)


def _ask(work: Work, matter: MatterRow, row: _Held, name: str, element: str, at: datetime) -> None:
    """A note on the judge's desk, to be read and put away; on the post's while the judge is away."""
    work.ask(
        matter, matter.lead_agency, "judge", name, element=element, form=element, about=row.id, at=at, post=row.post,
        officer=_at_desk(work, row, at),
    )  # fmt: skip


def _at_desk(work: Work, row: _Held, at: datetime) -> UUID | None:
    """The judge who ordered it, or nobody by name while somebody stands in: then whoever sits at the post sees it."""
    if row.officer is None or row.post is None:
        return row.officer
    work.cursor.execute("SELECT lianban.away(%s, %s, %s)", [row.officer, row.post, at])
    return None if work.cursor.fetchone()[0] else row.officer


def _say(work: Work, matter: MatterRow, kind: str, at: datetime, **said: Any) -> None:
    work.happen(matter, kind, at, **said)
    work.enter(Entry(kind, matter.id, said={"occurred_at": at, **said}))


# --- the clock of a term


def _warned(work: Work, matter: MatterRow, clock: ClockRow, days_left: int, at: datetime) -> None:
    """Put the decision on the judge's desk: renew it, or let it end. Once; later warnings find it there still."""
    row = _read(work, [clock.about]).get(clock.about)
    if row is None or row.state not in _LIVE or _decided(work, row.id):
        return
    desk = _at_desk(work, row, at)
    work.cursor.execute(
        "UPDATE task SET officer_id = %s WHERE about = %s AND element = %s AND state = 'open'",
        [desk, row.id, DECISION],
    )
    if work.cursor.rowcount:
        return
    work.ask(
        matter, matter.lead_agency, "judge", f"续行还是到期解除：{row.number}", element=DECISION, form=DECISION,
        action="measures.decide_renewal", about=row.id, due_at=end_of_day(send_by(clock.due_on, legal_date(at))),
        at=at, post=row.post, officer=desk,
    )  # fmt: skip


def _decided(work: Work, measure: UUID) -> bool:
    """Whether a renewal is on its way, or a named judge has let it end."""
    work.cursor.execute(
        "SELECT state FROM measure_renewal WHERE measure_id = %s ORDER BY round DESC LIMIT 1", [measure]
    )
    found = work.cursor.fetchone()
    return found is not None and found[0] in ("signed", "sent", "not_wanted")


def send_by(ends_on: date, today: date) -> date:
    """The last working day on which a renewal still reaches the unit by post; today, if that has passed."""
    calendar = timing.book().calendar
    day = ends_on
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    return max(calendar.add_working_days(day, -SETTINGS.send_ahead), today)


def _expired(work: Work, matter: MatterRow, clock: ClockRow, at: datetime) -> None:
    """The term ended: so does the effect, by itself. What follows is told by the outbox."""
    work.cursor.execute("SELECT lianban.stand_due(%s, %s)", [at, BATCH])


on_clock("measures.lapse", ClockVerb(warned=_warned, expired=_expired))


def _request_warned(work: Work, matter: MatterRow, clock: ClockRow, days_left: int, at: datetime) -> None:
    """The creditor must ask seven days ahead; the court has told the date in writing (保全规定 18). Somebody reminds."""
    row = _read(work, [clock.about]).get(clock.about)
    if row is not None and row.state in _LIVE:
        _ask(work, matter, row, f"提示申请保全人申请续行：{row.number}", "renewal_request", at)


on_clock("measures.request_due", ClockVerb(warned=_request_warned))
