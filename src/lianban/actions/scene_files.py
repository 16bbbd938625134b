"""The files of a scene that its owner may change on a page, and whose they are."""

from __future__ import annotations

import re
from typing import Any

from lianban.actions.acting import Acting
from lianban.actions.errors import SceneFileUnknown, SceneNotYours
from lianban.engines.process import Graph
from lianban.engines.scenes.editing import Examined, examine_file
from lianban.records import publications, scenes
from lianban.records.directory import directory

DRAWING = publications.DRAWING
_TABLE = re.compile(r"decisions/[a-z][a-z0-9_]{0,39}\.dmn\Z")


def owns(acting: Acting, cursor: Any, scene: str) -> bool:
    """Whether the scene is the acting officer's agency's: its kind is the owner that the scene's folder names."""
    agency = directory(cursor).agencies.get(acting.agency) if acting.agency else None
    return acting.officer is not None and agency is not None and agency.kind == scenes.scene(scene).owner


def require_owner(acting: Acting, cursor: Any, scene: str) -> None:
    """Raises :class:`SceneNotYours`, which names the owner."""
    if not owns(acting, cursor, scene):
        agency = directory(cursor).agencies.get(acting.agency) if acting.agency else None
        raise SceneNotYours(
            scene=scene, owner=scenes.scene(scene).owner, own=agency.kind if agency is not None else "—"
        )


def require_file(scene: str, file: str) -> None:
    """A drawing or a table, by its name in the folder. Raises :class:`SceneFileUnknown`."""
    if file != DRAWING and not _TABLE.match(file):
        raise SceneFileUnknown(scene=scene, file=file[:80])


def live_graph(cursor: Any, scene: str) -> Graph | None:
    """The live drawing, compiled; None where it was never deployed."""
    found = publications.live(cursor, scene, DRAWING)
    return scenes.graph_of(cursor, found.drawing) if found is not None and found.drawing is not None else None


def examine(cursor: Any, scene: str, file: str, content: bytes) -> Examined:
    """What is wrong with a file beside everything that is live in its scene. Raises what cannot even be kept."""
    graph = live_graph(cursor, scene) if file != DRAWING else None
    return examine_file(scenes.as_live(cursor, scene), file, content, graph)
