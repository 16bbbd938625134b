"""The book of clocks: every rule by its code, with a calendar to count in.

::

    book = ClockBook.standard()
    due = book.due("assistance.answer", started_at)
    due.legal_date, due.at, due.provisional, due.explain("zh")
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from .arithmetic import Longer, Reckoning, Stretch, reckon
from .articles import ArticleMap
from .calendar import Calendar
from .errors import (
    BadClockData,
    LengthMissing,
    LengthNotAdjustable,
    LengthOutOfRange,
    NoVersionInForce,
    UnknownArticle,
    UnknownClock,
)
from .explain import sentence
from .loading import read_clock_file
from .moments import legal_date
from .rules import ClockRule, ClockVersion, Length, SetBy, Source, Tag, Words, cite

STANDARD_CLOCKS = Path(__file__).parent / "data" / "clocks"


@dataclass(frozen=True, slots=True)
class Due:
    """When a clock ends.

    ``legal_date`` is a date in Asia/Shanghai; ``at`` the instant in UTC up to which an act is in time (``now > at`` is
    late; a day ends at 24:00, given as its last microsecond). ``provisional``: a calendar is missing. ``unverified``: the
    rule's source was not checked. Screens show both.
    """

    code: str
    version: str
    legal_date: date
    at: datetime
    provisional: bool
    unverified: bool
    rule: ClockRule = field(repr=False)
    in_version: ClockVersion = field(repr=False)
    reckoning: Reckoning = field(repr=False)
    citation: Words

    def explain(self, language: str = "zh") -> str:
        """One sentence with the arithmetic, in ``zh`` or ``en``."""
        return sentence(self.rule, self.in_version, self.reckoning, language, self.citation.text(language))

    def marks(self, language: str = "zh") -> tuple[str, ...]:
        """The words a screen puts beside the date: 暂定 while a calendar is missing, 未核实 while the source is unchecked."""
        english = language.startswith("en")
        marks = []
        if self.provisional:
            marks.append("provisional" if english else "暂定")
        if self.unverified:
            marks.append("unverified" if english else "未核实")
        return tuple(marks)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON, both sentences included."""
        return {
            "code": self.code,
            "name": {"zh": self.rule.name.zh, "en": self.rule.name.en},
            "version": self.version,
            "legal_date": self.legal_date.isoformat(),
            "at": self.at.isoformat(),
            "provisional": self.provisional,
            "unverified": self.unverified,
            "explanation": {"zh": self.explain("zh"), "en": self.explain("en")},
        }


@dataclass(frozen=True)
class ClockBook:
    """Rules by code, a calendar, the article map, and the lengths this deployment has set. Immutable."""

    rules: Mapping[str, ClockRule]
    calendar: Calendar
    articles: ArticleMap
    settings: Mapping[str, int] = field(default_factory=dict)

    # --- making one

    @classmethod
    def standard(cls) -> ClockBook:
        """The clocks shipped with the package, read once."""
        return _standard()

    @classmethod
    def from_files(
        cls, paths: Iterable[Path], *, calendar: Calendar | None = None, articles: ArticleMap | None = None
    ) -> ClockBook:
        """Read clock files; the same code in two of them is an error."""
        rules: dict[str, ClockRule] = {}
        for path in paths:
            for rule in read_clock_file(path):
                if rule.code in rules:
                    raise BadClockData(where=f"{path.name}: {rule.code}", problem="the code is used twice")
                rules[rule.code] = rule
        return cls(rules, calendar or Calendar.standard(), articles or ArticleMap.standard())

    def with_files(self, paths: Iterable[Path]) -> ClockBook:
        """This book with a deployment's own clock files added, as :meth:`with_rules`."""
        return self.with_rules(rule for path in paths for rule in read_clock_file(path))

    def with_rules(self, rules: Iterable[ClockRule]) -> ClockBook:
        """This book with more clocks. A code already in it is refused: the law is not redefined by a neighbour."""
        more = dict(self.rules)
        for rule in rules:
            if rule.code in more:
                raise BadClockData(where=rule.code, problem="the code is used twice")
            more[rule.code] = rule
        return replace(self, rules=more)

    def with_calendar(self, calendar: Calendar) -> ClockBook:
        """The same rules, counted in another calendar."""
        return replace(self, calendar=calendar)

    def with_settings(self, lengths: Mapping[str, int]) -> ClockBook:
        """This book with lengths chosen by the deployment, in each clock's own unit.

        Only clocks whose data says ``set_by = ["setting"]`` accept one; the law's own periods do not. Raises
        :class:`LengthNotAdjustable` or :class:`LengthOutOfRange`.
        """
        for code, count in lengths.items():
            _chosen(self.rule(code), self.rule(code).versions[-1], count, SetBy.SETTING)
        return replace(self, settings={**self.settings, **lengths})

    # --- asking it

    def __iter__(self) -> Iterator[ClockRule]:
        return iter(self.rules.values())

    def __len__(self) -> int:
        return len(self.rules)

    def rule(self, code: str) -> ClockRule:
        """The rule with this code. Raises :class:`UnknownClock`, naming similar codes."""
        try:
            return self.rules[code]
        except KeyError:
            near = get_close_matches(code, self.rules, n=3) or ["—"]
            raise UnknownClock(clock=code, near="、".join(near)) from None

    def version(self, code: str, day: date) -> ClockVersion:
        """The version in force on ``day``. Raises :class:`NoVersionInForce`."""
        rule = self.rule(code)
        for version in reversed(rule.versions):
            if version.in_force(day):
                return version
        raise NoVersionInForce(clock=code, day=day.isoformat(), first=rule.versions[0].id)

    def version_by_id(self, code: str, version_id: str) -> ClockVersion:
        """The version with this id, for a clock that was stored with it."""
        for version in self.rule(code).versions:
            if version.id == version_id:
                return version
        raise NoVersionInForce(clock=code, day=version_id, first=self.rule(code).versions[0].id)

    def length(self, code: str, version: ClockVersion, chosen: int | None = None) -> Length:
        """The length that applies: written in the document, else set by the deployment, else of the rule."""
        rule = self.rule(code)
        if chosen is not None:
            return _chosen(rule, version, chosen, SetBy.DOCUMENT)
        if code in self.settings and version.adjustable and SetBy.SETTING in version.adjustable.by:
            return _chosen(rule, version, self.settings[code], SetBy.SETTING)
        if version.needs_length:
            raise LengthMissing(clock=code)
        return version.length

    def due(
        self,
        code: str,
        trigger: datetime | date,
        *,
        on: date | None = None,
        length: int | None = None,
        printed_end: date | None = None,
    ) -> Due:
        """When clock ``code`` ends that is triggered at ``trigger``.

        ``trigger`` is an aware instant, or a date for a clock that counts days. ``on`` is the day whose law applies
        (the trigger's day if left out). ``length`` is the count written in the document, where the rule leaves it open.
        ``printed_end`` is the end a document prints, for periods of effect: the earlier counts.
        """
        version = self.version(code, on or legal_date(trigger))
        return self.count(
            code, version, trigger, length=self.length(code, version, length), printed_end=printed_end
        )

    def count(
        self,
        code: str,
        version: ClockVersion,
        trigger: datetime | date,
        *,
        length: Length,
        stretches: Sequence[Stretch] = (),
        longer: Sequence[Longer] = (),
        printed_end: date | None = None,
    ) -> Due:
        """Count with everything given; :meth:`due` and the running clocks stand on it."""
        rule = self.rule(code)
        reckoning = reckon(
            rule, version, trigger, self.calendar,
            length=length, stretches=stretches, longer=longer, printed_end=printed_end,
        )  # fmt: skip
        return Due(
            code=code,
            version=version.id,
            legal_date=reckoning.legal_date,
            at=reckoning.at,
            provisional=reckoning.provisional,
            unverified=version.source.unverified,
            rule=rule,
            in_version=version,
            reckoning=reckoning,
            citation=self.citation(version.source, _within(version, legal_date(trigger))),
        )

    def citation(self, source: Source, day: date) -> Words:
        """The source as it was numbered on ``day``, with the number read now beside it where the edition differs.

        A number that was inferred and not read says so: nobody should cite it unchecked.
        """
        edition = self.articles.edition_on(source.law, day)
        now = Words(source.text("zh"), source.text("en"))
        if not source.edition or edition is None or edition == source.edition:
            return now
        try:
            row = self.articles.row(source.law, source.article, edition=source.edition)
            then = row.numbers[edition]
        except (UnknownArticle, KeyError):
            return now
        inferred = Words("（条号推定）", " (number inferred)") if row.tag is Tag.UNVERIFIED else Words("", "")
        return Words(
            f"{cite(source.law, edition, then, 'zh')}{inferred.zh}，现{now.zh}",
            f"{cite(source.law, edition, then, 'en')}{inferred.en}, now {now.en}",
        )


def _within(version: ClockVersion, day: date) -> date:
    """``day``, or the nearest day on which the version was in force: a clock under another day's law cites that law."""
    return max(version.from_day, min(day, version.to_day or day))


def _chosen(rule: ClockRule, version: ClockVersion, count: int, by: SetBy) -> Length:
    open_to = version.adjustable
    if open_to is None or by not in open_to.by:
        raise LengthNotAdjustable(clock=rule.code, by=by.value)
    if not open_to.least <= count <= (open_to.most or count):
        most = "∞" if open_to.most is None else open_to.most
        raise LengthOutOfRange(
            clock=rule.code, minimum=open_to.least, maximum=most, unit=version.length.unit.value, length=count
        )
    return Length(count, version.length.unit)


@lru_cache(maxsize=1)
def _standard() -> ClockBook:
    return ClockBook.from_files(sorted(STANDARD_CLOCKS.glob("*.toml")))
