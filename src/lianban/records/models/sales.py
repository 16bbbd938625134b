"""Valuation and sale 评估与处置: what an asset is worth, and how it was turned into money."""

from __future__ import annotations

from django.db import models

from lianban.records.identity import new_id
from lianban.records.models.agencies import Agency, Officer
from lianban.records.models.assets import Asset
from lianban.records.models.matters import Matter

KEPT = {"on_delete": models.PROTECT, "db_index": False}


class Valuation(models.Model):
    """One attempt at a reference price 处置参考价. A later one supersedes it; none is edited once it is settled."""

    class State(models.TextChoices):
        RUNNING = "running"
        SETTLED = "settled"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, **KEPT)
    lead_agency = models.ForeignKey(Agency, related_name="+", **KEPT)
    asset = models.ForeignKey(Asset, **KEPT)
    method = models.TextField(choices=[(m, m) for m in ("agreed", "directed", "online", "appraisal")])
    started_on = models.DateField()
    state = models.TextField(choices=State.choices, default=State.RUNNING)
    value_fen = models.BigIntegerField(null=True)
    settled_on = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    note = models.TextField(default="", blank=True)
    officer = models.ForeignKey(Officer, null=True, related_name="+", **KEPT)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "valuation"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="settled")
                | models.Q(
                    value_fen__gt=0,
                    settled_on__gte=models.F("started_on"),
                    valid_until__gte=models.F("settled_on"),
                ),
                name="valuation_settled_has_a_value",
            ),
            models.UniqueConstraint(
                fields=["asset"], condition=models.Q(state="running"), name="valuation_one_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["matter"], name="valuation_matter")]


class Sale(models.Model):
    """One attempt to sell: announced, then sold or failed or withdrawn; sold, then paid, ruled over and delivered.

    Five facts with five dates: a bid that was accepted is not yet money, money not yet title, title not yet possession.
    """

    class State(models.TextChoices):
        ANNOUNCED = "announced"
        SOLD = "sold"
        FAILED = "failed"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, **KEPT)
    lead_agency = models.ForeignKey(Agency, related_name="+", **KEPT)
    asset = models.ForeignKey(Asset, **KEPT)
    valuation = models.ForeignKey(Valuation, null=True, **KEPT)
    way = models.TextField(choices=[(w, w) for w in ("auction", "direct", "self")])
    ground = models.TextField(default="", blank=True)
    # Facts the exemption of a dwelling asks for (异议复议规定 20).
    facts = models.JSONField(default=list)
    round = models.PositiveSmallIntegerField(default=1)
    announced_on = models.DateField()
    start_fen = models.BigIntegerField()
    deposit_fen = models.BigIntegerField(default=0)
    bidding_from = models.DateTimeField(null=True)
    bidding_until = models.DateTimeField(null=True)
    until = models.DateField(null=True)
    state = models.TextField(choices=State.choices, default=State.ANNOUNCED)
    ended_on = models.DateField(null=True)
    price_fen = models.BigIntegerField(null=True)
    buyer = models.TextField(default="", blank=True)
    paid_on = models.DateField(null=True)
    transferred_on = models.DateField(null=True)
    transfer_number = models.TextField(default="", blank=True)
    served_on = models.DateField(null=True)
    delivered_on = models.DateField(null=True)
    reason = models.TextField(default="", blank=True)
    officer = models.ForeignKey(Officer, null=True, related_name="+", **KEPT)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "sale"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="announced", ended_on__isnull=True)
                | (~models.Q(state="announced") & models.Q(ended_on__gte=models.F("announced_on"))),
                name="sale_ended_has_a_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sold") | models.Q(price_fen__gte=models.F("start_fen")),
                name="sale_not_below_its_floor",
            ),
            # Money, title, possession, each after the one before.
            models.CheckConstraint(
                condition=models.Q(paid_on__isnull=True)
                | models.Q(state="sold", paid_on__gte=models.F("ended_on")),
                name="sale_paid_after_sold",
            ),
            models.CheckConstraint(
                condition=models.Q(transferred_on__isnull=True)
                | models.Q(transferred_on__gte=models.F("paid_on")),
                name="sale_title_after_payment",
            ),
            models.CheckConstraint(
                condition=models.Q(delivered_on__isnull=True)
                | models.Q(delivered_on__gte=models.F("transferred_on")),
                name="sale_possession_after_title",
            ),
            models.CheckConstraint(
                condition=models.Q(start_fen__gt=0, deposit_fen__gte=0), name="sale_amounts"
            ),
            models.UniqueConstraint(
                fields=["asset"],
                condition=models.Q(state__in=["announced", "sold"]),
                name="sale_one_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["matter"], name="sale_matter")]
