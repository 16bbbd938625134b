"""Canonical JSON: one text for one meaning."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianban.engines.ledger import canonical, digest, plain
from lianban.engines.ledger.errors import NotCanonical

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


def reference(value):
    """RFC 8785 written another way: the standard library, with keys sorted by UTF-16 code units."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{reference(key)}:{reference(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(reference, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


@given(JSON)
def test_canonical_agrees_with_reference(value):
    """Any JSON value without floats gives the bytes of an independent implementation."""
    assert canonical(value) == reference(value).encode()


@given(JSON)
def test_canonical_survives_storage(value):
    """A payload that was stored as JSON and read again has the same canonical form."""
    assert canonical(json.loads(json.dumps(value))) == canonical(value)
    assert plain(plain(value)) == plain(value)


def test_canonical_rfc8785_property_order():
    """The sorting example of RFC 8785, section 3.2.3."""
    example = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    assert list(json.loads(canonical(example)).values()) == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


def test_canonical_rfc8785_string_escapes():
    """The string example of RFC 8785, section 3.2.2, keeps its shortest escapes."""
    text = "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/"
    assert canonical({"string": text}) == b'{"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'


def test_plain_types_of_rows():
    """Dates, instants, UUIDs, decimals, bytes, durations and enums have one stated form."""

    class Colour(Enum):
        RED = "red"

    row = {
        "at": datetime(2026, 11, 24, 16, 0, tzinfo=timezone(timedelta(hours=8))),
        "day": date(2026, 11, 24),
        "id": UUID(int=1),
        "money": Decimal("12.50"),
        "big": Decimal("1E+3"),
        "seal": b"\x00\xff",
        "took": timedelta(seconds=1, microseconds=5),
        "colour": Colour.RED,
        "pair": (1, 2),
    }
    assert plain(row) == {
        "at": "2026-11-24T08:00:00.000000Z",
        "big": "1000",
        "colour": "red",
        "day": "2026-11-24",
        "id": "00000000-0000-0000-0000-000000000001",
        "money": "12.50",
        "pair": [1, 2],
        "seal": "00ff",
        "took": 1_000_005,
    }


def test_plain_instants_before_the_year_1000():
    """Early instants are padded to four digits of a year, so that texts sort and parse."""
    assert plain(datetime(987, 1, 2, tzinfo=UTC)) == "0987-01-02T00:00:00.000000Z"


def deep(levels):
    value = []
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"a": [1, 1.5]}, "$.a[1]"),
        ({"a": float("nan")}, "$.a"),
        ({"a": 2**53}, "$.a"),
        ({"a": -(2**53)}, "$.a"),
        ({1: "a"}, "$"),
        ({"a": "\ud800"}, "$.a"),
        ({"\ud800": 1}, "$.?"),
        ({"a": datetime(2026, 1, 1)}, "$.a"),
        ({"a": {1, 2}}, "$.a"),
        ({"a": Decimal("NaN")}, "$.a"),
        ({"a": object()}, "$.a"),
    ],
)
def test_canonical_refuses(value, path):
    """What has no single JSON form is refused, and the error names where it stands."""
    with pytest.raises(NotCanonical) as caught:
        canonical(value)
    assert caught.value.found["path"] == path
    assert path in caught.value.text("zh")
    assert path in caught.value.text("en")


def test_canonical_refuses_bottomless():
    """A payload nested without end is refused, not a crash of the interpreter."""
    assert canonical(deep(99)).startswith(b"[[")
    with pytest.raises(NotCanonical):
        canonical(deep(100_000))


def test_digest_known_value():
    """The digest of a row is SHA-256 of its canonical bytes, whatever the order of its keys."""
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert digest({"b": 1, "a": "案"}) == digest({"a": "案", "b": 1})
    assert digest({"a": "案"}) != digest({"a": "安"})
