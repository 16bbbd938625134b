"""终本后定期查询: when the period of a follow-up ends, the next begins; the night after, its warrant asks again.

The worker has no grant on warrants and registries: it keeps the time, and the court's nightly account does the asking
(``records.warrants.for_nights``). The clock is started with the verb ``registries.follow_up`` by whatever closes a matter
in that way, and stopped by whatever ends the follow-up; without a live warrant a night asks nothing.
"""

from __future__ import annotations

from datetime import datetime

from lianban.actions.abilities import ClockVerb, on_clock
from lianban.actions.running_clocks import start_clock
from lianban.actions.work import MatterRow, Work
from lianban.records.clocks import ClockRow

VERB = "registries.follow_up"


def follow_up(work: Work, matter: MatterRow, clock: ClockRow, at: datetime) -> None:
    """Begin the next period of this clock."""
    start_clock(
        work, matter, code=clock.code, about_kind=clock.about_kind, about=clock.about, from_at=at, verb=VERB,
    )  # fmt: skip


on_clock(VERB, ClockVerb(expired=follow_up))
