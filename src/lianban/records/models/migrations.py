"""Open matters moved to another version of their drawing: who ordered it, and what each row was before."""

from __future__ import annotations

from django.db import models

from lianban.records.identity import new_id
from lianban.records.models.agencies import Agency, Officer, Post
from lianban.records.models.matters import Drawing, Matter


class DrawingMigration(models.Model):
    """An order to migrate, given by an officer of the scene's owner and carried out by the worker; or, with
    ``undoes``, the order to take one back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    scene = models.TextField()
    from_drawing = models.ForeignKey(Drawing, on_delete=models.PROTECT, related_name="+", db_index=False)
    to_drawing = models.ForeignKey(Drawing, on_delete=models.PROTECT, related_name="+", db_index=False)
    undoes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, db_index=False)
    # The explicit map, as lianban.engines.migration.ElementMap.as_dict gives it.
    map = models.JSONField(default=dict)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", db_index=False)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.TextField()
    ordered_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    moved = models.IntegerField(default=0)
    kept = models.IntegerField(default=0)

    class Meta:
        db_table = "drawing_migration"
        indexes = [models.Index(fields=["scene", "-ordered_at"], name="drawing_migration_scene")]


class MigratedMatter(models.Model):
    """One matter that was moved: its rows before, as far as they changed, and how it stood right after.

    ``before`` holds the old columns of scopes, tokens, tasks and timers; ``armed`` the timers that are new.
    ``digest`` is of the process rows after the move, so that a roll-back knows whether the matter has moved on.
    """

    pk = models.CompositePrimaryKey("migration_id", "matter_id")
    migration = models.ForeignKey(DrawingMigration, on_delete=models.PROTECT, db_index=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, db_index=False)
    before = models.JSONField()
    last_event = models.PositiveIntegerField()
    digest = models.TextField()
    migrated_at = models.DateTimeField()
    rolled_back_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "migrated_matter"
