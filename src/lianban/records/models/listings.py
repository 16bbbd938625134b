"""Listing 失信 and limits on consumption 限制消费, each from its decision to its end. The lead agency's alone."""

from __future__ import annotations

from django.db import models

from lianban.records.identity import new_id
from lianban.records.models.agencies import Agency, Officer
from lianban.records.models.claims import refers
from lianban.records.models.matters import DataKey, Matter, Party


class Listing(models.Model):
    """失信. ``adult_checked_at`` is when the birth date in the identity number was looked at; the date is not kept.

    ``term_years`` of 0: no term (ground one). ``state``: requested → proposed → grace → listed → removed, or refused.
    """

    class State(models.TextChoices):
        REQUESTED = "requested"
        PROPOSED = "proposed"
        GRACE = "grace"
        LISTED = "listed"
        REFUSED = "refused"
        REMOVED = "removed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = refers(Matter)
    lead_agency = refers(Agency)
    party = refers(Party)
    party_kind = models.TextField()
    origin = models.TextField()
    ground = models.TextField(default="", blank=True)
    ground_item = models.PositiveSmallIntegerField(null=True)
    facts = models.TextField(default="", blank=True)
    adult_checked_at = models.DateTimeField(null=True)
    term_years = models.PositiveSmallIntegerField(default=0)
    grace_months = models.PositiveSmallIntegerField(default=0)
    state = models.TextField(choices=State.choices)
    requested_at = models.DateTimeField(null=True)
    proposed_at = models.DateTimeField(null=True)
    proposed_by = refers(Officer, null=True)
    # 决定书由院长签发，自作出之日起生效（失信规定 5）。
    signed_at = models.DateTimeField(null=True)
    signed_by = refers(Officer, null=True)
    published_on = models.DateField(null=True)
    term_ends_on = models.DateField(null=True)
    removal_event = models.TextField(default="", blank=True)
    removal_due_on = models.DateField(null=True)
    removed_at = models.DateTimeField(null=True)
    removed_by = refers(Officer, null=True)
    reason = models.TextField(default="", blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "listing"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["requested", "proposed", "grace", "listed", "refused", "removed"]),
                name="listing_state",
            ),
            models.CheckConstraint(
                condition=models.Q(origin__in=["request", "ex_officio"])
                & models.Q(party_kind__in=["person", "organisation"]),
                name="listing_origin",
            ),
            # Minors never: nothing goes beyond a request before the age of a natural person was looked at.
            models.CheckConstraint(
                condition=models.Q(state__in=["requested", "refused"])
                | models.Q(party_kind="organisation")
                | models.Q(adult_checked_at__isnull=False),
                name="listing_adult_checked",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["requested", "refused"])
                | models.Q(ground_item=1, term_years=0)
                | models.Q(ground_item__gte=2, ground_item__lte=6, term_years__gte=2, term_years__lte=5),
                name="listing_term_fits_its_ground",
            ),
            models.CheckConstraint(condition=models.Q(grace_months__lte=3), name="listing_grace"),
            models.CheckConstraint(
                condition=models.Q(state__in=["requested", "proposed", "refused"])
                | models.Q(signed_at__isnull=False, signed_by__isnull=False),
                name="listing_signed",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="listed")
                | models.Q(published_on__isnull=False)
                & (models.Q(term_years=0) | models.Q(term_ends_on__isnull=False)),
                name="listing_published",
            ),
            models.CheckConstraint(
                condition=models.Q(state="removed", removed_at__isnull=False) & ~models.Q(removal_event="")
                | ~models.Q(state="removed") & models.Q(removed_at__isnull=True),
                name="listing_removed",
            ),
            models.UniqueConstraint(
                fields=["party"], name="listing_once",
                condition=models.Q(state__in=["requested", "proposed", "grace", "listed"]),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["matter"], name="listing_matter"),
            models.Index(
                fields=["lead_agency", "term_ends_on"],
                name="listing_live",
                condition=models.Q(state="listed"),
            ),
        ]


class ConsumptionLimit(models.Model):
    """限制消费令 on one person: the debtor, or one of the four kinds of people of an organisation.

    ``person`` and its sealed identifier are filled only for those people: they are no party of the case.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = refers(Matter)
    lead_agency = refers(Agency)
    party = refers(Party)
    party_kind = models.TextField()
    capacity = models.TextField()
    person = models.TextField(default="", blank=True)
    id_kind = models.TextField(default="", blank=True)
    masked = models.TextField(default="", blank=True)
    data_key = refers(DataKey, null=True)
    sealed = models.BinaryField(null=True)
    ordered_at = models.DateTimeField()
    ordered_by = refers(Officer)
    succeeds = refers("self", null=True)
    lift_event = models.TextField(default="", blank=True)
    lift_due_on = models.DateField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = refers(Officer, null=True)
    reason = models.TextField(default="", blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "consumption_limit"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(capacity="debtor", person="", sealed__isnull=True)
                | models.Q(
                    capacity__in=["legal_representative", "principal", "directly_responsible", "controller"],
                    party_kind="organisation", sealed__isnull=False, data_key__isnull=False,
                ) & ~models.Q(person=""),
                name="limit_capacity",
            ),
            models.CheckConstraint(
                condition=models.Q(lifted_at__isnull=True) | ~models.Q(lift_event=""), name="limit_lifted_by_an_event"
            ),
            models.UniqueConstraint(
                fields=["party", "capacity", "person"], name="limit_once", condition=models.Q(lifted_at__isnull=True)
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["matter"], name="limit_matter")]
