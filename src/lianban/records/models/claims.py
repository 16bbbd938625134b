"""What is owed 债权: one claim of one creditor, its versions as documents and corrections fix it, and what was paid on it.

Money is integer fen. A version is never changed: a correction is another one. What is owed on a day is computed from
these rows alone, by ``lianban.engines.payments`` and, for what the database itself must hold, by ``lianban.settle``.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from lianban.records.identity import new_id
from lianban.records.models.agencies import Agency, Officer
from lianban.records.models.matters import Matter, Party


def refers(to: type[models.Model] | str, **more: object) -> models.ForeignKey:
    """A reference that keeps its row and has no index of its own: the indexes of these tables are named below."""
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name="+", db_index=False, **more)


def not_negative(table: str, *names: str) -> list[models.CheckConstraint]:
    return [
        models.CheckConstraint(condition=models.Q(**{f"{name}__gte": 0}), name=f"{table}_{name}")
        for name in names
    ]


class Claim(models.Model):
    """One creditor's claim under one document. ``own``: the matter was filed for it; otherwise its creditor takes part
    in a distribution only, and it does not count into what the matter's own debtor is asked for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = refers(Matter)
    lead_agency = refers(Agency)
    creditor = refers(Party)
    own = models.BooleanField(default=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "claim"
        indexes = [models.Index(fields=["matter"], name="claim_matter")]


class ClaimVersion(models.Model):
    """What the document says, or what a correction says that it says. The highest ``number`` counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    claim = refers(Claim)
    matter = refers(Matter)
    lead_agency = refers(Agency)
    number = models.PositiveSmallIntegerField()
    basis = models.TextField()
    # What the lines below add up to, and how many there are: a line slipped in later no longer adds up.
    principal_fen = models.BigIntegerField()
    tranches = models.PositiveSmallIntegerField()
    interests = models.PositiveSmallIntegerField(default=0)
    pauses = models.PositiveSmallIntegerField(default=0)
    interest_fen = models.BigIntegerField(default=0)
    costs_fen = models.BigIntegerField(default=0)
    enforcement_costs_fen = models.BigIntegerField(default=0)
    doubled_before_fen = models.BigIntegerField(default=0)
    doubled_from = models.DateField(null=True)
    # The order of attribution: its code, and the parts one after another as they were resolved when it was recorded.
    attribution = models.TextField(default="statutory")
    buckets = ArrayField(models.TextField())
    reason = models.TextField(default="", blank=True)
    officer = refers(Officer, null=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "claim_version"
        constraints = [
            models.UniqueConstraint(fields=["claim", "number"], name="claim_version_number"),
            *not_negative(
                "claim_version", "principal_fen", "interest_fen", "costs_fen", "enforcement_costs_fen",
                "doubled_before_fen",
            ),
            models.CheckConstraint(
                condition=models.Q(number=1) | ~models.Q(reason=""), name="claim_version_reason"
            ),
        ]  # fmt: skip


class ClaimTranche(models.Model):
    """A part of the principal, with the last day on which it was to be performed."""

    pk = models.CompositePrimaryKey("version_id", "number")
    version = refers(ClaimVersion)
    number = models.PositiveSmallIntegerField()
    lead_agency = refers(Agency)
    amount_fen = models.BigIntegerField()
    last_day = models.DateField()

    class Meta:
        db_table = "claim_tranche"
        constraints = not_negative("claim_tranche", "amount_fen")


class ClaimInterest(models.Model):
    """General interest at a rate: ``yearly`` of a hundred (3.85 is 3.85 %), both days included."""

    pk = models.CompositePrimaryKey("version_id", "number")
    version = refers(ClaimVersion)
    number = models.PositiveSmallIntegerField()
    lead_agency = refers(Agency)
    yearly_percent = models.DecimalField(max_digits=9, decimal_places=6)
    first_day = models.DateField()
    last_day = models.DateField(null=True)
    day_basis = models.PositiveSmallIntegerField(default=365)
    base_fen = models.BigIntegerField(null=True)

    class Meta:
        db_table = "claim_interest"
        constraints = [
            *not_negative("claim_interest", "yearly_percent", "base_fen"),
            models.CheckConstraint(condition=models.Q(day_basis__in=[360, 365]), name="claim_interest_basis"),
            models.CheckConstraint(
                condition=models.Q(last_day__isnull=True) | models.Q(last_day__gte=models.F("first_day")),
                name="claim_interest_days",
            ),
        ]


class ClaimPause(models.Model):
    """Days on which no doubled interest runs, with the reason."""

    pk = models.CompositePrimaryKey("version_id", "number")
    version = refers(ClaimVersion)
    number = models.PositiveSmallIntegerField()
    lead_agency = refers(Agency)
    first_day = models.DateField()
    last_day = models.DateField()
    reason = models.TextField()

    class Meta:
        db_table = "claim_pause"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="claim_pause_days"
            ),
        ]


class Receipt(models.Model):
    """So much of an arrival counts as paid on a claim, on a day; or, without an arrival, the value of a ruling in kind
    以物抵债裁定. A correction names the one it supersedes, which then no longer counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = refers(Matter)
    lead_agency = refers(Agency)
    claim = refers(Claim)
    fund = refers("records.Fund", null=True)
    paid_on = models.DateField()
    amount_fen = models.BigIntegerField()
    ruling = models.TextField(default="", blank=True)
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="+")
    superseded_at = models.DateTimeField(null=True)
    reason = models.TextField(default="", blank=True)
    officer = refers(Officer, null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "receipt"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_fen__gt=0) | models.Q(amount_fen=0, supersedes__isnull=False),
                name="receipt_amount_fen",
            ),
            models.CheckConstraint(
                condition=models.Q(fund__isnull=False) | ~models.Q(ruling=""), name="receipt_of_something"
            ),
            models.CheckConstraint(
                condition=models.Q(supersedes__isnull=True) | ~models.Q(reason=""), name="receipt_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["claim"], name="receipt_claim"),
            models.Index(fields=["fund"], name="receipt_fund"),
        ]
