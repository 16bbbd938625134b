"""Money in the court's account 案款: each arrival, what holds it back, and how it leaves."""

from __future__ import annotations

from django.db import models

from lianban.records.identity import new_id
from lianban.records.models.agencies import Agency, Officer
from lianban.records.models.claims import Claim, refers
from lianban.records.models.matters import Matter, Party


class Fund(models.Model):
    """One arrival. Without a matter it is unclaimed 待认领, and its court alone knows of it."""

    class Kind(models.TextChoices):
        PAYMENT = "payment"
        DEDUCTION = "deduction"
        SALE = "sale"
        DEPOSIT = "deposit"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = refers(Agency)
    matter = refers(Matter, null=True)
    kind = models.TextField(choices=Kind.choices, default=Kind.PAYMENT)
    amount_fen = models.BigIntegerField()
    payer = models.TextField(default="", blank=True)
    bank_reference = models.TextField(default="", blank=True)
    remark = models.TextField(default="", blank=True)
    arrived_at = models.DateTimeField()
    # The day that counts as the day of payment (法释〔2014〕8号 3): of the payment, the deduction or the ruling of sale.
    counts_on = models.DateField()
    claimed_at = models.DateTimeField(null=True)
    claimed_by = refers(Officer, null=True)
    # The two triggers of a payout clock: the finance office's notice, and the day the conditions were met.
    notified_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="+")
    superseded_at = models.DateTimeField(null=True)
    reason = models.TextField(default="", blank=True)
    officer = refers(Officer, null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "fund"
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="fund_amount_fen"),
            models.CheckConstraint(
                condition=models.Q(matter__isnull=True, claimed_at__isnull=True)
                | models.Q(matter__isnull=False, claimed_at__isnull=False),
                name="fund_claimed_for_a_matter",
            ),
            models.CheckConstraint(
                condition=models.Q(notified_at__isnull=True) | models.Q(notified_at__gte=models.F("arrived_at")),
                name="fund_notified_after_arrival",
            ),
            models.CheckConstraint(
                condition=models.Q(ready_at__isnull=True) | models.Q(ready_at__gte=models.F("arrived_at")),
                name="fund_ready_after_arrival",
            ),
            models.CheckConstraint(
                condition=models.Q(supersedes__isnull=True) | ~models.Q(reason=""), name="fund_reason"
            ),
            models.UniqueConstraint(
                fields=["agency", "bank_reference"], name="fund_bank_reference",
                condition=~models.Q(bank_reference="") & models.Q(superseded_at__isnull=True),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["matter"], name="fund_matter"),
            models.Index(fields=["agency", "-arrived_at"], name="fund_agency"),
        ]


class FundHold(models.Model):
    """Why money stays 暂缓发放. ``amount_fen`` of NULL: all of it. ``approval``: the word of the president, where the kind
    needs it."""

    class Kind(models.TextChoices):
        OBJECTION = "objection"
        THIRD_PARTY_CLAIM = "third_party_claim"
        DISPUTE = "dispute"
        DISTRIBUTION = "distribution"
        CREDITOR_UNREACHABLE = "creditor_unreachable"
        ACCOUNT_MISSING = "account_missing"
        PRESIDENT = "president"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = refers(Matter)
    lead_agency = refers(Agency)
    fund = refers(Fund)
    kind = models.TextField(choices=Kind.choices)
    reason = models.TextField()
    approval = models.TextField(default="", blank=True)
    amount_fen = models.BigIntegerField(null=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    held_by = refers(Officer, null=True)
    lifted_by = refers(Officer, null=True)
    lift_reason = models.TextField(default="", blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "fund_hold"
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="fund_hold_amount_fen"),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="fund_hold_days",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["objection", "third_party_claim", "dispute", "distribution"])
                | ~models.Q(approval=""),
                name="fund_hold_approval",
            ),
        ]
        indexes = [models.Index(fields=["fund"], name="fund_hold_fund")]


class Payout(models.Model):
    """Money that leaves: proposed by one officer, approved by another, paid. ``returned`` came back from the bank."""

    class State(models.TextChoices):
        PROPOSED = "proposed"
        APPROVED = "approved"
        PAID = "paid"
        REFUSED = "refused"
        CANCELLED = "cancelled"
        RETURNED = "returned"

    class Purpose(models.TextChoices):
        CLAIM = "claim"  # to the creditor
        COSTS = "costs"  # 执行费用, to the treasury
        SURPLUS = "surplus"  # what nobody is owed goes back

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = refers(Matter)
    lead_agency = refers(Agency)
    fund = refers(Fund)
    purpose = models.TextField(choices=Purpose.choices)
    claim = refers(Claim, null=True)
    distribution = refers("records.Distribution", null=True)
    party = refers(Party, null=True)
    payee = models.TextField()
    # The last digits only: the number itself stays with the bank and the finance office.
    account_tail = models.TextField(default="", blank=True)
    amount_fen = models.BigIntegerField()
    state = models.TextField(choices=State.choices, default=State.PROPOSED)
    proposed_by = refers(Officer)
    proposed_at = models.DateTimeField()
    decided_by = refers(Officer, null=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(default="", blank=True)
    paid_at = models.DateTimeField(null=True)
    paid_by = refers(Officer, null=True)
    bank_reference = models.TextField(default="", blank=True)
    returned_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "payout"
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="payout_amount_fen"),
            models.CheckConstraint(
                condition=models.Q(purpose="surplus") | models.Q(claim__isnull=False), name="payout_claim"
            ),
            models.CheckConstraint(
                condition=models.Q(account_tail__regex=r"^[0-9]{0,6}$"), name="payout_account_tail"
            ),
            models.CheckConstraint(
                condition=models.Q(state="proposed", decided_at__isnull=True)
                | ~models.Q(state="proposed") & models.Q(decided_at__isnull=False),
                name="payout_decided",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["paid", "returned"]) | models.Q(paid_at__isnull=False),
                name="payout_paid",
            ),
        ]
        indexes = [
            models.Index(fields=["fund"], name="payout_fund"),
            models.Index(fields=["matter"], name="payout_matter"),
            models.Index(
                fields=["lead_agency", "proposed_at"], name="payout_waiting",
                condition=models.Q(state__in=["proposed", "approved"]),
            ),
        ]  # fmt: skip
