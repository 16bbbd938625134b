"""补正: the court supplies what the unit said was missing; the letter is delivered again."""

from __future__ import annotations

from lianban.actions.abilities import Completing, Outcome, completes
from lianban.records.letters import content_of, parties_of


@completes("letters.amend")
def amend_letter(completing: Completing) -> Outcome:
    work, letter = completing.work, completing.letter
    note = str(completing.data.get("note", ""))
    content = content_of(work.cursor, letter)
    amendments = [*content.get("amendments", []), {"at": completing.at.isoformat(), "note": note}]
    # A content of its own: what was amended for one unit is no other's business.
    amended = work.letters.say(
        letter.matter_id,
        letter.sender_id,
        {**content, "amendments": amendments},
        parties_of(work.cursor, letter),
    )
    work.letters.change(letter, state="sealed", content_id=amended)
    # At once: registries that answer in this same act ask whom the letter is about.
    work.letters.write(work.cursor)
    return Outcome(
        variables=completing.data,
        said={"letter": str(letter.id), "amendment": note},
        shown={"unit": completing.unit},
        milestone=False,
    )
