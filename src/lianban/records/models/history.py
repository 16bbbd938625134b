"""What happened and who may be asked about it: events and the ledger 存证.

Both are partitioned by month of ``recorded_at`` and are created by SQL in the first migration, because
Django has no word for partitions; the classes here read them.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models

from lianban.records.identity import new_id


class Event(models.Model):
    """One thing that happened in a matter. ``seq`` counts within the matter; ties of time keep it."""

    pk = models.CompositePrimaryKey("matter_id", "seq", "recorded_at")
    matter_id = models.UUIDField()
    seq = models.IntegerField()
    kind = models.TextField()
    activity = models.TextField(null=True)  # noqa: DJ001
    agency_id = models.UUIDField(null=True)
    post_id = models.UUIDField(null=True)
    officer_id = models.UUIDField(null=True)
    # A milestone: every agency with a leg in the matter sees it. Other events are its agency's and the lead's.
    milestone = models.BooleanField(default=False)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    data = models.JSONField(default=dict)

    class Meta:
        db_table = "event"
        managed = False


class LedgerEntry(models.Model):
    """One act, or one look at personal data. The payload and its salt can be erased; the leaf stays."""

    pk = models.CompositePrimaryKey("id", "recorded_at")
    id = models.UUIDField(default=new_id, editable=False)
    recorded_at = models.DateTimeField()
    act = models.TextField()
    agency_id = models.UUIDField(null=True)
    post_id = models.UUIDField(null=True)
    officer_id = models.UUIDField(null=True)
    matter_id = models.UUIDField(null=True)
    subjects = ArrayField(models.UUIDField(), default=list)
    payload = models.TextField(null=True)  # noqa: DJ001  (NULL: erased)
    salt = models.BinaryField(null=True)
    commitment = models.BinaryField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger_entry"
        managed = False


class LedgerPending(models.Model):
    """Entries the sequencer has not placed yet. Written with the entry, removed with its leaf."""

    entry = models.UUIDField(primary_key=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_pending"


class LedgerTile(models.Model):
    """Up to 256 hashes of the tree side by side (:mod:`lianban.engines.ledger.tiles`). It only grows, at its end.

    A tile of leaves (level 0) also says whose leaves they are, in their order, and from when to when these entries
    were recorded: an entry is looked for in the tiles of its instant.
    """

    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()
    entries = ArrayField(models.UUIDField(), null=True)
    span = DateTimeRangeField(null=True)
    pk = models.CompositePrimaryKey("level", "index")

    class Meta:
        db_table = "ledger_tile"
        indexes = [GistIndex(fields=["span"], name="ledger_tile_span")]


class LedgerCheckpoint(models.Model):
    """A signed statement: at this size the tree had this root."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    note = models.TextField()
    signed_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_checkpoint"
