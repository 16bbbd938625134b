"""The house keeps its rules: rooms that name no scene, scenes that hold no program, one family of errors."""

from __future__ import annotations

import ast
import string
import subprocess
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import lianban
from lianban.engines.errors import LianbanError, OurFault, YourMistake

PROJECT = Path(__file__).resolve().parents[2]
ROOMS = PROJECT / "src" / "lianban"
SCENES = PROJECT / "scenes"


def scenes() -> list[str]:
    return sorted(folder.name for folder in SCENES.iterdir() if (folder / "scene.yaml").is_file())


def names_in(tree: ast.Module) -> set[str]:
    """Every text and every identifier of a module, its docstrings left out."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body and isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant)
    }  # fmt: skip
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in docstrings:
                found.add(text)
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.alias(name=name):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.keyword(arg=str(name)):
                found.add(name)
    return found


def test_names_in_sees_them():
    """The search itself finds a name wherever it can stand, and passes by a docstring."""
    for text in (
        "x = 'aid'",
        "def aid(): ...",
        "f(aid=1)",
        "x.aid",
        "import aid",
        "class aid: ...",
        "def f(aid): ...",
    ):
        assert "aid" in names_in(ast.parse(text)), text
    assert "aid" not in names_in(ast.parse('"""aid"""'))


# Names of scenes that are words of the law as well: 执行 is a legal basis beside preservation and administration. They
# may stand anywhere but where a scene is meant.
ALSO_WORDS_OF_LAW = {"enforcement"}


def scenes_meant_in(tree: ast.AST) -> set[str]:
    """The texts that stand where a scene is meant: ``scene("x")``, ``f(scene="x")``, ``matter.scene == "x"``."""

    def texts(*nodes) -> set[str]:
        inside = [
            part
            for node in nodes
            for part in (node.elts if isinstance(node, ast.Tuple | ast.Set | ast.List) else [node])
        ]
        return {
            part.value for part in inside if isinstance(part, ast.Constant) and isinstance(part.value, str)
        }

    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="scene") | ast.Attribute(attr="scene"), args=args):
                found |= texts(*args)
            case ast.keyword(arg="scene", value=value):
                found |= texts(value)
            case ast.Compare(left=left, comparators=others):
                sides = [left, *others]
                if any(
                    getattr(side, "attr", getattr(side, "id", "")) in ("scene", "scene_name")
                    for side in sides
                ):
                    found |= texts(*sides)
    return found


def test_scenes_meant_in_sees_them():
    """The narrower search finds a name where a scene is meant, and passes by a legal basis of the same name."""
    for text in ("scenes.scene('aid')", "f(scene='aid')", "matter.scene == 'aid'", "scene in ('aid', 'x')"):
        assert "aid" in scenes_meant_in(ast.parse(text)), text
    assert scenes_meant_in(ast.parse("basis = 'aid'")) == set()


@pytest.mark.parametrize("room", ["engines", "records", "actions"])
def test_room_names_no_scene(room):
    """What a scene is called is nothing to an engine, a record or an action."""
    known = set(scenes())
    assert len(known) >= 2
    named = {}
    for file in (ROOMS / room).rglob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        names = (known - ALSO_WORDS_OF_LAW) & names_in(tree) | (known & scenes_meant_in(tree))
        named[str(file.relative_to(ROOMS))] = sorted(names)
    assert {file: names for file, names in named.items() if names} == {}


def test_scenes_hold_no_program():
    """A scene is data: no Python, no script, nothing that runs, and no link out of its folder."""
    programs = [
        str(file.relative_to(SCENES)) for file in SCENES.rglob("*")
        if file.suffix in (".py", ".pyc", ".so", ".sh", ".js", ".exe") or file.is_symlink()
    ]  # fmt: skip
    assert programs == []


# --- the family of errors


def family() -> list[type[LianbanError]]:
    """Every error of every module."""
    for module in walk_packages(lianban.__path__, "lianban."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    found, queue = [], [LianbanError]
    while queue:
        for kind in queue.pop().__subclasses__():
            if kind.__module__.startswith("lianban."):
                found.append(kind)
            queue.append(kind)
    return sorted(set(found) - {YourMistake, OurFault}, key=lambda kind: kind.__qualname__)


def fields_of(sentence: str) -> set[str]:
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_error_codes_are_unique():
    """One code names one error. A class that only groups others has no code of its own."""
    own = [kind for kind in family() if "code" in vars(kind)]
    assert len(own) > 80
    assert {code: count for code, count in Counter(kind.code for kind in own).items() if count > 1} == {}


def test_errors_speak_both_languages():
    """Both sentences are there, differ, use no field the other lacks; one for a language is marked so."""
    wrong = {}
    for kind in family():
        if "code" not in vars(kind):
            continue
        zh, en = (
            {name.removesuffix(ending) for name in fields_of(text)}
            for text, ending in ((kind.zh, "_zh"), (kind.en, "_en"))
        )
        # ``how`` and ``how_en``, ``reason_zh`` and ``reason`` are one field in two languages.
        if not kind.zh or not kind.en or kind.zh == kind.en or zh != en:
            wrong[kind.__qualname__] = zh ^ en
    assert wrong == {}


def test_errors_have_a_fitting_status():
    """The caller's mistakes answer 4xx, faults of ours 5xx."""
    wrong = [kind.__qualname__ for kind in family()
             if not (400 <= kind.status < 500 if issubclass(kind, YourMistake) else kind.status >= 500)]  # fmt: skip
    assert wrong == []


# --- actions


def actions() -> list[Path]:
    return sorted(file for file in (ROOMS / "actions").glob("*.py") if file.stem != "__init__")


# What several verbs share; each says in its first line what it is for.
SHARED = {
    "collector",
    "abilities",
    "acting",
    "case_errors",
    "collaborating",
    "errors",
    "grouping",
    "importing",
    "listing_in_hand",
    "import_errors",
    "judging_collisions",
    "letter_in_hand",
    "parties",
    "permissions",
    "measure_errors",
    "measure_in_hand",
    "money_errors",
    "money_in_hand",
    "payment_clocks",
    "print_money",
    "query_errors",
    "reply_clock",
    "running_clocks",
    "sale_errors",
    "sale_in_hand",
    "scene_files",
    "surveying",
    "task_in_hand",
    "timing",
    "together",
    "work",
}


@pytest.mark.parametrize("file", actions(), ids=lambda file: file.stem)
def test_action_is_one_documented_verb(file):
    """A file of actions says in its first line what is done, and holds the verb it is called after, documented."""
    tree = ast.parse(file.read_text("utf-8"))
    assert ast.get_docstring(tree), f"{file.name} does not say what it is for"
    if file.stem in SHARED:
        return
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert file.stem in functions, f"{file.name} holds no {file.stem}"
    # The verb itself is told by the file; whatever else others may call says what it is for.
    others = [node for name, node in functions.items() if not name.startswith("_") and name != file.stem]
    assert [node.name for node in others if not ast.get_docstring(node)] == []


def test_commands_have_known_roles():
    """Every act of the permission table has an action, and every role in it a post in the city."""
    from lianban.actions.permissions import COMMANDS
    from lianban.engines.scenes.city import load_city

    verbs = {
        node.name
        for file in actions()
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    roles = {
        post.role for agency in load_city(SCENES / "city.yaml").agencies.values() for post in agency.posts
    }
    assert set(COMMANDS) <= verbs
    assert {role for allowed in COMMANDS.values() for role in allowed} <= roles


def test_every_command_is_guarded():
    """An action that is no step of a drawing asks the table who may, under its own name."""
    from lianban.actions.permissions import COMMANDS

    guarded = set()
    for file in actions():
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="require"), args=[_, ast.Constant(value=str(act))]):
                    guarded.add(act)
    assert guarded == set(COMMANDS)


# --- records


def test_migrations_are_complete(city):
    """The models say nothing that the migrations do not."""
    from django.core.management import call_command

    call_command("makemigrations", "records", check=True, dry_run=True, verbosity=0)


def test_models_and_tables_agree(city):
    """Every model has its table with its columns, those that SQL made included."""
    from django.apps import apps

    for model in apps.get_app_config("records").get_models():
        columns = set(city.column("SELECT column_name FROM information_schema.columns WHERE table_name = %s",
                                  model._meta.db_table))  # fmt: skip
        assert {field.column for field in model._meta.local_concrete_fields} <= columns, model.__name__
        assert columns, model.__name__


def test_every_partition_has_its_parents_grants(city):
    """Nobody is granted anything on a partition: rows are reached through their parents and their policies."""
    granted = city.rows(
        "SELECT c.relname, r.rolname FROM pg_class c JOIN pg_roles r ON r.rolname LIKE 'lianban%%'"
        " WHERE c.relispartition AND r.rolname NOT IN ('lianban_owner', 'lianban_super')"
        " AND has_table_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE')"
    )
    assert granted == []


def test_import_arrows():
    """import-linter proves the arrows between the rooms."""
    told = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stdout
