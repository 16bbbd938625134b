"""What may be filled into a template, and how a wrong filling is answered."""

import datetime as dt

import pytest
from samples import SAMPLES

from lianban.engines.documents import Column, Field, FieldType, Kind, load_template
from lianban.engines.documents.errors import FieldsMissing, FieldsUnknown, FieldWrong
from lianban.engines.documents.fields import check_fields


def field(kind: FieldType, **more) -> tuple[Field, ...]:
    return (Field("it", "此项", "It", kind, **more),)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_missing_field_is_named(kind):
    """An empty filling names all required fields at once, with their Chinese labels."""
    template = load_template(kind)
    with pytest.raises(FieldsMissing) as refusal:
        check_fields(template.zh, template.fields, {})
    for wanted in template.fields:
        assert (f"{wanted.zh}（{wanted.name}）" in refusal.value.text("zh")) == wanted.required


def test_unknown_field_is_named():
    """A field that the template does not have is an error, not silently dropped."""
    template = load_template(Kind.SERVICE_RECEIPT)
    with pytest.raises(FieldsUnknown) as refusal:
        check_fields(template.zh, template.fields, {**SAMPLES[Kind.SERVICE_RECEIPT], "recepient": "某"})
    assert refusal.value.found["fields"] == "recepient"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FieldType.TEXT, 12),
        (FieldType.TEXT, "两行\n文字"),
        (FieldType.DATE, "2026-13-01"),
        (FieldType.DATE, "二〇二六年"),
        (FieldType.DATE, dt.datetime(2026, 1, 1)),
        (FieldType.MONEY, 12.5),
        (FieldType.MONEY, True),
        (FieldType.INTEGER, "15"),
        (FieldType.LIST, "一条"),
        (FieldType.LIST, ["一条", 2]),
        (FieldType.PEOPLE, [{"role": "审判员"}]),
        (FieldType.PEOPLE, [{"role": "审判员", "name": "王某", "id": "99"}]),
    ],
)
def test_value_of_another_type_is_refused(kind, value):
    """Each type takes its own values only; a float is never money."""
    with pytest.raises(FieldWrong) as refusal:
        check_fields("试", field(kind), {"it": value})
    assert refusal.value.found["field"] == "it"


def test_choice_outside_its_options_is_refused():
    """The refusal lists the options."""
    with pytest.raises(FieldWrong) as refusal:
        check_fields("试", field(FieldType.CHOICE, options=("有", "无")), {"it": "或许"})
    assert "有、无" in refusal.value.text("zh")


def test_table_row_with_another_column_is_refused():
    """A table takes exactly the declared columns."""
    declared = field(FieldType.TABLE, columns=(Column("a", "甲"), Column("b", "乙")))
    assert check_fields("试", declared, {"it": [{"a": "1", "b": ""}]}) == {"it": [{"a": "1", "b": ""}]}
    with pytest.raises(FieldWrong):
        check_fields("试", declared, {"it": [{"a": "1", "c": "2"}]})


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\u00ad", "\x00", "\x07", "\x0c", "\u2028", "\ud800"])
def test_hidden_character_is_refused(hidden):
    """What cannot be seen (control characters, direction marks) cannot enter a document."""
    with pytest.raises(FieldWrong) as refusal:
        check_fields("试", field(FieldType.TEXT), {"it": f"张{hidden}三"})
    assert f"U+{ord(hidden):04X}" in refusal.value.text("zh")


def test_refusal_never_repeats_a_value():
    """Values may be personal data: the error shows the type only."""
    with pytest.raises(FieldWrong) as refusal:
        check_fields("试", field(FieldType.DATE), {"it": "991082198503070011"})
    assert "991082198503070011" not in str(refusal.value.as_dict())


def test_blank_text_is_missing():
    """A required field of blanks is as good as none."""
    with pytest.raises((FieldsMissing, FieldWrong)):
        check_fields("试", field(FieldType.TEXT), {"it": "　 "})
    with pytest.raises(FieldsMissing):
        check_fields("试", field(FieldType.PARAGRAPHS), {"it": "\n \n"})
