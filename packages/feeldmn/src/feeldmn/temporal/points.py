"""Dates, times, and dates with times."""

from __future__ import annotations

from dataclasses import dataclass
from functools import total_ordering

from feeldmn.temporal.calendar import civil, day_number, weekday
from feeldmn.temporal.durations import NANOS_A_DAY, NANOS_A_SECOND, fraction_text
from feeldmn.temporal.zones import Zone


def _year_text(year: int) -> str:
    return f"-{-year:04d}" if year < 0 else f"{year:04d}"


@total_ordering
@dataclass(frozen=True, slots=True)
class Date:
    """A date of the proleptic Gregorian calendar, years -999,999,999 to 999,999,999."""

    year: int
    month: int
    day: int

    @property
    def number(self) -> int:
        """Days since 1970-01-01."""
        return day_number(self.year, self.month, self.day)

    @property
    def weekday(self) -> int:
        """ISO weekday, 1 Monday … 7 Sunday."""
        return weekday(self.number)

    @staticmethod
    def of_number(number: int) -> Date:
        """Return the date that lies `number` days after 1970-01-01."""
        return Date(*civil(number))

    def __lt__(self, other: Date) -> bool:
        return (self.year, self.month, self.day) < (other.year, other.month, other.day)

    def __str__(self) -> str:
        return f"{_year_text(self.year)}-{self.month:02d}-{self.day:02d}"


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day: `nanos` nanoseconds since midnight, with or without a zone."""

    nanos: int
    zone: Zone | None = None

    @property
    def hour(self) -> int:
        """Hour, 0 to 23."""
        return self.nanos // (3600 * NANOS_A_SECOND)

    @property
    def minute(self) -> int:
        """Minute, 0 to 59."""
        return self.nanos // (60 * NANOS_A_SECOND) % 60

    @property
    def second_nanos(self) -> int:
        """Nanoseconds beyond the whole minute."""
        return self.nanos % (60 * NANOS_A_SECOND)

    @property
    def utc_nanos(self) -> int | None:
        """Nanoseconds since midnight UTC (may lie outside one day), or None when no offset is known."""
        if self.zone is None:
            return None
        offset = self.zone.time_offset()
        return None if offset is None else self.nanos - offset * NANOS_A_SECOND

    def __str__(self) -> str:
        seconds, nanos = divmod(self.nanos, NANOS_A_SECOND)
        minutes, second = divmod(seconds, 60)
        hour, minute = divmod(minutes, 60)
        return f"{hour:02d}:{minute:02d}:{second:02d}{fraction_text(nanos)}{self.zone or ''}"


@dataclass(frozen=True, slots=True)
class DateTime:
    """A date with a time of day; without a zone it is local time of an unknown place."""

    date: Date
    time: Time

    @property
    def zone(self) -> Zone | None:
        """The zone of its time."""
        return self.time.zone

    @property
    def local_nanos(self) -> int:
        """Nanoseconds since 1970-01-01T00:00:00 on the local clock."""
        return self.date.number * NANOS_A_DAY + self.time.nanos

    @property
    def offset(self) -> int | None:
        """Seconds east of UTC at this moment, or None without a zone."""
        zone = self.time.zone
        if zone is None:
            return None
        date = self.date
        return zone.offset_at(date.year, date.month, date.day, self.time.nanos // NANOS_A_SECOND)

    @property
    def epoch_nanos(self) -> int:
        """Nanoseconds since 1970-01-01T00:00:00Z; a moment without a zone counts as UTC."""
        return self.local_nanos - (self.offset or 0) * NANOS_A_SECOND

    @staticmethod
    def of_local_nanos(nanos: int, zone: Zone | None) -> DateTime:
        """Return the moment `nanos` after 1970-01-01T00:00:00 on the local clock of `zone`."""
        days, rest = divmod(nanos, NANOS_A_DAY)
        return DateTime(Date.of_number(days), Time(rest, zone))

    @staticmethod
    def of_epoch_nanos(nanos: int, zone: Zone) -> DateTime:
        """Return the moment `nanos` after 1970-01-01T00:00:00Z as the clock of `zone` shows it."""
        offset = zone.offset_of_instant(nanos // NANOS_A_SECOND)
        return DateTime.of_local_nanos(nanos + offset * NANOS_A_SECOND, zone)

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"
