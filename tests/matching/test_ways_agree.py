"""Point, batch and a naive executor find the same rows with the same checks and fields."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from registry_making import (
    NOW,
    SCOPE,
    SHARES,
    VEHICLES,
    credit,
    declare,
    naive,
    old_number,
    resident,
    shares,
    vehicles,
)

from lianban.engines.identifiers.labels import IdentifierKind
from lianban.engines.matching import Asked, NameCheck, Parties, PointIndex, build_index, collide_batch

PERSONS = [resident(order) for order in range(3)]
FIRMS = [credit(number) for number in range(3)]
# Few texts, so that they meet: valid, old, of real areas, mistyped, wide, lower case, blank, of another kind.
NUMBERS = [
    *PERSONS, *FIRMS, old_number(1), "33010619800214001X", "330106198002140018", resident(7, area="330106"),
    PERSONS[0][:-1] + ("0" if PERSONS[0][-1] != "0" else "1"), PERSONS[1].lower(), f" {PERSONS[2]} ",
    "".join(chr(ord(character) + 0xFEE0) for character in PERSONS[0]), FIRMS[1].lower(), FIRMS[0][:-1] + "?",
    "", " ", "无", "１２３", "330106800214", "91330106", "-",
]  # fmt: skip
NAMES = ["沈砚", "沈 砚", "林衡", "阿依·古丽", "阿依古丽", "JOHN  LI", "john li", "", " ", "云澜商贸有限公司", "云澜商贸有限公司(分)", "云澜商贸有限公司（分）", "𠮷野", "O'Neil"]  # fmt: skip

numbers, names = st.sampled_from(NUMBERS), st.sampled_from(NAMES)
cells = st.tuples(st.none() | numbers, st.none() | names)
asked = st.builds(
    Asked,
    st.sampled_from(["p1", "p2", "p3"]),
    st.sampled_from([IdentifierKind.RESIDENT_ID, IdentifierKind.CREDIT_CODE]),
    numbers,
    names,
)


# Each example builds an index: what fails is shown as it was found, not shrunk for minutes.
@settings(
    max_examples=25, deadline=None, suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)  # fmt: skip
@given(
    st.lists(cells, max_size=40),
    st.lists(st.tuples(cells, cells), max_size=25),
    st.lists(asked, min_size=1, max_size=12),
)
def test_ways_agree_on_every_row(cars, stakes, parties):
    """Whatever stands in the tables and whoever is asked about, the three executors agree row for row."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        registries = declare(folder / "registries", VEHICLES, SHARES)
        vehicles(folder, cars)
        shares(folder, [(*firm, *holder) for firm, holder in stakes])
        report = build_index(
            registries, folder / "index", data=folder, now=NOW, demo=True, memory="200MB", threads=1
        )
        assert not report.broken
        check_counts(report, cars, stakes)
        point = PointIndex(registries, folder / "index", data=folder, demo=True)
        tables = {"vehicles": [(car,) for car in cars], "shares": stakes}
        check_without_names(registries, folder, parties)
        expected, by_point = [], []
        for code, registry in registries.items():
            for party in parties:
                rows = naive(registry, tables[code], party)
                expected += [(party.ref, code, row, rows[row]) for row in sorted(rows)]
        for code in registries:
            for party in parties:
                answer = point.collide(party, SCOPE, now=NOW).answer(code)
                assert (answer.status.value == "hit") == bool(answer.hits)
                by_point += [(party.ref, code, hit.row, hit.check, hit.fields) for hit in answer.hits]
        batch = collide_batch(registries, folder / "index", Parties.of(parties), SCOPE, data=folder, now=NOW, demo=True, memory="200MB", threads=1)  # fmt: skip
        by_batch = [(h.ref, h.registry, h.hit.row, h.hit.check, h.hit.fields) for h in batch.hits()]
        assert [hit[:4] for hit in by_point] == expected
        assert by_batch == by_point
        assert batch.count() == len(by_point)
        batch.close()
        point.close()


def check_counts(report, cars, stakes):
    """Every key cell is counted once, as valid, invalid or blank."""
    for code, cells in (("vehicles", len(cars)), ("shares", 2 * len(stakes))):
        found = report.registries[code]
        assert found.valid + found.invalid + found.blank == cells


def check_without_names(registries, folder, parties):
    """A scope that finds nobody by name finds all the others, point and batch alike."""
    scope = replace(SCOPE, by_name=False)
    with_names = [found for party in parties for found in point_hits(registries, folder, party, SCOPE)]
    without = [found for party in parties for found in point_hits(registries, folder, party, scope)]
    assert without == [found for found in with_names if found[3] is not NameCheck.NAME_ONLY]
    batch = collide_batch(registries, folder / "index", Parties.of(parties), scope, data=folder, now=NOW, demo=True, memory="200MB", threads=1)  # fmt: skip
    found = [(h.ref, h.registry, h.hit.row, h.hit.check) for h in batch.hits()]
    batch.close()
    assert sorted(found) == sorted(without)


def point_hits(registries, folder, party, scope):
    """What one question finds, as (ref, registry, row, check)."""
    point = PointIndex(registries, folder / "index", data=folder, demo=True)
    answers = point.collide(party, scope, now=NOW).answers
    return [(party.ref, a.registry, hit.row, hit.check) for a in answers for hit in a.hits]
