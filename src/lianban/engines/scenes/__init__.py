"""Scenes: what the city does, as data. Loads, validates and explains the folders of ``scenes/``.

``load_scene(folder)`` and ``load_scenes(folder)`` give frozen :class:`Scene`; :class:`SceneRefused` lists every
problem with its file, line, what was found and what to do. ``check_scene(folder)`` gives the list alone.
``refused(name, zh, en)`` tells whether a field or registry column is one that Lianban never holds. The
format of the folder is described in docs/reference/scenes.md.
"""

from lianban.engines.scenes.expansion import answer_form
from lianban.engines.scenes.loading import check_scene, load_scene, load_scenes, scene_names
from lianban.engines.scenes.model import (
    Act,
    AnswerField,
    Drawing,
    Force,
    LegalBasis,
    LetterKind,
    Question,
    Retention,
    Role,
    Scene,
    Side,
    Stage,
    Status,
    When,
)
from lianban.engines.scenes.problems import (
    Problem,
    SceneExists,
    SceneMissing,
    SceneNameWrong,
    SceneRefused,
    SceneTitleWrong,
)
from lianban.engines.scenes.refusals import Refused, refused, refused_in_schema

__all__ = [
    "Act",
    "AnswerField",
    "Drawing",
    "Force",
    "LegalBasis",
    "LetterKind",
    "Problem",
    "Question",
    "Refused",
    "Retention",
    "Role",
    "Scene",
    "SceneExists",
    "SceneMissing",
    "SceneNameWrong",
    "SceneRefused",
    "SceneTitleWrong",
    "Side",
    "Stage",
    "Status",
    "When",
    "answer_form",
    "check_scene",
    "load_scene",
    "load_scenes",
    "refused",
    "refused_in_schema",
    "scene_names",
]
