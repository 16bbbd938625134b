"""Closing 结案: in which of the six modes, on which proofs; the queries after 终本; re-opening; the link to insolvency."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from lianban.records.identity import new_id
from lianban.records.models.agencies import Agency, Officer
from lianban.records.models.claims import refers
from lianban.records.models.matters import Matter, Party


class Closing(models.Model):
    """One closing of a matter. What it says in words is among its proofs: this row names nobody, and is the supervisor's too.

    ``required``: the lines of the checklist that its day asked for, each with a proof.

    ``claimed_fen`` and ``recovered_fen`` are what was asked for and what came, on the day: figures do not change when a later
    round brings more.

    ``source``: by an act here, on proofs that are kept; or by an import, as the register of a court says it. An imported
    closing comes with its matter, has no proofs, and a ground only where the register gave one.
    """

    class Source(models.TextChoices):
        ACT = "act"
        IMPORT = "import"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = refers(Matter)
    lead_agency = refers(Agency)
    mode = models.TextField()
    ground = models.TextField()
    ruling_no = models.TextField(default="", blank=True)
    filed_on = models.DateField()
    closed_on = models.DateField()
    # The last day of the period for enforcing, as it ran for this round.
    legal_end_on = models.DateField()
    case_type = models.TextField()
    required = ArrayField(models.TextField(), default=list)
    circumstances = ArrayField(models.TextField(), default=list)
    claimed_fen = models.BigIntegerField()
    recovered_fen = models.BigIntegerField()
    closed_at = models.DateTimeField()
    closed_by = refers(Officer)
    queries_until = models.DateField(null=True)
    reopened_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    source = models.TextField(choices=Source.choices, default=Source.ACT, db_default=Source.ACT)

    class Meta:
        db_table = "closing"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    mode__in=["completed", "terminated", "ended", "struck_off", "not_enforced", "dismissed"]
                ),
                name="closing_mode",
            ),
            models.CheckConstraint(
                condition=models.Q(claimed_fen__gte=0, recovered_fen__gte=0), name="closing_money"
            ),
            models.CheckConstraint(
                condition=~models.Q(mode="terminated")
                | models.Q(queries_until__isnull=False)
                & (models.Q(source="import") | models.Q(required__len__gte=6) & ~models.Q(ruling_no="")),
                name="closing_terminated_has_a_checklist",
            ),
            models.CheckConstraint(
                condition=models.Q(source="act") & ~models.Q(ground="")
                | models.Q(source="import", required__len=0, circumstances__len=0),
                name="closing_source",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_on__gte=models.F("filed_on")), name="closing_after_filing"
            ),
            models.UniqueConstraint(
                fields=["matter"], name="closing_once", condition=models.Q(reopened_at__isnull=True)
            ),
        ]
        indexes = [
            models.Index(fields=["matter"], name="closing_matter"),
            models.Index(fields=["lead_agency", "-closed_on"], name="closing_lead"),
        ]


class ClosingProof(models.Model):
    """One proof of one line: a row of the records by kind and id, or the officer's own statement."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    closing = refers(Closing)
    matter = refers(Matter)
    lead_agency = refers(Agency)
    item = models.TextField()
    kind = models.TextField()
    reference = models.UUIDField(null=True)
    statement = models.TextField(default="", blank=True)

    class Meta:
        db_table = "closing_proof"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="statement", reference__isnull=True)
                & models.Q(statement__regex=r"^.{4,}")
                | ~models.Q(kind="statement") & models.Q(reference__isnull=False),
                name="closing_proof_is_a_row_or_a_statement",
            ),
        ]
        indexes = [models.Index(fields=["closing"], name="closing_proof_of")]


class TerminatedQuery(models.Model):
    """A half-yearly query after 终本: when it was due, and what it found."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    closing = refers(Closing)
    matter = refers(Matter)
    lead_agency = refers(Agency)
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = refers(Officer, null=True)
    found = models.BooleanField(null=True)
    summary = models.TextField(default="", blank=True)
    creditor_told_on = models.DateField(null=True)

    class Meta:
        db_table = "terminated_query"
        constraints = [
            models.UniqueConstraint(fields=["closing", "number"], name="terminated_query_number"),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True, found__isnull=True)
                | models.Q(done_at__isnull=False, found__isnull=False, done_by__isnull=False),
                name="terminated_query_done_by_somebody",
            ),
        ]


class Reopening(models.Model):
    """恢复执行: the matter goes on, under its 执恢 number."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = refers(Matter)
    lead_agency = refers(Agency)
    closing = models.OneToOneField(Closing, on_delete=models.PROTECT, related_name="+")
    number = models.TextField()
    reason = models.TextField()
    reopened_at = models.DateTimeField()
    reopened_by = refers(Officer)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "reopening"
        constraints = [
            models.UniqueConstraint(fields=["lead_agency", "number"], name="reopening_number"),
            models.CheckConstraint(condition=models.Q(number__contains="执恢"), name="reopening_is_zhihui"),
        ]
        indexes = [models.Index(fields=["matter"], name="reopening_matter")]


class InsolvencyLink(models.Model):
    """执转破 or an insolvency that was opened elsewhere: a link to that case, not a case of ours."""

    class Way(models.TextChoices):
        TRANSFERRED = "transferred"
        OPENED_ELSEWHERE = "opened_elsewhere"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = refers(Matter)
    lead_agency = refers(Agency)
    party = refers(Party)
    way = models.TextField(choices=Way.choices)
    court = models.TextField()
    case_no = models.TextField(default="", blank=True)
    sent_on = models.DateField(null=True)
    accepted_on = models.DateField(null=True)
    linked_at = models.DateTimeField()
    linked_by = refers(Officer)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "insolvency_link"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_on__isnull=True)
                | models.Q(sent_on__isnull=True)
                | models.Q(accepted_on__gte=models.F("sent_on")),
                name="insolvency_accepted_after_it_was_sent",
            ),
        ]
        indexes = [models.Index(fields=["matter"], name="insolvency_link_matter")]
