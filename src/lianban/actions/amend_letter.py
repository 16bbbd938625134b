"""补正: the court supplies what the unit said was missing; the letter is delivered again."""

from __future__ import annotations

from lianban.actions.abilities import Completing, Outcome, completes


@completes("letters.amend")
def amend_letter(completing: Completing) -> Outcome:
    work, letter = completing.work, completing.letter
    note = str(completing.data.get("note", ""))
    amendments = [*letter.content.get("amendments", []), {"at": completing.at.isoformat(), "note": note}]
    work.letters.change(letter, state="sealed", content={**letter.content, "amendments": amendments})
    return Outcome(
        variables=completing.data,
        said={"letter": str(letter.id), "amendment": note},
        shown={"unit": completing.unit},
        milestone=False,
    )
