"""签发查询授权: a judge lets registries be asked about the debtors of one matter, on one article, for a time and a number.

The judge's approval of letters is the warrant of what they ask; a standing one, or one for the queries after a matter
ended without result, is issued by itself. The database holds what a warrant may say (records/sql/registries.sql).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lianban.actions.abilities import Doing, Outcome, acts, serves
from lianban.actions.collide import answering_registries
from lianban.actions.permissions import require_reason
from lianban.actions.query_errors import WarrantNotFound, WarrantRefused
from lianban.actions.work import MatterRow, Work
from lianban.engines.clocks.moments import legal_date
from lianban.engines.process.events import CallService
from lianban.engines.scenes import LegalBasis
from lianban.records import scenes, warrants
from lianban.records.history import Entry
from lianban.records.identity import new_id
from lianban.records.letters import LetterRow
from lianban.records.warrants import WarrantRow

ASKED_ABOUT = ("debtor", "preserved_party")
"""Whom a warrant may name; the database has the same list (lianban.query_role), and a test compares the two."""

LETTER_DAYS = 90
"""How long the warrant of a letter lives: a letter that is amended and delivered again is asked on the same one."""


@serves("letters.warrant")
def issue_for_letters(work: Work, matter: MatterRow, call: CallService, at: datetime) -> Mapping[str, Any]:
    """The warrant of the letters that were just approved. Where nothing is declared that could answer, or a machine
    approved, none is needed or possible: people answer."""
    drafts = [row for row in work.letters.of_matter(work.cursor, matter.id) if row.state == "draft"]
    if work.acting.officer is None or not any(_answers_by_itself(work, draft) for draft in drafts):
        return {}
    if not (parties := debtors(work, matter.id)):
        return {}
    basis = scenes.scene(matter.scene).legal_basis[drafts[0].legal_basis]
    if not basis.in_force(legal_date(work.acting.now)):
        return {}
    earlier = [
        one.id
        for one in warrants.of_matter(work.cursor, matter.id)
        if one.kind == "letter" and not one.revoked_at
    ]
    warrants.revoke(work.cursor, earlier, "重新审批", work.acting.now)
    questions = list(dict.fromkeys(code for draft in drafts for code in draft.questions))
    # Twice what the letters ask: a letter that is amended is delivered, and asked, once more.
    quota = 2 * len(parties) * sum(len(draft.questions) for draft in drafts)
    _issue(work, matter, "letter", basis, questions, parties, LETTER_DAYS, quota, "")
    return {}


def _answers_by_itself(work: Work, draft: LetterRow) -> bool:
    """Whether registries of the addressee could answer something of this letter."""
    addressee = work.directory.agencies[draft.addressee_id]
    return bool(answering_registries(work, addressee, draft.questions, draft.legal_basis))


@acts("warrants.issue")
def issue_warrant(doing: Doing) -> Outcome:
    """A warrant beside the letters: ``standing`` for nightly queries while the matter is open, ``follow_up`` for those
    after it ended without result."""
    work, matter, data = doing.work, doing.matter, doing.data
    kind, days = str(data["kind"]), int(data["days"])
    basis = scenes.scene(matter.scene).legal_basis[str(data["legal_basis"])]
    if not basis.in_force(legal_date(work.acting.now)):
        raise WarrantRefused(
            reason_zh="所引法律依据今天不在施行期内", reason="its legal basis is not in force today"
        )
    if work.acting.officer is None:
        raise WarrantRefused(reason_zh="查询授权由经办人签发", reason="a warrant is issued by an officer")
    if kind == "follow_up" and matter.state == "closed" and not _in_follow_up(work, matter):
        raise WarrantRefused(
            reason_zh="该事项已办结，且没有运行中的终本后查询时限",
            reason="the matter is closed and no follow-up clock runs",
        )
    if kind != "follow_up" and matter.state != "open":
        raise WarrantRefused(reason_zh="该事项已办结", reason="the matter is closed")
    most = warrants.setting(
        work.cursor, "follow_up_days_at_most" if kind == "follow_up" else "warrant_days_at_most"
    )
    if days > most:
        raise WarrantRefused(
            reason_zh=f"有效期最长 {most} 天，填写的是 {days} 天", reason=f"{most} days at most, not {days}"
        )
    if not (parties := debtors(work, matter.id)):
        raise WarrantRefused(reason_zh="该事项没有被执行人或被保全人", reason="the matter has no debtor")
    issued = _issue(
        work, matter, kind, basis, list(data["questions"]), parties, days, int(data["quota"]), str(data["reason"]).strip()
    )  # fmt: skip
    return Outcome(
        said=_said(issued), shown={"purpose": kind, "questions": len(issued.questions)}, subjects=parties,
        milestone=False, record=issued.id,
    )  # fmt: skip


@acts("warrants.revoke")
def revoke_warrant(doing: Doing) -> Outcome:
    """From now on nothing is asked on it. What was found stays."""
    work, reason = doing.work, require_reason("撤销查询授权", str(doing.data["reason"]))
    found = warrants.by_id(work.cursor, doing.record) if doing.record else None
    if found is None or found.matter != doing.matter.id:
        raise WarrantNotFound
    if not warrants.revoke(work.cursor, [found.id], reason, work.acting.now):
        raise WarrantRefused(reason_zh="它已被撤销", reason="it is revoked already")
    return Outcome(said={"warrant": str(found.id), "reason": reason}, shown={"purpose": found.kind}, milestone=False,
                   record=found.id)  # fmt: skip


def debtors(work: Work, matter: UUID) -> tuple[UUID, ...]:
    """The parties of a matter that may be asked about at all."""
    work.cursor.execute(
        "SELECT id FROM party WHERE matter_id = %s AND role = ANY(%s) ORDER BY id",
        [matter, list(ASKED_ABOUT)],
    )
    return tuple(row[0] for row in work.cursor.fetchall())


def _in_follow_up(work: Work, matter: MatterRow) -> bool:
    work.cursor.execute("SELECT lianban.in_follow_up(%s)", [matter.id])
    return bool(work.cursor.fetchone()[0])


def _issue(
    work: Work, matter: MatterRow, kind: str, basis: LegalBasis, questions: Sequence[str], parties: Sequence[UUID],
    days: int, quota: int, reason: str,
) -> WarrantRow:  # fmt: skip
    acting = work.acting
    assert acting.officer is not None and acting.post is not None
    issued = WarrantRow(
        new_id(), matter.id, matter.lead_agency, kind, basis.code, basis.start, basis.end, list(questions),
        acting.officer, acting.post, reason, acting.now, acting.now + timedelta(days=days), quota,
    )  # fmt: skip
    warrants.insert(work.cursor, [issued], [(issued.id, party) for party in parties])
    if kind == "letter":  # an act is ledgered by itself; what a drawing does is ledgered here
        work.enter(Entry("warrants.issue", matter.id, tuple(parties), _said(issued)))
    return issued


def _said(issued: WarrantRow) -> dict[str, Any]:
    return {
        "warrant": str(issued.id), "kind": issued.kind, "legal_basis": issued.legal_basis, "questions": issued.questions,
        "expires_at": issued.expires_at, "quota": issued.quota, "reason": issued.reason,
    }  # fmt: skip
