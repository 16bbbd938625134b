"""Documents 文书 and files, document numbers, what arrived before, what goes out next."""

from __future__ import annotations

from django.db import models

from lianban.records.identity import new_id
from lianban.records.models.agencies import Agency
from lianban.records.models.letters import Letter
from lianban.records.models.matters import Matter


class Document(models.Model):
    """A document made here or a file handed in. ``digest`` is in the ledger; the content must match it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, null=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    kind = models.TextField()
    number = models.TextField(default="", blank=True)
    name = models.TextField()
    media_type = models.TextField()
    size = models.BigIntegerField()
    digest = models.TextField()
    content = models.BinaryField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "document"


class PrintedDocument(models.Model):
    """What the verification code on a printed document is compared with. Says who issued it, not what it says."""

    digest = models.TextField(primary_key=True)
    number = models.TextField()
    title = models.TextField()
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, db_index=False)
    issued_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "printed_document"


class DocumentNumber(models.Model):
    """The last number given per organ, kind and year: taken in the caller's transaction, so without gaps."""

    organ = models.TextField()
    kind = models.TextField()
    year = models.IntegerField()
    last = models.IntegerField()
    pk = models.CompositePrimaryKey("organ", "kind", "year")

    class Meta:
        db_table = "document_number"


class IdempotencyKey(models.Model):
    """What arrived from outside once is done once. Not partitioned: the key must be unique everywhere."""

    pk = models.CompositePrimaryKey("agency", "key")
    agency = models.UUIDField()
    key = models.TextField()
    request = models.BinaryField()
    status = models.SmallIntegerField(null=True)
    response = models.JSONField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "idempotency_key"


class Outbox(models.Model):
    """What must be told to somebody after the commit: ids only, claimed with SKIP LOCKED."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.TextField()
    matter = models.UUIDField(null=True)
    agency = models.UUIDField(null=True)
    reference = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "outbox"
        indexes = [
            models.Index(fields=["recorded_at"], name="outbox_open", condition=models.Q(done_at__isnull=True))
        ]
