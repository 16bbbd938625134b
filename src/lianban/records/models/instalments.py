"""Settlements paid in instalments 分期履行: on whose consent, how much, when."""

from __future__ import annotations

from django.db import models

from lianban.records.identity import new_id
from lianban.records.models.agencies import Agency, Officer
from lianban.records.models.claims import Claim, refers
from lianban.records.models.matters import Matter


class InstalmentPlan(models.Model):
    """A settlement 和解 or a secured deferral 担保. Without the creditor's document there is none, and the court cannot
    impose one (民诉法 241–242). ``in_kind``: what the parties agreed to hand over instead of money; the court orders
    nothing of it (和解规定 6)."""

    class State(models.TextChoices):
        RUNNING = "running"
        PERFORMED = "performed"
        RESUMED = "resumed"  # the debtor did not perform and enforcement goes on
        ENDED = "ended"  # by agreement

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = refers(Matter)
    lead_agency = refers(Agency)
    claim = refers(Claim)
    ground = models.TextField(choices=[("agreement", "agreement"), ("security", "security")])
    creditor_document = models.TextField()
    security_document = models.TextField(default="", blank=True)
    in_kind = models.TextField(default="", blank=True)
    total_fen = models.BigIntegerField()
    agreed_on = models.DateField()
    last_day = models.DateField()
    state = models.TextField(choices=State.choices, default=State.RUNNING)
    ended_on = models.DateField(null=True)
    end_reason = models.TextField(default="", blank=True)
    officer = refers(Officer, null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "instalment_plan"
        constraints = [
            models.CheckConstraint(condition=models.Q(total_fen__gt=0), name="instalment_plan_total_fen"),
            models.CheckConstraint(
                condition=models.Q(creditor_document__regex=r"\S")
                & (models.Q(ground="agreement") | models.Q(security_document__regex=r"\S")),
                name="instalment_plan_consent",
            ),
            models.CheckConstraint(
                condition=models.Q(state="running", ended_on__isnull=True)
                | ~models.Q(state="running") & models.Q(ended_on__isnull=False),
                name="instalment_plan_ended",
            ),
            models.UniqueConstraint(
                fields=["claim"], name="instalment_plan_one_a_claim", condition=models.Q(state="running")
            ),
        ]
        indexes = [models.Index(fields=["matter"], name="instalment_plan_matter")]


class Instalment(models.Model):
    """One instalment. What of it was paid is computed from the receipts of its claim."""

    pk = models.CompositePrimaryKey("plan_id", "number")
    plan = refers(InstalmentPlan)
    number = models.PositiveSmallIntegerField()
    matter = refers(Matter)
    lead_agency = refers(Agency)
    due_on = models.DateField()
    amount_fen = models.BigIntegerField()

    class Meta:
        db_table = "instalment"
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="instalment_amount_fen"),
            models.UniqueConstraint(fields=["plan", "due_on"], name="instalment_day"),
        ]
