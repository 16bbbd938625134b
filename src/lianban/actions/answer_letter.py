"""反馈: the unit answers what was asked, with as-of time and source, and only what was asked.

The form it was checked by holds the groups of the letter's questions and the fields those permit; any other
field was refused before this verb began.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import DatabaseError

from lianban.actions.abilities import Completing, Outcome, completes
from lianban.actions.query_errors import HitsUndecided
from lianban.engines.process.timers import BEIJING
from lianban.records.identity import new_id

HITS_UNDECIDED = "LB009"


@completes("letters.answer")
def answer_letter(completing: Completing) -> Outcome:
    work, letter, data = completing.work, completing.letter, completing.data
    key = new_id()
    result = str(data["result"])
    try:
        digest = _insert(completing, key, result)
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") == HITS_UNDECIDED:
            raise HitsUndecided(count=int(str(error).split()[0])) from error
        raise
    if letter.by_registry and result == "no":
        result = _with_registries(completing)
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


def _insert(completing: Completing, key: UUID, result: str) -> str:
    """The answer's row; returns its digest. The database refuses it while hits of the letter are undecided."""
    work, matter, letter, data = completing.work, completing.matter, completing.letter, completing.data
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
    return str(work.cursor.fetchone()[0])


def _with_registries(completing: Completing) -> str:
    """What the letter says as a whole, where registries answered a part of it: something they found is not made 无 by
    an officer who found nothing in the rest."""
    cursor = completing.work.cursor
    cursor.execute(
        """SELECT EXISTS (SELECT FROM answer a, jsonb_each(a.data -> 'findings') f WHERE a.letter_id = %s
                             AND a.result = 'interim' AND a.state = 'sent' AND (f.value ->> 'found')::boolean)""",
        [completing.letter.id],
    )
    return "yes" if cursor.fetchone()[0] else "no"


def _instant(text: Any) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(str(text))
    return moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)
