"""自动反馈: as a letter is delivered, the registries of its addressee answer what they can, in the letter itself.

Everything answered: the letter goes straight to the court's check, as 有 or 无. Something answered: the findings stand in
the letter as an interim answer 阶段反馈, and the addressee's officer answers the rest. Nothing answered: the letter goes to
the officer as it always did, and says why. The answer is written by the machine account of the agency that answers, never
by the court's session (docs/adr/0012).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson

from lianban.actions.abilities import serves
from lianban.actions.collide import (
    Collided,
    Wish,
    answering_registries,
    collide,
    subjects_of,
    tell_refusal,
)
from lianban.actions.reply_clock import start_reply_clock
from lianban.actions.work import MatterRow, Work
from lianban.engines.process.events import CallService
from lianban.records import collisions, history, machines, warrants
from lianban.records.history import By, Entry, Happened
from lianban.records.identity import new_id
from lianban.records.letters import LetterRow, parties_of

SIGNER = "登记库自动应答"
PURPOSE = "登记库自动反馈"
OF_TODAY = timedelta(hours=1)
"""A registry says how it stands now: a delivery entered later than this is answered by people."""

_COLUMNS = ("id, letter_id, matter_id, agency_id, reader_id, round, result, data, as_of, source, officer_id, occurred_at,"
            " recorded_at, state, state_reason, digest, collision_id")  # fmt: skip


@serves("registries.answer")
def answer_by_registry(work: Work, matter: MatterRow, call: CallService, at: datetime) -> Mapping[str, Any]:
    """Says ``by_registry``: ``all``, ``part`` or ``none`` of what the letter asks."""
    unit = work.branch_of(matter, call.scope_id)
    letter = work.letters.to(work.cursor, matter.id, unit) if unit else None
    if unit is None or letter is None or work.acting.identity is None or work.acting.now - at > OF_TODAY:
        return {"by_registry": "none"}
    holder = work.directory.agencies[unit]
    wanted = [code for code in letter.questions if code not in letter.by_registry]
    answering = answering_registries(work, holder, wanted, letter.legal_basis)
    questions = tuple(code for code in wanted if any(code in one.questions for one in answering.values()))
    if not questions:
        return {"by_registry": "none"}
    live = [w for w in warrants.of_matter(work.cursor, matter.id)
            if w.kind == "letter" and w.legal_basis == letter.legal_basis]  # fmt: skip
    if not live:
        tell_refusal(work, matter, holder, questions, "none", None)
        return {"by_registry": "none"}
    subjects = subjects_of(work, matter.id, parties_of(work.cursor, letter))
    done = collide(work, matter, Wish(live[0], holder, questions, subjects, letter.id, letter.kind), at)
    if isinstance(done, str):
        return {"by_registry": "none"}
    return {"by_registry": _answer(work, matter, letter, done, at)}


def _answer(work: Work, matter: MatterRow, letter: LetterRow, done: Collided, at: datetime) -> str:
    judged = done.judged
    settled = [*letter.by_registry, *judged.findings]
    whole = set(settled) >= set(letter.questions)
    result = ("yes" if judged.something else "no") if whole else "interim"
    left = {
        code: judged.unsettled.get(code, "no_registry") for code in letter.questions if code not in settled
    }
    data: dict[str, Any] = {
        "result": result, "findings": judged.findings, "source": "、".join(judged.sources)[:100] or SIGNER, "signer": SIGNER,
    }  # fmt: skip
    if judged.as_of is not None:
        data["as_of"] = judged.as_of.isoformat()
    if left:
        data["left"] = left
        data["registries"] = done.row.registries
    if whole:
        start_reply_clock(work, letter, at)
        work.letters.change(letter, state="answered", answered_at=letter.answered_at or at, result=result,
                            by_registry=settled)  # fmt: skip
    else:
        work.letters.change(letter, by_registry=settled)
    matter.last_event += 1
    unit = work.directory.agencies[letter.addressee_id].code
    said = Happened(matter.id, matter.last_event, "registries.answer", at,
                    data={"unit": unit, "result": result, "letter": str(letter.id), "left": len(left)})  # fmt: skip
    work.after(lambda: _write(work, matter, letter, done, data, said, at))
    return "all" if whole else "part"


def _write(
    work: Work, matter: MatterRow, letter: LetterRow, done: Collided, data: Mapping[str, Any], said: Happened, at: datetime
) -> None:  # fmt: skip
    """As the machine of the agency that answers: its answer, its event, its ledger entry."""
    cursor, now = work.cursor, work.acting.now
    with machines.acting_machine(cursor, letter.addressee_id, machines.RESPONDER) as machine:
        assert machine is not None, "asked before the collision was made"
        key = new_id()
        cursor.execute(
            f"""INSERT INTO answer ({_COLUMNS})
                VALUES (%s, %s, %s, %s, %s, (SELECT coalesce(max(round), 0) + 1 FROM answer WHERE letter_id = %s), %s, %s,
                        %s, %s, NULL, %s, %s, 'sent', '', '', %s) RETURNING digest""",  # noqa: S608
            [key, letter.id, matter.id, letter.addressee_id, letter.sender_id, letter.id, data["result"],
             orjson.dumps(dict(data)).decode(), done.judged.as_of, data["source"], at, now, done.row.id],
        )  # fmt: skip
        digest = cursor.fetchone()[0]
        settled = {hit.question for hit in done.judged.hits} & set(done.judged.findings)
        exact = [
            hit
            for hit, row in zip(done.hits, done.judged.hits, strict=True)
            if row.exact and row.question in settled
        ]
        collisions.rest_on(cursor, exact, key)
        by = By(None, machine.post, machine.agency, PURPOSE)
        history.append_events(cursor, by, [said], now)
        history.append_entries(
            cursor, by,
            [Entry("registries.answer", matter.id, tuple(done.row.subjects),
                   {"letter": str(letter.id), "answer": str(key), "result": data["result"],
                    "collision": str(done.row.id), "machine": str(machine.machine)}, (("answer", key, digest),))],
            now,
        )  # fmt: skip
