"""反馈: the unit answers what was asked, with as-of time and source, and only what was asked.

The form it was checked by holds the groups of the letter's questions and the fields those permit; any other
field was refused before this verb began.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson

from lianban.actions.abilities import Completing, Outcome, completes
from lianban.engines.process.timers import BEIJING
from lianban.records.identity import new_id


@completes("letters.answer")
def answer_letter(completing: Completing) -> Outcome:
    work, matter, letter, data = completing.work, completing.matter, completing.letter, completing.data
    key = new_id()
    result = str(data["result"])
    work.cursor.execute(
        """INSERT INTO answer (id, letter_id, matter_id, agency_id, reader_id, round, result, data, as_of, source,
                               officer_id, occurred_at, recorded_at, state, state_reason, digest)
           VALUES (%s, %s, %s, %s, %s,
                   (SELECT coalesce(max(round), 0) + 1 FROM answer WHERE letter_id = %s), %s, %s, %s, %s, %s, %s, %s,
                   'sent', '', '')
           RETURNING digest""",
        [key, letter.id, matter.id, completing.task.agency, letter.sender_id, letter.id, result, orjson.dumps(dict(data)).decode(),
         _instant(data.get("as_of")), str(data.get("source", "")), work.acting.officer, completing.at,
         work.acting.now],
    )  # fmt: skip
    digest = work.cursor.fetchone()[0]
    work.letters.change(
        letter, state="answered", answered_at=letter.answered_at or completing.at, result=result
    )
    return Outcome(
        # The findings are the reader's; what goes on into the drawing is the kind of result alone.
        variables={"result": result},
        said={"letter": str(letter.id), "answer": str(key), "result": result},
        shown={"unit": completing.unit, "result": result},
        evidence=(("answer", key, digest),),
        # What one unit answered is no other unit's business, not even whether it found something.
        milestone=False,
    )


def _instant(text: Any) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(str(text))
    return moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)
