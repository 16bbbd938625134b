"""The two town tables, loaded together and compared."""

from datetime import date

import pytest

from lianban.engines.identifiers.area_tables import (
    AreaFileMissing,
    AreaFileRow,
    Disagreement,
    TownKind,
    load_areas,
)
from lianban.engines.identifiers.areas import areas_with_code, counterpart_on

SMALL = {
    "provinces.csv": 'code,name\n33,"浙江省"\n',
    "cities.csv": 'code,name,provinceCode\n3310,"台州市",33\n',
    "areas.csv": 'code,name,cityCode,provinceCode\n331004,"路桥区",3310,33\n',
    "streets.csv": (
        "code,name,areaCode,provinceCode,cityCode\n"
        '331004001,"路南街道",331004,33,3310\n'
        '331004100,"新桥镇",331004,33,3310\n'
        '331004400,"开发区",331004,33,3310\n'
    ),
    "towns_second_source.csv": (
        "code,name,province,city,area,town\n"
        "331004,路南街道,33,10,04,001000\n"
        "331004,新桥乡,33,10,04,100000\n"
        "331071,旧开发区,33,10,71,400000\n"
    ),
}


@pytest.fixture
def small(tmp_path):
    for name, text in SMALL.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def tables():
    return load_areas()


@pytest.mark.data
def test_area_tables_shipped_are_the_real_inputs(tables, real_inputs):
    """The tables shipped with Lianban are those of the real inputs, row for row."""
    assert load_areas(real_inputs / "areas") == tables


def test_area_tables_small(small):
    """Names that differ are reported; towns of one table only are kept and told apart."""
    tables = load_areas(small)
    assert tables.disagreements == (Disagreement("331004100", "新桥镇", "新桥乡"),)
    assert [town.code for town in tables.only_first] == ["331004400"]
    assert [town.code for town in tables.only_second] == ["331071400"]
    assert tables.counties_only_second == ("331071",)
    assert tables.count_of("331004") == {TownKind.STREET: 1, TownKind.TOWN: 1, TownKind.ZONE: 1}
    assert tables.towns_of("331071") == (), "counts go by the first table"
    assert tables.towns[1].other_name == "新桥乡"


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("streets.csv", "code,name\n33100400,路南街道\n", 2),
        ("streets.csv", "code,name\n331004001,路南街道\n331004001,路北街道\n", 3),
        ("streets.csv", "code,name\n331004001,\n", 2),
        ("areas.csv", "code,name\n33100X,路桥区\n", 2),
        ("towns_second_source.csv", "code,name\n331004,路南街道\n", 2),
    ],
)
def test_area_tables_wrong_row(small, name, text, line):
    """A wrong row is named by file and line, and nothing is loaded."""
    (small / name).write_text(text, encoding="utf-8")
    with pytest.raises(AreaFileRow) as caught:
        load_areas(small)
    assert (caught.value.found["file"], caught.value.found["line"]) == (name, line)


def test_area_tables_missing_file(small):
    """A missing file is named."""
    (small / "streets.csv").unlink()
    with pytest.raises(AreaFileMissing) as caught:
        load_areas(small)
    assert caught.value.found["missing"] == "streets.csv"


def test_area_tables_real_counts(tables):
    """The real tables: their rows, and the 300 names they disagree on."""
    assert (len(tables.provinces), len(tables.cities), len(tables.counties)) == (31, 342, 2978)
    assert sum(town.in_first for town in tables.towns) == 41_352
    assert sum(town.in_second for town in tables.towns) == 41_278
    assert len(tables.disagreements) == 300
    assert (len(tables.only_first), len(tables.only_second)) == (645, 571)
    assert Disagreement("130205102", "越河镇", "郑庄子镇") in tables.disagreements


def test_area_tables_real_townships(tables):
    """疏勒县 has 16 township-level divisions (the incubator zone counted), 汝州市 has 21."""
    assert len(tables.towns_of("653122")) == 16
    assert tables.count_of("653122") == {TownKind.TOWN: 3, TownKind.TOWNSHIP: 12, TownKind.ZONE: 1}
    assert len(tables.towns_of("410482")) == 21
    assert tables.count_of("410482") == {TownKind.STREET: 6, TownKind.TOWN: 13, TownKind.TOWNSHIP: 2}


def test_area_tables_real_abolished_counties(tables):
    """County codes that survive in the second table only: twenty zones, and two counties that were renamed."""
    survivors = tables.counties_only_second
    zones = [code for code in survivors if code[4] == "7"]
    assert len(zones) == 20
    assert [code for code in survivors if code not in zones] == ["540422", "540530"]
    assert counterpart_on("540422", date(2024, 1, 1)).code == "540481"
    assert counterpart_on("540530", date(2024, 1, 1)).code == "540581"


def test_area_register_knows_every_county(tables):
    """Every county of the table, zones of the statistical office apart, is in the dated register."""
    day = date(2023, 6, 30)
    unknown = [
        county.code
        for county in tables.counties
        if county.code[4] != "7" and not any(area.in_force(day) for area in areas_with_code(county.code))
    ]
    assert unknown == []
