"""Township collaboration, listings and limits, objections, closings."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import lianban.records.identity

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("records", "0008_payments")]
    operations = [
        migrations.CreateModel(
            name="Collaboration",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lianban.records.identity.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("asked", models.TextField()),
                ("state", models.TextField(default="pushed")),
                ("pushed_at", models.DateTimeField()),
                ("signed_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("agreed_on", models.DateField(null=True)),
                ("result", models.TextField(blank=True, default="")),
                ("result_at", models.DateTimeField(null=True)),
                ("rating", models.TextField(blank=True, default="")),
                ("rated_at", models.DateTimeField(null=True)),
                ("leads", models.PositiveSmallIntegerField(default=0)),
                ("recorded_at", models.DateTimeField()),
                (
                    "lead_agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.agency",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.matter",
                    ),
                ),
                (
                    "township",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.agency",
                    ),
                ),
            ],
            options={
                "db_table": "collaboration",
            },
        ),
        migrations.CreateModel(
            name="Closing",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lianban.records.identity.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("mode", models.TextField()),
                ("ground", models.TextField()),
                ("ruling_no", models.TextField(blank=True, default="")),
                ("filed_on", models.DateField()),
                ("closed_on", models.DateField()),
                ("legal_end_on", models.DateField()),
                ("case_type", models.TextField()),
                (
                    "required",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                (
                    "circumstances",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("claimed_fen", models.BigIntegerField()),
                ("recovered_fen", models.BigIntegerField()),
                ("closed_at", models.DateTimeField()),
                ("queries_until", models.DateField(null=True)),
                ("reopened_at", models.DateTimeField(null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "closed_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.officer",
                    ),
                ),
                (
                    "lead_agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.agency",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.matter",
                    ),
                ),
            ],
            options={
                "db_table": "closing",
            },
        ),
        migrations.CreateModel(
            name="ClosingProof",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lianban.records.identity.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("item", models.TextField()),
                ("kind", models.TextField()),
                ("reference", models.UUIDField(null=True)),
                ("statement", models.TextField(blank=True, default="")),
                (
                    "closing",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.closing",
                    ),
                ),
                (
                    "lead_agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.agency",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.matter",
                    ),
                ),
            ],
            options={
                "db_table": "closing_proof",
            },
        ),
        migrations.CreateModel(
            name="CollaborationPush",
            fields=[
                (
                    "collaboration",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="push",
                        serialize=False,
                        to="records.collaboration",
                    ),
                ),
                ("name", models.TextField()),
                ("case_no", models.TextField()),
                ("amount_fen", models.BigIntegerField()),
                ("question", models.TextField()),
            ],
            options={
                "db_table": "collaboration_push",
            },
        ),
        migrations.CreateModel(
            name="CollaborationStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lianban.records.identity.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("step", models.TextField()),
                ("helper", models.TextField(blank=True, default="")),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.agency",
                    ),
                ),
                (
                    "collaboration",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.collaboration",
                    ),
                ),
                (
                    "lead_agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.agency",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.matter",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.officer",
                    ),
                ),
                (
                    "township",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.agency",
                    ),
                ),
            ],
            options={
                "db_table": "collaboration_step",
            },
        ),
        migrations.CreateModel(
            name="ConsumptionLimit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lianban.records.identity.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("party_kind", models.TextField()),
                ("capacity", models.TextField()),
                ("person", models.TextField(blank=True, default="")),
                ("id_kind", models.TextField(blank=True, default="")),
                ("masked", models.TextField(blank=True, default="")),
                ("sealed", models.BinaryField(null=True)),
                ("ordered_at", models.DateTimeField()),
                ("lift_event", models.TextField(blank=True, default="")),
                ("lift_due_on", models.DateField(null=True)),
                ("lifted_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True, default="")),
                ("recorded_at", models.DateTimeField()),
                (
                    "data_key",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.datakey",
                    ),
                ),
                (
                    "lead_agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.agency",
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.officer",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.matter",
                    ),
                ),
                (
                    "ordered_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.officer",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.party",
                    ),
                ),
                (
                    "succeeds",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.consumptionlimit",
                    ),
                ),
            ],
            options={
                "db_table": "consumption_limit",
            },
        ),
        migrations.CreateModel(
            name="InsolvencyLink",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lianban.records.identity.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "way",
                    models.TextField(
                        choices=[("transferred", "Transferred"), ("opened_elsewhere", "Opened Elsewhere")]
                    ),
                ),
                ("court", models.TextField()),
                ("case_no", models.TextField(blank=True, default="")),
                ("sent_on", models.DateField(null=True)),
                ("accepted_on", models.DateField(null=True)),
                ("linked_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "lead_agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.agency",
                    ),
                ),
                (
                    "linked_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.officer",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.matter",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.party",
                    ),
                ),
            ],
            options={
                "db_table": "insolvency_link",
            },
        ),
        migrations.CreateModel(
            name="Listing",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lianban.records.identity.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("party_kind", models.TextField()),
                ("origin", models.TextField()),
                ("ground", models.TextField(blank=True, default="")),
                ("ground_item", models.PositiveSmallIntegerField(null=True)),
                ("facts", models.TextField(blank=True, default="")),
                ("adult_checked_at", models.DateTimeField(null=True)),
                ("term_years", models.PositiveSmallIntegerField(default=0)),
                ("grace_months", models.PositiveSmallIntegerField(default=0)),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("requested", "Requested"),
                            ("proposed", "Proposed"),
                            ("grace", "Grace"),
                            ("listed", "Listed"),
                            ("refused", "Refused"),
                            ("removed", "Removed"),
                        ]
                    ),
                ),
                ("requested_at", models.DateTimeField(null=True)),
                ("proposed_at", models.DateTimeField(null=True)),
                ("signed_at", models.DateTimeField(null=True)),
                ("published_on", models.DateField(null=True)),
                ("term_ends_on", models.DateField(null=True)),
                ("removal_event", models.TextField(blank=True, default="")),
                ("removal_due_on", models.DateField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True, default="")),
                ("recorded_at", models.DateTimeField()),
                (
                    "lead_agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.agency",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.matter",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.party",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.officer",
                    ),
                ),
                (
                    "removed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.officer",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.officer",
                    ),
                ),
            ],
            options={
                "db_table": "listing",
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lianban.records.identity.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.TextField()),
                ("about_kind", models.TextField(blank=True, default="")),
                ("about", models.UUIDField(null=True)),
                ("objector", models.TextField(blank=True, default="")),
                ("request", models.TextField()),
                ("received_on", models.DateField()),
                (
                    "state",
                    models.TextField(
                        choices=[("received", "Received"), ("filed", "Filed"), ("decided", "Decided")],
                        default="received",
                    ),
                ),
                ("filed_at", models.DateTimeField(null=True)),
                (
                    "decision",
                    models.TextField(
                        blank=True,
                        choices=[
                            ("upheld", "Upheld"),
                            ("partly", "Partly"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="",
                    ),
                ),
                ("reasons", models.TextField(blank=True, default="")),
                ("decided_at", models.DateTimeField(null=True)),
                ("served_on", models.DateField(null=True)),
                ("bars", models.BooleanField(default=False)),
                ("bars_until", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.officer",
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.objection",
                    ),
                ),
                (
                    "lead_agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.agency",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.matter",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.party",
                    ),
                ),
            ],
            options={
                "db_table": "objection",
            },
        ),
        migrations.CreateModel(
            name="PropertyLead",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lianban.records.identity.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.TextField()),
                ("place", models.TextField()),
                ("quantity", models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ("measured", models.TextField(blank=True, default="")),
                ("opens_on", models.DateField(null=True)),
                ("closes_on", models.DateField(null=True)),
                ("buyer", models.TextField(blank=True, default="")),
                ("note", models.TextField(blank=True, default="")),
                ("helper", models.TextField()),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "state",
                    models.TextField(
                        choices=[("reported", "Reported"), ("confirmed", "Confirmed"), ("not_so", "Not So")],
                        default="reported",
                    ),
                ),
                ("verified_at", models.DateTimeField(null=True)),
                ("finding", models.TextField(blank=True, default="")),
                (
                    "collaboration",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.collaboration",
                    ),
                ),
                (
                    "lead_agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.agency",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.matter",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.officer",
                    ),
                ),
                (
                    "township",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.agency",
                    ),
                ),
                (
                    "verified_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.officer",
                    ),
                ),
            ],
            options={
                "db_table": "property_lead",
            },
        ),
        migrations.CreateModel(
            name="Reopening",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lianban.records.identity.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.TextField()),
                ("reason", models.TextField()),
                ("reopened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "closing",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.closing"
                    ),
                ),
                (
                    "lead_agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.agency",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.matter",
                    ),
                ),
                (
                    "reopened_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.officer",
                    ),
                ),
            ],
            options={
                "db_table": "reopening",
            },
        ),
        migrations.CreateModel(
            name="TerminatedQuery",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lianban.records.identity.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("due_on", models.DateField()),
                ("done_at", models.DateTimeField(null=True)),
                ("found", models.BooleanField(null=True)),
                ("summary", models.TextField(blank=True, default="")),
                ("creditor_told_on", models.DateField(null=True)),
                (
                    "closing",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.closing",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.officer",
                    ),
                ),
                (
                    "lead_agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.agency",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.matter",
                    ),
                ),
            ],
            options={
                "db_table": "terminated_query",
            },
        ),
        migrations.AddIndex(
            model_name="closing",
            index=models.Index(fields=["matter"], name="closing_matter"),
        ),
        migrations.AddIndex(
            model_name="closing",
            index=models.Index(fields=["lead_agency", "-closed_on"], name="closing_lead"),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "mode__in",
                        ["completed", "terminated", "ended", "struck_off", "not_enforced", "dismissed"],
                    )
                ),
                name="closing_mode",
            ),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.CheckConstraint(
                condition=models.Q(("claimed_fen__gte", 0), ("recovered_fen__gte", 0)), name="closing_money"
            ),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("mode", "terminated"), _negated=True),
                    models.Q(
                        ("queries_until__isnull", False),
                        ("required__len__gte", 6),
                        models.Q(("ruling_no", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="closing_terminated_has_a_checklist",
            ),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_on__gte", models.F("filed_on"))), name="closing_after_filing"
            ),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reopened_at__isnull", True)), fields=("matter",), name="closing_once"
            ),
        ),
        migrations.AddIndex(
            model_name="closingproof",
            index=models.Index(fields=["closing"], name="closing_proof_of"),
        ),
        migrations.AddConstraint(
            model_name="closingproof",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "statement"), ("reference__isnull", True), ("statement__regex", "^.{4,}")
                    ),
                    models.Q(models.Q(("kind", "statement"), _negated=True), ("reference__isnull", False)),
                    _connector="OR",
                ),
                name="closing_proof_is_a_row_or_a_statement",
            ),
        ),
        migrations.AddField(
            model_name="collaborationpush",
            name="lead_agency",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.agency",
            ),
        ),
        migrations.AddField(
            model_name="collaborationpush",
            name="matter",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.matter",
            ),
        ),
        migrations.AddField(
            model_name="collaborationpush",
            name="party",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.party",
            ),
        ),
        migrations.AddField(
            model_name="collaborationpush",
            name="township",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.agency",
            ),
        ),
        migrations.AddIndex(
            model_name="collaboration",
            index=models.Index(fields=["matter"], name="collaboration_matter"),
        ),
        migrations.AddIndex(
            model_name="collaboration",
            index=models.Index(fields=["township", "-pushed_at"], name="collaboration_township"),
        ),
        migrations.AddIndex(
            model_name="collaboration",
            index=models.Index(fields=["lead_agency", "-pushed_at"], name="collaboration_lead"),
        ),
        migrations.AddConstraint(
            model_name="collaboration",
            constraint=models.CheckConstraint(
                condition=models.Q(("asked__in", ["look_for_property", "witness", "mediate"])),
                name="collaboration_asked",
            ),
        ),
        migrations.AddConstraint(
            model_name="collaboration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "pushed",
                            "signed",
                            "surveyed",
                            "lead_reported",
                            "day_agreed",
                            "result_recorded",
                            "rated",
                        ],
                    )
                ),
                name="collaboration_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="collaboration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "result__in",
                        [
                            "",
                            "settled",
                            "performed",
                            "property_controlled",
                            "witnessed",
                            "nothing_found",
                            "not_done",
                        ],
                    )
                ),
                name="collaboration_result",
            ),
        ),
        migrations.AddConstraint(
            model_name="collaboration",
            constraint=models.CheckConstraint(
                condition=models.Q(("rating__in", ["", "good", "fair", "to_improve"])),
                name="collaboration_rating",
            ),
        ),
        migrations.AddConstraint(
            model_name="collaboration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("result", ""), ("result_at__isnull", True)),
                    models.Q(models.Q(("result", ""), _negated=True), ("result_at__isnull", False)),
                    _connector="OR",
                ),
                name="collaboration_result_has_a_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="collaboration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("rated_at__isnull", True), ("rating", "")),
                    models.Q(
                        models.Q(("rating", ""), _negated=True),
                        ("rated_at__isnull", False),
                        ("result_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="collaboration_rated_after_its_result",
            ),
        ),
        migrations.AddConstraint(
            model_name="collaboration",
            constraint=models.CheckConstraint(
                condition=models.Q(("signed_at__isnull", False), ("state", "pushed"), _connector="OR"),
                name="collaboration_signed_first",
            ),
        ),
        migrations.AddIndex(
            model_name="collaborationstep",
            index=models.Index(fields=["collaboration"], name="collaboration_step_of"),
        ),
        migrations.AddConstraint(
            model_name="collaborationstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "step__in",
                        [
                            "pushed",
                            "signed",
                            "surveyed",
                            "lead_reported",
                            "day_agreed",
                            "result_recorded",
                            "rated",
                        ],
                    )
                ),
                name="collaboration_step_step",
            ),
        ),
        migrations.AddConstraint(
            model_name="collaborationstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("helper__in", ["", "grid_worker", "village_team", "mediator"])),
                name="collaboration_step_helper",
            ),
        ),
        migrations.AddIndex(
            model_name="consumptionlimit",
            index=models.Index(fields=["matter"], name="limit_matter"),
        ),
        migrations.AddConstraint(
            model_name="consumptionlimit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("capacity", "debtor"), ("person", ""), ("sealed__isnull", True)),
                    models.Q(
                        (
                            "capacity__in",
                            ["legal_representative", "principal", "directly_responsible", "controller"],
                        ),
                        ("data_key__isnull", False),
                        ("party_kind", "organisation"),
                        ("sealed__isnull", False),
                        models.Q(("person", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="limit_capacity",
            ),
        ),
        migrations.AddConstraint(
            model_name="consumptionlimit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("lifted_at__isnull", True), models.Q(("lift_event", ""), _negated=True), _connector="OR"
                ),
                name="limit_lifted_by_an_event",
            ),
        ),
        migrations.AddConstraint(
            model_name="consumptionlimit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at__isnull", True)),
                fields=("party", "capacity", "person"),
                name="limit_once",
            ),
        ),
        migrations.AddIndex(
            model_name="insolvencylink",
            index=models.Index(fields=["matter"], name="insolvency_link_matter"),
        ),
        migrations.AddConstraint(
            model_name="insolvencylink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accepted_on__isnull", True),
                    ("sent_on__isnull", True),
                    ("accepted_on__gte", models.F("sent_on")),
                    _connector="OR",
                ),
                name="insolvency_accepted_after_it_was_sent",
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(fields=["matter"], name="listing_matter"),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                condition=models.Q(("state", "listed")),
                fields=["lead_agency", "term_ends_on"],
                name="listing_live",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["requested", "proposed", "grace", "listed", "refused", "removed"])
                ),
                name="listing_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("origin__in", ["request", "ex_officio"]), ("party_kind__in", ["person", "organisation"])
                ),
                name="listing_origin",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["requested", "refused"]),
                    ("party_kind", "organisation"),
                    ("adult_checked_at__isnull", False),
                    _connector="OR",
                ),
                name="listing_adult_checked",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["requested", "refused"]),
                    models.Q(("ground_item", 1), ("term_years", 0)),
                    models.Q(
                        ("ground_item__gte", 2),
                        ("ground_item__lte", 6),
                        ("term_years__gte", 2),
                        ("term_years__lte", 5),
                    ),
                    _connector="OR",
                ),
                name="listing_term_fits_its_ground",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(("grace_months__lte", 3)), name="listing_grace"
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["requested", "proposed", "refused"]),
                    models.Q(("signed_at__isnull", False), ("signed_by__isnull", False)),
                    _connector="OR",
                ),
                name="listing_signed",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "listed"), _negated=True),
                    models.Q(
                        ("published_on__isnull", False),
                        models.Q(("term_years", 0), ("term_ends_on__isnull", False), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="listing_published",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("removed_at__isnull", False),
                        ("state", "removed"),
                        models.Q(("removal_event", ""), _negated=True),
                    ),
                    models.Q(models.Q(("state", "removed"), _negated=True), ("removed_at__isnull", True)),
                    _connector="OR",
                ),
                name="listing_removed",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["requested", "proposed", "grace", "listed"])),
                fields=("party",),
                name="listing_once",
            ),
        ),
        migrations.AddIndex(
            model_name="objection",
            index=models.Index(fields=["matter"], name="objection_matter"),
        ),
        migrations.AddIndex(
            model_name="objection",
            index=models.Index(
                condition=models.Q(("bars", True)), fields=["matter", "about"], name="objection_bars"
            ),
        ),
        migrations.AddIndex(
            model_name="objection",
            index=models.Index(
                condition=models.Q(("state__in", ["received", "filed"])),
                fields=["lead_agency", "received_on"],
                name="objection_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("party__isnull", False), models.Q(("objector", ""), _negated=True), _connector="OR"
                ),
                name="objection_has_an_objector",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("state", "decided"),
                        models.Q(("decision", ""), _negated=True),
                        models.Q(("reasons", ""), _negated=True),
                    ),
                    models.Q(
                        ("decided_at__isnull", True), ("decision", ""), ("state__in", ["received", "filed"])
                    ),
                    _connector="OR",
                ),
                name="objection_decided_with_reasons",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("served_on__isnull", True), ("decided_at__isnull", False), _connector="OR"
                ),
                name="objection_served_after_its_decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("bars_until__isnull", True),
                    models.Q(("bars", True), ("decision__in", ["refused", "withdrawn"])),
                    _connector="OR",
                ),
                name="objection_bar_ends_by_refusal",
            ),
        ),
        migrations.AddIndex(
            model_name="propertylead",
            index=models.Index(fields=["matter"], name="property_lead_matter"),
        ),
        migrations.AddIndex(
            model_name="propertylead",
            index=models.Index(fields=["collaboration"], name="property_lead_of"),
        ),
        migrations.AddConstraint(
            model_name="propertylead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "crop",
                            "livestock",
                            "house",
                            "land_contract",
                            "machinery",
                            "vehicle",
                            "goods",
                            "subsidy",
                            "debt_owed",
                            "other",
                        ],
                    )
                ),
                name="property_lead_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="propertylead",
            constraint=models.CheckConstraint(
                condition=models.Q(("helper__in", ["grid_worker", "village_team", "mediator"])),
                name="property_lead_helper",
            ),
        ),
        migrations.AddConstraint(
            model_name="propertylead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("measured__in", ["", "mu", "head", "kilogram", "tonne", "square_metre", "piece", "yuan"])
                ),
                name="property_lead_measured",
            ),
        ),
        migrations.AddConstraint(
            model_name="propertylead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("place__regex", "^.{2,60}$"),
                    ("buyer__regex", "^.{0,40}$"),
                    ("note__regex", "^.{0,200}$"),
                ),
                name="property_lead_is_short",
            ),
        ),
        migrations.AddConstraint(
            model_name="propertylead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("place__regex", "([0-9][ -]?){11,}"), _negated=True),
                    models.Q(("buyer__regex", "([0-9][ -]?){11,}"), _negated=True),
                    models.Q(("note__regex", "([0-9][ -]?){11,}"), _negated=True),
                ),
                name="property_lead_holds_no_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="propertylead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closes_on__isnull", True),
                    models.Q(("closes_on__gte", models.F("opens_on")), ("opens_on__isnull", False)),
                    _connector="OR",
                ),
                name="property_lead_window",
            ),
        ),
        migrations.AddConstraint(
            model_name="propertylead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("measured", ""), ("quantity__isnull", True)),
                    models.Q(("quantity__gt", 0), models.Q(("measured", ""), _negated=True)),
                    _connector="OR",
                ),
                name="property_lead_quantity_has_a_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="propertylead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "reported"), ("verified_at__isnull", True)),
                    models.Q(
                        models.Q(("state", "reported"), _negated=True),
                        ("verified_at__isnull", False),
                        ("verified_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="property_lead_verified_by_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="reopening",
            index=models.Index(fields=["matter"], name="reopening_matter"),
        ),
        migrations.AddConstraint(
            model_name="reopening",
            constraint=models.UniqueConstraint(fields=("lead_agency", "number"), name="reopening_number"),
        ),
        migrations.AddConstraint(
            model_name="reopening",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__contains", "执恢")), name="reopening_is_zhihui"
            ),
        ),
        migrations.AddConstraint(
            model_name="terminatedquery",
            constraint=models.UniqueConstraint(fields=("closing", "number"), name="terminated_query_number"),
        ),
        migrations.AddConstraint(
            model_name="terminatedquery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at__isnull", True), ("found__isnull", True)),
                    models.Q(
                        ("done_at__isnull", False), ("done_by__isnull", False), ("found__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="terminated_query_done_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="collaborationpush",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_fen__gte", 0)), name="push_amount_fen"
            ),
        ),
        migrations.AddConstraint(
            model_name="collaborationpush",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("question__regex", "([0-9][ -]?){10,}"), _negated=True),
                    ("question__regex", "^.{2,200}$"),
                ),
                name="push_question_says_no_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="collaborationpush",
            constraint=models.CheckConstraint(
                condition=models.Q(("name__regex", "[0-9]{10,}"), _negated=True), name="push_name_is_a_name"
            ),
        ),
        migrations.RunSQL((SQL / "collaboration.sql").read_text("utf-8")),
    ]
