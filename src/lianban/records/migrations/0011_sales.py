"""Valuation and sale of assets."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

import lianban.records.identity

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("records", "0010_registries")]
    operations = [
        migrations.CreateModel(
            name="Valuation",
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
                    "method",
                    models.TextField(
                        choices=[
                            ("agreed", "agreed"),
                            ("directed", "directed"),
                            ("online", "online"),
                            ("appraisal", "appraisal"),
                        ]
                    ),
                ),
                ("started_on", models.DateField()),
                (
                    "state",
                    models.TextField(
                        choices=[("running", "Running"), ("settled", "Settled"), ("failed", "Failed")],
                        default="running",
                    ),
                ),
                ("value_fen", models.BigIntegerField(null=True)),
                ("settled_on", models.DateField(null=True)),
                ("valid_until", models.DateField(null=True)),
                ("note", models.TextField(blank=True, default="")),
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
                "db_table": "valuation",
            },
        ),
        migrations.CreateModel(
            name="Sale",
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
                        choices=[("auction", "auction"), ("direct", "direct"), ("self", "self")]
                    ),
                ),
                ("ground", models.TextField(blank=True, default="")),
                ("facts", models.JSONField(default=list)),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("announced_on", models.DateField()),
                ("start_fen", models.BigIntegerField()),
                ("deposit_fen", models.BigIntegerField(default=0)),
                ("bidding_from", models.DateTimeField(null=True)),
                ("bidding_until", models.DateTimeField(null=True)),
                ("until", models.DateField(null=True)),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("announced", "Announced"),
                            ("sold", "Sold"),
                            ("failed", "Failed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="announced",
                    ),
                ),
                ("ended_on", models.DateField(null=True)),
                ("price_fen", models.BigIntegerField(null=True)),
                ("buyer", models.TextField(blank=True, default="")),
                ("paid_on", models.DateField(null=True)),
                ("transferred_on", models.DateField(null=True)),
                ("transfer_number", models.TextField(blank=True, default="")),
                ("served_on", models.DateField(null=True)),
                ("delivered_on", models.DateField(null=True)),
                ("reason", models.TextField(blank=True, default="")),
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
                (
                    "valuation",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="records.valuation",
                    ),
                ),
            ],
            options={
                "db_table": "sale",
            },
        ),
        migrations.AddIndex(
            model_name="valuation",
            index=models.Index(fields=["matter"], name="valuation_matter"),
        ),
        migrations.AddConstraint(
            model_name="valuation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "settled"), _negated=True),
                    models.Q(
                        ("settled_on__gte", models.F("started_on")),
                        ("valid_until__gte", models.F("settled_on")),
                        ("value_fen__gt", 0),
                    ),
                    _connector="OR",
                ),
                name="valuation_settled_has_a_value",
            ),
        ),
        migrations.AddConstraint(
            model_name="valuation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "running")), fields=("asset",), name="valuation_one_at_a_time"
            ),
        ),
        migrations.AddIndex(
            model_name="sale",
            index=models.Index(fields=["matter"], name="sale_matter"),
        ),
        migrations.AddConstraint(
            model_name="sale",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_on__isnull", True), ("state", "announced")),
                    models.Q(
                        models.Q(("state", "announced"), _negated=True),
                        ("ended_on__gte", models.F("announced_on")),
                    ),
                    _connector="OR",
                ),
                name="sale_ended_has_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="sale",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "sold"), _negated=True),
                    ("price_fen__gte", models.F("start_fen")),
                    _connector="OR",
                ),
                name="sale_not_below_its_floor",
            ),
        ),
        migrations.AddConstraint(
            model_name="sale",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("paid_on__isnull", True),
                    models.Q(("paid_on__gte", models.F("ended_on")), ("state", "sold")),
                    _connector="OR",
                ),
                name="sale_paid_after_sold",
            ),
        ),
        migrations.AddConstraint(
            model_name="sale",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("transferred_on__isnull", True),
                    ("transferred_on__gte", models.F("paid_on")),
                    _connector="OR",
                ),
                name="sale_title_after_payment",
            ),
        ),
        migrations.AddConstraint(
            model_name="sale",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("delivered_on__isnull", True),
                    ("delivered_on__gte", models.F("transferred_on")),
                    _connector="OR",
                ),
                name="sale_possession_after_title",
            ),
        ),
        migrations.AddConstraint(
            model_name="sale",
            constraint=models.CheckConstraint(
                condition=models.Q(("deposit_fen__gte", 0), ("start_fen__gt", 0)), name="sale_amounts"
            ),
        ),
        migrations.AddConstraint(
            model_name="sale",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["announced", "sold"])),
                fields=("asset",),
                name="sale_one_at_a_time",
            ),
        ),
        migrations.RunSQL((SQL / "sales.sql").read_text("utf-8")),
    ]
