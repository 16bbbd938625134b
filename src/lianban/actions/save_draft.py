"""Save a draft of a scene's drawing or table: checked, never refused for its errors, never over somebody else's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from lianban.actions.acting import Acting
from lianban.actions.errors import DraftConflict, DraftGone
from lianban.actions.permissions import require
from lianban.actions.scene_files import examine, require_file, require_owner
from lianban.engines.scenes.editing import Examined
from lianban.records import drafts, people, publications
from lianban.records.drafts import Draft
from lianban.records.history import Entry, append_entries
from lianban.records.identity import new_id

BEIJING = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Saved:
    """The draft as it is now, and what is wrong with it."""

    draft: Draft
    examined: Examined


def save_draft(acting: Acting, scene: str, file: str, content: bytes, base: int, revision: int) -> Saved:
    """Save a file as the scene's open draft.

    ``base`` is the version it stands on; ``revision`` the draft's revision that the editor had opened, 0 where there
    was none. Raises :class:`DraftConflict` when somebody saved in between, :class:`DraftGone` when the draft was
    published or discarded, :class:`SceneNotYours`, and what :func:`examine` raises for a file that cannot be kept.
    """
    require(acting, "save_draft")
    require_file(scene, file)
    with transaction.atomic(), connection.cursor() as cursor:
        require_owner(acting, cursor, scene)
        publications.lock_file(cursor, scene, file)
        known = drafts.open_draft(cursor, scene, file, lock=True)
        if known is None and revision:
            raise DraftGone(file=file)
        if known is not None and known.revision != revision:
            raise conflict(cursor, known, revision)
        examined = examine(cursor, scene, file, content)
        text = content.decode("utf-8")
        live = publications.live(cursor, scene, file)
        base = min(base, live.number if live else 0)
        if known is not None and (known.content, known.base) == (text, base):
            return Saved(known, examined)
        assert acting.officer is not None and acting.agency is not None and acting.post is not None
        if known is None:
            made = Draft(new_id(), scene, file, base, text, 1, examined.errors, acting.agency, acting.post,
                         acting.officer, acting.now, acting.now)  # fmt: skip
            drafts.add_draft(cursor, made)
        else:
            made = replace(
                known, base=base, content=text, revision=known.revision + 1, errors=examined.errors,
                agency=acting.agency, post=acting.post, officer=acting.officer, saved_at=acting.now,
            )  # fmt: skip
            drafts.save(cursor, made)
        said = {"scene": scene, "file": file, "draft": str(made.id), "revision": made.revision, "base": base,
                "errors": examined.errors, "digest": publications.digest_of(content)}  # fmt: skip
        append_entries(cursor, acting.by, [Entry("scene.draft_saved", said=said)], acting.now)
        return Saved(made, examined)


def conflict(cursor: object, known: Draft, own: int) -> DraftConflict:
    """Who saved in between, and when."""
    return DraftConflict(
        who=people.name(cursor, known.officer), when=f"{known.saved_at.astimezone(BEIJING):%Y-%m-%d %H:%M}",
        revision=known.revision, own=own,
    )  # fmt: skip
