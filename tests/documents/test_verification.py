"""The hash that binds number and content, and the text that carries it."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st
from samples import SAMPLES

from lianban.engines.documents import (
    Kind,
    Verification,
    load_template,
    parse_verification,
    verification,
    verification_text,
)


def test_text_is_address_path_hash_and_number():
    """The form of the text is a promise: printed codes live for decades."""
    template, fields = load_template(Kind.ASSISTANCE_LETTER), SAMPLES[Kind.ASSISTANCE_LETTER]
    text = verification_text(template, fields, address="https://lianban.example/")
    check = verification(template, fields)
    assert text == f"https://lianban.example/verify/{check.digest}?no=〔2026〕浙临协函12号"
    assert parse_verification(text) == Verification(check.number, check.digest, "https://lianban.example")


def test_every_field_is_in_the_hash():
    """Changing any single field changes the hash."""
    for kind, fields in SAMPLES.items():
        template = load_template(kind)
        before = verification(template, fields).digest
        for name, value in fields.items():
            if isinstance(value, str) and template.field(name).type in ("text", "paragraphs"):
                assert verification(template, {**fields, name: value + "改"}).digest != before, name


def test_same_facts_typed_otherwise_give_the_same_hash():
    """A date as text or as date, and blanks around a value, make no difference."""
    template, fields = load_template(Kind.ENFORCEMENT_RULING), dict(SAMPLES[Kind.ENFORCEMENT_RULING])
    before = verification(template, fields).digest
    fields["date"] = "2026-11-24"
    fields["court"] = f" {fields['court']}　"
    assert verification(template, fields).digest == before
    fields["date"] = dt.date(2026, 11, 25)
    assert verification(template, fields).digest != before


@given(st.text(max_size=40).filter(lambda text: text == text.strip()), st.binary(min_size=32, max_size=32))
def test_text_round_trip(number, digest):
    """Whatever the number, the text reads back."""
    check = Verification(number, digest.hex(), "https://例.中国")
    assert parse_verification(check.text) == check


@given(st.text(max_size=200))
def test_foreign_text_is_not_ours(text):
    """A scan of something else is None, never an error."""
    check = parse_verification(text)
    assert check is None or check.text == text.strip()
