"""Objections and reviews 异议与复议: who asks for what, what was decided, and until when an asset is barred from disposal."""

from __future__ import annotations

from django.db import models

from lianban.records.identity import new_id
from lianban.records.models.agencies import Agency, Officer
from lianban.records.models.claims import refers
from lianban.records.models.matters import Matter, Party


class Objection(models.Model):
    """One remedy. ``follows`` is the one whose refusal opened it; ``about`` the record it is against (an asset, a listing).

    ``bars`` and ``bars_until``: while the bar holds the asset may not be disposed of (民诉法 238). The lead agency's alone: it
    names people.
    """

    class State(models.TextChoices):
        RECEIVED = "received"
        FILED = "filed"
        DECIDED = "decided"

    class Decision(models.TextChoices):
        UPHELD = "upheld"
        PARTLY = "partly"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = refers(Matter)
    lead_agency = refers(Agency)
    kind = models.TextField()
    follows = refers("self", null=True)
    about_kind = models.TextField(default="", blank=True)
    about = models.UUIDField(null=True)
    party = refers(Party, null=True)
    # A third party is no party of the case: the name stands here.
    objector = models.TextField(default="", blank=True)
    request = models.TextField()
    received_on = models.DateField()
    state = models.TextField(choices=State.choices, default=State.RECEIVED)
    filed_at = models.DateTimeField(null=True)
    decision = models.TextField(choices=Decision.choices, default="", blank=True)
    reasons = models.TextField(default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = refers(Officer, null=True)
    served_on = models.DateField(null=True)
    bars = models.BooleanField(default=False)
    # NULL: without end as it stands now.
    bars_until = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "objection"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(party__isnull=False) | ~models.Q(objector=""), name="objection_has_an_objector"
            ),
            models.CheckConstraint(
                condition=models.Q(state="decided", decided_at__isnull=False, decided_by__isnull=False)
                & ~models.Q(decision="") & ~models.Q(reasons="")
                | models.Q(state__in=["received", "filed"], decided_at__isnull=True, decision=""),
                name="objection_decided_with_reasons",
            ),
            models.CheckConstraint(
                condition=models.Q(served_on__isnull=True) | models.Q(decided_at__isnull=False),
                name="objection_served_after_its_decision",
            ),
            # Only a refusal, a withdrawal or the end of a suit lets go of an asset.
            models.CheckConstraint(
                condition=models.Q(bars_until__isnull=True)
                | models.Q(bars=True, decision__in=["refused", "withdrawn"]),
                name="objection_bar_ends_by_refusal",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["matter"], name="objection_matter"),
            models.Index(fields=["matter", "about"], name="objection_bars", condition=models.Q(bars=True)),
            models.Index(
                fields=["lead_agency", "received_on"], name="objection_open",
                condition=models.Q(state__in=["received", "filed"]),
            ),
        ]  # fmt: skip
