"""Publish a draft: the file goes live as a new version. Open matters keep the drawing they were opened with."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from lianban.actions.acting import Acting
from lianban.actions.errors import (
    DraftGone,
    DraftHasErrors,
    DraftIsOutdated,
    NothingToPublish,
    PublishedMeanwhile,
)
from lianban.actions.permissions import require, require_reason
from lianban.actions.save_draft import BEIJING, conflict
from lianban.actions.scene_files import DRAWING, examine, require_file, require_owner
from lianban.records import drafts, people, publications
from lianban.records.history import Entry, append_entries
from lianban.records.identity import new_id
from lianban.records.publications import Publication


def publish_draft(acting: Acting, scene: str, file: str, revision: int, reason: str) -> Publication:
    """Make the open draft live; the revision says that it is the one whose report was read.

    One at a time in a scene: of two who publish the same draft the second is told by :class:`PublishedMeanwhile` who was
    first. Raises :class:`DraftHasErrors`, :class:`DraftIsOutdated` where another version went live since it was begun,
    :class:`NothingToPublish`, :class:`DraftGone`, :class:`DraftConflict`, :class:`SceneNotYours`.
    """
    require(acting, "publish_draft")
    reason = require_reason("publish_draft", reason)
    require_file(scene, file)
    with transaction.atomic(), connection.cursor() as cursor:
        require_owner(acting, cursor, scene)
        publications.lock_scene(cursor, scene)
        draft = drafts.open_draft(cursor, scene, file, lock=True)
        if draft is None:
            closed = drafts.last_closed(cursor, scene, file)
            if closed is not None and closed[:2] == ("published", revision):
                raise published_meanwhile(cursor, publications.live(cursor, scene, file))
            raise DraftGone(file=file)
        if draft.revision != revision:
            raise conflict(cursor, draft, revision)
        live = publications.live(cursor, scene, file)
        if draft.base != (live.number if live else 0):
            raise DraftIsOutdated(base=draft.base, live=live.number if live else 0)
        made = go_live(acting, cursor, scene, file, draft.content, live, reason, "scene.published")
        assert acting.officer is not None and acting.agency is not None and acting.post is not None
        drafts.close(cursor, draft.id, "published", acting.agency, acting.post, acting.officer, acting.now)
        return made


def published_meanwhile(cursor: Any, live: Publication | None) -> PublishedMeanwhile:
    """Who published in between, and when. Without an officer it was a deployment."""
    assert live is not None  # what was published is never taken away
    return PublishedMeanwhile(
        who=people.name(cursor, live.officer) or "lianban scene deploy", file=live.file, live=live.number,
        when=f"{live.recorded_at.astimezone(BEIJING):%Y-%m-%d %H:%M}",
    )  # fmt: skip


def go_live(
    acting: Acting, cursor: Any, scene: str, file: str, text: str, live: Publication | None, reason: str, act: str
) -> Publication:  # fmt: skip
    """Check a text once more and make it the next version. The caller holds the scene's lock."""
    content = text.encode("utf-8")
    examined = examine(cursor, scene, file, content)
    if examined.errors:
        first = examined.findings[0]
        where = f"“{first.name or first.element}”：" if first.name or first.element else ""
        raise DraftHasErrors(file=file, count=examined.errors, first_zh=where + first.zh, first_en=first.en)
    if live is not None and not live.withdrawn and publications.text_of(cursor, live) == text:
        raise NothingToPublish(file=file)
    drawing, number = None, (live.number if live else 0) + 1
    if file == DRAWING:
        assert examined.graph is not None  # it has no errors
        digest = examined.graph.hash
        drawing, number = publications.add_drawing(cursor, scene, digest, text, acting.now)
    else:
        digest = publications.digest_of(content)
    made = Publication(new_id(), scene, file, number, digest, drawing, False, acting.agency, acting.officer, reason,
                       acting.now)  # fmt: skip
    publications.add_publication(cursor, made, None if drawing else text, acting.post)
    said = {"scene": scene, "file": file, "version": number, "before": live.number if live else None, "digest": digest,
            "publication": str(made.id), "reason": reason}  # fmt: skip
    append_entries(cursor, acting.by, [Entry(act, said=said)], acting.now)
    return made
