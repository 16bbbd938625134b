"""Times as logs write them, read without guessing.

Year first is read in the forms that exports use (ISO 8601, slashes, dots, 年月日); day-first and month-first
dates look alike and are refused unless the caller states the format.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo

# 2026-1-2 9:05, 2026/01/02 09:05:00.5, 2026年1月2日 9:05:00, with a zone or without
_YEAR_FIRST = re.compile(
    r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?"
    r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?"
)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]|\Z)")


def time_reader(zone: tzinfo = UTC, time_format: str | None = None) -> Callable[[str], datetime]:
    """A function from text to an aware UTC instant; it raises ValueError for what it cannot read.

    ``zone`` is the zone of times that state none. ``time_format`` (``strptime``) replaces the recognised
    forms. Fractions beyond a microsecond are cut off.
    """

    def aware(moment: datetime) -> datetime:
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        try:
            return moment.astimezone(UTC)
        except OverflowError:
            raise ValueError("beyond the years 1 to 9999") from None

    def read(text: str) -> datetime:
        text = text.strip()
        if time_format is not None:
            return aware(datetime.strptime(text, time_format))
        if _ISO_DATE.match(text):
            try:
                return aware(datetime.fromisoformat(text))
            except ValueError:
                pass  # the wider form below also takes one digit for the hour
        found = _YEAR_FIRST.fullmatch(text)
        if not found:
            raise ValueError("not a time with the year first")
        year, month, day, hour, minute, second, fraction, offset = found.groups()
        stamp = (
            f"{year}-{int(month):02}-{int(day):02}T{int(hour or 0):02}:{minute or '00'}:{second or '00'}"
            f".{(fraction or '0')[:6].ljust(6, '0')}"
        )
        return aware(datetime.fromisoformat(stamp + (offset or "").replace("UTC", "Z")))

    return read
