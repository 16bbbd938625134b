"""Money: read from text, printed, and read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianban.engines.identifiers import money_errors as e
from lianban.engines.identifiers.money import LIMIT, Bound, Money, MoneyStyle, render_money, to_capitals
from lianban.engines.identifiers.money_text import parse_money

# text, fen, bound
READ = [
    ("4700万元", 4_700_000_000, Bound.EXACT),
    ("1435.55万元", 1_435_550_000, Bound.EXACT),
    ("11 500元", 1_150_000, Bound.EXACT),
    ("11,500元", 1_150_000, Bound.EXACT),
    ("１１，５００．５０元", 1_150_050, Bound.EXACT),
    ("28840元", 2_884_000, Bound.EXACT),
    ("3.16亿元", 31_600_000_000, Bound.EXACT),
    ("3亿1600万元", 31_600_000_000, Bound.EXACT),
    ("12万3456元", 12_345_600, Bound.EXACT),
    ("1千2百万元", 1_200_000_000, Bound.EXACT),
    ("62万元", 62_000_000, Bound.EXACT),
    ("5000万", 5_000_000_000, Bound.EXACT),
    ("¥1,000,000.00", 100_000_000, Bound.EXACT),
    ("人民币28840.5元", 2_884_050, Bound.EXACT),
    ("RMB 500", 50_000, Bound.EXACT),
    ("-500元", -50_000, Bound.EXACT),
    ("0.50元", 50, Bound.EXACT),
    ("5角8分", 58, Bound.EXACT),
    ("0元", 0, Bound.EXACT),
    ("740万余", 740_000_000, Bound.ABOVE),
    ("740万余元", 740_000_000, Bound.ABOVE),
    ("740余万元", 740_000_000, Bound.ABOVE),
    ("37315万余元", 37_315_000_000, Bound.ABOVE),
    ("近700万元", 700_000_000, Bound.BELOW),
    ("约3000元", 300_000, Bound.ABOUT),
    ("3000元左右", 300_000, Bound.ABOUT),
    ("逾3亿元", 30_000_000_000, Bound.ABOVE),
    ("50万元以上", 50_000_000, Bound.ABOVE),
    ("人民币壹佰万元整", 100_000_000, Bound.EXACT),
    ("人民币：壹佰万元正", 100_000_000, Bound.EXACT),
    ("壹佰万圆整", 100_000_000, Bound.EXACT),
    ("一百万元", 100_000_000, Bound.EXACT),
    ("十五元", 1_500, Bound.EXACT),
    ("两千三百元", 230_000, Bound.EXACT),
    ("三万五千元", 3_500_000, Bound.EXACT),
    ("三万零五元", 3_000_500, Bound.EXACT),
    ("陆仟零柒元壹角肆分", 600_714, Bound.EXACT),
    ("壹拾万零柒仟元伍角叁分", 10_700_053, Bound.EXACT),
    ("壹拾万柒仟元零伍角叁分", 10_700_053, Bound.EXACT),
    ("贰万亿元", 200_000_000_000_000, Bound.EXACT),
    ("人民币壹佰万元整（¥1,000,000.00）", 100_000_000, Bound.EXACT),
    ("1,000,000元（人民币壹佰万元整）", 100_000_000, Bound.EXACT),
]

REFUSED = [
    ("", e.InvalidMoney, {}),
    ("万元", e.InvalidMoney, {}),
    ("元", e.InvalidMoney, {}),
    ("一些钱", e.InvalidMoney, {}),
    ("500-800元", e.InvalidMoney, {}),
    ("5亿3亿元", e.InvalidMoney, {}),
    ("五百千元", e.InvalidMoney, {}),
    ("1.5元5角", e.InvalidMoney, {}),
    ("11500", e.MoneyUnitMissing, {}),
    ("三百二十", e.MoneyUnitMissing, {}),
    ("三万五", e.AmbiguousMoney, {"first": "30,005元", "second": "35,000元"}),
    ("三百五元", e.AmbiguousMoney, {"first": "305元", "second": "350元"}),
    ("4万5元", e.AmbiguousMoney, {"first": "40,005元", "second": "45,000元"}),
    ("11.500元", e.AmbiguousMoney, {"first": "11500元", "second": "11.5元"}),
    ("1,2345元", e.AmbiguousMoney, {"first": "12345"}),
    ("11 50元", e.AmbiguousMoney, {"first": "1150"}),
    ("0.005元", e.MoneyFraction, {}),
    ("1.23456789万元", e.MoneyFraction, {}),
    ("100美元", e.OtherCurrency, {"currency": "美元"}),
    ("HKD 100", e.OtherCurrency, {"currency": "HKD"}),
    (
        "人民币壹佰万元整（¥100,000.00）",
        e.MoneyDisagrees,
        {"words": "1,000,000.00元", "digits": "100,000.00元"},
    ),
    ("1" + "0" * 16 + "元", e.MoneyTooLarge, {}),
]

# yuan, capitals: the examples of 支付结算办法 annex 1 first (optional zeros not written), then edges
CAPITALS = [
    ("1409.50", "壹仟肆佰零玖元伍角"),
    ("6007.14", "陆仟零柒元壹角肆分"),
    ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
    ("107000.53", "壹拾万柒仟元伍角叁分"),
    ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
    ("325.04", "叁佰贰拾伍元零肆分"),
    ("0", "零元整"),
    ("0.05", "伍分"),
    ("0.50", "伍角"),
    ("10", "壹拾元整"),
    ("100", "壹佰元整"),
    ("1010", "壹仟零壹拾元整"),
    ("10001", "壹万零壹元整"),
    ("100100", "壹拾万零壹佰元整"),
    ("1000000", "壹佰万元整"),
    ("10000001", "壹仟万零壹元整"),
    ("100000000", "壹亿元整"),
    ("100000001.01", "壹亿零壹元零壹分"),
    ("316000000", "叁亿壹仟陆佰万元整"),
    ("1000010000", "壹拾亿零壹万元整"),
    ("2000000000000", "贰万亿元整"),
    ("2000000000005", "贰万亿零伍元整"),
    ("2000500000000", "贰万零伍亿元整"),
    ("9999999999999999.99", "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
]


@pytest.mark.parametrize(("text", "fen", "bound"), READ)
def test_money_read(text, fen, bound):
    """Every writing gives whole fen, and 余, 近 and 约 stay marked."""
    assert parse_money(text) == Money(fen, bound)
    assert Money(fen, bound).is_exact == (bound is Bound.EXACT)


@pytest.mark.parametrize(("text", "error", "facts"), REFUSED)
def test_money_refused(text, error, facts):
    """What has two readings or none is refused, with both readings where there are two."""
    with pytest.raises(error) as caught:
        parse_money(text)
    assert type(caught.value) is error
    assert facts.items() <= caught.value.found.items()


@pytest.mark.parametrize(("yuan", "words"), CAPITALS)
def test_money_capitals(yuan, words):
    """Capitals as the payment rules have them, and the reader reads them back."""
    whole, _dot, cents = yuan.partition(".")
    fen = int(whole) * 100 + int((cents + "00")[:2])
    assert to_capitals(fen) == "人民币" + words
    assert parse_money(words).fen == fen


def test_money_error_hides_an_identity_number():
    """A resident number pasted into the field of an amount is masked in the error."""
    with pytest.raises(e.InvalidMoney) as caught:
        parse_money("110105194912310021")
    assert "19491231" not in str(caught.value.found) + str(caught.value)


def test_money_unit_of_a_column():
    """A column of bare numbers takes its unit from its heading; a written unit wins."""
    assert parse_money("4700", unit="万元").fen == 4_700_000_000
    assert parse_money("4700", unit="元").fen == 470_000
    assert parse_money("3.16亿元", unit="万元").fen == 31_600_000_000


def test_money_rendered():
    """Styles: yuan, sign, 万 and 亿 with as many decimals as needed."""
    assert render_money(4_700_000_000) == "47,000,000.00元"
    assert render_money(4_700_000_000, "sign") == "¥47,000,000.00"
    assert render_money(1_435_550_000, "wan") == "1435.55万元"
    assert render_money(31_600_000_000, "yi") == "3.16亿元"
    assert render_money(1, "wan") == "0.000001万元"
    assert render_money(100_000_000, "capitals") == "人民币壹佰万元整"
    assert render_money(parse_money("37315万余元"), "wan") == "37315万余元"
    assert str(Money(2_884_050).yuan) == "28840.50"


def test_money_inexact_has_no_capitals():
    """A figure that nobody gave exactly is not written as on a cheque."""
    with pytest.raises(e.InexactMoney):
        render_money(parse_money("740万余元"), "capitals")


def test_money_too_large():
    """An amount that capitals cannot say cannot be built."""
    with pytest.raises(e.MoneyTooLarge):
        Money(LIMIT)
    with pytest.raises(e.MoneyTooLarge):
        to_capitals(LIMIT)


@given(
    fen=st.integers(min_value=1 - LIMIT, max_value=LIMIT - 1),
    style=st.sampled_from([style for style in MoneyStyle if style is not MoneyStyle.CAPITALS]),
    bound=st.sampled_from(sorted(Bound)),
)
def test_money_round_trip(fen, style, bound):
    """Whatever is rendered is read back equal, with its bound."""
    money = Money(fen, bound)
    assert parse_money(render_money(money, style)) == money


@given(
    st.one_of(
        st.integers(1 - LIMIT, LIMIT - 1), st.integers(0, 10**7), st.integers(0, 14).map(lambda n: 10**n)
    )
)
def test_money_capitals_round_trip(fen):
    """Capitals read back to the same fen, and never hold two zeros in a row."""
    words = to_capitals(fen)
    assert parse_money(words).fen == fen
    assert "零零" not in words
    assert "零元" not in words or fen == 0


@given(st.text(alphabet="0123456789.,， 万亿千百十元角分整零一二三五壹佰¥余近约()（）-美人民币", max_size=20))
def test_money_any_text_gives_the_family(text):
    """Whatever is typed, the result is an amount or an error of the family."""
    try:
        money = parse_money(text)
    except e.InvalidMoney as error:
        assert_sentences(error)
    else:
        assert abs(money.fen) < LIMIT


def assert_sentences(error):
    assert error.text("zh") != error.text("en")
