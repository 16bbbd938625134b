"""推送: ask a township, with the name, the case number, the amount and the question, and nothing else."""

from __future__ import annotations

from uuid import UUID

from lianban.actions import timing
from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.case_errors import NoSuchParty, NotATownship
from lianban.actions.collaborating import ABOUT, ANSWER, write_step
from lianban.actions.running_clocks import start_clock
from lianban.engines.clocks.moments import legal_date
from lianban.engines.collaboration import WORDS, Asked, Step, check_question
from lianban.records import collaborations, listings, matter_view
from lianban.records.contents import content_of
from lianban.records.identity import new_id


@acts("collaborations.push")
def push_to_township(doing: Doing) -> Outcome:
    work, matter, data, at = doing.work, doing.matter, doing.data, doing.at
    township = work.directory.agency(str(data["township"]))
    if township.kind != "township":
        raise NotATownship(agency=township.name_zh)
    party = listings.party(work.cursor, matter.id, UUID(str(data["party"])))
    if party is None or party.role != "debtor":
        raise NoSuchParty(role_zh="被执行人", role_en="a debtor")
    asked = Asked(str(data["asked"]))
    question = str(data.get("question") or WORDS[asked].zh).strip()
    check_question(question, party.name, [one.name for one in matter_view.parties(work.cursor, matter.id)])
    key, case_no = new_id(), collaborations.case_number(work.cursor, matter.id)
    work.join(matter, [township.id])
    work.cursor.execute(
        """INSERT INTO collaboration (id, matter_id, lead_agency_id, township_id, asked, state, pushed_at, result, rating, leads,
                                      recorded_at) VALUES (%s, %s, %s, %s, %s, 'pushed', %s, '', '', 0, %s)""",
        [key, matter.id, matter.lead_agency, township.id, asked.value, at, work.acting.now],
    )
    work.cursor.execute(
        """INSERT INTO collaboration_push (collaboration_id, matter_id, lead_agency_id, township_id, party_id, name, case_no,
                                           amount_fen, question) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        [
            key,
            matter.id,
            matter.lead_agency,
            township.id,
            party.id,
            party.name,
            case_no,
            _amount(doing),
            question,
        ],
    )
    write_step(work, key, matter.id, matter.lead_agency, township.id, Step.PUSHED, at)
    # A push that nobody signs for must not be forgotten either: the agreed period runs from here until it is signed for.
    start_clock(work, matter, code=ANSWER, about_kind=ABOUT, about=key, from_at=at, verb="collaborations.watch",
                warn_days=(2,))  # fmt: skip
    work.ask(matter, township.id, "liaison", "签收乡镇协查任务", element="collaborations.sign", form="collaboration_sign",
             action="collaborations.sign", about=key, due_at=timing.due(ANSWER, at).at, at=at)  # fmt: skip
    return Outcome(
        said={"collaboration": str(key), "township": township.code, "asked": asked.value},
        shown={"unit": township.code, "asked": asked.value},
        subjects=(party.id,),
        milestone=False,
        record=key,
    )


def _amount(doing: Doing) -> int:
    """What is owed today, by the claims; as the case was filed where no claim is recorded yet."""
    owed = collaborations.outstanding(doing.work.cursor, doing.matter.id, legal_date(doing.at))
    if owed is not None:
        return owed
    claim = content_of(doing.work.cursor, doing.matter.id).get("claim") or {}
    return sum(int(claim.get(name) or 0) for name in ("principal", "interest", "costs"))
