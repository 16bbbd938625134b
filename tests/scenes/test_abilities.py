"""What a drawing may ask for is exactly what the actions do."""

from __future__ import annotations

import ast
from pathlib import Path

from lianban.engines.scenes.abilities import HUMAN_ACTIONS, MATTER_ACTS, SERVICE_TYPES


def test_every_ability_has_its_action_and_no_action_is_unknown():
    """The two lists, of names that drawings may write and of verbs that exist, are the same."""
    from lianban.actions import abilities

    abilities.load()
    assert set(abilities.COMPLETES) == set(HUMAN_ACTIONS)
    assert set(abilities.SERVES) == set(SERVICE_TYPES)
    assert set(abilities.ACTS) == set(MATTER_ACTS)


def test_scenes_use_only_known_properties_and_every_ability_is_used(scenes_folder):
    """Between them the drawings, the acts and what acts ask of others use every ability: none is there for nobody."""
    from lianban.engines.scenes import load_scenes

    used, acts = asked_for(), set()
    for scene in load_scenes(scenes_folder).values():
        for node in scene.process.graph.nodes.values():
            used.add(node.properties.get("action"))
            used.add(node.service.text if node.service else None)
        acts |= {act.verb for act in scene.acts.values()}
    assert used - {None} == set(HUMAN_ACTIONS) | set(SERVICE_TYPES)
    assert acts == set(MATTER_ACTS)


def asked_for() -> set[str]:
    """The actions that verbs ask of another post: ``work.ask(…, action="x")``, or ``ask_unit`` which calls it."""
    from lianban import actions

    found = set()
    for file in Path(actions.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and (
                getattr(node.func, "attr", "") in ("ask", "ask_desk")
                or getattr(node.func, "id", "") == "ask_unit"
            ):
                found |= {word.value.value for word in node.keywords
                          if word.arg == "action" and isinstance(word.value, ast.Constant)}  # fmt: skip
    return found - {""}
