"""Forms: drawn, read and validated from one schema."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianban.engines.forms import Form, FormRefused, Widget, Words, schema_problems


def words(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


SCHEMA = {
    "type": "object",
    "required": ["case_no", "result", "subjects"],
    "$defs": {"day": {"type": "string", "format": "date"}},
    "properties": {
        "case_no": {"type": "string", "format": "case_number", "x-label": words("案号", "Case number")},
        "result": {
            "type": "string",
            "enum": ["yes", "no"],
            "x-enum": {"yes": words("有", "Found"), "no": words("无", "Not found")},
            "x-label": words("结果", "Result"),
        },
        "ground": {
            "type": "string",
            "maxLength": 300,
            "x-label": words("理由", "Ground"),
            "x-shown-when": {"result": ["no"]},
        },
        "amount": {"type": "integer", "format": "money", "minimum": 0, "x-label": words("金额", "Amount")},
        "urgent": {"type": "boolean", "x-label": words("加急", "Urgent"), "x-order": 1},
        "units": {
            "type": "array",
            "items": {"type": "string", "format": "agency"},
            "uniqueItems": True,
            "x-label": words("协助单位", "Assisting agencies"),
        },
        "period": {
            "type": "object",
            "x-label": words("查询期间", "Period"),
            "x-ascending": ["from", "to"],
            "properties": {
                "from": {"$ref": "#/$defs/day", "x-label": words("起", "From")},
                "to": {"$ref": "#/$defs/day", "x-label": words("止", "To")},
            },
        },
        "subjects": {
            "type": "array",
            "minItems": 1,
            "maxItems": 3,
            "x-label": words("当事人", "Parties"),
            "items": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "minLength": 1, "x-label": words("姓名", "Name")},
                    "id_number": {
                        "type": "string",
                        "format": "resident_id",
                        "x-private": True,
                        "x-label": words("证件号码", "Identity number"),
                    },
                },
            },
        },
    },
    "allOf": [
        {
            "if": {"required": ["result"], "properties": {"result": {"const": "no"}}},
            "then": {"required": ["ground"]},
        }
    ],
}
FORM = Form("sample", Words("样表", "Sample"), SCHEMA)
GOOD = {
    "case_no": "（2026）云0101执12号",
    "result": "yes",
    "urgent": False,
    "subjects": [{"name": "张三", "id_number": "11010519491231002X"}],
}


def test_schema_in_the_dialect_has_no_problems():
    """The sample schema uses every hint and is accepted."""
    assert schema_problems(SCHEMA) == []


def test_good_data_is_valid():
    """Data that fits gives no errors, and check passes silently."""
    assert FORM.validate(GOOD) == []
    FORM.check(GOOD)


def test_errors_come_in_form_order_with_labels_in_both_languages():
    """Every mistake is listed once, named by the label a person sees, in the order of the form."""
    errors = FORM.validate({"subjects": [{"id_number": "110105194912310021"}], "result": "maybe"})
    assert [(e.path, e.code) for e in errors] == [
        ("case_no", "required"),
        ("result", "enum"),
        ("subjects.0.name", "required"),
        ("subjects.0.id_number", "format"),
    ]
    assert errors[0].zh == "请填写“案号”。"
    assert errors[2].en == '"Name" must be filled in.'
    assert errors[3].zh.startswith("“证件号码”：")
    assert "18" in errors[3].zh  # the identifiers engine names the position of the wrong digit


def test_error_sentences_never_repeat_the_value():
    """A wrong identity number is not copied into the sentence about it."""
    errors = FORM.validate({**GOOD, "subjects": [{"name": "张三", "id_number": "110105194912310021"}]})
    assert len(errors) == 1
    assert "110105194912310021" not in errors[0].zh + errors[0].en


def test_conditional_requirement_is_reported_on_the_field():
    """What "if … then required" asks for is an error of that field."""
    errors = FORM.validate({**GOOD, "result": "no"})
    assert [(e.path, e.code, e.zh) for e in errors] == [("ground", "required", "请填写“理由”。")]


def test_period_running_backwards_is_refused():
    """x-ascending refuses an end before its beginning and accepts the same day."""
    errors = FORM.validate({**GOOD, "period": {"from": "2026-03-02", "to": "2026-03-01"}})
    assert [(e.path, e.zh) for e in errors] == [("period.to", "“止”不能早于“起”。")]
    assert FORM.validate({**GOOD, "period": {"from": "2026-03-01", "to": "2026-03-01"}}) == []


def test_unknown_field_is_refused():
    """An object refuses what its form does not name, though the schema did not say so."""
    errors = FORM.validate({**GOOD, "note": "x"})
    assert [(e.path, e.code) for e in errors] == [("", "additionalProperties")]


def test_text_without_a_limit_gets_one():
    """A text field that states no maximum refuses a novel."""
    errors = FORM.validate({**GOOD, "subjects": [{"name": "张" * 5001}]})
    assert [(e.path, e.code) for e in errors] == [("subjects.0.name", "maxLength")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"a": "x" * 500_001}, "tooLong"),
        ({"a": [0] * 20_001}, "tooManyValues"),
        ({"a": "nul\x00"}, "characters"),
        ({"a": "\ud800"}, "characters"),
        ({"a": float("inf")}, "number"),
        ({"a": 2**60}, "number"),
        ({"a": object()}, "type"),
    ],
)
def test_bounds_come_before_the_schema(data, code):
    """Data that no person fills in is refused by size and kind before validation sees it."""
    assert [e.code for e in FORM.validate(data)] == [code]


def test_deep_nesting_is_refused():
    """Nesting beyond the limit is refused and does not recurse."""
    data: dict = {}
    for _ in range(5000):
        data = {"a": data}
    assert [e.code for e in FORM.validate(data)] == ["tooDeep"]


def test_check_raises_one_error_with_every_field():
    """check raises the family's error, which keeps its fields and survives pickling."""
    with pytest.raises(FormRefused) as caught:
        FORM.check({"result": "no"})
    assert [f.path for f in caught.value.fields] == ["case_no", "ground", "subjects"]
    assert "“样表”需要改正（3 处）" in caught.value.text("zh")
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.fields == caught.value.fields
    assert again.text("en") == caught.value.text("en")


def test_fields_are_ordered_with_widgets_by_type():
    """The render model follows x-order first, then the file, and chooses widgets by type."""
    drawn = [(f.path, f.widget) for f in FORM.fields()]
    assert drawn == [
        ("urgent", Widget.CHECKBOX),
        ("case_no", Widget.TEXT),
        ("result", Widget.RADIO),
        ("ground", Widget.TEXTAREA),
        ("amount", Widget.MONEY),
        ("units", Widget.AGENCIES),
        ("period", Widget.GROUP),
        ("subjects", Widget.ROWS),
    ]
    by_path = {f.path: f for f in FORM.fields()}
    assert [c.path for c in by_path["period"].children] == ["period.from", "period.to"]
    assert by_path["period"].children[0].widget is Widget.DATE
    name, number = by_path["subjects"].children
    assert by_path["subjects"].input_name(2, name) == "subjects.2.name"
    assert number.private
    assert by_path["result"].options[1].label.zh == "无"
    assert by_path["ground"].shown_when.values == ("no",)


def test_private_paths_name_what_is_encrypted():
    """Identifiers marked private are found inside lists."""
    assert FORM.private_paths() == ("subjects[].id_number",)


def test_parse_reads_types_lists_rows_and_groups():
    """One HTML post becomes typed data: yuan to fen, repeated names to lists, numbered names to rows."""
    data = FORM.parse(
        {
            "csrfmiddlewaretoken": ["t"],
            "case_no": [" （2026）云0101执12号 "],
            "result": ["yes"],
            "amount": ["１２，345.6 元"],
            "urgent": ["on"],
            "units": ["tax", "bank"],
            "period.from": ["2026-01-01"],
            "period.to": [""],
            "subjects.7.name": ["李四"],
            "subjects.2.name": ["张三"],
            "subjects.2.id_number": ["11010519491231002X"],
            "subjects.3.name": [""],
        }
    )
    assert data == {
        "case_no": "（2026）云0101执12号",
        "result": "yes",
        "amount": 1234560,
        "urgent": True,
        "units": ["tax", "bank"],
        "period": {"from": "2026-01-01"},
        "subjects": [{"name": "张三", "id_number": "11010519491231002X"}, {"name": "李四"}],
    }
    assert FORM.validate(data) == []


@pytest.mark.parametrize("typed", ["12.345", "abc", "1e9999999", "NaN", "--3"])
def test_parse_leaves_unreadable_money_for_validation(typed):
    """What is not an amount stays text, is never rounded, and is refused in words."""
    data = FORM.parse({"amount": [typed]})
    assert data["amount"] == typed
    assert ("amount", "type") in [(e.path, e.code) for e in FORM.validate({**GOOD, **data})]


def test_parse_of_an_empty_post_is_only_unticked_boxes():
    """Nothing filled in is nothing stored, except that an unticked box means no."""
    assert FORM.parse({}) == {"urgent": False}


@given(
    st.fixed_dictionaries(
        {
            "case_no": st.integers(1, 10**6).map(lambda n: f"（2026）云0101执{n}号"),
            "result": st.just("yes"),
            "urgent": st.booleans(),
            "subjects": st.lists(
                st.fixed_dictionaries({"name": st.text("赵钱孙李周吴郑王甲乙", min_size=1, max_size=5)}),
                min_size=1,
                max_size=3,
            ),
        },
        optional={
            "amount": st.integers(0, 10**12),
            "units": st.lists(st.sampled_from(["tax", "bank", "police"]), min_size=1, unique=True),
            "period": st.fixed_dictionaries({"from": st.dates().map(str)}),
        },
    )
)
def test_what_is_drawn_and_posted_comes_back(data):
    """Valid data written as HTML inputs is read back unchanged."""
    post: dict[str, list[str]] = {}

    def write(name, value):
        if isinstance(value, dict):
            for key, child in value.items():
                write(f"{name}.{key}" if name else key, child)
        elif isinstance(value, list) and value and isinstance(value[0], str):
            post[name] = value
        elif isinstance(value, list):
            for index, child in enumerate(value):
                write(f"{name}.{index}", child)
        elif isinstance(value, bool):
            if value:
                post[name] = ["on"]
        elif name == "amount":
            post[name] = [f"{value // 100}.{value % 100:02d}"]
        else:
            post[name] = [str(value)]

    write("", data)
    assert FORM.parse(post) == data
    assert FORM.validate(data) == []


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda c: st.lists(c) | st.dictionaries(st.text(), c),
    )
)
def test_validation_never_crashes(data):
    """Whatever JSON arrives, validation answers with sentences and does not raise."""
    for error in FORM.validate(data):
        assert error.zh
        assert error.en


@pytest.mark.parametrize(
    ("change", "pointer", "hint"),
    [
        ({"maxlenght": 3}, ("properties", "a", "maxlenght"), "maxLength"),
        ({"format": "dat"}, ("properties", "a", "format"), "date"),
        ({"x-widget": "textaera"}, ("properties", "a", "x-widget"), "textarea"),
        ({"x-label": {"zh": "甲"}}, ("properties", "a", "x-label"), "zh and en"),
        ({"enum": ["x"]}, ("properties", "a", "enum"), "x-enum"),
        (
            {"enum": ["x"], "x-enum": {"x": words("甲", "A"), "y": words("乙", "B")}},
            ("properties", "a", "x-enum", "y"),
            "not a value",
        ),
        ({"$ref": "#/$defs/nothing"}, ("properties", "a", "$ref"), "leads nowhere"),
        ({"minLength": "3"}, ("properties", "a", "minLength"), "not valid JSON Schema"),
    ],
)
def test_schema_faults_are_found_where_they_stand(change, pointer, hint):
    """A misspelt keyword, format, widget or hint is refused with its place and what to do."""
    schema = {
        "type": "object",
        "properties": {"a": {"type": "string", "x-label": words("甲", "A"), **change}},
    }
    problems = schema_problems(schema)
    assert [(p.pointer, hint in p.en) for p in problems] == [(pointer, True)]


def test_required_field_that_does_not_exist_is_found():
    """required may only name fields of the object."""
    schema = {
        "type": "object",
        "required": ["b"],
        "properties": {"a": {"type": "string", "x-label": words("甲", "A")}},
    }
    assert [p.zh for p in schema_problems(schema)] == ["没有名为“b”的字段。"]


def test_label_is_required_in_lists_and_groups():
    """A field without words is found at any depth."""
    schema = {
        "type": "object",
        "properties": {
            "rows": {
                "type": "array",
                "x-label": words("行", "Rows"),
                "items": {"type": "object", "properties": {"a": {"type": "string"}}},
            }
        },
    }
    assert [p.pointer for p in schema_problems(schema)] == [
        ("properties", "rows", "items", "properties", "a")
    ]


# --- the compiled check and the one that words mistakes agree

_ODD = st.sampled_from([
    None, True, False, 0, 1, -1, 1.0, 1.5, 10**25, "", "yes", "no", "否", "2026-03-02", "2026-02-30", "2026-03-01", "１２", "a" * 301,
    "990101199003070015", "990101199003070016", "（2026）云9901执12号", "（2026）云9901执号", "tax", "Tax!", [], {}, ["tax", "tax"], "\u0000", "\U0001f600",
])  # fmt: skip
_DATA = st.recursive(
    _ODD,
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(["case_no", "result", "ground", "amount", "urgent", "units", "period", "from", "to", "subjects",
                         "name", "id_number", "民族"]), inner, max_size=7,
    ),
    max_leaves=16,
)  # fmt: skip
_GOOD = st.fixed_dictionaries(
    {"case_no": st.just("（2026）云9901执12号"), "result": st.sampled_from(["yes", "no", "maybe"]),
     "subjects": st.lists(st.fixed_dictionaries({"name": st.just("沈砚")}, optional={"id_number": _ODD}), max_size=4)},
    optional={"ground": _ODD, "amount": _ODD, "urgent": _ODD, "units": st.lists(st.sampled_from(["tax", "police", "Tax!"]), max_size=3),
              "period": st.fixed_dictionaries({}, optional={"from": _ODD, "to": _ODD})},
)  # fmt: skip


@given(_DATA | _GOOD, st.booleans())
def test_quick_check_agrees_with_the_one_that_words(data, demo):
    """Whatever comes: the compiled validator finds something wrong exactly where the other has a sentence for it."""
    validator = FORM._validators[demo]
    assert validator._quick.passes(data) == (validator.mistakes(data) == [])
