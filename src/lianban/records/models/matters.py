"""What is handled: matters, the agencies' legs in them, and their parties."""

from __future__ import annotations

from django.db import models

from lianban.records.identity import new_id
from lianban.records.models.agencies import Agency


class Drawing(models.Model):
    """One version of a scene's process: the file as it was drawn, and the hash of what it means.

    An open matter keeps the version it was opened with, whatever the scene's folder says tomorrow.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    scene = models.TextField()
    version = models.PositiveIntegerField()
    graph_hash = models.TextField()
    bpmn = models.TextField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "drawing"
        constraints = [
            models.UniqueConstraint(fields=["scene", "version"], name="drawing_version"),
        ]
        # The same meaning drawn otherwise is a version of its own: where shapes stand is worth keeping.
        indexes = [models.Index(fields=["scene", "graph_hash"], name="drawing_meaning")]


class Matter(models.Model):
    """事项. ``opened_at`` is when it happened in the world, ``recorded_at`` when it was written here."""

    class State(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    scene = models.TextField()
    number = models.TextField()
    title = models.TextField()
    drawing = models.ForeignKey(Drawing, on_delete=models.PROTECT)
    lead_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, db_index=False)
    state = models.TextField(choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    # A replayed log or an import: one name for all matters that arrived together.
    batch = models.TextField(null=True, blank=True)  # noqa: DJ001  (NULL keeps the partial index small)
    # The number of the last event in this matter's history; taken under the matter's lock.
    last_event = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "matter"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="open", closed_at__isnull=True)
                | (~models.Q(state="open") & models.Q(closed_at__isnull=False)),
                name="matter_closed_has_a_date",
            ),
        ]
        indexes = [
            models.Index(fields=["lead_agency", "-opened_at"], name="matter_lead"),
            models.Index(fields=["scene", "state", "-opened_at"], name="matter_scene"),
            # A case is asked for by its number, and an import finds those that are there already.
            models.Index(fields=["number"], name="matter_number"),
            models.Index(fields=["batch"], name="matter_batch", condition=models.Q(batch__isnull=False)),
        ]


class MatterContent(models.Model):
    """What the scene's form says of a matter. Apart, because it is the lead agency's alone."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True)
    data = models.JSONField()

    class Meta:
        db_table = "matter_content"


class Leg(models.Model):
    """A matter belongs to no single agency: each has its leg, and sees by it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, db_index=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="legs", db_index=False)
    lead_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    role = models.TextField(choices=[("lead", "lead"), ("assist", "assist")])
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "leg"
        constraints = [models.UniqueConstraint(fields=["matter", "agency"], name="leg_once_per_agency")]
        indexes = [models.Index(fields=["agency", "-opened_at"], name="leg_agency")]


class Party(models.Model):
    """当事人. A row belongs to one matter: there is no table of all persons."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, db_index=False)
    role = models.TextField()
    kind = models.TextField(choices=[("person", "person"), ("organisation", "organisation")])
    name = models.TextField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "party"
        indexes = [models.Index(fields=["matter"], name="party_matter")]


class PartyIdentifier(models.Model):
    """An identity number: sealed in an envelope, masked for the screen, found only by its blind index."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT)
    kind = models.TextField()
    masked = models.TextField()
    data_key = models.ForeignKey("records.DataKey", on_delete=models.PROTECT)
    sealed = models.BinaryField()

    class Meta:
        db_table = "party_identifier"


class IdentityIndex(models.Model):
    """The keyed HMAC of an identifier. No role but the owner can select it: ``lianban.same_identity``
    compares it within one agency's own matters, so that nobody can walk from matter to matter by it."""

    identifier = models.OneToOneField(PartyIdentifier, on_delete=models.PROTECT, primary_key=True)
    blind_index = models.BinaryField(db_index=True)

    class Meta:
        db_table = "identity_index"


class DataKey(models.Model):
    """A key that seals values, itself sealed by the master key (envelope encryption)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sealed = models.BinaryField()
    algorithm = models.TextField(default="AES-256-GCM")
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "data_key"
