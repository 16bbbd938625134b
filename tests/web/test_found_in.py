"""Property says from which answer it was recorded; when the unit takes the answer back, the judge is shown what stands on it."""

from __future__ import annotations

import pytest
from case_making import open_case
from officials import refused

HOUSE = {
    "kind": "immovable",
    "unit": "housing",
    "key": "云（2024）不动产权第1号",
    "name": "禾川路房屋",
    "divisible": False,
}


@pytest.fixture
def found(city):
    """A case, and the housing bureau's answer to a letter that names it."""
    case = open_case(city)
    letter = city.open(("housing",), case_no=case.number)
    city.send(letter)
    city.sign_and_route(letter, "housing")
    return case, city.answer(letter, "housing", "yes")


def recall(city, answer, by="housing.handler_1"):
    from officials import MONDAY

    from lianban.actions.recall_answer import recall_answer

    with city.acting_as(by, MONDAY) as acting:
        recall_answer(acting, answer, "查错了人")


def test_recalled_answer_names_property_and_measures(city, browse, found):
    """The form offers the answer; recalled, the notice in My tasks and the section name the house and its seal."""
    case, answer = found
    judge = browse("court.judge")
    form = judge.get(f"/matters/{case.matter}/acts/record_asset").content.decode()
    assert f'value="{answer}"' in form
    house = case.act("record_asset", {**HOUSE, "found_by": "answer", "found_in": str(answer)})
    seal = case.act(
        "order_measure", {"kind": "seal", "basis": "enforcement", "ceiling_fen": 1_000_000}, house
    )
    number = city.one("SELECT number FROM measure WHERE id = %s", seal)
    assert "已被撤回" not in judge.get(f"/matters/{case.matter}/parts/assets").content.decode()
    recall(city, answer)
    notice = judge.get("/recalls").content.decode()
    for text in ("查错了人", "禾川路房屋", case.number, number, f"/matters/{case.matter}#assets"):
        assert text in notice, text
    section = judge.get(f"/matters/{case.matter}/parts/assets").content.decode()
    assert "依据的反馈已被撤回" in section
    assert "查错了人" in section
    english = browse("court.judge", "en").get(f"/matters/{case.matter}/parts/assets").content.decode()
    assert "was recalled" in english
    # A unit that read nothing is told nothing.
    assert "禾川路房屋" not in browse("police.liaison").get("/recalls").content.decode()


def test_whoever_records_from_an_answer_is_told(city, found):
    """The judge never opened the letter, and chose its answer in the form: the recall reaches him all the same."""
    case, answer = found
    assert city.one("SELECT count(*) FROM answer_read WHERE answer_id = %s", answer) == 0
    case.act("record_asset", {**HOUSE, "found_by": "answer", "found_in": str(answer)})
    recall(city, answer)
    assert city.one(
        "SELECT o.username FROM answer_read r JOIN officer o ON o.id = r.officer_id WHERE r.recalled_at IS NOT NULL"
    ) == "court.judge"  # fmt: skip


def test_only_what_this_case_found_and_stands(city, found):
    """Another case's answer, an answer given as a hit, a recalled one, no identifier: refused, and nothing is recorded."""
    from lianban.actions.measure_errors import FindingDoesNotFit

    case, answer = found
    other = open_case(city)
    data = {**HOUSE, "found_by": "answer", "found_in": str(answer)}
    refused(city, FindingDoesNotFit, lambda: other.act("record_asset", data))
    refused(city, FindingDoesNotFit, lambda: case.act("record_asset", {**data, "found_by": "collision"}))
    refused(city, FindingDoesNotFit, lambda: case.act("record_asset", {**data, "found_in": "反馈"}))
    recall(city, answer)
    error = refused(city, FindingDoesNotFit, lambda: case.act("record_asset", data))
    assert "撤回" in error.text("zh")
    assert city.one("SELECT count(*) FROM asset") == 0
