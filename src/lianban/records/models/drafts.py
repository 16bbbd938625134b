"""What a scene's owner changes on a page: drafts of its drawing and decision tables, and what went live when.

A *file* is named as in the scene's folder: ``process.bpmn`` or ``decisions/NAME.dmn``.
"""

from __future__ import annotations

from django.db import models

from lianban.records.identity import new_id
from lianban.records.models.agencies import Agency, Officer, Post
from lianban.records.models.matters import Drawing


class SceneOwner(models.Model):
    """The kind of agency that owns a scene, as its folder says. Written at deployment, read by the row policies."""

    scene = models.TextField(primary_key=True)
    agency_kind = models.TextField()

    class Meta:
        db_table = "scene_owner"


class Publication(models.Model):
    """One version of a file of a scene that went live; the one with the highest number is live. Never changed.

    Without an officer it came from the scene's folder. ``in_folder`` says that the folder held the same when it was
    last deployed, so that a later change of the folder goes on from it and does not undo what was published.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    scene = models.TextField()
    file = models.TextField()
    number = models.PositiveIntegerField()
    # Of what the file means: the hash of a drawing's graph, of a table's bytes.
    digest = models.TextField()
    drawing = models.ForeignKey(
        Drawing, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    content = models.TextField(null=True)  # noqa: DJ001  (NULL: a drawing, whose text is the drawing's)
    in_folder = models.BooleanField(default=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    officer = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    reason = models.TextField(default="", blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "publication"
        constraints = [
            models.UniqueConstraint(fields=["scene", "file", "number"], name="publication_number"),
            models.CheckConstraint(
                condition=models.Q(drawing__isnull=True, content__isnull=False)
                | models.Q(drawing__isnull=False, content__isnull=True),
                name="publication_holds_one",
            ),
        ]


class Draft(models.Model):
    """草稿: a file of a scene as somebody is changing it. One open draft a file; ``revision`` counts its savings."""

    class State(models.TextChoices):
        OPEN = "open"
        PUBLISHED = "published"
        DISCARDED = "discarded"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    scene = models.TextField()
    file = models.TextField()
    # The number of the publication it was begun from; 0 for a file that is new.
    base = models.PositiveIntegerField()
    content = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    # How many errors the last saving had.
    errors = models.PositiveIntegerField(default=0)
    state = models.TextField(choices=State.choices, default=State.OPEN)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", db_index=False)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+", db_index=False)
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "draft"
        constraints = [
            models.UniqueConstraint(
                fields=["scene", "file"], name="draft_open", condition=models.Q(state="open")
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", closed_at__isnull=True)
                | (~models.Q(state="open") & models.Q(closed_at__isnull=False)),
                name="draft_closed",
            ),
        ]
