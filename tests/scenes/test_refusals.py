"""What Lianban refuses to hold: recognised in Chinese, English and pinyin, at any depth; the innocent passes."""

from __future__ import annotations

import pytest

from lianban.engines.scenes import check_scene, refused, refused_in_schema

REFUSED = [
    ("ethnicity", "", "", "ethnicity"),
    ("mz", "", "", "ethnicity"),
    ("field7", "民族", "Field", "ethnicity"),
    ("ethnicGroup", "", "", "ethnicity"),
    ("religion_code", "", "", "religion"),
    ("zongjiao", "", "", "religion"),
    ("x", "宗教信仰", "X", "religion"),
    ("zzmm", "", "", "political"),
    ("x", "政治面貌", "X", "political"),
    ("party_membership", "", "", "political"),
    ("opinion", "", "", "opinion"),
    ("x", "思想动态", "X", "opinion"),
    ("x", "性格特点", "X", "personality"),
    ("mbti", "", "", "personality"),
    ("face_photo", "", "", "biometrics"),
    ("x", "指纹", "X", "biometrics"),
    ("dnaSample", "", "", "biometrics"),
    ("gps", "", "", "location"),
    ("x", "当事人行踪", "X", "location"),
    ("latitude", "", "", "location"),
    ("x", "活动轨迹", "X", "location"),
    ("person_score", "", "", "score"),
    ("x", "当事人风险等级", "X", "score"),
    ("debtor_rating", "", "", "score"),
    ("x", "信用分", "X", "score"),
    ("x", "", "Risk grade of the person", "score"),
]


@pytest.mark.parametrize(("name", "zh", "en", "kind"), REFUSED)
def test_refused_field_is_recognised(name, zh, en, kind):
    """Each kind is recognised by its name in either language or in pinyin, or by the words beside it."""
    hit = refused(name, zh, en)
    assert hit is not None
    assert hit.refusal.code == kind
    assert hit.found in (name, zh, en)
    assert "Lianban refuses" in hit.en
    assert "拒绝保存" in hit.zh


INNOCENT = [
    ("approval_remark", "审批意见", "Remarks of the approver"),
    ("credit_code", "统一社会信用代码", "Unified social credit code"),
    ("risk_grade", "事项风险等级", "Risk grade of the matter"),
    ("vessel_location", "船位", "Position of the vessel"),
    ("site_longitude", "点位经度", "Longitude of the site"),
    ("face_value", "票面金额", "Face value"),
    ("party_name", "当事人姓名", "Name of the party"),
    ("cause", "人格权纠纷", "Dispute over personality rights"),
    ("trace_of_payment", "案款去向", "Where a payment of the firm went"),
    ("address", "民族乡", "Township"),
    ("interface", "接口", "Interface"),
    ("surface_m2", "面积", "Surface"),
    ("nationality", "国籍", "Nationality"),
    ("queue_rank", "轮候顺位", "Rank in the queue"),
    ("disability_grade", "伤残等级", "Disability grade"),
    ("registered_address", "户籍地址", "Registered address"),
]


@pytest.mark.parametrize(("name", "zh", "en"), INNOCENT)
def test_innocent_field_passes(name, zh, en):
    """Words that only look alike are not refused: things may have a place, matters a grade."""
    assert refused(name, zh, en) is None


def test_values_give_a_disguised_field_away():
    """A field called group whose choices are ethnic groups is refused."""
    schema = {
        "type": "object",
        "properties": {
            "group": {
                "type": "string",
                "enum": ["a", "b"],
                "x-label": {"zh": "类别", "en": "Group"},
                "x-enum": {"a": {"zh": "汉族", "en": "Han"}, "b": {"zh": "回族", "en": "Hui"}},
            }
        },
    }
    (found,) = refused_in_schema(schema)
    assert found[0] == ("properties", "group")
    assert found[1].refusal.code == "ethnicity"


@pytest.mark.parametrize(
    "wrap",
    [
        lambda f: {"properties": f},
        lambda f: {"properties": {"a": {"type": "object", "properties": f}}},
        lambda f: {"properties": {"a": {"type": "array", "items": {"type": "object", "properties": f}}}},
        lambda f: {"$defs": {"a": {"type": "object", "properties": f}}},
        lambda f: {"if": {"properties": {"b": {"const": 1}}}, "then": {"properties": f}},
        lambda f: {"allOf": [{"anyOf": [{"else": {"properties": f}}]}]},
        lambda f: {"properties": {"a": {"type": "array", "contains": {"not": {"properties": f}}}}},
        lambda f: {"dependentSchemas": {"a": {"properties": f}}},
        lambda f: {"patternProperties": {"^a": {"properties": f}}},
        lambda f: {"additionalProperties": {"properties": f}},
        lambda f: {"prefixItems": [{"properties": f}]},
    ],
)
def test_refused_field_is_found_at_any_depth(wrap):
    """Wherever a schema can name a field, a refused one is found."""
    assert [hit.refusal.code for _, hit in refused_in_schema(wrap({"religion": {"type": "string"}}))] == [
        "religion"
    ]


def test_grade_is_refused_by_what_it_stands_in():
    """A grade beside a matter passes; the same field inside the parties is refused; of a party's asset it passes."""
    grade = {"grade": {"type": "string", "x-label": {"zh": "等级", "en": "Grade"}}}
    parties = {"type": "array", "x-label": {"zh": "当事人", "en": "Parties"}, "items": {"type": "object"}}
    asset = {"type": "object", "x-label": {"zh": "资产", "en": "Asset"}, "properties": grade}
    assert refused_in_schema({"type": "object", "properties": grade}) == []
    parties["items"] = {"type": "object", "properties": grade}
    assert [hit.refusal.code for _, hit in refused_in_schema({"properties": {"parties": parties}})] == [
        "score"
    ]
    parties["items"] = {"type": "object", "properties": {"asset": asset}}
    assert refused_in_schema({"properties": {"parties": parties}}) == []


FIELD = "properties:\n  ethnicity: {type: string, x-label: {zh: 族别, en: Group}}\n"


def test_scene_with_a_refused_field_does_not_load(sandbox):
    """A form, a question and an answer field are each refused with their line."""
    sandbox.edit("forms/matter.yaml", "properties:\n", FIELD)
    sandbox.edit(
        "scene.yaml",
        "retention:",
        """questions:
  - code: beliefs
    zh: 宗教信仰
    en: Religion
    agencies: [police]
    fields:
      - {code: trail, zh: 人员轨迹, en: Movements}
retention:""",
    )
    found = {(p.file, p.line) for p in check_scene(sandbox.folder) if "refuses to hold" in p.en}
    assert found == {
        ("forms/matter.yaml", sandbox.line("forms/matter.yaml", "ethnicity")),
        ("scene.yaml", sandbox.line("scene.yaml", "code: beliefs")),
        ("scene.yaml", sandbox.line("scene.yaml", "code: trail")),
    }
