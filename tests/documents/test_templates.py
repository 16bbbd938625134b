"""Templates as data: the built-in kinds load, and a broken one says where."""

import datetime as dt

import docx
import jsonschema
import pytest
from reading import docx_paragraphs, pdf_text
from samples import CREATED_AT, SAMPLES

from lianban.engines.documents import (
    Kind,
    json_schema,
    load_template,
    render_docx,
    render_pdf,
    verification_text,
)
from lianban.engines.documents.errors import RenderingFailed, TemplateBroken, UnknownKind

GOOD = """
kind: receipt
version: "1"
title: {zh: 收条, en: Receipt}
style: court
fields:
  - {name: organ, zh: 单位}
  - {name: amount, zh: 金额, type: money}
  - {name: remarks, zh: 备注, type: paragraphs, required: false}
blocks:
  - title: {organ: "{{ organ }}", text: 收条}
  - text: "今收到{{ amount|yuan }}（{{ amount|capitals }}）。"
  - text: {text: "{{ remarks }}", when: remarks}
"""


def write(folder, text=GOOD):
    (folder / "document.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("kind", list(Kind))
def test_built_in_kind_loads_and_names_its_source(kind):
    """Every kind says which standard or law its form comes from, and has both titles."""
    template = load_template(kind)
    assert template.kind == kind
    assert template.zh
    assert template.en
    assert "法" in template.source or "GB/T" in template.source or "规定" in template.source
    assert load_template(str(kind)) is template


def test_every_kind_has_a_sample():
    """No kind is left out of the tests below."""
    assert set(SAMPLES) == set(Kind)


def test_unknown_kind_lists_the_known():
    """A slip in the name of a kind is answered with the list."""
    with pytest.raises(UnknownKind) as refusal:
        load_template("executive_ruling")
    assert "enforcement_ruling" in refusal.value.text("zh")
    with pytest.raises(UnknownKind):
        load_template("scenes/none/documents/none")


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("{{ organ }}", "{{ orgn }}", "orgn"),
        ("{{ remarks }}", "{% for x in remarks %}", "endfor"),
        ("when: remarks", "when: remark", "remark"),
        ("- title:", "- titel:", "titel"),
        ("style: court", "style: fancy", "letter"),
        ("type: money", "type: euro", "money"),
        ("organ, zh: 单位", "Organ, zh: 单位", "Organ"),
        ("amount, zh: 金额", "organ, zh: 金额", "twice"),
        ("version:", "verson:", "verson"),
        ("text: 收条", "txet: 收条", "txet"),
        ("kind: receipt", "kind: [", "YAML"),
        ("type: money}", "type: money, options: [a]}", "choice"),
    ],
)
def test_broken_template_is_refused_when_loaded(tmp_path, old, new, where):
    """Every slip is found at load time, and the complaint names it."""
    assert old in GOOD
    with pytest.raises(TemplateBroken) as refusal:
        load_template(write(tmp_path, GOOD.replace(old, new, 1)))
    assert where in refusal.value.text("en")


def test_template_of_a_scene_renders(tmp_path, fonts):
    """A folder of a scene is a template like any built-in one; money is printed exactly."""
    template = load_template(write(tmp_path))
    fields = {"organ": "某某人民法院", "amount": 123456789}
    assert render_pdf(template, fields, fonts=fonts, created_at=CREATED_AT).startswith(b"%PDF-")
    assert render_docx(template, fields, created_at=CREATED_AT).startswith(b"PK")


def test_template_with_a_layout_of_its_own(tmp_path, fonts):
    """A document.typ beside the fields is used for the PDF and finds data and layout functions."""
    write(tmp_path)
    (tmp_path / "document.typ").write_text(
        '\n#show: official\n#title((before: 0, organ: "", text: "收条", spread: true))\n'
        "#par[自排：#doc.fields.amount]\n",
        encoding="utf-8",
    )
    fields = {"organ": "某某人民法院", "amount": 100}
    made = render_pdf(load_template(tmp_path), fields, fonts=fonts, created_at=CREATED_AT)
    assert "自排：1元" in pdf_text(made)


@pytest.mark.parametrize(
    "layout", ['#import "@preview/cetz:0.2.2": *', "#import '@local/x:1.0.0'", '#include"@preview/x:1.0.0"']
)
def test_layout_that_fetches_a_package_is_refused(tmp_path, layout):
    """Rendering never goes to the network."""
    write(tmp_path)
    (tmp_path / "document.typ").write_text(layout, encoding="utf-8")
    with pytest.raises(TemplateBroken, match="packages"):
        load_template(tmp_path)


def test_layout_cannot_read_outside_its_folder(tmp_path, fonts):
    """A scene's layout reads files of its own folder only."""
    folder = tmp_path / "inner"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    write(folder)
    (folder / "document.typ").write_text('#show: official\n#read("../secret.txt")', encoding="utf-8")
    with pytest.raises(RenderingFailed):
        render_pdf(load_template(folder), {"organ": "甲", "amount": 1}, fonts=fonts, created_at=CREATED_AT)


def test_word_file_with_a_slip_is_refused(tmp_path):
    """A Word file may use declared fields and the verification only, and must be a Word file."""
    write(tmp_path)
    (tmp_path / "document.docx").write_bytes(b"not a word file")
    with pytest.raises(TemplateBroken, match=r"document\.docx"):
        load_template(tmp_path)
    word = docx.Document()
    word.add_paragraph("{{ organ }} {{ verification.text }}")
    word.save(str(tmp_path / "document.docx"))
    made = render_docx(load_template(tmp_path), {"organ": "甲院", "amount": 1}, created_at=CREATED_AT)
    assert docx_paragraphs(made)[0].startswith("甲院 /verify/")
    word.add_paragraph("{{ orgn }}")
    word.save(str(tmp_path / "document.docx"))
    with pytest.raises(TemplateBroken, match="orgn"):
        load_template(tmp_path)


def test_comment_in_a_template_changes_no_hash_but_a_word_does(tmp_path):
    """The content hash follows the wording of the template, not the layout of its file."""
    fields = {"organ": "甲", "amount": 1}
    before = verification_text(load_template(write(tmp_path)), fields)
    assert verification_text(load_template(write(tmp_path, GOOD + "# note\n")), fields) == before
    assert (
        verification_text(load_template(write(tmp_path, GOOD.replace("今收到", "兹收到"))), fields) != before
    )


@pytest.mark.parametrize("kind", list(Kind))
def test_schema_accepts_the_sample_and_refuses_less(kind):
    """The JSON Schema of a kind is valid, takes its sample, and misses what the engine would miss."""
    schema = json_schema(load_template(kind))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    sample = {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in SAMPLES[kind].items()
    }
    assert list(validator.iter_errors(sample)) == []
    for name in schema["required"]:
        less = {key: value for key, value in sample.items() if key != name}
        assert not validator.is_valid(less)
    assert not validator.is_valid({**sample, "other": "x"})
