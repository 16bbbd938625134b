"""Make an earlier version of a scene's file live again, as a new version: what was published is never taken away."""

from __future__ import annotations

from django.db import connection, transaction

from lianban.actions.acting import Acting
from lianban.actions.errors import SceneFileUnknown
from lianban.actions.permissions import require, require_reason
from lianban.actions.publish_draft import go_live
from lianban.actions.scene_files import require_file, require_owner
from lianban.records import publications
from lianban.records.publications import Publication


def publish_again(acting: Acting, scene: str, file: str, number: int, reason: str) -> Publication:
    """The text of version ``number`` goes live again, if it still fits its scene.

    Raises :class:`SceneFileUnknown` for a version that never was, :class:`DraftHasErrors`, :class:`NothingToPublish`,
    :class:`SceneNotYours`.
    """
    require(acting, "publish_again")
    reason = require_reason("publish_again", reason)
    require_file(scene, file)
    with transaction.atomic(), connection.cursor() as cursor:
        require_owner(acting, cursor, scene)
        publications.lock_file(cursor, scene, file)
        earlier = publications.version(cursor, scene, file, number)
        if earlier is None or earlier.withdrawn:
            raise SceneFileUnknown(scene=scene, file=f"{file} v{number}")
        text = publications.text_of(cursor, earlier)
        live = publications.live(cursor, scene, file)
        return go_live(acting, cursor, scene, file, text, live, reason, "scene.published_again")
