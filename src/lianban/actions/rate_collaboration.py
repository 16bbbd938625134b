"""评议: the court says in a word how it went. It is not a number, and no list is made of it."""

from __future__ import annotations

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.collaborating import in_hand, move, subjects
from lianban.engines.collaboration import Rating, Step


@acts("collaborations.rate")
def rate_collaboration(doing: Doing) -> Outcome:
    row = in_hand(doing.work, doing.matter, doing.record)
    rating = Rating(str(doing.data["rating"])).value
    move(doing.work, row, Step.RATED, doing.at, rating=rating, rated_at=doing.at)
    return Outcome(said={"collaboration": str(row.id), "rating": rating}, subjects=subjects(row), milestone=False,
                   record=row.id)  # fmt: skip
