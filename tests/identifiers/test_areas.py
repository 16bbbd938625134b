"""County codes by date: the changes the domain rules list, and the register as a whole."""

from datetime import date

import pytest

from lianban.engines.identifiers.areas import (
    AreaOutOfForce,
    UnknownArea,
    all_areas,
    area_on,
    areas_with_code,
    counterpart_on,
    find_areas,
    province_name,
    stem,
)

# code, day, name in force on that day (DOMAIN section 0.2 and its neighbours)
IN_FORCE = [
    ("331021", date(2017, 4, 10), "玉环县"),
    ("331083", date(2017, 4, 11), "玉环市"),
    ("652123", date(2015, 3, 15), "托克逊县"),
    ("650422", date(2015, 3, 16), "托克逊县"),
    ("652201", date(2016, 1, 6), "哈密市"),
    ("650502", date(2016, 1, 7), "伊州区"),
    ("654125", date(2001, 9, 30), "新源县"),
    ("654025", date(2001, 10, 1), "新源县"),
    ("653122", date(2022, 1, 12), "疏勒县"),
    ("653222", date(2022, 1, 12), "墨玉县"),
    ("654225", date(2022, 1, 12), "裕民县"),
    ("654201", date(2022, 1, 12), "塔城市"),
    ("652827", date(2022, 1, 12), "和静县"),
    ("330206", date(2022, 1, 12), "北仑区"),
    ("330206", date(1985, 6, 1), "滨海区"),
    ("331003", date(2022, 1, 12), "黄岩区"),
    ("331004", date(2022, 1, 12), "路桥区"),
    ("331023", date(2022, 1, 12), "天台县"),
    ("332625", date(1990, 1, 1), "天台县"),
    ("341225", date(2022, 1, 12), "阜南县"),
    ("410482", date(2022, 1, 12), "汝州市"),
    ("419002", date(1988, 9, 1), "汝州市"),
    ("330113", date(2021, 4, 9), "临平区"),
    ("330104", date(2021, 4, 8), "江干区"),
    ("110103", date(2005, 1, 1), "崇文区"),
]

# code, day, the code of the same place on that day
COUNTERPARTS = [
    ("331021", date(2026, 11, 24), "331083"),
    ("331083", date(2010, 1, 1), "331021"),
    ("652123", date(2026, 11, 24), "650422"),
    ("652201", date(2026, 11, 24), "650502"),
    ("654125", date(2026, 11, 24), "654025"),
    ("332625", date(2026, 11, 24), "331023"),
    ("410424", date(2026, 11, 24), "410482"),
    ("419002", date(2026, 11, 24), "410482"),
    ("330104", date(2026, 11, 24), "330102"),
    ("331004", date(2026, 11, 24), "331004"),
]


@pytest.mark.parametrize(("code", "day", "name"), IN_FORCE)
def test_area_in_force_by_date(code, day, name):
    """A code means the place it meant on that day."""
    assert area_on(code, day).name == name


@pytest.mark.parametrize(("code", "day", "expected"), COUNTERPARTS)
def test_area_counterpart_by_date(code, day, expected):
    """An old or future code leads to the one in use on that day."""
    assert counterpart_on(code, day).code == expected


def test_area_yuhuan_by_name_and_date():
    """玉环 is 331021 or 331083 by date, with or without its rank."""
    assert [area.code for area in find_areas("玉环", date(2017, 4, 10))] == ["331021"]
    assert [area.code for area in find_areas("玉环", date(2017, 4, 11))] == ["331083"]
    assert [area.code for area in find_areas("玉环市", date(2020, 1, 1))] == ["331083"]
    assert find_areas("玉环县", date(2020, 1, 1)) == ()


def test_area_same_name_in_two_provinces():
    """A name borne twice gives both, and one with the province."""
    assert [area.code for area in find_areas("朝阳区", date(2022, 1, 1))] == ["110105", "220104"]
    assert [area.code for area in find_areas("朝阳区", date(2022, 1, 1), province="22")] == ["220104"]


def test_area_out_of_force_names_the_code_of_the_day():
    """The error says when the code was in use and which code was in use instead."""
    with pytest.raises(AreaOutOfForce) as caught:
        area_on("331021", date(2020, 1, 1))
    assert caught.value.found["instead"] == "331083"
    assert caught.value.found["until"] == "2017-04-11"
    assert "331083" in caught.value.text("zh")


def test_area_unknown():
    """A code that was never assigned is an error, not a guess."""
    for code in ("990101", "331999", "", "33100", "33100四"):
        with pytest.raises(UnknownArea):
            area_on(code, date(2020, 1, 1))


def test_area_abolished_stays_resolvable():
    """Every abolished code still names its place and the time it was in use."""
    abolished = [area for area in all_areas() if area.until and area.until <= date(2023, 6, 30)]
    assert len(abolished) > 3000
    for area in abolished:
        assert area in areas_with_code(area.code)
        day = date.fromordinal(area.until.toordinal() - 1)
        assert area_on(area.code, day).code == area.code


def test_area_periods_are_in_order():
    """No period ends before it begins, and a dated successor exists and begins when its forerunner ends."""
    for area in all_areas():
        if area.since and area.until:
            assert area.since < area.until, area
        if area.successor:
            assert area.source != "python-stdnum cn/loc"
            assert area_on(area.successor, area.until)


def test_area_province_and_stem():
    """The province of a code, and what a name keeps when its rank changes."""
    assert province_name("653122") == "新疆维吾尔自治区"
    assert province_name("990101") is None
    assert stem("玉环县") == stem("玉环市") == "玉环"
    assert stem("吉县") == "吉县"
