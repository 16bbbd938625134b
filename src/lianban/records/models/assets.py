"""Assets 财产: what a debtor owns and the unit that keeps it, with every value it was ever given."""

from __future__ import annotations

from django.db import models

from lianban.records.identity import new_id
from lianban.records.models.agencies import Agency, Officer
from lianban.records.models.matters import Matter, Party


class AssetKind(models.Model):
    """A kind of asset and its family, which decides the longest term. Loaded from the engine's data."""

    code = models.TextField(primary_key=True)
    family = models.TextField()
    zh = models.TextField()
    en = models.TextField()

    class Meta:
        db_table = "asset_kind"


class Asset(models.Model):
    """One thing that may be held. ``key`` is its number at the unit (account, certificate, plate): ranks count per key.

    The debtor's share, value and what goes before it (a mortgage) are those of the latest :class:`AssetValue`.
    """

    class FoundBy(models.TextChoices):
        ANSWER = "answer"
        LEAD = "lead"
        DECLARATION = "declaration"
        COLLISION = "collision"
        OTHER = "other"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, db_index=False)
    lead_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, db_index=False)
    kind = models.ForeignKey(AssetKind, on_delete=models.PROTECT, db_column="kind", db_index=False)
    unit_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.TextField()
    name = models.TextField()
    value_fen = models.BigIntegerField(null=True)
    share_numerator = models.IntegerField(default=1)
    share_denominator = models.IntegerField(default=1)
    encumbrance_fen = models.BigIntegerField(default=0)
    divisible = models.BooleanField(default=True)
    # By kind: crop and harvest window, heads of livestock, area in 亩, address of a house.
    details = models.JSONField(default=dict)
    found_by = models.TextField(choices=FoundBy.choices)
    found_ref = models.UUIDField(null=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    officer = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        db_table = "asset"
        constraints = [
            models.UniqueConstraint(fields=["matter", "unit_agency", "key"], name="asset_once_per_matter"),
            models.CheckConstraint(condition=~models.Q(key="") & ~models.Q(name=""), name="asset_has_a_key"),
            models.CheckConstraint(
                condition=models.Q(share_numerator__gt=0, share_numerator__lte=models.F("share_denominator")),
                name="asset_share",
            ),
            models.CheckConstraint(
                condition=models.Q(encumbrance_fen__gte=0)
                & (models.Q(value_fen__isnull=True) | models.Q(value_fen__gte=0)),
                name="asset_amounts",
            ),
        ]
        indexes = [models.Index(fields=["unit_agency", "key"], name="asset_key")]


class AssetValue(models.Model):
    """What an asset was said to be worth, by whom and when. Never edited: a better one supersedes it."""

    class Basis(models.TextChoices):
        ESTIMATE = "estimate"
        ANSWER = "answer"
        AGREEMENT = "agreement"
        INQUIRY = "inquiry"
        APPRAISAL = "appraisal"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, db_index=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, db_index=False)
    lead_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    basis = models.TextField(choices=Basis.choices)
    value_fen = models.BigIntegerField(null=True)
    share_numerator = models.IntegerField(default=1)
    share_denominator = models.IntegerField(default=1)
    encumbrance_fen = models.BigIntegerField(default=0)
    valued_on = models.DateField()
    note = models.TextField(default="", blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    officer = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        db_table = "asset_value"
        indexes = [models.Index(fields=["asset", "recorded_at"], name="asset_value_asset")]
