"""Discard a draft: it is closed and kept, and no longer opened."""

from __future__ import annotations

from django.db import connection, transaction

from lianban.actions.acting import Acting
from lianban.actions.errors import DraftGone
from lianban.actions.permissions import require
from lianban.actions.save_draft import conflict
from lianban.actions.scene_files import require_file, require_owner
from lianban.records import drafts
from lianban.records.history import Entry, append_entries


def discard_draft(acting: Acting, scene: str, file: str, revision: int) -> None:
    """Close the open draft that has this revision. Raises :class:`DraftGone`, :class:`DraftConflict`."""
    require(acting, "discard_draft")
    require_file(scene, file)
    with transaction.atomic(), connection.cursor() as cursor:
        require_owner(acting, cursor, scene)
        known = drafts.open_draft(cursor, scene, file, lock=True)
        if known is None:
            raise DraftGone(file=file)
        if known.revision != revision:
            raise conflict(cursor, known, revision)
        assert acting.officer is not None and acting.agency is not None and acting.post is not None
        drafts.close(cursor, known.id, "discarded", acting.agency, acting.post, acting.officer, acting.now)
        said = {"scene": scene, "file": file, "draft": str(known.id), "revision": known.revision}
        append_entries(cursor, acting.by, [Entry("scene.draft_discarded", said=said)], acting.now)
