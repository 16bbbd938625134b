"""签发续行: a judge signs drafts, one or many; each goes to its unit at once, and prolongs when it arrives there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.acting import Acting
from lianban.actions.measure_errors import MeasureNotFound, MeasureNotPossible
from lianban.actions.measure_in_hand import ask_unit, measure_in, next_number, unit_code
from lianban.actions.order_measure import told
from lianban.actions.permissions import require
from lianban.actions.renew_measure import RowResult, lock_measures, open_renewal
from lianban.actions.work import Work, working
from lianban.engines.clocks.moments import legal_date
from lianban.engines.errors import LianbanError
from lianban.records import measures
from lianban.records.bulk import update_many
from lianban.records.history import Entry
from lianban.records.measures import MeasureRow, RenewalLine

_TYPES = {"id": "uuid", "number": "text", "at": "timestamptz", "officer": "uuid", "now": "timestamptz"}


@acts("measures.sign_renewal")
def sign_renewal(doing: Doing) -> Outcome:
    """Sign the draft of one measure and send it."""
    row = measure_in(doing.work, doing.matter, doing.record)
    line = _signable(row, open_renewal(doing.work, row), legal_date(doing.at))
    send_renewals(doing.work, [(row, line)], doing.at)
    unit = unit_code(doing.work, row.unit)
    return Outcome(
        record=row.id,
        said={"measure": str(row.id), "renewal": str(line.id), "printed_end": line.printed_end},
        shown=told(row.id, row.number, unit),
        milestone=False,
    )


def sign_renewals(acting: Acting, ids: Sequence[UUID]) -> list[RowResult]:
    """Sign the drafts of many measures, each by itself. Raises :class:`RoleMayNot`: a judge signs."""
    require(acting, "sign_renewals")
    with working(acting) as work:
        rows = lock_measures(work, ids)
        lines = measures.renewals_of(work.cursor, rows)
        results: dict[UUID, RowResult] = {}
        signed: list[tuple[MeasureRow, RenewalLine]] = []
        for key in dict.fromkeys(ids):
            try:
                if key not in rows:
                    raise MeasureNotFound
                last = lines[key][-1] if lines.get(key) else None
                signed.append((rows[key], _signable(rows[key], last, legal_date(acting.now))))
            except LianbanError as error:
                results[key] = RowResult(key, refused=error)
        send_renewals(work, signed, acting.now)
        for row, line in signed:
            results[row.id] = RowResult(row.id, line.id, line.printed_end)
            matter, shown = work.matters[row.matter], told(row.id, row.number, unit_code(work, row.unit))
            work.happen(matter, "measures.sign_renewal", acting.now, **shown)
            work.enter(Entry("measures.sign_renewal", matter.id, said=shown | {"renewal": str(line.id)}))
        return [results[key] for key in dict.fromkeys(ids)]


def send_renewals(work: Work, signed: Sequence[tuple[MeasureRow, RenewalLine]], at: datetime) -> None:
    """Number, sign, send; the unit's task to sign for it opens, the judge's to decide closes."""
    taken: Counter[UUID] = Counter()
    rows = []
    for row, line in signed:
        matter = work.matters[row.matter]
        number = next_number(work, matter, taken[matter.id])
        taken[matter.id] += 1
        rows.append((line.id, number, at, work.acting.officer, work.acting.now))
        ask_unit(
            work,
            matter,
            row.unit,
            f"签收续行协助执行通知书：{number}",
            action="measures.serve_renewal",
            form="renewal_service",
            about=line.id,
        )
    update_many(
        work.cursor, "measure_renewal", _TYPES, rows,
        "state = 'signed', number = d.number, signed_at = d.at, signed_by_id = d.officer, changed_at = d.now",
        "t.id = d.id",
    )  # fmt: skip
    update_many(
        work.cursor, "measure_renewal", _TYPES, rows, "state = 'sent', sent_at = d.now", "t.id = d.id"
    )
    if signed:
        work.close_asked([row.id for row, _ in signed], at, elements=["renewal_decision"])


def _signable(row: MeasureRow, line: RenewalLine | None, today: date) -> RenewalLine:
    """The draft, while there is still a term to prolong."""
    if line is None or line.state != "drafted":
        reason = ("没有待签发的续行", "there is no draft to sign")
    elif not row.live or row.ends_on is None or row.ends_on < today:
        reason = ("期限已届满，效力已消灭（查扣冻规定27）", "its term has ended, and its effect with it")
    else:
        return line
    raise MeasureNotPossible(
        number=row.number, state=row.state, act_zh="签发续行", act="signing a renewal", reason_zh=reason[0],
        reason=reason[1],
    )  # fmt: skip
