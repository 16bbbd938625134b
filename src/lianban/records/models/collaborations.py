"""Township collaboration 乡镇协同: how it stands, what was pushed, who did each step, and the leads to property.

Four tables, because four readers: how it *stands* names no person and is the supervisor's too; what was *pushed* is the
court's and the township's, and has exactly four facts in it; a lead is facts about property, and its free text is
searched by nothing.
"""

from __future__ import annotations

from django.db import models

from lianban.engines.collaboration import Asked, Helper, LeadKind, Measured, Rating, Result, Step
from lianban.records.identity import new_id
from lianban.records.models.agencies import Agency, Officer
from lianban.records.models.claims import refers
from lianban.records.models.matters import Matter, Party


def _one_of(name: str, field: str, words: type, *, empty: bool = False) -> models.CheckConstraint:
    known = [*([""] if empty else []), *(one.value for one in words)]  # type: ignore[attr-defined]
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": known}), name=name)


class Collaboration(models.Model):
    """One request to one township, from 推送 to 评议. No person is named here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = refers(Matter)
    lead_agency = refers(Agency)
    township = refers(Agency)
    asked = models.TextField()
    state = models.TextField(default="pushed")
    pushed_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    # The last day of the answer clock, as it was agreed when the township signed.
    due_on = models.DateField(null=True)
    agreed_on = models.DateField(null=True)
    result = models.TextField(default="", blank=True)
    result_at = models.DateTimeField(null=True)
    rating = models.TextField(default="", blank=True)
    rated_at = models.DateTimeField(null=True)
    leads = models.PositiveSmallIntegerField(default=0)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "collaboration"
        constraints = [
            _one_of("collaboration_asked", "asked", Asked),
            _one_of("collaboration_state", "state", Step),
            _one_of("collaboration_result", "result", Result, empty=True),
            _one_of("collaboration_rating", "rating", Rating, empty=True),
            models.CheckConstraint(
                condition=models.Q(result="", result_at__isnull=True)
                | ~models.Q(result="") & models.Q(result_at__isnull=False),
                name="collaboration_result_has_a_date",
            ),
            models.CheckConstraint(
                condition=models.Q(rating="", rated_at__isnull=True)
                | ~models.Q(rating="") & models.Q(rated_at__isnull=False, result_at__isnull=False),
                name="collaboration_rated_after_its_result",
            ),
            models.CheckConstraint(
                condition=models.Q(signed_at__isnull=False) | models.Q(state="pushed"),
                name="collaboration_signed_first",
            ),
        ]
        indexes = [
            models.Index(fields=["matter"], name="collaboration_matter"),
            models.Index(fields=["township", "-pushed_at"], name="collaboration_township"),
            models.Index(fields=["lead_agency", "-pushed_at"], name="collaboration_lead"),
        ]


class CollaborationPush(models.Model):
    """What the township is told: the name, the case number, the amount and the question. There is no other column."""

    collaboration = models.OneToOneField(
        Collaboration, on_delete=models.PROTECT, primary_key=True, related_name="push"
    )
    matter = refers(Matter)
    lead_agency = refers(Agency)
    township = refers(Agency)
    # Of whom this tells, for the ledger: an id says nothing to a reader.
    party = refers(Party)
    name = models.TextField()
    case_no = models.TextField()
    amount_fen = models.BigIntegerField()
    question = models.TextField()

    class Meta:
        db_table = "collaboration_push"
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_fen__gte=0), name="push_amount_fen"),
            # Identity, card and telephone numbers: what looks like one does not leave.
            models.CheckConstraint(
                condition=~models.Q(question__regex=r"([0-9][ -]?){10,}")
                & models.Q(question__regex=r"^.{2,200}$"),
                name="push_question_says_no_number",
            ),
            models.CheckConstraint(
                condition=~models.Q(name__regex=r"[0-9]{10,}"), name="push_name_is_a_name"
            ),
        ]


class CollaborationStep(models.Model):
    """Who did which step when. ``helper`` is which of the 三员 was there, where one was."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    collaboration = refers(Collaboration)
    matter = refers(Matter)
    lead_agency = refers(Agency)
    township = refers(Agency)
    step = models.TextField()
    helper = models.TextField(default="", blank=True)
    agency = refers(Agency)
    officer = refers(Officer)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "collaboration_step"
        constraints = [
            _one_of("collaboration_step_step", "step", Step),
            _one_of("collaboration_step_helper", "helper", Helper, empty=True),
        ]
        indexes = [models.Index(fields=["collaboration"], name="collaboration_step_of")]


class PropertyLead(models.Model):
    """财产线索: facts about property. ``note`` is short, has no index, stands in no view, and is searched by nothing."""

    class State(models.TextChoices):
        REPORTED = "reported"
        CONFIRMED = "confirmed"
        NOT_SO = "not_so"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    collaboration = refers(Collaboration)
    matter = refers(Matter)
    lead_agency = refers(Agency)
    township = refers(Agency)
    kind = models.TextField()
    place = models.TextField()
    quantity = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    measured = models.TextField(default="", blank=True)
    opens_on = models.DateField(null=True)
    closes_on = models.DateField(null=True)
    buyer = models.TextField(default="", blank=True)
    note = models.TextField(default="", blank=True)
    helper = models.TextField()
    officer = refers(Officer)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    # 核实: the court's.
    state = models.TextField(choices=State.choices, default=State.REPORTED)
    verified_at = models.DateTimeField(null=True)
    verified_by = refers(Officer, null=True)
    finding = models.TextField(default="", blank=True)

    class Meta:
        db_table = "property_lead"
        constraints = [
            _one_of("property_lead_kind", "kind", LeadKind),
            _one_of("property_lead_helper", "helper", Helper),
            _one_of("property_lead_measured", "measured", Measured, empty=True),
            models.CheckConstraint(
                condition=models.Q(place__regex=r"^.{2,60}$")
                & models.Q(buyer__regex=r"^.{0,40}$")
                & models.Q(note__regex=r"^.{0,200}$"),
                name="property_lead_is_short",
            ),
            models.CheckConstraint(
                condition=~models.Q(place__regex=r"([0-9][ -]?){11,}")
                & ~models.Q(buyer__regex=r"([0-9][ -]?){11,}")
                & ~models.Q(note__regex=r"([0-9][ -]?){11,}"),
                name="property_lead_holds_no_number",
            ),
            models.CheckConstraint(
                condition=models.Q(closes_on__isnull=True)
                | models.Q(opens_on__isnull=False, closes_on__gte=models.F("opens_on")),
                name="property_lead_window",
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__isnull=True, measured="")
                | models.Q(quantity__gt=0) & ~models.Q(measured=""),
                name="property_lead_quantity_has_a_unit",
            ),
            models.CheckConstraint(
                condition=models.Q(state="reported", verified_at__isnull=True)
                | ~models.Q(state="reported")
                & models.Q(verified_at__isnull=False, verified_by__isnull=False),
                name="property_lead_verified_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["matter"], name="property_lead_matter"),
            models.Index(fields=["collaboration"], name="property_lead_of"),
        ]
