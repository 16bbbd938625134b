"""Make an earlier version of a scene's file live again, as a new version: what was published is never taken away."""

from __future__ import annotations

from django.db import connection, transaction

from lianban.actions.acting import Acting
from lianban.actions.errors import SceneFileUnknown
from lianban.actions.permissions import require, require_reason
from lianban.actions.publish_draft import go_live, published_meanwhile
from lianban.actions.scene_files import require_file, require_owner
from lianban.records import publications
from lianban.records.publications import Publication


def publish_again(
    acting: Acting, scene: str, file: str, number: int, reason: str, instead_of: int
) -> Publication:
    """The text of version ``number`` goes live again, if it still fits its scene.

    ``instead_of`` is the version that was live when the decision was made: where another went live since, it is
    :class:`PublishedMeanwhile`. Raises :class:`SceneFileUnknown` for a version that never was, :class:`DraftHasErrors`,
    :class:`NothingToPublish`, :class:`SceneNotYours`.
    """
    require(acting, "publish_again")
    reason = require_reason("publish_again", reason)
    require_file(scene, file)
    with transaction.atomic(), connection.cursor() as cursor:
        require_owner(acting, cursor, scene)
        publications.lock_scene(cursor, scene)
        earlier = publications.version(cursor, scene, file, number)
        if earlier is None or earlier.withdrawn:
            raise SceneFileUnknown(scene=scene, file=f"{file} v{number}")
        text = publications.text_of(cursor, earlier)
        live = publications.live(cursor, scene, file)
        if live is None or live.number != instead_of:
            raise published_meanwhile(cursor, live)
        return go_live(acting, cursor, scene, file, text, live, reason, "scene.published_again")
