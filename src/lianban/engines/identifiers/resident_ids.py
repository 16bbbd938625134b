"""Resident identity numbers 居民身份证号 (GB 11643) and what they can be checked for.

Eighteen characters: area code (6), birth date (8), order code (3, odd for men), check character by
ISO 7064 MOD 11-2. First-generation cards have fifteen digits: two-digit year, no check character. The
check character comes from python-stdnum; the area is judged here, because the standard asks whether the
code was in use when the number was *issued* (python-stdnum asks whether it was in use at birth, and so
refuses everybody born before their county got its present code).
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from stdnum.cn import ric

from lianban.engines.identifiers.areas import Area, areas_with_code
from lianban.engines.identifiers.characters import compact
from lianban.engines.identifiers.errors import (
    AreaCodeOutOfForce,
    BirthDateOutOfRange,
    DemoNumberRefused,
    ImpossibleBirthDate,
    UnknownAreaCode,
    WrongCharacter,
    WrongCheckDigit,
    WrongLength,
)
from lianban.engines.identifiers.labels import IdentifierKind
from lianban.engines.identifiers.masks import mask

# Numbers were first given with the cards of 1984; nobody alive then was born before this.
EARLIEST_BIRTH = date(1840, 1, 1)
# Unassigned in GB/T 2260, so that no real person can have it.
DEMO_PREFIX = "99"
# Registration offices went on using an abolished code for a while: a year is allowed for it.
YEARS_OF_GRACE = 1
# GB 11643-1989: in 15-digit numbers these order codes belong to people aged a hundred and more.
_CENTENARIAN_ORDERS = frozenset({"996", "997", "998", "999"})


def check_character(first_seventeen: str) -> str:
    """The eighteenth character for seventeen digits, by GB 11643 (ISO 7064 MOD 11-2): ``0``–``9`` or ``X``."""
    return str(ric.calc_check_digit(first_seventeen + "0"))


def check_resident_id(text: str, *, demo: bool = False, on: date | None = None) -> tuple[str, str]:
    """The normalised 18-character number and its form (``18`` or ``15``).

    ``demo`` lets the unassigned prefix 99 pass. ``on`` is the day the number was certainly in existence
    (the card's date of issue, or today): births after it and areas founded after it are refused. A
    15-digit number comes back as the 18-character number that replaced it, so that both are one person.
    """
    kind = IdentifierKind.RESIDENT_ID
    number = compact(text)
    if len(number) == 15:
        number, form = _lengthened(kind, number), "15"
    elif len(number) == 18:
        check_eighteen(kind, number)
        form = "18"
    else:
        raise WrongLength(kind=kind.value, expected="18 / 15", length=len(number), masked=mask(kind, number))
    born = _birth_date(kind, number, on)
    _check_area(kind, number, born, demo=demo, on=on)
    return number, form


def check_eighteen(kind: IdentifierKind, number: str) -> None:
    """Digits and check character of any number built like GB 11643 (other permits share the form)."""
    for position, character in enumerate(number, start=1):
        allowed = "0123456789X" if position == 18 else "0123456789"
        if character not in allowed:
            raise WrongCharacter(
                kind=kind.value,
                position=position,
                character=character,
                expected="0-9, X" if position == 18 else "0-9",
                masked=mask(kind, number),
            )
    expected = check_character(number[:17])
    if number[17] != expected:
        raise WrongCheckDigit(
            kind=kind.value,
            position=18,
            character=number[17],
            expected=expected,
            standard="GB 11643",
            masked=mask(kind, number),
        )


def birth_date(resident_id: str) -> date:
    """The birth date in a number that :func:`check_resident_id` returned."""
    return date(int(resident_id[6:10]), int(resident_id[10:12]), int(resident_id[12:14]))


def is_male(resident_id: str) -> bool:
    """Whether the order code is odd, as GB 11643 gives to men."""
    return int(resident_id[16]) % 2 == 1


def is_demo(resident_id: str) -> bool:
    """Whether this is the number of a made-up person."""
    return resident_id.startswith(DEMO_PREFIX)


def _lengthened(kind: IdentifierKind, number: str) -> str:
    for position, character in enumerate(number, start=1):
        if character not in "0123456789":
            raise WrongCharacter(
                kind=kind.value,
                position=position,
                character=character,
                expected="0-9",
                masked=mask(kind, number),
            )
    century = "18" if number[12:] in _CENTENARIAN_ORDERS else "19"
    longer = number[:6] + century + number[6:]
    return longer + check_character(longer)


def _birth_date(kind: IdentifierKind, number: str, on: date | None) -> date:
    born = check_birth_date(kind, number)
    if born < EARLIEST_BIRTH or (on is not None and born > on):
        raise BirthDateOutOfRange(
            kind=kind.value,
            position=7,
            earliest=EARLIEST_BIRTH.isoformat(),
            latest=on.isoformat() if on else "—",
            masked=mask(kind, number),
        )
    return born


def check_birth_date(kind: IdentifierKind, number: str) -> date:
    """The date in characters 7–14, or an error that names the part that cannot be."""
    born = _calendar_day(number[6:14])
    if born is not None:
        return born
    month, day = number[10:12], number[12:14]
    if number[6:10] == "0000":
        component, value, position = "year", number[6:10], 7
    elif not 1 <= int(month) <= 12:
        component, value, position = "month", month, 11
    else:
        component, value, position = "day", day, 13
    raise ImpossibleBirthDate(
        kind=kind.value, position=position, component=component, value=value, masked=mask(kind, number)
    )


@lru_cache(maxsize=65536)
def _calendar_day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _check_area(kind: IdentifierKind, number: str, born: date, *, demo: bool, on: date | None) -> None:
    code = number[:6]
    if code.startswith(DEMO_PREFIX):
        if demo:
            return
        raise DemoNumberRefused(kind=kind.value, masked=mask(kind, number))
    known = areas_with_code(code)
    if not known:
        raise UnknownAreaCode(kind=kind.value, position=1, area=code, masked=mask(kind, number))
    if born.year > max(last_birth_year(area, on) for area in known):
        raise AreaCodeOutOfForce(
            kind=kind.value,
            position=1,
            area=code,
            since=str(known[0].since or "—"),
            until=str(known[-1].until or "—"),
            masked=mask(kind, number),
        )


def last_birth_year(area: Area, on: date | None) -> int:
    """The last year of birth for which the area could have given a number by ``on`` (any day if not given).

    -1 if it was founded after ``on``. People born long before the area got its code could, as numbers were
    given late to most who are alive: only a birth after the code's end is impossible.
    """
    if on is not None and area.since is not None and area.since > on:
        return -1
    return 9999 if area.until is None else area.until.year + YEARS_OF_GRACE
