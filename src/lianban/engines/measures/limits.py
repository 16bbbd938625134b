"""Limits on control as data: may this be done to this asset, for how long, and under which article.

::

    limits = LimitBook.standard()
    permission = limits.permission(LegalBasis.ENFORCEMENT, "vehicle", Step.SEAL, on=date(2026, 3, 2))
    permission.clock            # 'enforcement.seize_movable': two years, vehicles are movables
    limits.require(...)         # the same, or the error that says why not

The rows are in ``data/limits.toml``. What no row allows is refused.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from lianban.engines.clocks import ClockBook, Tag, Words
from lianban.engines.clocks.rules import Source

from .errors import BadLimitData, ConditionMissing, MeasureForbidden, NoLimitRecorded, UnknownAsset
from .kinds import ClaimKind, Family, LegalBasis, Step

STANDARD_LIMITS = Path(__file__).parent / "data" / "limits.toml"
ANY = "*"
_FIELDS = frozenset(
    [
        "basis",
        "asset",
        "claim",
        "step",
        "allowed",
        "clock",
        "renewal",
        "when_any",
        "zh",
        "en",
        "alarm_zh",
        "alarm_en",
        "from",
        "to",
        "law",
        "article",
        "edition",
        "tag",
    ]
)


@dataclass(frozen=True, slots=True)
class AssetClass:
    """A kind of asset: its family decides the term."""

    code: str
    family: Family
    name: Words
    note: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """One row: for ``basis`` × ``asset`` × ``claim`` × ``step`` (each may be ``*``), what is allowed, and its source.

    ``asset`` is a kind of asset, or ``family:movable``. ``clock`` names the longest term in the clock book, ``renewal`` the
    rule of that clock for going on. ``when_any``: facts of which one must be on record for the row to allow.
    """

    basis: str
    asset: str
    claim: str
    step: str
    allowed: bool
    clock: str
    renewal: str
    when_any: frozenset[str]
    reason: Words
    alarm: Words
    from_day: date
    to_day: date | None
    source: Source

    def in_force(self, day: date) -> bool:
        return self.from_day <= day and (self.to_day is None or day <= self.to_day)

    def fits(self, basis: str, asset: AssetClass, claim: str, step: str, day: date) -> bool:
        return (
            self.in_force(day)
            and self.basis in (ANY, basis)
            and self.asset in (ANY, asset.code, f"family:{asset.family}")
            and self.claim in (ANY, claim)
            and self.step in (ANY, step)
        )

    @property
    def weight(self) -> tuple[int, int, int, int]:
        """How specific the row is: a kind of asset before its family before any, then claim, step, basis."""
        asset = 0 if self.asset == ANY else 1 if self.asset.startswith("family:") else 2
        return asset, int(self.claim != ANY), int(self.step != ANY), int(self.basis != ANY)


@dataclass(frozen=True, slots=True)
class Permission:
    """What the limits say of one step on one asset. ``facts`` are those of which one is still missing."""

    allowed: bool
    asset: AssetClass
    limit: Limit | None
    facts: frozenset[str] = frozenset()

    @property
    def clock(self) -> str:
        return self.limit.clock if self.limit else ""

    @property
    def renewal(self) -> str:
        return self.limit.renewal if self.limit else ""

    @property
    def alarm(self) -> Words | None:
        return self.limit.alarm if self.limit and self.limit.alarm.zh else None

    @property
    def unverified(self) -> bool:
        """Whether the source was not checked; screens mark it 未核实."""
        return self.limit is not None and self.limit.source.unverified


@dataclass(frozen=True)
class LimitBook:
    """Kinds of asset and rows. Immutable; :meth:`with_limits` gives a new one."""

    assets: Mapping[str, AssetClass]
    limits: tuple[Limit, ...]

    @classmethod
    def standard(cls) -> LimitBook:
        """The rows shipped with the package, read once."""
        return _standard()

    @classmethod
    def from_file(cls, path: Path) -> LimitBook:
        """Read a file of ``[[asset]]`` and ``[[limit]]``. Raises :class:`BadLimitData`, naming the row."""
        with path.open("rb") as file:
            try:
                data = tomllib.load(file)
            except tomllib.TOMLDecodeError as error:
                raise BadLimitData(where=path.name, problem=str(error)) from error
        assets: dict[str, AssetClass] = {}
        for number, raw in enumerate(data.get("asset", ()), 1):
            where = f"{path.name} asset {number}"
            try:
                asset = AssetClass(
                    raw["code"], Family(raw["family"]), Words(raw["zh"], raw["en"]), raw.get("note", "")
                )
            except (KeyError, ValueError) as error:
                raise BadLimitData(where=where, problem=repr(error)) from error
            if asset.code in assets:
                raise BadLimitData(where=where, problem=f"{asset.code} occurs twice")
            assets[asset.code] = asset
        rows = tuple(
            _limit(raw, f"{path.name} limit {number}", assets)
            for number, raw in enumerate(data.get("limit", ()), 1)
        )
        return cls(assets, rows)

    def with_limits(self, rows: tuple[Limit, ...]) -> LimitBook:
        """This book with a deployment's or a new law's rows added."""
        return replace(self, limits=(*self.limits, *rows))

    def asset(self, code: str) -> AssetClass:
        """The kind of asset. Raises :class:`UnknownAsset`."""
        try:
            return self.assets[code]
        except KeyError:
            raise UnknownAsset(asset=code, known="、".join(sorted(self.assets))) from None

    def permission(
        self,
        basis: LegalBasis,
        asset: str,
        step: Step,
        *,
        on: date,
        claim: ClaimKind = ClaimKind.ORDINARY,
        facts: Collection[str] = (),
    ) -> Permission:
        """What the law of ``on`` says. The most specific row decides; among equals a refusal wins.

        A row that needs facts counts only with one of them in ``facts``; without, the next row decides and the answer says
        which facts would have changed it.
        """
        kind = self.asset(asset)
        missing: frozenset[str] = frozenset()
        rows = [row for row in self.limits if row.fits(basis, kind, claim, step, on)]
        # A permission that rests on facts stands before the refusal it is the exception to.
        for row in sorted(rows, key=lambda r: (r.weight, bool(r.when_any), not r.allowed), reverse=True):
            if row.when_any and not row.when_any & set(facts):
                missing |= row.when_any
                continue
            return Permission(row.allowed, kind, row, frozenset() if row.allowed else missing)
        return Permission(False, kind, None, missing)

    def require(
        self,
        basis: LegalBasis,
        asset: str,
        step: Step,
        *,
        on: date,
        claim: ClaimKind = ClaimKind.ORDINARY,
        facts: Collection[str] = (),
    ) -> Permission:
        """The permission, or the error that says why not."""
        found = self.permission(basis, asset, step, on=on, claim=claim, facts=facts)
        if found.allowed:
            return found
        if found.limit is None:
            raise NoLimitRecorded(
                basis=basis.value, asset=found.asset.name.zh, step=step.value, day=on.isoformat()
            )
        source = found.limit.source
        sources = {"source_zh": source.text("zh"), "source_en": source.text("en")}
        if found.facts:
            raise ConditionMissing(needed="、".join(sorted(found.facts)), **sources)
        raise MeasureForbidden(reason_zh=found.limit.reason.zh, reason_en=found.limit.reason.en, **sources)

    def check_clocks(self, book: ClockBook) -> None:
        """Prove that every clock and renewal named exists. Raises :class:`BadLimitData` or the clock book's error."""
        for row in self.limits:
            if not row.clock:
                continue
            versions = book.rule(row.clock).versions
            if row.renewal and not any(
                rule.code == row.renewal for version in versions for rule in version.extensions
            ):
                raise BadLimitData(
                    where=f"{row.basis} {row.asset}", problem=f"{row.clock} has no {row.renewal}"
                )


def _limit(raw: dict[str, Any], where: str, assets: Mapping[str, AssetClass]) -> Limit:
    unknown = sorted(set(raw) - _FIELDS)
    if unknown:
        raise BadLimitData(where=where, problem=f"unknown field {unknown[0]!r}; known: {sorted(_FIELDS)}")
    try:
        row = Limit(
            basis=raw["basis"],
            asset=raw["asset"],
            claim=raw.get("claim", ANY),
            step=raw["step"],
            allowed=raw.get("allowed", True),
            clock=raw.get("clock", ""),
            renewal=raw.get("renewal", ""),
            when_any=frozenset(raw.get("when_any", ())),
            reason=Words(raw.get("zh", ""), raw.get("en", "")),
            alarm=Words(raw.get("alarm_zh", ""), raw.get("alarm_en", "")),
            from_day=raw["from"],
            to_day=raw.get("to"),
            source=Source(raw["law"], raw["article"], Tag(raw["tag"]), raw.get("edition", "")),
        )
        for value, kind in ((row.basis, LegalBasis), (row.claim, ClaimKind), (row.step, Step)):
            if value != ANY:
                kind(value)
        if row.asset.startswith("family:"):
            Family(row.asset.removeprefix("family:"))
        elif row.asset != ANY and row.asset not in assets:
            raise ValueError(f"no asset {row.asset!r}")
    except (KeyError, ValueError) as error:
        raise BadLimitData(where=where, problem=repr(error)) from error
    if not row.allowed and not (row.reason.zh and row.reason.en):
        raise BadLimitData(where=where, problem="a refusal needs its reason in zh and en")
    if row.allowed and row.step == Step.SEAL and not row.clock:
        raise BadLimitData(
            where=where, problem="a measure that holds an asset needs the clock of its longest term"
        )
    return row


@lru_cache(maxsize=1)
def _standard() -> LimitBook:
    return LimitBook.from_file(STANDARD_LIMITS)
