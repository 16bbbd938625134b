"""Case numbers: what courts print, what people type, and what is refused with a reason."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianban.engines.identifiers import CaseNumber, CourtLevel, parse_case_number, split_case_numbers
from lianban.engines.identifiers import case_number_errors as e
from lianban.engines.identifiers.case_number_codes import HIGH_COURTS, SPECIAL_TRIALS, case_kinds

# text, (year, court, special, kind, number, suffix), rendered
READ = [
    ("（2024）新3122执57号", (2024, "新3122", None, "执", 57, None), "（2024）新3122执57号"),
    ("(2024)新3122执恢0057号", (2024, "新3122", None, "执恢", 57, None), "（2024）新3122执恢57号"),
    ("（２０２４）浙１０２１民初１２３号", (2024, "浙1021", None, "民初", 123, None), "（2024）浙1021民初123号"),
    ("【2023】最高法知民终0123号", (2023, "最高法", "知", "民终", 123, None), "（2023）最高法知民终123号"),
    ("〔2023〕最高法民申8号", (2023, "最高法", None, "民申", 8, None), "（2023）最高法民申8号"),
    ("[2021]兵0101执12号", (2021, "兵0101", None, "执", 12, None), "（2021）兵0101执12号"),
    ("（2021）兵民终5号", (2021, "兵", None, "民终", 5, None), "（2021）兵民终5号"),
    ("（2021）新民终5号", (2021, "新", None, "民终", 5, None), "（2021）新民终5号"),
    ("（2020）内01民初9号", (2020, "内01", None, "民初", 9, None), "（2020）内01民初9号"),
    ("（2020）军0101刑初9号", (2020, "军0101", None, "刑初", 9, None), "（2020）军0101刑初9号"),
    ("（2018）沪01民初937号之三", (2018, "沪01", None, "民初", 937, 3), "（2018）沪01民初937号之三"),
    ("（2018）沪01民初937号之3", (2018, "沪01", None, "民初", 937, 3), "（2018）沪01民初937号之三"),
    ("（2024）浙1004执保21号之二十一", (2024, "浙1004", None, "执保", 21, 21), "（2024）浙1004执保21号之二十一"),
    ("（2024）浙 1004 执异 21 号", (2024, "浙1004", None, "执异", 21, None), "（2024）浙1004执异21号"),
    ("（2020）京73民初1号", (2020, "京73", None, "民初", 1, None), "（2020）京73民初1号"),
    ("（2020）琼01知民初15号", (2020, "琼01", "知", "民初", 15, None), "（2020）琼01知民初15号"),
    ("（2019）浙72民初1号", (2019, "浙72", None, "民初", 1, None), "（2019）浙72民初1号"),
    ("（2023）豫0482诉前调确7号", (2023, "豫0482", None, "诉前调确", 7, None), "（2023）豫0482诉前调确7号"),
    ("（2023）豫0482司惩复7号", (2023, "豫0482", None, "司惩复", 7, None), "（2023）豫0482司惩复7号"),
    ("（2023）豫0482财保7号", (2023, "豫0482", None, "财保", 7, None), "（2023）豫0482财保7号"),
    ("（2023）豫0482司救执7号", (2023, "豫0482", None, "司救执", 7, None), "（2023）豫0482司救执7号"),
    ("（2022）最高法刑核01234567号", (2022, "最高法", None, "刑核", 1234567, None), "（2022）最高法刑核01234567号"),
    ("（2024）京0101民初字第00123号", (2024, "京0101", None, "民初", 123, None), "（2024）京0101民初123号"),
]  # fmt: skip

# text, error, the fact it names
REFUSED = [
    ("新3122执57号", e.CaseNumberForm, {}),
    ("（2024）新3122执57", e.CaseNumberForm, {}),
    ("", e.CaseNumberForm, {}),
    ("（24）新3122执57号", e.CaseNumberForm, {}),
    ("（2024）蒙01民初1号", e.CaseCourtUnknown, {"court": "蒙", "hint": "内"}),
    ("（2024）黔01民初1号", e.CaseCourtUnknown, {"court": "黔", "hint": "贵"}),
    ("（2024）国01民初1号", e.CaseCourtUnknown, {"court": "国"}),
    ("（2024）新31221执1号", e.CaseCourtUnknown, {"court": "新31221"}),
    ("（2024）新312执1号", e.CaseCourtUnknown, {"court": "新312"}),
    ("（2024）最高法01民终1号", e.CaseCourtUnknown, {"court": "最高法01"}),
    ("（2024）新3122执行1号", e.CaseKindUnknown, {"kind": "执行", "hint": "执"}),
    ("（2024）新3122民执恢1号", e.CaseKindUnknown, {"hint": "执恢、执"}),
    ("（2024）新3122执0号", e.CaseNumberValue, {"part": "0"}),
    ("（2024）新3122执123456789号", e.CaseNumberValue, {"part": "12*****89"}),
    ("（2022）最高法刑核123号", e.CaseNumberValue, {"part": "123"}),
    ("（2024）新3122执5号之二二", e.CaseNumberValue, {"part": "之二二"}),
    ("（1900）新3122执5号", e.CaseYearOutOfRange, {"year": 1900}),
    ("（2016）粤03民辖终3827、3828号", e.JointCaseNumbers, {}),
    ("（2014）民一终字第174号", e.OldCaseNumber, {}),
]


@pytest.mark.parametrize(("text", "parts", "rendered"), READ)
def test_case_number_read(text, parts, rendered):
    """Every writing gives its parts, and prints as the rule has it, in both kinds of brackets."""
    number = parse_case_number(text)
    assert (number.year, number.court, number.special, number.kind, number.number, number.suffix) == parts
    assert number.render() == str(number) == rendered
    assert number.render("half") == rendered.replace("（", "(").replace("）", ")")


@pytest.mark.parametrize(("text", "error", "facts"), REFUSED)
def test_case_number_refused(text, error, facts):
    """Every refusal names the wrong part in both languages."""
    with pytest.raises(error) as caught:
        parse_case_number(text)
    assert facts.items() <= caught.value.found.items()
    assert caught.value.text("zh") != caught.value.text("en")
    for value in facts.values():
        assert str(value) in caught.value.text("zh")


def test_case_number_error_hides_an_identity_number():
    """A resident number pasted into the field of the case number is masked in the error."""
    for text in ("11010519491231002X", "（2024）新3122执110105194912310021号"):
        with pytest.raises(e.InvalidCaseNumber) as caught:
            parse_case_number(text)
        assert "19491231" not in str(caught.value.found) + str(caught.value)


def test_case_number_longest_code_first():
    """执恢, 执保 and 执 are three kinds: the longest that fits is taken."""
    assert parse_case_number("（2024）浙1004执1号").kind == "执"
    assert parse_case_number("（2024）浙1004执恢1号").kind == "执恢"
    assert parse_case_number("（2024）浙1004执保1号").kind == "执保"
    assert parse_case_number("（2024）浙1004民辖终1号").kind == "民辖终"
    for code in case_kinds():
        number = "00000001" if code == "刑核" else "1"
        assert parse_case_number(f"（2024）浙10{code}{number}号").kind == code


def test_case_number_two_systems_of_xinjiang():
    """新 and 兵 are two court systems: equal digits name different courts."""
    xinjiang, corps = parse_case_number("（2024）新01执1号"), parse_case_number("（2024）兵01执1号")
    assert xinjiang != corps
    assert xinjiang.high_court == "新疆维吾尔自治区高级人民法院"
    assert corps.high_court == "新疆维吾尔自治区高级人民法院生产建设兵团分院"


def test_case_number_levels_and_special_courts():
    """The digits give the level, and 71 to 99 the special courts."""
    assert parse_case_number("（2024）最高法民申1号").level is CourtLevel.SUPREME
    assert parse_case_number("（2024）浙民终1号").level is CourtLevel.HIGH
    assert parse_case_number("（2024）浙72民初1号").level is CourtLevel.INTERMEDIATE
    assert parse_case_number("（2024）浙1004执1号").level is CourtLevel.BASIC
    assert parse_case_number("（2024）浙72民初1号").special_court == "海事"
    assert parse_case_number("（2024）京73民初1号").special_court == "知识产权"
    assert parse_case_number("（2024）京7101执1号").special_court == "铁路"
    assert parse_case_number("（2024）浙10民初1号").special_court is None
    assert parse_case_number("（2024）浙1004执1号").is_enforcement
    assert not parse_case_number("（2024）浙1004民初1号").is_enforcement


def test_case_number_court_code_outlives_the_county():
    """托克逊's court may print 2123 or 0422: both are read, neither is derived from the map of counties."""
    assert parse_case_number("（2024）新2123执1号").court == "新2123"
    assert parse_case_number("（2024）新0422执1号").court == "新0422"


def test_case_number_old_form():
    """Numbers before 2016 are read where asked for, and -1 equals 之一."""
    old = parse_case_number("（2014）民一终字第0174号", allow_old=True)
    assert (old.year, old.stem, old.number, old.level) == (2014, "民一终", 174, None)
    assert old.render() == "（2014）民一终字第174号"
    first, second = (
        parse_case_number(text, allow_old=True)
        for text in ("（2012）浙台执民字第123-1号", "（2012）浙台执民字第123号之一")
    )
    assert first == second
    shanghai = parse_case_number("(2015)沪二中民一(民)终字第1807号", allow_old=True)
    assert shanghai.render() == "（2015）沪二中民一（民）终字第1807号"


def test_case_number_joint():
    """Joint numbers and ranges are split into single ones."""
    assert [n.number for n in split_case_numbers("（2016）粤03民辖终3827、3828号")] == [3827, 3828]
    series = split_case_numbers("（2016）粤0304民初18775-18777号之一")
    assert [str(n) for n in series] == [f"（2016）粤0304民初{n}号之一" for n in (18775, 18776, 18777)]
    assert split_case_numbers("（2024）浙1004执1号") == [parse_case_number("（2024）浙1004执1号")]


def test_case_number_unknown_kind_where_allowed():
    """A court's own invention passes only where the caller says so."""
    with pytest.raises(e.CaseKindUnknown):
        parse_case_number("（2024）浙1004金调1号")
    number = parse_case_number("（2024）浙1004金调1号", allow_unknown_kind=True)
    assert number.kind == "金调"
    assert number.case_kind is None


def test_case_number_year_in_the_future():
    """A year after the given day is refused."""
    with pytest.raises(e.CaseYearOutOfRange):
        parse_case_number("（2027）浙1004执1号", on=date(2026, 11, 24))
    assert parse_case_number("（2026）浙1004执1号", on=date(2026, 11, 24)).year == 2026


def test_case_number_case_of_a_document():
    """之一 numbers a document; the case is the number without it."""
    assert parse_case_number("（2024）浙1004执1号之二").case == parse_case_number("（2024）浙1004执1号")


COURTS = st.one_of(
    st.just("最高法"),
    st.builds(
        lambda high, digits: high + digits,
        st.sampled_from(sorted(HIGH_COURTS)),
        st.one_of(
            st.just(""),
            st.integers(1, 99).map("{:02d}".format),
            st.integers(101, 9999).map("{:04d}".format),
        ),
    ),
)
CASE_NUMBERS = st.builds(
    CaseNumber,
    year=st.integers(2016, 2099),
    court=COURTS,
    special=st.one_of(st.none(), st.sampled_from(sorted(SPECIAL_TRIALS))),
    kind=st.sampled_from(sorted(case_kinds())),
    number=st.integers(1, 99_999_999),
    suffix=st.one_of(st.none(), st.integers(1, 99)),
)
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@given(
    number=CASE_NUMBERS, brackets=st.sampled_from(["full", "half"]), wide=st.booleans(), space=st.booleans()
)
def test_case_number_round_trip(number, brackets, wide, space):
    """Whatever is rendered is read back equal, in both brackets, full width and with spaces."""
    text = number.render(brackets)
    text = text.translate(WIDE) if wide else text
    text = text.replace("号", " 号 ") if space else text
    assert parse_case_number(text) == number


@given(number=CASE_NUMBERS)
def test_case_number_rendered_fits_the_pattern_of_the_domain_rules(number):
    """What is printed has the form that the domain rules write down."""
    pattern = re.compile(
        r"^[（(](\d{4})[)）](最高法|[一-龥])(\d{2}|\d{4})?([一-龥]{1,6})(\d+)号(?:之[一二三四五六七八九十]+)?$"
    )
    assert pattern.match(number.render())
    assert pattern.match(number.render("half"))


@given(number=CASE_NUMBERS, zeros=st.integers(0, 4))
def test_case_number_leading_zeros(number, zeros):
    """Leading zeros are not part of the number."""
    if number.kind == "刑核":
        return
    padded = number.render().replace(f"{number.number}号", "0" * zeros + f"{number.number}号", 1)
    assert parse_case_number(padded) == number


@given(st.text(max_size=40))
def test_case_number_any_text_gives_the_family(text):
    """Whatever is typed, the result is a case number or an error of the family."""
    try:
        parse_case_number(text, allow_old=True, allow_unknown_kind=True)
    except e.InvalidCaseNumber as error:
        problem = error
    else:
        return
    assert problem.text("zh") != problem.text("en")
