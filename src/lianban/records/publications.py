"""Which version of a scene's files is live, and how a file goes live: from the folder, or by its owner.

Every file that ever went live is a row of ``publication``; the one with the highest number is live. The folder's file
goes live at deployment when it was changed since the last deployment, unless somebody published a version on a page
in between that the folder does not hold: then both were changed, and an operator decides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from dataclasses import replace as replaced
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from lianban.engines.process import compile_bpmn
from lianban.engines.scenes import Scene
from lianban.engines.scenes.decisions import decision_ids
from lianban.records.identity import new_id

DRAWING = "process.bpmn"


@dataclass(frozen=True, slots=True)
class Publication:
    """One version of a file that went live. ``officer`` is None where it came from the folder."""

    id: UUID
    scene: str
    file: str
    number: int
    digest: str
    drawing: UUID | None
    in_folder: bool
    agency: UUID | None
    officer: UUID | None
    reason: str
    recorded_at: datetime

    @property
    def withdrawn(self) -> bool:
        """A table that the folder does not have any more."""
        return not self.digest


class Outcome(StrEnum):
    """What deployment did with a file."""

    LIVE = "live"
    CONFLICT = "conflict"  # changed in the folder and on a page: nothing was done
    UNFIT = "unfit"  # does not go with what was published on a page: nothing of the scene was done
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Deployed:
    scene: str
    file: str
    number: int
    outcome: Outcome


_COLUMNS = (
    "id, scene, file, number, digest, drawing_id, in_folder, agency_id, officer_id, reason, recorded_at"
)


def live(cursor: Any, scene: str, file: str) -> Publication | None:
    """The live version of a file; None if it never was."""
    cursor.execute(
        f"SELECT {_COLUMNS} FROM publication WHERE scene = %s AND file = %s ORDER BY number DESC LIMIT 1",  # noqa: S608
        [scene, file],
    )
    row = cursor.fetchone()
    return Publication(*row) if row else None


def published(cursor: Any, scene: str) -> list[Publication]:
    """Everything that went live in a scene, newest first."""
    cursor.execute(
        f"SELECT {_COLUMNS} FROM publication WHERE scene = %s ORDER BY recorded_at DESC, file, number DESC",  # noqa: S608
        [scene],
    )
    return [Publication(*row) for row in cursor.fetchall()]


def version(cursor: Any, scene: str, file: str, number: int) -> Publication | None:
    cursor.execute(
        f"SELECT {_COLUMNS} FROM publication WHERE scene = %s AND file = %s AND number = %s",  # noqa: S608
        [scene, file, number],
    )
    row = cursor.fetchone()
    return Publication(*row) if row else None


def text_of(cursor: Any, one: Publication) -> str:
    """The file's text in that version."""
    if one.drawing is not None:
        cursor.execute("SELECT bpmn FROM drawing WHERE id = %s", [one.drawing])
    else:
        cursor.execute("SELECT content FROM publication WHERE id = %s", [one.id])
    return str(cursor.fetchone()[0])


def live_tables(cursor: Any, scene: str) -> dict[str, tuple[int, str]]:
    """The decision tables that are live: file → (number, digest). :func:`table_text` gives their contents."""
    cursor.execute(
        """SELECT DISTINCT ON (file) file, number, digest FROM publication
            WHERE scene = %s AND file LIKE 'decisions/%%' ORDER BY file, number DESC""",
        [scene],
    )
    return {file: (number, digest) for file, number, digest in cursor.fetchall() if digest}


def table_text(cursor: Any, scene: str, file: str, number: int) -> bytes:
    cursor.execute(
        "SELECT content FROM publication WHERE scene = %s AND file = %s AND number = %s",
        [scene, file, number],
    )
    return str(cursor.fetchone()[0]).encode("utf-8")


def digest_of(content: bytes) -> str:
    """Of a table: SHA-256 of its bytes. A drawing's is the hash of its graph."""
    return hashlib.sha256(content).hexdigest()


def digest_in(scene: Scene, file: str) -> str:
    """The digest of a file as the scene's folder holds it; empty where it has none of that name."""
    if file == DRAWING:
        return scene.process.graph.hash
    content = scene.decisions.get(file.removeprefix("decisions/"))
    return digest_of(content) if content is not None else ""


def add_drawing(cursor: Any, scene: str, digest: str, text: str, now: datetime) -> tuple[UUID, int]:
    """A new version of a scene's drawing: its id and number."""
    key = new_id()
    cursor.execute(
        """INSERT INTO drawing (id, scene, version, graph_hash, bpmn, recorded_at)
           SELECT %s, %s, coalesce(max(version), 0) + 1, %s, %s, %s FROM drawing WHERE scene = %s
           RETURNING version""",
        [key, scene, digest, text, now, scene],
    )
    return key, int(cursor.fetchone()[0])


def add_publication(cursor: Any, one: Publication, content: str | None, post: UUID | None) -> None:
    cursor.execute(
        """INSERT INTO publication (id, scene, file, number, digest, drawing_id, in_folder, agency_id, officer_id,
                                    reason, recorded_at, content, post_id)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        [one.id, one.scene, one.file, one.number, one.digest, one.drawing, one.in_folder, one.agency, one.officer,
         one.reason, one.recorded_at, content, post],
    )  # fmt: skip


def lock_scene(cursor: Any, scene: str) -> None:
    """Wait for whoever is publishing in the same scene, until the end of the transaction.

    The scene and not the file: a drawing and a table that are published at the same moment are each checked beside
    what is live, and must not go live together when they do not fit each other.
    """
    cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"publication {scene}"])


def lock_file(cursor: Any, scene: str, file: str) -> None:
    """Wait for whoever is saving a draft of the same file, until the end of the transaction."""
    cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"draft {scene} {file}"])


# --- deployment


def deploy_scenes(
    cursor: Any, scenes: Mapping[str, Scene], now: datetime, replace: Collection[str] = ()
) -> list[Deployed]:
    """Make the folder's files live where they are new; says what was done, and where both sides were changed.

    ``replace`` names scenes whose folder wins. Run by the owner role.
    """
    done: list[Deployed] = []
    for name, pack in scenes.items():
        cursor.execute(
            "INSERT INTO scene_owner (scene, agency_kind) VALUES (%s, %s) ON CONFLICT (scene) DO UPDATE"
            " SET agency_kind = EXCLUDED.agency_kind WHERE scene_owner.agency_kind <> EXCLUDED.agency_kind",
            [name, pack.owner],
        )
        lock_scene(cursor, name)
        cursor.execute("SAVEPOINT one_scene")
        files = {DRAWING: (pack.process.graph.hash, pack.process.source)}
        files |= {f"decisions/{table}": (digest_of(text), text) for table, text in pack.decisions.items()}
        cursor.execute("SELECT DISTINCT file FROM publication WHERE scene = %s", [name])
        gone = {row[0] for row in cursor.fetchall()} - files.keys()
        made: list[Deployed] = []
        for file, (digest, content) in files.items():
            made += _deploy(cursor, name, file, digest, content.decode("utf-8"), now, name in replace)
        for file in sorted(gone):
            made += _deploy(cursor, name, file, "", "", now, name in replace)
        changed = [one for one in made if one.outcome is not Outcome.CONFLICT]
        if changed and not _fits(cursor, name):
            # The folder fits itself, so the drawing or a table is a page's: a half of either would be live.
            cursor.execute("ROLLBACK TO SAVEPOINT one_scene")
            made = [replaced(one, outcome=Outcome.UNFIT) if one in changed else one for one in made]
        done += made
    return done


def _fits(cursor: Any, scene: str) -> bool:
    """Whether the live drawing finds each decision it asks for in exactly one live table."""
    newest = live(cursor, scene, DRAWING)
    if newest is None:
        return True
    ids: list[str] = []
    for file, (number, _) in live_tables(cursor, scene).items():
        ids += decision_ids({file: table_text(cursor, scene, file, number)})
    graph = compile_bpmn(text_of(cursor, newest).encode("utf-8"), source=scene)
    asked = {
        node.decision.text for node in graph.nodes.values() if node.decision and not node.decision.formula
    }
    return len(ids) == len(set(ids)) and asked <= set(ids)


def _deploy(
    cursor: Any, scene: str, file: str, digest: str, text: str, now: datetime, replace: bool
) -> list[Deployed]:
    newest = live(cursor, scene, file)
    if newest is not None and newest.digest == digest:
        if not newest.in_folder:
            cursor.execute("UPDATE publication SET in_folder = true WHERE id = %s", [newest.id])
        return []
    if newest is not None and not newest.in_folder and not replace:
        known = last_in_folder(cursor, scene, file)
        if (known is None and not digest) or (known is not None and known.digest == digest):
            return []  # the folder is as it was when the page's version was published
        return [Deployed(scene, file, newest.number, Outcome.CONFLICT)]
    drawing, number = None, (newest.number if newest else 0) + 1
    if file == DRAWING:
        # A deployment older than the table of publications has its drawings already.
        cursor.execute(
            "SELECT id, version FROM drawing WHERE scene = %s AND graph_hash = %s ORDER BY version DESC LIMIT 1",
            [scene, digest],
        )
        found = cursor.fetchone() if newest is None else None
        drawing, number = found or add_drawing(cursor, scene, digest, text, now)
    add_publication(
        cursor,
        Publication(new_id(), scene, file, number, digest, drawing, True, None, None, "", now),
        None if drawing else text,
        None,
    )
    return [Deployed(scene, file, number, Outcome.LIVE if digest else Outcome.WITHDRAWN)]


def last_in_folder(cursor: Any, scene: str, file: str) -> Publication | None:
    """The newest version that the folder is known to have held."""
    cursor.execute(
        f"SELECT {_COLUMNS} FROM publication WHERE scene = %s AND file = %s AND in_folder"  # noqa: S608
        " ORDER BY number DESC LIMIT 1",
        [scene, file],
    )
    row = cursor.fetchone()
    return Publication(*row) if row else None
