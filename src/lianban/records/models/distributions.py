"""Distribution among creditors 参与分配: the plan, each creditor's share, and the objections to it."""

from __future__ import annotations

from django.db import models

from lianban.records.identity import new_id
from lianban.records.models.agencies import Agency, Officer
from lianban.records.models.claims import Claim, not_negative, refers
from lianban.records.models.funds import Fund
from lianban.records.models.matters import Matter

_ENTITLED = ("enforcement_costs_fen", "priority_fen", "ordinary_fen", "doubled_fen")
_GIVEN = ("given_costs_fen", "given_priority_fen", "given_ordinary_fen", "given_doubled_fen")


class Distribution(models.Model):
    """A plan 财产分配方案 of one arrival. Its shares and ``left_fen`` (the debtor's) add up to ``amount_fen``.

    ``object_until``: the last day for an objection, counted from the last receipt of the plan; nothing is paid before.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        SERVED = "served"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = refers(Matter)
    lead_agency = refers(Agency)
    fund = refers(Fund)
    number = models.PositiveSmallIntegerField()
    way = models.TextField(choices=[("pro_rata", "pro_rata"), ("by_seizure", "by_seizure")])
    amount_fen = models.BigIntegerField()
    left_fen = models.BigIntegerField(default=0)
    on_day = models.DateField()
    state = models.TextField(choices=State.choices, default=State.DRAFT)
    served_on = models.DateField(null=True)
    object_until = models.DateField(null=True)
    note = models.TextField(default="", blank=True)
    officer = refers(Officer, null=True)
    recorded_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.TextField(default="", blank=True)

    class Meta:
        db_table = "distribution"
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="distribution_amount_fen"),
            *not_negative("distribution", "left_fen"),
            models.UniqueConstraint(fields=["matter", "number"], name="distribution_number"),
            # One arrival is divided by one plan at a time.
            models.UniqueConstraint(
                fields=["fund"], name="distribution_fund", condition=~models.Q(state="cancelled")
            ),
            models.CheckConstraint(
                condition=~models.Q(state="served")
                | models.Q(
                    served_on__isnull=False,
                    object_until__isnull=False,
                    object_until__gt=models.F("served_on"),
                ),
                name="distribution_served",
            ),
        ]


class DistributionShare(models.Model):
    """What one creditor brings, and what the plan gives of it. Never changed: another plan takes its place."""

    pk = models.CompositePrimaryKey("distribution_id", "claim_id")
    distribution = refers(Distribution)
    claim = refers(Claim)
    lead_agency = refers(Agency)
    enforcement_costs_fen = models.BigIntegerField(default=0)
    priority_fen = models.BigIntegerField(default=0)
    ordinary_fen = models.BigIntegerField(default=0)
    doubled_fen = models.BigIntegerField(default=0)
    priority_rank = models.PositiveSmallIntegerField(default=1)
    seizure_rank = models.PositiveSmallIntegerField(default=1)
    given_costs_fen = models.BigIntegerField(default=0)
    given_priority_fen = models.BigIntegerField(default=0)
    given_ordinary_fen = models.BigIntegerField(default=0)
    given_doubled_fen = models.BigIntegerField(default=0)

    class Meta:
        db_table = "distribution_share"
        constraints = [
            *not_negative("distribution_share", *_ENTITLED, *_GIVEN),
            models.CheckConstraint(
                condition=models.Q(
                    given_costs_fen__lte=models.F("enforcement_costs_fen"),
                    given_priority_fen__lte=models.F("priority_fen"),
                    given_ordinary_fen__lte=models.F("ordinary_fen") + models.F("doubled_fen"),
                    given_doubled_fen__lte=models.F("doubled_fen"),
                ),
                name="distribution_share_at_most_the_claim",
            ),
        ]


class DistributionObjection(models.Model):
    """Somebody says that a share is too large. What happens to it are dates: told to the others, answered by one of
    them, told back, sued on, ended."""

    class Outcome(models.TextChoices):
        UPHELD = "upheld"
        REJECTED = "rejected"
        WITHDRAWN = "withdrawn"
        NO_SUIT = "no_suit"
        NO_ANSWER = "no_answer"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = refers(Matter)
    lead_agency = refers(Agency)
    distribution = refers(Distribution)
    by = models.TextField()
    against = refers(Claim)
    disputed_fen = models.BigIntegerField()
    ground = models.TextField()
    received_on = models.DateField()
    told_on = models.DateField(null=True)
    countered_on = models.DateField(null=True)
    counter_told_on = models.DateField(null=True)
    sued_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    outcome = models.TextField(choices=Outcome.choices, default="", blank=True)
    officer = refers(Officer, null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "distribution_objection"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(disputed_fen__gt=0), name="distribution_objection_disputed_fen"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True, outcome="")
                | models.Q(ended_on__isnull=False) & ~models.Q(outcome=""),
                name="distribution_objection_outcome",
            ),
        ]
        indexes = [models.Index(fields=["distribution"], name="distribution_objection_plan")]
