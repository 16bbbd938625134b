"""Start an import: the file is read whole, its heads are matched, its rows are kept sealed until they are checked."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from uuid import UUID

import orjson

from lianban.actions import timing
from lianban.actions.acting import Acting
from lianban.actions.errors import SceneNotOpen, SceneOfAnotherAgency
from lianban.actions.import_errors import ImportedBefore, ImportIsEmpty
from lianban.actions.importing import columns_for
from lianban.actions.permissions import require
from lianban.actions.work import working
from lianban.engines.imports import match, read_table
from lianban.records import imports, scenes
from lianban.records.history import Entry
from lianban.records.identity import new_id

SAME_FILE = timedelta(days=30)
"""For so long a file of the same content is refused: pressing twice must not file every case twice."""


def start_import(acting: Acting, scene: str, file: str, content: bytes) -> UUID:
    """Read a CSV or Excel file for a scene; returns the import. Nothing is opened yet, and a file that does not fit
    leaves nothing behind."""
    require(acting, "start_import")
    pack = scenes.scene(scene)
    if not pack.open_for_matters:
        raise SceneNotOpen(scene=pack.title.zh, status=pack.status.value)
    table = read_table(content, file)
    match(table.heads, columns_for(pack))
    rows = list(table.numbered())
    if not rows:
        raise ImportIsEmpty(file=file)
    digest, run = hashlib.sha256(content).hexdigest(), new_id()
    with working(acting) as work:
        assert acting.agency is not None
        own = work.directory.agencies[acting.agency].kind
        if own != pack.lead:
            raise SceneOfAnotherAgency(scene=pack.title.zh, lead=pack.lead, own=own)
        work.cursor.execute(
            "SELECT started_at, file FROM import_run WHERE agency_id = %s AND scene = %s AND digest = %s"
            " AND state <> 'cancelled' AND started_at > %s",
            [acting.agency, scene, digest, acting.now - SAME_FILE],
        )
        if before := work.cursor.fetchone():
            raise ImportedBefore(at=timing.local(before[0]), file=before[1])
        work.cursor.execute(
            "INSERT INTO import_run (id, agency_id, post_id, officer_id, scene, file, digest, heads, state, total, good, bad,"
            " taken, started_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'checking', %s, 0, 0, 0, %s)",
            [run, acting.agency, acting.post, acting.officer, scene, file[:200], digest,
             orjson.dumps(list(table.heads)).decode(), len(rows), acting.now],
        )  # fmt: skip
        imports.stage(work.cursor, run, acting.agency, rows, acting.now)
        work.enter(
            Entry(
                "imports.start",
                said={"import": str(run), "scene": scene, "rows": len(rows), "sha256": digest},
            )
        )
    return run
