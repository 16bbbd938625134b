"""Declarations of registries: the city's own load, and what is wrong is named with file, line and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from registry_making import SHARES, VEHICLES, declare, write_declarations

from lianban.engines.matching import RegistriesRefused, SourceKind, load_registries
from lianban.engines.matching.recipes import RECIPES
from lianban.engines.scenes import load_scenes
from lianban.engines.scenes.city import load_city

PROJECT = Path(__file__).resolve().parents[2]


def refusal(folder: Path, *declarations: str, **known) -> str:
    """What is said about declarations that do not load, in Chinese and English."""
    write_declarations(folder, *declarations)
    with pytest.raises(RegistriesRefused) as caught:
        load_registries(folder, **known)
    return caught.value.text("zh") + "\n" + caught.value.text("en")


def test_registries_of_the_city_load():
    """Every registry of the demo city is held by one of its agencies and answers questions that a scene asks."""
    city = load_city(PROJECT / "scenes" / "city.yaml")
    questions: dict[str, set[str]] = {}
    for scene in load_scenes(PROJECT / "scenes").values():
        for question in scene.questions.values():
            questions.setdefault(question.code, set()).update(field.code for field in question.fields)
    registries = load_registries(
        PROJECT / "scenes" / "registries", agencies=city.agencies, questions=questions
    )
    assert set(registries) == {recipe.code for recipe in RECIPES}
    assert all(registry.accepts for registry in registries.values())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("hphm", "mz", "vehicles.yaml:13: “mz”属于联办拒绝保存的内容：民族"),
        ("plate:", "ethnicity:", "vehicles.yaml:13: “ethnicity”属于联办拒绝保存的内容：民族"),
        ("column: zjhm", "column: zhiwen", "vehicles.yaml:7: “zhiwen”属于联办拒绝保存的内容：生物识别信息"),
        ("column: gxsj", "column: zongjiao", "宗教信仰"),
        ("name: syr", "name: political_status", "政治面貌"),
        ("column: jg", "column: xingge", "性格"),
        ("column: djsj", "column: sixiang", "观点和言论"),
        ("kind: parquet", "kind: parqet", "是否想写“parquet”"),
        ("kind: parquet", "kind: mysql", "尚不支持 mysql"),
        ("path: vehicles.parquet", "path: ../vehicles.parquet", "应为数据文件夹之内的相对路径"),
        ("path: vehicles.parquet", "path: /etc/passwd", 'must be a path below the data folder'),
        ("[resident_id, credit_code]", "[resident_id, phone]", "“phone”不能用于碰撞"),
        ("read: yuan", "read: dollars", "“read”的值"),
        ("fresh_hours: 48", "fresh_hours: 0", "“fresh_hours”应为 1 至"),
        ("fresh_hours: 48", "fresh_hours: 48\nfresh: 1", "未知的键“fresh”"),
        ("{column: gxsj}", "{}", "“as_of”"),
        ("{column: gxsj}", "{column: gxsj, file: true}", "恰好写明"),
        ("{column: gxsj}", '{declared: "2026-11-01"}', "应为带时区的时刻"),
        ("code: vehicles", "code: cars", ""),
    ],
)  # fmt: skip
def test_declaration_refused(tmp_path, old, new, said):
    """A mistake is named in both languages with its place, and nothing is loaded."""
    assert old in VEHICLES
    text = VEHICLES.replace(old, new, 1)
    if old == "code: vehicles":
        tmp_path.joinpath("vehicles.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(RegistriesRefused, match="name of the file"):
            load_registries(tmp_path)
    else:
        assert said in refusal(tmp_path, text)


def test_declaration_lists_every_problem(tmp_path):
    """Two mistakes in two files are told at once."""
    said = refusal(tmp_path, VEHICLES.replace("hphm", "minzu"), SHARES.replace("rje", "big_five"))
    assert "发现 2 处问题" in said
    assert "shares.yaml" in said and "vehicles.yaml" in said


def test_declaration_unknown_agency_question_field(tmp_path):
    """Where the city and its questions are given, a name that does not exist is told with the nearest that does."""
    said = refusal(tmp_path, VEHICLES, agencies={"polize"}, questions={"vehicles": {"plates", "price"}})
    assert "“police”不存在。是否想写“polize”" in said
    assert "“plate”不存在。是否想写“plates”" in said
    said = refusal(tmp_path, VEHICLES, questions={"cars": set()})
    assert "“vehicles”不存在" in said


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{kind: postgresql, server: tax, query: \"SELECT * FROM t\", row_key: id}", "逐一写明列名"),
        ("{kind: postgresql, server: tax, query: \"SELECT zjhm, mz FROM t\", row_key: id}", "民族"),
        ("{kind: postgresql, server: tax, query: \"DELETE FROM t\", row_key: id}", "逐一写明列名"),
        ("{kind: postgresql, server: tax, row_key: id}", "恰好填写一项"),
        ("{kind: sqlite, path: a.sqlite}", "缺少“table”"),
        ("{kind: parquet, path: a.parquet, table: t}", "未知的键“table”"),
        ("{kind: postgresql, server: tax, table: t}\nrows: source", "row_key"),
        ("{kind: csv, path: a.csv}\nrows: source", "CSV 不能"),
    ],
)  # fmt: skip
def test_declaration_source_refused(tmp_path, source, said):
    """A source must say how its table is reached, and a query may not read what is not declared."""
    assert said in refusal(tmp_path, VEHICLES.replace("{kind: parquet, path: vehicles.parquet}", source))


def test_declaration_server(tmp_path):
    """A table on a server is declared by the name of the server; where that is, the installation says."""
    text = VEHICLES.replace(
        "{kind: parquet, path: vehicles.parquet}",
        "{kind: postgresql, server: traffic, table: jdc, row_key: id}",
    )
    registry = declare(tmp_path, text)["vehicles"]
    assert registry.source.kind is SourceKind.POSTGRESQL
    assert registry.columns == ("zjhm", "syr", "hphm", "jg", "djsj", "gxsj", "id")


def test_declaration_hash_follows_its_content(tmp_path):
    """Any change of a declaration changes its hash, and a comment does not."""
    before = declare(tmp_path, VEHICLES)["vehicles"].hash
    assert declare(tmp_path, VEHICLES + "# a comment\n")["vehicles"].hash == before
    assert (
        declare(tmp_path, VEHICLES.replace("fresh_hours: 48", "fresh_hours: 49"))["vehicles"].hash != before
    )
