"""Clocks 时限 that run on a record of a matter: a freeze that ends, a payout that is due, an answer a township owes.

The timers of a drawing are the drawing's (:mod:`.process`); these belong to what an act made, and run in a closed matter too.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from lianban.records.identity import new_id
from lianban.records.models.agencies import Agency
from lianban.records.models.matters import Matter


class Clock(models.Model):
    """时限. ``code`` names the rule in the clock book; ``verb`` what the kernel does when it warns or ends.

    ``next_at`` is when the worker looks next: the next warning, or the end. It is empty when nothing is left to do.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        MET = "met"
        EXPIRED = "expired"
        STOPPED = "stopped"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, db_index=False)
    lead_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    about_kind = models.TextField()
    about = models.UUIDField()
    code = models.TextField()
    verb = models.TextField(default="", blank=True)
    from_at = models.DateTimeField()
    due_on = models.DateField()
    due_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)
    unverified = models.BooleanField(default=False)
    # Days before the end on which a warning is given, the farthest first; those given are taken out.
    warn_days = ArrayField(models.IntegerField(), default=list)
    next_at = models.DateTimeField(null=True)
    state = models.TextField(choices=State.choices, default=State.RUNNING)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "clock"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="running", closed_at__isnull=True)
                | (~models.Q(state="running") & models.Q(closed_at__isnull=False, next_at__isnull=True)),
                name="clock_closed_has_a_date",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="clock_next", condition=models.Q(next_at__isnull=False)),
            models.Index(fields=["matter"], name="clock_matter"),
            models.Index(fields=["about"], name="clock_about"),
            models.Index(
                fields=["lead_agency", "due_at"], name="clock_running", condition=models.Q(state="running")
            ),
        ]
