"""The table that a judge can read is the test: what may be done to which asset, for how long, and why."""

import csv
from datetime import date
from pathlib import Path

import pytest
from measure_making import BOOK, LIMITS

from lianban.engines.measures import ClaimKind, LegalBasis, LimitBook, Step
from lianban.engines.measures.errors import (
    BadLimitData,
    ConditionMissing,
    MeasureForbidden,
    NoLimitRecorded,
    UnknownAsset,
)

with (Path(__file__).parent / "limits.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


@pytest.mark.parametrize("row", ROWS, ids=[f"{r['no']}-{r['asset']}-{r['step']}" for r in ROWS])
def test_limit_row(row):
    """Each row: allowed with its end, refused with its source, or waiting for a fact."""
    on = date.fromisoformat(row["on"])
    asked = {"on": on, "claim": ClaimKind(row["claim"]), "facts": row["facts"].split()}
    words = row["verdict"].split()
    if words[0] != "allowed":
        expected = {"refused": MeasureForbidden, "facts": ConditionMissing}[words[0]]
        with pytest.raises(expected) as caught:
            LIMITS.require(LegalBasis(row["basis"]), row["asset"], Step(row["step"]), **asked)
        assert "?" not in caught.value.text("zh") + caught.value.text("en")
        return
    found = LIMITS.require(LegalBasis(row["basis"]), row["asset"], Step(row["step"]), **asked)
    assert (found.alarm is not None) == ("alarm" in words)
    if row["until"]:
        assert BOOK.due(found.clock, on).legal_date == date.fromisoformat(row["until"])
    assert len(row["why"]) > 3


def test_limits_name_existing_clocks_and_renewals():
    """Every clock and renewal in the rows is in the clock book."""
    LIMITS.check_clocks(BOOK)


def test_limits_cover_every_basis_family_and_step():
    """For every kind of asset, every basis and step has an answer of its own today, never silence."""
    for asset in LIMITS.assets.values():
        for basis in LegalBasis:
            for step in Step:
                found = LIMITS.permission(basis, asset.code, step, on=date(2026, 3, 2))
                assert found.limit is not None, (asset.code, basis, step)
                assert found.limit.source.law


def test_limit_silence_is_no_permission():
    """Before any rule is recorded nothing is allowed."""
    with pytest.raises(NoLimitRecorded):
        LIMITS.require(LegalBasis.ADMINISTRATIVE, "deposit", Step.SEAL, on=date(2011, 12, 31))


def test_limit_unknown_asset():
    """A kind of asset that nobody declared is named, with those there are."""
    with pytest.raises(UnknownAsset) as caught:
        LIMITS.permission(LegalBasis.ENFORCEMENT, "castle", Step.SEAL, on=date(2026, 3, 2))
    assert "deposit" in caught.value.text("en")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "[[limit]]\nbasis='court'\nasset='*'\nstep='seal'\nfrom=2020-01-01\nlaw='x'\narticle=''\ntag='V'",
            "court",
        ),
        (
            "[[limit]]\nbasis='*'\nasset='boat'\nstep='sell'\nfrom=2020-01-01\nlaw='x'\narticle=''\ntag='V'",
            "boat",
        ),
        (
            "[[limit]]\nbasis='*'\nasset='*'\nstep='seal'\nfrom=2020-01-01\nlaw='x'\narticle=''\ntag='V'",
            "clock",
        ),
        (
            "[[limit]]\nbasis='*'\nasset='*'\nstep='sell'\nallowed=false\nfrom=2020-01-01\nlaw='x'\narticle=''\ntag='V'",
            "reason",
        ),
        ("[[limit]]\nbasis='*'\nasset='*'\nstep='sell'\nfrom=2020-01-01\nlaw='x'\narticle=''\ntag='Z'", "Z"),
        ("[[limit]]\ncolour='red'", "colour"),
        ("[[asset]]\ncode='a'\nfamily='stone'\nzh='a'\nen='a'", "stone"),
        ("this is not toml", "="),
    ],
)
def test_limit_file_mistake_is_named(tmp_path, text, problem):
    """A mistake in a limits file names the row and what is wrong with it."""
    path = tmp_path / "limits.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadLimitData) as caught:
        LimitBook.from_file(path)
    assert problem in str(caught.value)


def test_limit_new_law_is_a_new_row():
    """A new row governs from its day; the day before is judged by the old one."""
    from dataclasses import replace

    old = LIMITS.permission(LegalBasis.ENFORCEMENT, "vehicle", Step.SEAL, on=date(2026, 3, 2)).limit
    new = replace(old, asset="vehicle", clock="enforcement.seal_immovable", from_day=date(2027, 1, 1))
    book = LIMITS.with_limits((new,))
    for day, clock in ((date(2026, 12, 31), old.clock), (date(2027, 1, 1), new.clock)):
        assert book.permission(LegalBasis.ENFORCEMENT, "vehicle", Step.SEAL, on=day).clock == clock
