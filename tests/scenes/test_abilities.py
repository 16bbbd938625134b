"""What a drawing may ask for is exactly what the actions do."""

from __future__ import annotations

from lianban.engines.scenes.abilities import HUMAN_ACTIONS, MATTER_ACTS, SERVICE_TYPES


def test_every_ability_has_its_action_and_no_action_is_unknown():
    """The two lists, of names that drawings may write and of verbs that exist, are the same."""
    from lianban.actions import abilities

    abilities.load()
    assert set(abilities.COMPLETES) == set(HUMAN_ACTIONS)
    assert set(abilities.SERVES) == set(SERVICE_TYPES)
    assert set(abilities.ACTS) == set(MATTER_ACTS)


def test_scenes_use_only_known_properties_and_every_ability_is_used(scenes_folder):
    """Between them the project's drawings use every ability: none is there for nobody."""
    from lianban.engines.scenes import load_scenes

    used = set()
    for scene in load_scenes(scenes_folder).values():
        for node in scene.process.graph.nodes.values():
            used.add(node.properties.get("action"))
            used.add(node.service.text if node.service else None)
    assert used - {None} == set(HUMAN_ACTIONS) | set(SERVICE_TYPES)
