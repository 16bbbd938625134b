"""Assets, and measures of control on them."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import lianban.records.identity

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("records", "0006_drafts")]
    operations = [
        migrations.CreateModel(
            name="AssetKind",
            fields=[
                ("code", models.TextField(primary_key=True, serialize=False)),
                ("family", models.TextField()),
                ("zh", models.TextField()),
                ("en", models.TextField()),
            ],
            options={
                "db_table": "asset_kind",
            },
        ),
        migrations.CreateModel(
            name="Asset",
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
                ("key", models.TextField()),
                ("name", models.TextField()),
                ("value_fen", models.BigIntegerField(null=True)),
                ("share_numerator", models.IntegerField(default=1)),
                ("share_denominator", models.IntegerField(default=1)),
                ("encumbrance_fen", models.BigIntegerField(default=0)),
                ("divisible", models.BooleanField(default=True)),
                ("details", models.JSONField(default=dict)),
                (
                    "found_by",
                    models.TextField(
                        choices=[
                            ("answer", "Answer"),
                            ("lead", "Lead"),
                            ("declaration", "Declaration"),
                            ("collision", "Collision"),
                            ("other", "Other"),
                        ]
                    ),
                ),
                ("found_ref", models.UUIDField(null=True)),
                ("occurred_at", models.DateTimeField()),
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
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="records.matter"
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.officer",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.party",
                    ),
                ),
                (
                    "unit_agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.agency",
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        db_column="kind",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.assetkind",
                    ),
                ),
            ],
            options={
                "db_table": "asset",
            },
        ),
        migrations.CreateModel(
            name="AssetValue",
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
                    "basis",
                    models.TextField(
                        choices=[
                            ("estimate", "Estimate"),
                            ("answer", "Answer"),
                            ("agreement", "Agreement"),
                            ("inquiry", "Inquiry"),
                            ("appraisal", "Appraisal"),
                        ]
                    ),
                ),
                ("value_fen", models.BigIntegerField(null=True)),
                ("share_numerator", models.IntegerField(default=1)),
                ("share_denominator", models.IntegerField(default=1)),
                ("encumbrance_fen", models.BigIntegerField(default=0)),
                ("valued_on", models.DateField()),
                ("note", models.TextField(blank=True, default="")),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "asset",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="records.asset"
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
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="records.matter"
                    ),
                ),
                (
                    "officer",
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
                "db_table": "asset_value",
            },
        ),
        migrations.CreateModel(
            name="Measure",
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
                ("asset_key", models.TextField()),
                ("asset_kind", models.TextField()),
                ("asset_name", models.TextField()),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("seal", "Seal"),
                            ("freeze", "Freeze"),
                            ("detain", "Detain"),
                            ("deduct", "Deduct"),
                        ]
                    ),
                ),
                (
                    "basis",
                    models.TextField(
                        choices=[
                            ("enforcement", "enforcement"),
                            ("preservation", "preservation"),
                            ("administrative", "administrative"),
                        ]
                    ),
                ),
                ("claim", models.TextField(default="ordinary")),
                (
                    "facts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("clock", models.TextField(blank=True, default="")),
                ("ordered_on", models.DateField()),
                ("ordered_at", models.DateTimeField()),
                ("ceiling_fen", models.BigIntegerField()),
                ("printed_end", models.DateField(null=True)),
                ("number", models.TextField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("served_at", models.DateTimeField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
                ("disposed_at", models.DateTimeField(null=True)),
                ("disposed_by", models.TextField(blank=True, default="")),
                ("changed_at", models.DateTimeField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("ordered", "Ordered"),
                            ("effective", "Effective"),
                            ("waiting", "Waiting"),
                            ("released", "Released"),
                            ("lapsed", "Lapsed"),
                            ("disposed", "Disposed"),
                            ("no_object", "No Object"),
                        ],
                        default="ordered",
                    ),
                ),
                ("rank", models.IntegerField(null=True)),
                ("effective_from", models.DateTimeField(null=True)),
                ("ends_on", models.DateField(null=True)),
                ("computed_end", models.DateField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("renewals", models.IntegerField(default=0)),
                (
                    "notes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("stood_at", models.DateTimeField(null=True)),
                (
                    "asset",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="records.asset"
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
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="records.matter"
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.officer",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.post",
                    ),
                ),
                (
                    "served_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.officer",
                    ),
                ),
                (
                    "unit_agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.agency",
                    ),
                ),
            ],
            options={
                "db_table": "measure",
            },
        ),
        migrations.CreateModel(
            name="MeasureAnswer",
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
                ("round", models.PositiveSmallIntegerField()),
                (
                    "outcome",
                    models.TextField(
                        choices=[
                            ("done", "Done"),
                            ("partial", "Partial"),
                            ("waiting", "Waiting"),
                            ("not_found", "Not Found"),
                            ("refused", "Refused"),
                        ]
                    ),
                ),
                ("amount_fen", models.BigIntegerField(null=True)),
                ("rank", models.IntegerField(null=True)),
                ("ends_on", models.DateField(null=True)),
                ("remark", models.TextField(blank=True, default="")),
                ("received_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("digest", models.TextField()),
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
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="records.matter"
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="records.measure"
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.officer",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.agency",
                    ),
                ),
            ],
            options={
                "db_table": "measure_answer",
            },
        ),
        migrations.CreateModel(
            name="MeasureExcess",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="records.matter",
                    ),
                ),
                ("held_fen", models.BigIntegerField()),
                ("most_fen", models.BigIntegerField()),
                ("since", models.DateTimeField()),
                (
                    "lead_agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.agency",
                    ),
                ),
            ],
            options={
                "db_table": "measure_excess",
            },
        ),
        migrations.CreateModel(
            name="MeasureLimit",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("basis", models.TextField()),
                ("asset", models.TextField()),
                ("claim", models.TextField()),
                ("step", models.TextField()),
                ("allowed", models.BooleanField()),
                (
                    "when_any",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("clock", models.TextField(blank=True, default="")),
                ("renewal", models.TextField(blank=True, default="")),
                ("term", models.TextField(blank=True, default="")),
                ("renewal_term", models.TextField(blank=True, default="")),
                ("renewals_most", models.IntegerField(null=True)),
                ("from_day", models.DateField()),
                ("to_day", models.DateField(null=True)),
                ("reason_zh", models.TextField(blank=True, default="")),
                ("reason_en", models.TextField(blank=True, default="")),
                ("alarm_zh", models.TextField(blank=True, default="")),
                ("alarm_en", models.TextField(blank=True, default="")),
                ("source", models.TextField()),
                ("unverified", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "measure_limit",
                "indexes": [
                    models.Index(fields=["clock", "renewal", "from_day"], name="measure_limit_clock")
                ],
            },
        ),
        migrations.CreateModel(
            name="MeasureRelease",
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
                ("amount_fen", models.BigIntegerField(null=True)),
                (
                    "ground",
                    models.TextField(
                        choices=[
                            ("excess", "Excess"),
                            ("performed", "Performed"),
                            ("security", "Security"),
                            ("third_party", "Third Party"),
                            ("withdrawn", "Withdrawn"),
                            ("exempt", "Exempt"),
                            ("other", "Other"),
                        ]
                    ),
                ),
                ("reason", models.TextField()),
                ("number", models.TextField()),
                ("ordered_at", models.DateTimeField()),
                ("arrived_at", models.DateTimeField(null=True)),
                ("changed_at", models.DateTimeField()),
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
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="records.matter"
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="records.measure"
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.officer",
                    ),
                ),
                (
                    "unit_agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.agency",
                    ),
                ),
            ],
            options={
                "db_table": "measure_release",
            },
        ),
        migrations.CreateModel(
            name="MeasureRenewal",
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
                ("round", models.PositiveSmallIntegerField()),
                ("ordered_on", models.DateField()),
                ("printed_end", models.DateField(null=True)),
                ("number", models.TextField(blank=True, default="")),
                ("reason", models.TextField(blank=True, default="")),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("drafted", "Drafted"),
                            ("signed", "Signed"),
                            ("sent", "Sent"),
                            ("served", "Served"),
                            ("not_wanted", "Not Wanted"),
                        ],
                        default="drafted",
                    ),
                ),
                ("drafted_at", models.DateTimeField()),
                ("signed_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("served_at", models.DateTimeField(null=True)),
                ("changed_at", models.DateTimeField()),
                (
                    "drafted_by",
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
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="records.matter"
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="records.measure"
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
                (
                    "unit_agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.agency",
                    ),
                ),
            ],
            options={
                "db_table": "measure_renewal",
            },
        ),
        migrations.AddIndex(
            model_name="asset",
            index=models.Index(fields=["unit_agency", "key"], name="asset_key"),
        ),
        migrations.AddConstraint(
            model_name="asset",
            constraint=models.UniqueConstraint(
                fields=("matter", "unit_agency", "key"), name="asset_once_per_matter"
            ),
        ),
        migrations.AddConstraint(
            model_name="asset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("key", ""), _negated=True), models.Q(("name", ""), _negated=True)
                ),
                name="asset_has_a_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="asset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("share_numerator__gt", 0), ("share_numerator__lte", models.F("share_denominator"))
                ),
                name="asset_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="asset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("encumbrance_fen__gte", 0),
                    models.Q(("value_fen__isnull", True), ("value_fen__gte", 0), _connector="OR"),
                ),
                name="asset_amounts",
            ),
        ),
        migrations.AddIndex(
            model_name="assetvalue",
            index=models.Index(fields=["asset", "recorded_at"], name="asset_value_asset"),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(fields=["unit_agency", "asset_key"], name="measure_key"),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(fields=["matter"], name="measure_matter"),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(
                condition=models.Q(("state__in", ["effective", "waiting"])),
                fields=["lead_agency", "officer", "ends_on"],
                name="measure_radar",
            ),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(
                condition=models.Q(("state__in", ["effective", "waiting"])),
                fields=["ends_on"],
                name="measure_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("served_at__isnull", False),
                    models.Q(
                        ("effective_from__isnull", True),
                        ("ends_on__isnull", True),
                        ("rank__isnull", True),
                        ("state", "ordered"),
                    ),
                    _connector="OR",
                ),
                name="measure_no_effect_before_service",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("effective_from__isnull", True),
                    ("effective_from__gte", models.F("served_at")),
                    _connector="OR",
                ),
                name="measure_effect_from_service",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("computed_end__isnull", True),
                    ("ends_on__isnull", True),
                    ("ends_on__lte", models.F("computed_end")),
                    _connector="OR",
                ),
                name="measure_never_outlives_maximum",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(("ceiling_fen__gte", 0)), name="measure_ceiling"
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["seal", "freeze", "detain", "deduct"])), name="measure_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["ordered", "effective", "waiting", "released", "lapsed", "disposed", "no_object"],
                    )
                ),
                name="measure_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("released_at__isnull", True),
                    ("released_at__gte", models.F("served_at")),
                    _connector="OR",
                ),
                name="measure_released_after_service",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("disposed_at__isnull", True),
                    ("disposed_at__gte", models.F("served_at")),
                    _connector="OR",
                ),
                name="measure_disposed_after_service",
            ),
        ),
        migrations.AddConstraint(
            model_name="measureanswer",
            constraint=models.UniqueConstraint(fields=("measure", "round"), name="measure_answer_round"),
        ),
        migrations.AddConstraint(
            model_name="measureanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["done", "partial", "waiting", "not_found", "refused"])),
                name="measure_answer_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="measurerelease",
            constraint=models.UniqueConstraint(
                condition=models.Q(("arrived_at__isnull", True)),
                fields=("measure",),
                name="measure_release_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="measurerenewal",
            constraint=models.UniqueConstraint(fields=("measure", "round"), name="measure_renewal_round"),
        ),
        migrations.AddConstraint(
            model_name="measurerenewal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["drafted", "signed", "sent"])),
                fields=("measure",),
                name="measure_renewal_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="measurerenewal",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["drafted", "signed", "sent", "served", "not_wanted"])),
                name="measure_renewal_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="measurerenewal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("served_at__isnull", False), ("state", "served")),
                    models.Q(models.Q(("state", "served"), _negated=True), ("served_at__isnull", True)),
                    _connector="OR",
                ),
                name="measure_renewal_served_has_a_moment",
            ),
        ),
        migrations.RunSQL((SQL / "measures.sql").read_text("utf-8")),
    ]
