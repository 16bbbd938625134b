"""Time zones: a fixed offset, or a named zone of the IANA database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MAX_OFFSET = 18 * 3600


@lru_cache(maxsize=1024)
def _zone_info(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone: `name` for a zone of the IANA database, else a fixed `offset` in seconds east of UTC."""

    offset: int
    name: str = ""

    @staticmethod
    def named(name: str) -> Zone | None:
        """Return the zone of that IANA name, or None when there is none."""
        return Zone(0, name) if _zone_info(name) is not None else None

    def offset_at(self, year: int, month: int, day: int, second_of_day: int) -> int:
        """Return the offset in seconds at a local date and time.

        For years beyond Python's calendar the rule of the same year of a 400-year cycle near today is taken.
        """
        if not self.name:
            return self.offset
        info = _zone_info(self.name)
        assert info is not None
        if not 2 <= year <= 9998:
            year = 1600 + year % 400 if year < 2 else 2000 + year % 400
        local = datetime(year, month, day) + timedelta(seconds=second_of_day)
        offset = info.utcoffset(local)
        return int(offset.total_seconds()) if offset is not None else 0

    def offset_of_instant(self, epoch_second: int) -> int:
        """Return the offset in seconds at an instant, given in seconds since 1970-01-01T00:00:00Z."""
        if not self.name:
            return self.offset
        info = _zone_info(self.name)
        assert info is not None
        cycle = 146097 * 86400  # 400 years
        if not -62_000_000_000 < epoch_second < 253_000_000_000:
            epoch_second = epoch_second % cycle
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=epoch_second)
        offset = moment.astimezone(info).utcoffset()
        return int(offset.total_seconds()) if offset is not None else 0

    def time_offset(self) -> int | None:
        """Return the offset in seconds when it needs no date: fixed offsets, and zones that never change."""
        if not self.name:
            return self.offset
        info = _zone_info(self.name)
        assert info is not None
        fixed = info.utcoffset(None)
        return int(fixed.total_seconds()) if fixed is not None else None

    def __str__(self) -> str:
        if self.name:
            return "@" + self.name
        if not self.offset:
            return "Z"
        sign = "-" if self.offset < 0 else "+"
        hours, rest = divmod(abs(self.offset), 3600)
        minutes, seconds = divmod(rest, 60)
        return f"{sign}{hours:02d}:{minutes:02d}" + (f":{seconds:02d}" if seconds else "")


UTC_ZONE = Zone(0)
