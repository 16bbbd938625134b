"""The demo city and its samples: complete, repeatable, and impossible to mistake for real people."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice

import pytest

from lianban.engines.identifiers import InvalidIdentifier, check_identifier
from lianban.engines.scenes import SceneRefused, load_scene
from lianban.engines.scenes.city import load_city
from lianban.engines.scenes.samples import load_samples

NOW = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def city(scenes_folder):
    return load_city(scenes_folder / "city.yaml")


@pytest.fixture(scope="module")
def assistance(scenes_folder):
    return load_scene(scenes_folder / "assistance")


@pytest.fixture(scope="module")
def samples(scenes_folder, city, assistance):
    return load_samples(assistance, city, scenes_folder / "assistance")


def test_city_has_a_court_and_thirty_one_units(city, assistance):
    """Thirty-one units are written to, each answers at least one question, and the court leads."""
    assert len(city.units) == 31
    for unit in city.units:
        assert assistance.questions_for("inquiry", unit.kind), unit.code
    assert [a.code for a in city.agencies.values() if a.kind == assistance.lead] == ["court"]


def test_city_has_sixteen_townships(city):
    """Sixteen townships, each with somebody who receives and somebody who walks; none of them is a unit letters go to."""
    townships = [agency for agency in city.agencies.values() if agency.kind == "township"]
    assert len(townships) == 16
    assert not [agency.code for agency in townships if agency.unit]
    assert len({agency.area_code for agency in townships}) == 16
    for agency in townships:
        assert {post.role for post in agency.posts} == {"liaison", "grid_worker"}, agency.code


def test_every_question_is_answered_by_some_unit(city, assistance):
    """No question of the scene goes to an agency that the city does not have."""
    kinds = {unit.kind for unit in city.units}
    for question in assistance.questions.values():
        assert kinds.issuperset(question.agency_kinds), question.code


def test_every_role_of_the_scenes_is_held_by_a_post(city, assistance, scenes_folder):
    """Whatever role a drawing asks for, somebody in the city holds it."""
    held = {post.role for agency in city.agencies.values() for post in agency.posts}
    observed = load_scene(scenes_folder / "observed")
    assert held.issuperset(assistance.roles)
    assert held.issuperset(observed.roles)


def test_officers_have_names_and_one_administration_each(city):
    """User names are unique, the three administrators are three people, the draw is repeatable."""
    officers = list(city.officers())
    assert len({officer.username for officer in officers}) == len(officers)
    administrators = [officer for officer in officers if officer.administrator]
    assert sorted(officer.administrator for officer in administrators) == ["audit", "security", "system"]
    assert len({officer.username for officer in administrators}) == 3
    assert officers == list(city.officers())
    assert {sign_in.username for sign_in in city.sign_ins} <= {officer.username for officer in officers}


def test_made_up_numbers_are_valid_only_in_the_demo(city):
    """Identity numbers and credit codes have right check digits, prefix 99, and are refused outside the demo."""
    people, firms = list(islice(city.people(7), 500)), list(islice(city.firms(7), 500))
    assert len({person.id_number for person in people}) == 500
    for person in people:
        assert person.id_number.startswith("99")
        check_identifier("resident_id", person.id_number, demo=True)
    for firm in firms:
        check_identifier("credit_code", firm.credit_code, demo=True)
    with pytest.raises(InvalidIdentifier):
        check_identifier("resident_id", people[0].id_number)
    with pytest.raises(InvalidIdentifier):
        check_identifier("credit_code", firms[0].credit_code)


def test_samples_fit_the_matter_form(samples, assistance):
    """Every sample matter is valid in the demo, and the same seed gives the same matters."""
    matters = list(samples.matters(2026))
    assert matters[0].code == "main_job"
    assert len(matters[0].data["units"]) == 31
    assert [m.data for m in matters] == [m.data for m in samples.matters(2026)]
    form = assistance.forms["matter"]
    for matter in matters:
        assert form.validate(matter.data, demo=True) == []
        assert form.validate(matter.data) != []  # demo people are refused outside the demo
    assert len({m.data["case_no"] for m in matters}) == len(matters)


def test_sample_answers_fit_the_letter_they_answer(samples, assistance, city):
    """For each unit and each result the sample answer passes the narrowed form, and is repeatable."""
    from lianban.engines.scenes import answer_form

    for unit in city.units:
        asked = [question.code for question in assistance.questions_for("inquiry", unit.kind)]
        for result in ("yes", "no", "partial", ""):
            answer = samples.answer("inquiry", asked, signer="周衡", now=NOW, number=1, result=result)
            assert answer_form(assistance, "inquiry", asked).validate(answer) == []
            assert result in ("", answer["result"])
            assert answer == samples.answer("inquiry", asked, signer="周衡", now=NOW, number=1, result=result)
            found = [finding["found"] for finding in answer["findings"].values()]
            assert any(found) is (answer["result"] != "no")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('area_code: "990100"', 'area_code: "330100"', "unassigned 99"),
        ('area_code: "990102101"', 'area_code: "330102101"', "beginning with 99"),
        ("posts: court, zh", "posts: cuort, zh", 'Did you mean "court"?'),
        ("{agency: tax, post: liaison", "{agency: tax, post: liaisn", 'Did you mean "liaison"?'),
        ("administrator: audit", "administrator: auditing", 'Did you mean "audit"?'),
        ("surnames: 沈", "surname: 沈", 'Did you mean "surnames"?'),
    ],
)
def test_city_that_is_wrong_is_refused(scenes_folder, tmp_path, old, new, said):
    """A mistake in the city's file is named with its line."""
    text = (scenes_folder / "city.yaml").read_text("utf-8")
    assert old in text
    path = tmp_path / "city.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(SceneRefused) as caught:
        load_city(path)
    assert any(said in problem.en and problem.line for problem in caught.value.problems)
