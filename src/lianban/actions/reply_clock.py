"""The clock a letter is answered by: started by its kind, at the moment the unit has it."""

from __future__ import annotations

from datetime import datetime

from lianban.actions import timing
from lianban.actions.work import Work
from lianban.engines.clocks import Due
from lianban.records import scenes
from lianban.records.letters import LetterRow


def start_reply_clock(work: Work, letter: LetterRow, at: datetime) -> Due | None:
    """Begin, or begin anew, the reply clock of a letter; None where its kind has no clock."""
    clock = scenes.scene(letter.scene).letters[letter.kind].clock
    if clock is None:
        work.letters.change(letter, clock_from=at)
        return None
    due = timing.due(clock, at)
    work.letters.change(letter, clock_from=at, due_at=due.at, due_provisional=due.provisional)
    return due
