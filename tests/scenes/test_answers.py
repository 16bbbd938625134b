"""Answers: a unit fills in the fields of the questions it was asked, and no others can leave it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianban.engines.scenes import answer_form, load_scene

FOUND = {"as_of": "2026-03-03T10:00:00+08:00", "source": "登记系统", "signer": "周衡"}


@pytest.fixture(scope="module")
def assistance(scenes_folder):
    return load_scene(scenes_folder / "assistance")


def codes(form, data):
    return [(error.path, error.code) for error in form.validate(data)]


def test_form_shows_the_questions_asked_and_no_others(assistance):
    """The narrowed form has one group for each question asked, with exactly its fields."""
    form = answer_form(assistance, "inquiry", ["vehicles", "household"])
    findings = next(field for field in form.fields() if field.path == "findings")
    assert [child.path for child in findings.children] == ["findings.household", "findings.vehicles"]
    records = findings.children[1].children[1]
    assert [child.path for child in records.children] == [
        "subject",
        *(f.code for f in assistance.questions["vehicles"].fields),
    ]
    assert answer_form(assistance, "inquiry", ["household", "vehicles"]) is form


def test_answer_to_another_question_is_refused(assistance):
    """A finding for a question that was not asked is refused by name."""
    form = answer_form(assistance, "inquiry", ["vehicles"])
    data = {"result": "no", "findings": {"household": {"found": False}}, **FOUND}
    assert codes(form, data) == [("findings", "additionalProperties")]
    assert "household" in form.validate(data)[0].en


def test_field_of_another_question_is_refused(assistance):
    """A record holds the fields of its own question only."""
    form = answer_form(assistance, "inquiry", ["vehicles"])
    record = {"plate": "云A00001", "registered_address": "某地"}
    data = {"result": "yes", "findings": {"vehicles": {"found": True, "records": [record]}}, **FOUND}
    assert codes(form, data) == [("findings.vehicles.records.0", "additionalProperties")]


def test_result_must_agree_with_the_findings(assistance):
    """Nothing found means nowhere found; found means somewhere, with records."""
    form = answer_form(assistance, "inquiry", ["vehicles"])
    hit = {"vehicles": {"found": True, "records": [{"plate": "云A00001"}]}}
    assert codes(form, {"result": "no", "findings": hit, **FOUND}) == [("findings.vehicles.found", "const")]
    assert codes(form, {"result": "yes", "findings": {"vehicles": {"found": False}}, **FOUND}) == [
        ("findings", "anyOf")
    ]
    assert codes(form, {"result": "yes", "findings": {"vehicles": {"found": True}}, **FOUND}) == [
        ("findings", "anyOf")
    ]
    assert codes(form, {"result": "yes", "findings": hit, **FOUND}) == []


@pytest.mark.parametrize(
    ("data", "missing"),
    [
        ({"result": "yes"}, ["findings", "as_of", "source", "signer"]),
        ({"result": "objection"}, ["ground", "signer"]),
        ({"result": "supplement"}, ["supplement"]),
        ({}, ["result"]),
    ],
)
def test_each_result_asks_for_its_own_fields(assistance, data, missing):
    """What must be filled in follows from the result."""
    form = answer_form(assistance, "inquiry", ["vehicles"])
    assert [error.path for error in form.validate(data)] == missing


@given(asked=st.sets(st.sampled_from(["household", "vehicles", "tax", "vessels", "insurance"]), min_size=1))
def test_all_nothing_found_is_a_valid_answer_to_any_letter(assistance, asked):
    """Whatever a letter asks, every question answered with nothing found is accepted."""
    form = answer_form(assistance, "inquiry", asked)
    data = {"result": "no", "findings": {code: {"found": False} for code in asked}, **FOUND}
    assert form.validate(data) == []


def test_groups_are_read_from_a_post(assistance):
    """What a browser sends for the groups becomes the answer."""
    form = answer_form(assistance, "inquiry", ["tax"])
    data = form.parse(
        {
            "result": ["yes"],
            "findings.tax.found": ["on"],
            "findings.tax.records.0.subject": ["1"],
            "findings.tax.records.0.refund_due": ["1,280.00"],
            "as_of": ["2026-03-03T10:00"],
            "source": ["征管系统"],
            "signer": ["周衡"],
        }
    )
    assert data["findings"] == {"tax": {"found": True, "records": [{"subject": 1, "refund_due": 128000}]}}
    assert data["as_of"] == "2026-03-03T10:00+08:00"
    assert form.validate(data) == []
