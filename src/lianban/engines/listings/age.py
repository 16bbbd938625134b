"""Of age or not: minors are never listed (失信规定 4)."""

from __future__ import annotations

from datetime import date

from .errors import AgeNotKnown, MinorNeverListed

ADULT = 18  # 民法典 17: a natural person of eighteen years is an adult


def is_adult(born: date, on: date) -> bool:
    """Whether somebody born on ``born`` is of age on ``on``.

    Years are complete on the day after the birthday: counting starts on the day after birth (民法典 201). So the eighteenth
    birthday itself is still a minor's day here; of two readings this is the one that protects. Someone born on 29 February has
    the birthday on 1 March in common years.
    """
    year = born.year + ADULT
    try:
        birthday = born.replace(year=year)
    except ValueError:
        birthday = date(year, 3, 1)
    return on > birthday


def require_adult(born: date | None, on: date) -> None:
    """Raises :class:`AgeNotKnown` where no birth date is known, :class:`MinorNeverListed` for a minor."""
    if born is None:
        raise AgeNotKnown
    if not is_adult(born, on):
        raise MinorNeverListed
