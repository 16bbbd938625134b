"""Case numbers 案号: read, checked, written.

``（收案年度）法院代字[专门审判代字]类型代字编号号``, for example （2024）新3122执恢57号之一. Rule: 最高人民法院
《关于人民法院案件案号的若干规定》(法〔2015〕137号, in force 2016-01-01; 法〔2018〕335号). Older numbers,
（2014）民一终字第174号, are read only where the caller asks for them: judgments under enforcement bear them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lianban.engines.identifiers.case_number_codes import (
    HIGH_COURTS,
    MISTAKEN_COURTS,
    SUPREME,
    CaseKind,
    case_kinds,
    kinds_within,
    special_court,
    split_kind,
)
from lianban.engines.identifiers.case_number_errors import (
    CaseCourtUnknown,
    CaseKindUnknown,
    CaseNumberForm,
    CaseNumberValue,
    CaseYearOutOfRange,
    JointCaseNumbers,
    OldCaseNumber,
)
from lianban.engines.identifiers.characters import narrow
from lianban.engines.identifiers.chinese_numerals import from_chinese, to_chinese
from lianban.engines.identifiers.masks import cover

# The form in force; earlier years bear the old form.
FIRST_YEAR = 2016
_FOUNDED = 1949
# 刑事复核 numbers are eight random digits, so that they tell nothing of the order (article 10).
_EIGHT_DIGITS = frozenset({"刑核"})

_ANY_BRACKETS = str.maketrans("([{〔【［〈<﹝)]}〕】］〉>﹞", "（（（（（（（（（）））））））））")
_SPACES = re.compile(r"\s+")
_WHOLE = re.compile(
    r"（(?P<year>\d{4})）"
    r"(?P<court>最高法|[^\W\d_])(?P<digits>\d*)"
    r"(?P<letters>[^\W\d_]+?)"
    r"(?P<number>\d+)号"
    r"(?:之(?P<suffix>[一二三四五六七八九十]+|\d+))?"
)
_OLD = re.compile(
    r"（(?P<year>\d{4})）(?P<stem>[^\W\d_（）]+(?:（[^\W\d_]+）[^\W\d_]*)?)字第(?P<number>\d+)(?:-(?P<part>\d+))?号"
    r"(?:之(?P<suffix>[一二三四五六七八九十]+|\d+))?"
)
_HABIT = re.compile(r"(?<=[^\W\d_])字第(?=\d)")
_LONG_DIGITS = re.compile(r"\d{9,}[Xx]?")
_JOINT = re.compile(r"\d+(?:[、,，\-—~～至]\d+)+号")


class CourtLevel(StrEnum):
    """Level of the court, read from the length of its code."""

    SUPREME = "supreme"
    HIGH = "high"
    INTERMEDIATE = "intermediate"
    BASIC = "basic"


@dataclass(frozen=True, order=True)
class CaseNumber:
    """A case number in its parts. Two writings of one number are equal.

    ``court`` is the whole 法院代字 (``最高法``, ``新``, ``兵01``, ``新3122``); ``special`` the 专门审判代字;
    ``kind`` the 类型代字; ``suffix`` the n of 之n, which numbers further documents in the same case. For a
    number of the old form ``court`` and ``kind`` are empty and ``stem`` holds what stood before 字第.
    """

    year: int
    court: str
    special: str | None
    kind: str
    number: int
    suffix: int | None = None
    stem: str | None = None

    def render(self, brackets: str = "full") -> str:
        """The number as printed: ``full`` （2024） as the rule has it, ``half`` (2024) for file names."""
        opening, closing = {"full": ("（", "）"), "half": ("(", ")")}[brackets]
        tail = f"之{to_chinese(self.suffix)}" if self.suffix else ""
        if self.stem is not None:
            return f"{opening}{self.year}{closing}{self.stem}字第{self.number}号{tail}"
        digits = f"{self.number:08d}" if self.kind in _EIGHT_DIGITS else str(self.number)
        return f"{opening}{self.year}{closing}{self.court}{self.special or ''}{self.kind}{digits}号{tail}"

    def __str__(self) -> str:
        return self.render()

    @property
    def level(self) -> CourtLevel | None:
        """Level of the court; ``None`` for the old form."""
        if self.stem is not None:
            return None
        if self.court == SUPREME:
            return CourtLevel.SUPREME
        return {1: CourtLevel.HIGH, 3: CourtLevel.INTERMEDIATE, 5: CourtLevel.BASIC}[len(self.court)]

    @property
    def high_court(self) -> str | None:
        """The high court whose system the case belongs to: 新 and 兵 are two; ``None`` for 最高法."""
        return HIGH_COURTS.get(self.court[:1]) if self.court != SUPREME else None

    @property
    def special_court(self) -> str | None:
        """Railway, maritime, intellectual property… where the court's digits say so."""
        lower = self.level in (CourtLevel.INTERMEDIATE, CourtLevel.BASIC)
        return special_court(self.court[1:]) if lower else None

    @property
    def case_kind(self) -> CaseKind | None:
        """The entry of the table of kinds; ``None`` for a kind not in it."""
        return case_kinds().get(self.kind)

    @property
    def is_enforcement(self) -> bool:
        """Whether the kind belongs to 执行类案件."""
        kind = self.case_kind
        return kind is not None and kind.category == "enforcement"

    @property
    def case(self) -> CaseNumber:
        """The case itself, without 之n: what two documents of one case have in common."""
        return CaseNumber(self.year, self.court, self.special, self.kind, self.number, None, self.stem)


def parse_case_number(
    text: str, *, allow_old: bool = False, allow_unknown_kind: bool = False, on: date | None = None
) -> CaseNumber:
    """Read one case number, whatever its brackets, width, spaces and leading zeros.

    ``allow_old`` also reads the form used before 2016. ``allow_unknown_kind`` lets a 类型代字 pass that is
    not in the table (courts invent some); ``on`` refuses a year after that day. Raises
    :class:`InvalidCaseNumber` saying which part is wrong.
    """
    written = normalise_case_text(text)
    # 字第 out of habit in a number of the present form: （2024）京0101民初字第12号.
    match = _WHOLE.fullmatch(_HABIT.sub("", written))
    old = _OLD.fullmatch(written)
    if old is not None and int(old["year"]) < FIRST_YEAR:
        match = None
    elif match is not None:
        old = None
    if match is None and old is None:
        if _JOINT.search(written):
            raise JointCaseNumbers(text=_shown(text))
        raise CaseNumberForm(text=_shown(text))
    year = int((match or old)["year"])  # type: ignore[index]
    latest = on.year if on else 9999
    if not _FOUNDED <= year <= latest:
        raise CaseYearOutOfRange(
            text=_shown(text), year=year, earliest=_FOUNDED, latest=on.year if on else "—"
        )
    if match is None:
        assert old is not None
        return _old(old, text, allow_old)
    court = _court(match["court"], match["digits"], text)
    special, kind = _kind(match["letters"], text, allow_unknown_kind)
    return CaseNumber(
        year, court, special, kind, _number(match["number"], kind, text), _suffix(match["suffix"], text)
    )


def split_case_numbers(text: str) -> list[CaseNumber]:
    """Joint numbers 3827、3828号 and ranges 18775-18776号 as single case numbers; one number as itself."""
    written = normalise_case_text(text)
    joint = _JOINT.search(written)
    if joint is None:
        return [parse_case_number(text)]
    head, tail = written[: joint.start()], written[joint.end() :]
    numbers: list[str] = []
    for piece in re.split(r"[、,，]", joint.group()[:-1]):
        ends = re.split(r"[\-—~～至]", piece)
        first, last = int(ends[0]), int(ends[-1])
        if not first <= last <= first + 999:
            raise JointCaseNumbers(text=_shown(text))
        numbers += [str(number) for number in range(first, last + 1)]
    return [parse_case_number(f"{head}{number}号{tail}") for number in numbers]


def normalise_case_text(text: str) -> str:
    """Half-width digits, brackets （）, no spaces. Leading zeros go when the number is parsed."""
    return _SPACES.sub("", narrow(text)).translate(_ANY_BRACKETS)


def _shown(text: str) -> str:
    # A resident number pasted into the wrong field must not end up in an error.
    return _LONG_DIGITS.sub(lambda run: cover(run.group(), 2, 2), text.strip()[:40])


def _court(name: str, digits: str, text: str) -> str:
    if name == SUPREME:
        if digits:
            raise CaseCourtUnknown(text=_shown(text), court=name + digits, hint="最高法")
        return name
    if name not in HIGH_COURTS:
        raise CaseCourtUnknown(
            text=_shown(text), court=name, hint=MISTAKEN_COURTS.get(name) or "最高法、京、津…新、兵、军"
        )
    if len(digits) not in (0, 2, 4) or digits[:2] == "00":
        raise CaseCourtUnknown(text=_shown(text), court=name + digits, hint=f"{name}、{name}01、{name}0101")
    return name + digits


def _kind(letters: str, text: str, allow_unknown: bool) -> tuple[str | None, str]:
    parts = split_kind(letters)
    if parts is not None:
        return parts
    if allow_unknown and len(letters) <= 6:
        return None, letters
    near = kinds_within(letters) or kinds_within(letters[1:])
    raise CaseKindUnknown(
        text=_shown(text), kind=letters[:8], hint="、".join(near) or "民初、民终、执、执恢、执保"
    )


def _number(digits: str, kind: str, text: str) -> int:
    number = int(digits)
    if number == 0 or len(digits.lstrip("0")) > 8:
        raise CaseNumberValue(text=_shown(text), part=_shown(digits[:12]))
    if kind in _EIGHT_DIGITS and len(digits) != 8:
        raise CaseNumberValue(text=_shown(text), part=digits)
    return number


def _suffix(written: str | None, text: str) -> int | None:
    if written is None:
        return None
    number = from_chinese(written)
    if number is None:
        raise CaseNumberValue(text=_shown(text), part=f"之{written[:6]}")
    return number


def _old(match: re.Match[str], text: str, allowed: bool) -> CaseNumber:
    if not allowed:
        raise OldCaseNumber(text=_shown(text))
    number = int(match["number"])
    if number == 0 or len(match["number"].lstrip("0")) > 8:
        raise CaseNumberValue(text=_shown(text), part=_shown(match["number"][:12]))
    # 第123-1号 and 第123号之一 are two writings of the same further document.
    suffix = match["part"] or match["suffix"]
    return CaseNumber(int(match["year"]), "", None, "", number, _suffix(suffix, text), match["stem"])
