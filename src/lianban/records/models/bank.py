"""The bank's side 银行对账: statements as they were imported, their lines, and which movement of ours each line is."""

from __future__ import annotations

from django.db import models

from lianban.records.identity import new_id
from lianban.records.models.agencies import Agency, Officer
from lianban.records.models.claims import refers
from lianban.records.models.funds import Fund, Payout


class BankStatement(models.Model):
    """One file. Its lines lead from the opening to the closing balance, to the fen."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = refers(Agency)
    name = models.TextField()
    digest = models.TextField()
    first_day = models.DateField()
    last_day = models.DateField()
    opening_fen = models.BigIntegerField()
    closing_fen = models.BigIntegerField()
    lines = models.PositiveIntegerField()
    officer = refers(Officer, null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "bank_statement"
        constraints = [
            models.UniqueConstraint(fields=["agency", "digest"], name="bank_statement_once"),
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="bank_statement_days"
            ),
        ]


class BankEntry(models.Model):
    """One line: positive in, negative out."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    statement = refers(BankStatement)
    agency = refers(Agency)
    line = models.PositiveIntegerField()
    on_day = models.DateField()
    amount_fen = models.BigIntegerField()
    reference = models.TextField(default="", blank=True)
    counterparty = models.TextField(default="", blank=True)
    remark = models.TextField(default="", blank=True)

    class Meta:
        db_table = "bank_entry"
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount_fen=0), name="bank_entry_amount_fen"),
            models.UniqueConstraint(fields=["statement", "line"], name="bank_entry_line"),
            # The same movement is not imported twice, in whatever file it stands.
            models.UniqueConstraint(
                fields=["agency", "reference"], name="bank_entry_once", condition=~models.Q(reference="")
            ),
        ]
        indexes = [models.Index(fields=["agency", "on_day"], name="bank_entry_day")]


class BankMatch(models.Model):
    """A line is this arrival or this payout. ``by``: the reference, the amount and day where only one of each was left,
    or an officer. ``difference_fen``: bank minus books."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = refers(Agency)
    entry = refers(BankEntry)
    fund = refers(Fund, null=True)
    payout = refers(Payout, null=True)
    # The line is the payout coming back 退汇, not its going out.
    returned = models.BooleanField(default=False)
    by = models.TextField(choices=[(one, one) for one in ("reference", "amount_and_day", "officer")])
    difference_fen = models.BigIntegerField(default=0)
    officer = refers(Officer, null=True)
    recorded_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = refers(Officer, null=True)
    undo_reason = models.TextField(default="", blank=True)

    class Meta:
        db_table = "bank_match"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(fund__isnull=False, payout__isnull=True)
                | models.Q(fund__isnull=True, payout__isnull=False),
                name="bank_match_one_movement",
            ),
            *(
                models.UniqueConstraint(
                    fields=fields,
                    name=f"bank_match_{fields[0]}_once",
                    condition=models.Q(undone_at__isnull=True),
                )
                for fields in (["entry"], ["fund"], ["payout", "returned"])
            ),
        ]
