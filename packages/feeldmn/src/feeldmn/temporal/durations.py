"""The two durations of FEEL: of days and time (exact), of years and months (of the calendar)."""

from __future__ import annotations

from dataclasses import dataclass

NANOS_A_SECOND = 1_000_000_000
NANOS_A_DAY = 86_400 * NANOS_A_SECOND


def fraction_text(nanos: int) -> str:
    """Return `.123` for the nanoseconds of a second, and nothing for 0."""
    return "." + f"{nanos:09d}".rstrip("0") if nanos else ""


@dataclass(frozen=True, slots=True, order=True)
class DaysTimeDuration:
    """A days and time duration, `nanos` nanoseconds long (negative: backwards)."""

    nanos: int

    @property
    def days(self) -> int:
        """Whole days, towards zero."""
        return self._signed(abs(self.nanos) // NANOS_A_DAY)

    @property
    def hours(self) -> int:
        """Hours beyond the whole days."""
        return self._signed(abs(self.nanos) % NANOS_A_DAY // (3600 * NANOS_A_SECOND))

    @property
    def minutes(self) -> int:
        """Minutes beyond the whole hours."""
        return self._signed(abs(self.nanos) // (60 * NANOS_A_SECOND) % 60)

    @property
    def second_nanos(self) -> int:
        """Nanoseconds beyond the whole minutes."""
        return self._signed(abs(self.nanos) % (60 * NANOS_A_SECOND))

    def _signed(self, magnitude: int) -> int:
        return -magnitude if self.nanos < 0 else magnitude

    def __str__(self) -> str:
        if not self.nanos:
            return "PT0S"
        rest = abs(self.nanos)
        days, rest = divmod(rest, NANOS_A_DAY)
        hours, rest = divmod(rest, 3600 * NANOS_A_SECOND)
        minutes, rest = divmod(rest, 60 * NANOS_A_SECOND)
        seconds, nanos = divmod(rest, NANOS_A_SECOND)
        text = "-P" if self.nanos < 0 else "P"
        if days:
            text += f"{days}D"
        if hours or minutes or seconds or nanos:
            text += "T"
            text += f"{hours}H" if hours else ""
            text += f"{minutes}M" if minutes else ""
            text += f"{seconds}{fraction_text(nanos)}S" if seconds or nanos else ""
        return text


@dataclass(frozen=True, slots=True, order=True)
class YearsMonthsDuration:
    """A years and months duration of `total_months` months (negative: backwards)."""

    total_months: int

    @property
    def years(self) -> int:
        """Whole years, towards zero."""
        years = abs(self.total_months) // 12
        return -years if self.total_months < 0 else years

    @property
    def months(self) -> int:
        """Months beyond the whole years."""
        months = abs(self.total_months) % 12
        return -months if self.total_months < 0 else months

    def __str__(self) -> str:
        if not self.total_months:
            return "P0M"
        years, months = divmod(abs(self.total_months), 12)
        text = "-P" if self.total_months < 0 else "P"
        text += f"{years}Y" if years else ""
        text += f"{months}M" if months else ""
        return text
