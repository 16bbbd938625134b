"""Who acts: agencies, their posts, the officers who hold them, and the sessions they act in."""

from __future__ import annotations

from django.db import models

from lianban.records.identity import new_id


class Agency(models.Model):
    """单位: a court, a bureau, a bank. ``kind`` is what a scene's questions are routed by."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.TextField(unique=True)
    kind = models.TextField()
    # 法院代字 or 机关代字, as it stands in document numbers.
    organ = models.TextField(default="")
    name_zh = models.TextField()
    name_en = models.TextField()
    area_code = models.TextField(blank=True, default="")
    # The embedded server has no ICU: the order of Chinese names is stored (pinyin).
    sort_key = models.TextField(default="")

    class Meta:
        db_table = "agency"
        ordering = ["sort_key", "code"]


class Post(models.Model):
    """岗位: a seat in an agency. Tasks go to a role in an agency, or to one post, never to a name alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    code = models.TextField()
    role = models.TextField()
    name_zh = models.TextField()
    name_en = models.TextField()

    class Meta:
        db_table = "post"
        constraints = [models.UniqueConstraint(fields=["agency", "code"], name="post_code_in_agency")]
        indexes = [models.Index(fields=["agency", "role"], name="post_role")]


class Officer(models.Model):
    """经办人: a person who signs in."""

    class State(models.TextChoices):
        ACTIVE = "active"
        LOCKED = "locked"
        LEFT = "left"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.TextField(unique=True)
    name = models.TextField()
    state = models.TextField(choices=State.choices, default=State.ACTIVE)
    # System, security and audit administration are three people: one officer has at most one of them.
    administrator = models.TextField(default="", blank=True)
    language = models.TextField(default="zh-hans")
    demo = models.BooleanField(default=False)

    class Meta:
        db_table = "officer"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(administrator__in=["", "system", "security", "audit"]),
                name="officer_administrator_kind",
            ),
        ]


class OfficerSecret(models.Model):
    """What proves an officer at sign-in. Apart from the officer, because only the sign-in role reads it."""

    officer = models.OneToOneField(Officer, on_delete=models.PROTECT, primary_key=True)
    password = models.TextField()
    failed_sign_ins = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "officer_secret"


class Appointment(models.Model):
    """An officer holds a post from a day to a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT)
    post = models.ForeignKey(Post, on_delete=models.PROTECT)
    begins_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "appointment"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("begins_on")),
                name="appointment_ends_after_it_begins",
            ),
        ]


class Delegation(models.Model):
    """代理: an officer's post is held by a colleague of the same agency while the officer is away."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    post = models.ForeignKey(Post, on_delete=models.PROTECT)
    from_officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="delegations_given")
    to_officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="delegations_held")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.TextField(default="")
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "delegation"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("begins_at")), name="delegation_has_a_length"
            ),
            models.CheckConstraint(
                condition=~models.Q(from_officer=models.F("to_officer")), name="delegation_to_another"
            ),
        ]


class MachineAccount(models.Model):
    """An agency's own system, which signs in with a key instead of a password."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    post = models.ForeignKey(Post, on_delete=models.PROTECT)
    name = models.TextField()
    key_sha256 = models.BinaryField(unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "machine_account"


class AccessSession(models.Model):
    """What a signed-in officer acts in. Only the hash of its key is stored, and no role but the owner
    reads the table: the functions ``lianban.enter`` and ``lianban.open_session`` do."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key_sha256 = models.BinaryField(unique=True)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    delegation = models.ForeignKey(Delegation, on_delete=models.PROTECT, null=True)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "access_session"
