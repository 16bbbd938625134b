"""执转破或衔接破产: a link to the insolvency case of a debtor. The case itself is another court's or another scene's."""

from __future__ import annotations

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.case_errors import NoSuchParty, OutOfPeriod
from lianban.actions.collaborating import a_date
from lianban.actions.listing_in_hand import debtor
from lianban.records.identity import new_id


@acts("closing.link_insolvency")
def link_insolvency(doing: Doing) -> Outcome:
    work, matter, data, at = doing.work, doing.matter, doing.data, doing.at
    party = debtor(work, matter, str(data["party"]))
    if party.kind != "organisation":
        raise NoSuchParty(role_zh="企业法人被执行人", role_en="a debtor that is an organisation")
    sent, accepted = a_date(data.get("sent_on")), a_date(data.get("accepted_on"))
    if sent and accepted and accepted < sent:
        raise OutOfPeriod(
            day=accepted.isoformat(), why_zh="受理日早于移送日", why_en="it lies before the transfer"
        )
    key = new_id()
    work.cursor.execute(
        """INSERT INTO insolvency_link (id, matter_id, lead_agency_id, party_id, way, court, case_no, sent_on, accepted_on, linked_at,
                                        linked_by_id, recorded_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        [key, matter.id, matter.lead_agency, party.id, str(data["way"]), str(data["court"]).strip(),
         str(data.get("case_no") or "").strip(), sent, accepted, at, work.acting.officer, work.acting.now],
    )  # fmt: skip
    return Outcome(said={"insolvency": str(key), "way": str(data["way"])}, shown={"way": str(data["way"])},
                   subjects=(party.id,), milestone=False, record=key)  # fmt: skip
