"""Claims and money of a matter."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import lianban.records.identity

SQL = Path(__file__).resolve().parent.parent / "sql"


def run(name: str) -> migrations.RunSQL:
    return migrations.RunSQL((SQL / f"{name}.sql").read_text("utf-8"))


class Migration(migrations.Migration):
    dependencies = [("records", "0007_measures")]
    operations = [
        migrations.CreateModel(
            name="BankStatement",
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
                ("name", models.TextField()),
                ("digest", models.TextField()),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("opening_fen", models.BigIntegerField()),
                ("closing_fen", models.BigIntegerField()),
                ("lines", models.PositiveIntegerField()),
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
                "db_table": "bank_statement",
            },
        ),
        migrations.CreateModel(
            name="BankEntry",
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
                ("line", models.PositiveIntegerField()),
                ("on_day", models.DateField()),
                ("amount_fen", models.BigIntegerField()),
                ("reference", models.TextField(blank=True, default="")),
                ("counterparty", models.TextField(blank=True, default="")),
                ("remark", models.TextField(blank=True, default="")),
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
                    "statement",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.bankstatement",
                    ),
                ),
            ],
            options={
                "db_table": "bank_entry",
            },
        ),
        migrations.CreateModel(
            name="Claim",
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
                ("own", models.BooleanField(default=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "creditor",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.party",
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
                "db_table": "claim",
            },
        ),
        migrations.CreateModel(
            name="ClaimVersion",
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
                ("basis", models.TextField()),
                ("principal_fen", models.BigIntegerField()),
                ("tranches", models.PositiveSmallIntegerField()),
                ("interests", models.PositiveSmallIntegerField(default=0)),
                ("pauses", models.PositiveSmallIntegerField(default=0)),
                ("interest_fen", models.BigIntegerField(default=0)),
                ("costs_fen", models.BigIntegerField(default=0)),
                ("enforcement_costs_fen", models.BigIntegerField(default=0)),
                ("doubled_before_fen", models.BigIntegerField(default=0)),
                ("doubled_from", models.DateField(null=True)),
                ("attribution", models.TextField(default="statutory")),
                (
                    "buckets",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
                ("reason", models.TextField(blank=True, default="")),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "claim",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.claim",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.officer",
                    ),
                ),
            ],
            options={
                "db_table": "claim_version",
            },
        ),
        migrations.CreateModel(
            name="ClaimTranche",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "version_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("amount_fen", models.BigIntegerField()),
                ("last_day", models.DateField()),
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
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.claimversion",
                    ),
                ),
            ],
            options={
                "db_table": "claim_tranche",
            },
        ),
        migrations.CreateModel(
            name="ClaimPause",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "version_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("reason", models.TextField()),
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
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.claimversion",
                    ),
                ),
            ],
            options={
                "db_table": "claim_pause",
            },
        ),
        migrations.CreateModel(
            name="ClaimInterest",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "version_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("yearly_percent", models.DecimalField(decimal_places=6, max_digits=9)),
                ("first_day", models.DateField()),
                ("last_day", models.DateField(null=True)),
                ("day_basis", models.PositiveSmallIntegerField(default=365)),
                ("base_fen", models.BigIntegerField(null=True)),
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
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.claimversion",
                    ),
                ),
            ],
            options={
                "db_table": "claim_interest",
            },
        ),
        migrations.CreateModel(
            name="Distribution",
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
                ("way", models.TextField(choices=[("pro_rata", "pro_rata"), ("by_seizure", "by_seizure")])),
                ("amount_fen", models.BigIntegerField()),
                ("left_fen", models.BigIntegerField(default=0)),
                ("on_day", models.DateField()),
                (
                    "state",
                    models.TextField(
                        choices=[("draft", "Draft"), ("served", "Served"), ("cancelled", "Cancelled")],
                        default="draft",
                    ),
                ),
                ("served_on", models.DateField(null=True)),
                ("object_until", models.DateField(null=True)),
                ("note", models.TextField(blank=True, default="")),
                ("recorded_at", models.DateTimeField()),
                ("cancelled_at", models.DateTimeField(null=True)),
                ("cancel_reason", models.TextField(blank=True, default="")),
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.officer",
                    ),
                ),
            ],
            options={
                "db_table": "distribution",
            },
        ),
        migrations.CreateModel(
            name="DistributionObjection",
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
                ("by", models.TextField()),
                ("disputed_fen", models.BigIntegerField()),
                ("ground", models.TextField()),
                ("received_on", models.DateField()),
                ("told_on", models.DateField(null=True)),
                ("countered_on", models.DateField(null=True)),
                ("counter_told_on", models.DateField(null=True)),
                ("sued_on", models.DateField(null=True)),
                ("ended_on", models.DateField(null=True)),
                (
                    "outcome",
                    models.TextField(
                        blank=True,
                        choices=[
                            ("upheld", "Upheld"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Withdrawn"),
                            ("no_suit", "No Suit"),
                            ("no_answer", "No Answer"),
                        ],
                        default="",
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                (
                    "against",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.claim",
                    ),
                ),
                (
                    "distribution",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.distribution",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.officer",
                    ),
                ),
            ],
            options={
                "db_table": "distribution_objection",
            },
        ),
        migrations.CreateModel(
            name="DistributionShare",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "distribution_id",
                        "claim_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("enforcement_costs_fen", models.BigIntegerField(default=0)),
                ("priority_fen", models.BigIntegerField(default=0)),
                ("ordinary_fen", models.BigIntegerField(default=0)),
                ("doubled_fen", models.BigIntegerField(default=0)),
                ("priority_rank", models.PositiveSmallIntegerField(default=1)),
                ("seizure_rank", models.PositiveSmallIntegerField(default=1)),
                ("given_costs_fen", models.BigIntegerField(default=0)),
                ("given_priority_fen", models.BigIntegerField(default=0)),
                ("given_ordinary_fen", models.BigIntegerField(default=0)),
                ("given_doubled_fen", models.BigIntegerField(default=0)),
                (
                    "claim",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.claim",
                    ),
                ),
                (
                    "distribution",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.distribution",
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
            ],
            options={
                "db_table": "distribution_share",
            },
        ),
        migrations.CreateModel(
            name="Fund",
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
                    "kind",
                    models.TextField(
                        choices=[
                            ("payment", "Payment"),
                            ("deduction", "Deduction"),
                            ("sale", "Sale"),
                            ("deposit", "Deposit"),
                        ],
                        default="payment",
                    ),
                ),
                ("amount_fen", models.BigIntegerField()),
                ("payer", models.TextField(blank=True, default="")),
                ("bank_reference", models.TextField(blank=True, default="")),
                ("remark", models.TextField(blank=True, default="")),
                ("arrived_at", models.DateTimeField()),
                ("counts_on", models.DateField()),
                ("claimed_at", models.DateTimeField(null=True)),
                ("notified_at", models.DateTimeField(null=True)),
                ("ready_at", models.DateTimeField(null=True)),
                ("superseded_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True, default="")),
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
                    "claimed_by",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.matter",
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
                    "supersedes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.fund",
                    ),
                ),
            ],
            options={
                "db_table": "fund",
            },
        ),
        migrations.AddField(
            model_name="distribution",
            name="fund",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.fund",
            ),
        ),
        migrations.CreateModel(
            name="FundHold",
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
                    "kind",
                    models.TextField(
                        choices=[
                            ("objection", "Objection"),
                            ("third_party_claim", "Third Party Claim"),
                            ("dispute", "Dispute"),
                            ("distribution", "Distribution"),
                            ("creditor_unreachable", "Creditor Unreachable"),
                            ("account_missing", "Account Missing"),
                            ("president", "President"),
                        ]
                    ),
                ),
                ("reason", models.TextField()),
                ("approval", models.TextField(blank=True, default="")),
                ("amount_fen", models.BigIntegerField(null=True)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("lift_reason", models.TextField(blank=True, default="")),
                ("recorded_at", models.DateTimeField()),
                (
                    "fund",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.fund",
                    ),
                ),
                (
                    "held_by",
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
            ],
            options={
                "db_table": "fund_hold",
            },
        ),
        migrations.CreateModel(
            name="InstalmentPlan",
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
                ("ground", models.TextField(choices=[("agreement", "agreement"), ("security", "security")])),
                ("creditor_document", models.TextField()),
                ("security_document", models.TextField(blank=True, default="")),
                ("in_kind", models.TextField(blank=True, default="")),
                ("total_fen", models.BigIntegerField()),
                ("agreed_on", models.DateField()),
                ("last_day", models.DateField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("running", "Running"),
                            ("performed", "Performed"),
                            ("resumed", "Resumed"),
                            ("ended", "Ended"),
                        ],
                        default="running",
                    ),
                ),
                ("ended_on", models.DateField(null=True)),
                ("end_reason", models.TextField(blank=True, default="")),
                ("recorded_at", models.DateTimeField()),
                (
                    "claim",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.claim",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.officer",
                    ),
                ),
            ],
            options={
                "db_table": "instalment_plan",
            },
        ),
        migrations.CreateModel(
            name="Instalment",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "plan_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("due_on", models.DateField()),
                ("amount_fen", models.BigIntegerField()),
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
                    "plan",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.instalmentplan",
                    ),
                ),
            ],
            options={
                "db_table": "instalment",
            },
        ),
        migrations.CreateModel(
            name="Payout",
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
                    "purpose",
                    models.TextField(
                        choices=[("claim", "Claim"), ("costs", "Costs"), ("surplus", "Surplus")]
                    ),
                ),
                ("payee", models.TextField()),
                ("account_tail", models.TextField(blank=True, default="")),
                ("amount_fen", models.BigIntegerField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("approved", "Approved"),
                            ("paid", "Paid"),
                            ("refused", "Refused"),
                            ("cancelled", "Cancelled"),
                            ("returned", "Returned"),
                        ],
                        default="proposed",
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_reason", models.TextField(blank=True, default="")),
                ("paid_at", models.DateTimeField(null=True)),
                ("bank_reference", models.TextField(blank=True, default="")),
                ("returned_at", models.DateTimeField(null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "claim",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.claim",
                    ),
                ),
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
                    "distribution",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.distribution",
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.fund",
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
                    "paid_by",
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
                        related_name="+",
                        to="records.party",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.officer",
                    ),
                ),
            ],
            options={
                "db_table": "payout",
            },
        ),
        migrations.CreateModel(
            name="BankMatch",
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
                ("returned", models.BooleanField(default=False)),
                (
                    "by",
                    models.TextField(
                        choices=[
                            ("reference", "reference"),
                            ("amount_and_day", "amount_and_day"),
                            ("officer", "officer"),
                        ]
                    ),
                ),
                ("difference_fen", models.BigIntegerField(default=0)),
                ("recorded_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                ("undo_reason", models.TextField(blank=True, default="")),
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
                    "entry",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.bankentry",
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
                    "undone_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.officer",
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.fund",
                    ),
                ),
                (
                    "payout",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.payout",
                    ),
                ),
            ],
            options={
                "db_table": "bank_match",
            },
        ),
        migrations.CreateModel(
            name="Receipt",
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
                ("paid_on", models.DateField()),
                ("amount_fen", models.BigIntegerField()),
                ("ruling", models.TextField(blank=True, default="")),
                ("superseded_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True, default="")),
                ("recorded_at", models.DateTimeField()),
                (
                    "claim",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.claim",
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.fund",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.officer",
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.receipt",
                    ),
                ),
            ],
            options={
                "db_table": "receipt",
            },
        ),
        migrations.AddConstraint(
            model_name="bankstatement",
            constraint=models.UniqueConstraint(fields=("agency", "digest"), name="bank_statement_once"),
        ),
        migrations.AddConstraint(
            model_name="bankstatement",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_day__gte", models.F("first_day"))), name="bank_statement_days"
            ),
        ),
        migrations.AddIndex(
            model_name="bankentry",
            index=models.Index(fields=["agency", "on_day"], name="bank_entry_day"),
        ),
        migrations.AddConstraint(
            model_name="bankentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_fen", 0), _negated=True), name="bank_entry_amount_fen"
            ),
        ),
        migrations.AddConstraint(
            model_name="bankentry",
            constraint=models.UniqueConstraint(fields=("statement", "line"), name="bank_entry_line"),
        ),
        migrations.AddConstraint(
            model_name="bankentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reference", ""), _negated=True),
                fields=("agency", "reference"),
                name="bank_entry_once",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["matter"], name="claim_matter"),
        ),
        migrations.AddConstraint(
            model_name="claimversion",
            constraint=models.UniqueConstraint(fields=("claim", "number"), name="claim_version_number"),
        ),
        migrations.AddConstraint(
            model_name="claimversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("principal_fen__gte", 0)), name="claim_version_principal_fen"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("interest_fen__gte", 0)), name="claim_version_interest_fen"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("costs_fen__gte", 0)), name="claim_version_costs_fen"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("enforcement_costs_fen__gte", 0)),
                name="claim_version_enforcement_costs_fen",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("doubled_before_fen__gte", 0)), name="claim_version_doubled_before_fen"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("number", 1), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="claim_version_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimtranche",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_fen__gte", 0)), name="claim_tranche_amount_fen"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimpause",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_day__gte", models.F("first_day"))), name="claim_pause_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="claiminterest",
            constraint=models.CheckConstraint(
                condition=models.Q(("yearly_percent__gte", 0)), name="claim_interest_yearly_percent"
            ),
        ),
        migrations.AddConstraint(
            model_name="claiminterest",
            constraint=models.CheckConstraint(
                condition=models.Q(("base_fen__gte", 0)), name="claim_interest_base_fen"
            ),
        ),
        migrations.AddConstraint(
            model_name="claiminterest",
            constraint=models.CheckConstraint(
                condition=models.Q(("day_basis__in", [360, 365])), name="claim_interest_basis"
            ),
        ),
        migrations.AddConstraint(
            model_name="claiminterest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("last_day__isnull", True), ("last_day__gte", models.F("first_day")), _connector="OR"
                ),
                name="claim_interest_days",
            ),
        ),
        migrations.AddIndex(
            model_name="distributionobjection",
            index=models.Index(fields=["distribution"], name="distribution_objection_plan"),
        ),
        migrations.AddConstraint(
            model_name="distributionobjection",
            constraint=models.CheckConstraint(
                condition=models.Q(("disputed_fen__gt", 0)), name="distribution_objection_disputed_fen"
            ),
        ),
        migrations.AddConstraint(
            model_name="distributionobjection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_on__isnull", True), ("outcome", "")),
                    models.Q(("ended_on__isnull", False), models.Q(("outcome", ""), _negated=True)),
                    _connector="OR",
                ),
                name="distribution_objection_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="distributionshare",
            constraint=models.CheckConstraint(
                condition=models.Q(("enforcement_costs_fen__gte", 0)),
                name="distribution_share_enforcement_costs_fen",
            ),
        ),
        migrations.AddConstraint(
            model_name="distributionshare",
            constraint=models.CheckConstraint(
                condition=models.Q(("priority_fen__gte", 0)), name="distribution_share_priority_fen"
            ),
        ),
        migrations.AddConstraint(
            model_name="distributionshare",
            constraint=models.CheckConstraint(
                condition=models.Q(("ordinary_fen__gte", 0)), name="distribution_share_ordinary_fen"
            ),
        ),
        migrations.AddConstraint(
            model_name="distributionshare",
            constraint=models.CheckConstraint(
                condition=models.Q(("doubled_fen__gte", 0)), name="distribution_share_doubled_fen"
            ),
        ),
        migrations.AddConstraint(
            model_name="distributionshare",
            constraint=models.CheckConstraint(
                condition=models.Q(("given_costs_fen__gte", 0)), name="distribution_share_given_costs_fen"
            ),
        ),
        migrations.AddConstraint(
            model_name="distributionshare",
            constraint=models.CheckConstraint(
                condition=models.Q(("given_priority_fen__gte", 0)),
                name="distribution_share_given_priority_fen",
            ),
        ),
        migrations.AddConstraint(
            model_name="distributionshare",
            constraint=models.CheckConstraint(
                condition=models.Q(("given_ordinary_fen__gte", 0)),
                name="distribution_share_given_ordinary_fen",
            ),
        ),
        migrations.AddConstraint(
            model_name="distributionshare",
            constraint=models.CheckConstraint(
                condition=models.Q(("given_doubled_fen__gte", 0)), name="distribution_share_given_doubled_fen"
            ),
        ),
        migrations.AddConstraint(
            model_name="distributionshare",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("given_costs_fen__lte", models.F("enforcement_costs_fen")),
                    ("given_doubled_fen__lte", models.F("doubled_fen")),
                    (
                        "given_ordinary_fen__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("ordinary_fen"), "+", models.F("doubled_fen")
                        ),
                    ),
                    ("given_priority_fen__lte", models.F("priority_fen")),
                ),
                name="distribution_share_at_most_the_claim",
            ),
        ),
        migrations.AddIndex(
            model_name="fund",
            index=models.Index(fields=["matter"], name="fund_matter"),
        ),
        migrations.AddIndex(
            model_name="fund",
            index=models.Index(fields=["agency", "-arrived_at"], name="fund_agency"),
        ),
        migrations.AddConstraint(
            model_name="fund",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_fen__gt", 0)), name="fund_amount_fen"
            ),
        ),
        migrations.AddConstraint(
            model_name="fund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("claimed_at__isnull", True), ("matter__isnull", True)),
                    models.Q(("claimed_at__isnull", False), ("matter__isnull", False)),
                    _connector="OR",
                ),
                name="fund_claimed_for_a_matter",
            ),
        ),
        migrations.AddConstraint(
            model_name="fund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("notified_at__isnull", True),
                    ("notified_at__gte", models.F("arrived_at")),
                    _connector="OR",
                ),
                name="fund_notified_after_arrival",
            ),
        ),
        migrations.AddConstraint(
            model_name="fund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ready_at__isnull", True), ("ready_at__gte", models.F("arrived_at")), _connector="OR"
                ),
                name="fund_ready_after_arrival",
            ),
        ),
        migrations.AddConstraint(
            model_name="fund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("supersedes__isnull", True), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="fund_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="fund",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("bank_reference", ""), _negated=True), ("superseded_at__isnull", True)
                ),
                fields=("agency", "bank_reference"),
                name="fund_bank_reference",
            ),
        ),
        migrations.AddConstraint(
            model_name="distribution",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_fen__gt", 0)), name="distribution_amount_fen"
            ),
        ),
        migrations.AddConstraint(
            model_name="distribution",
            constraint=models.CheckConstraint(
                condition=models.Q(("left_fen__gte", 0)), name="distribution_left_fen"
            ),
        ),
        migrations.AddConstraint(
            model_name="distribution",
            constraint=models.UniqueConstraint(fields=("matter", "number"), name="distribution_number"),
        ),
        migrations.AddConstraint(
            model_name="distribution",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "cancelled"), _negated=True),
                fields=("fund",),
                name="distribution_fund",
            ),
        ),
        migrations.AddConstraint(
            model_name="distribution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "served"), _negated=True),
                    models.Q(
                        ("object_until__gt", models.F("served_on")),
                        ("object_until__isnull", False),
                        ("served_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="distribution_served",
            ),
        ),
        migrations.AddIndex(
            model_name="fundhold",
            index=models.Index(fields=["fund"], name="fund_hold_fund"),
        ),
        migrations.AddConstraint(
            model_name="fundhold",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_fen__gt", 0)), name="fund_hold_amount_fen"
            ),
        ),
        migrations.AddConstraint(
            model_name="fundhold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="fund_hold_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="fundhold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["objection", "third_party_claim", "dispute", "distribution"]),
                    models.Q(("approval", ""), _negated=True),
                    _connector="OR",
                ),
                name="fund_hold_approval",
            ),
        ),
        migrations.AddIndex(
            model_name="instalmentplan",
            index=models.Index(fields=["matter"], name="instalment_plan_matter"),
        ),
        migrations.AddConstraint(
            model_name="instalmentplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("total_fen__gt", 0)), name="instalment_plan_total_fen"
            ),
        ),
        migrations.AddConstraint(
            model_name="instalmentplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("creditor_document__regex", "\\S"),
                    models.Q(("ground", "agreement"), ("security_document__regex", "\\S"), _connector="OR"),
                ),
                name="instalment_plan_consent",
            ),
        ),
        migrations.AddConstraint(
            model_name="instalmentplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_on__isnull", True), ("state", "running")),
                    models.Q(models.Q(("state", "running"), _negated=True), ("ended_on__isnull", False)),
                    _connector="OR",
                ),
                name="instalment_plan_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="instalmentplan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "running")),
                fields=("claim",),
                name="instalment_plan_one_a_claim",
            ),
        ),
        migrations.AddConstraint(
            model_name="instalment",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_fen__gt", 0)), name="instalment_amount_fen"
            ),
        ),
        migrations.AddConstraint(
            model_name="instalment",
            constraint=models.UniqueConstraint(fields=("plan", "due_on"), name="instalment_day"),
        ),
        migrations.AddIndex(
            model_name="payout",
            index=models.Index(fields=["fund"], name="payout_fund"),
        ),
        migrations.AddIndex(
            model_name="payout",
            index=models.Index(fields=["matter"], name="payout_matter"),
        ),
        migrations.AddIndex(
            model_name="payout",
            index=models.Index(
                condition=models.Q(("state__in", ["proposed", "approved"])),
                fields=["lead_agency", "proposed_at"],
                name="payout_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_fen__gt", 0)), name="payout_amount_fen"
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose", "surplus"), ("claim__isnull", False), _connector="OR"),
                name="payout_claim",
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.CheckConstraint(
                condition=models.Q(("account_tail__regex", "^[0-9]{0,6}$")), name="payout_account_tail"
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("state", "proposed")),
                    models.Q(models.Q(("state", "proposed"), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="payout_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["paid", "returned"]), _negated=True),
                    ("paid_at__isnull", False),
                    _connector="OR",
                ),
                name="payout_paid",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankmatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("fund__isnull", False), ("payout__isnull", True)),
                    models.Q(("fund__isnull", True), ("payout__isnull", False)),
                    _connector="OR",
                ),
                name="bank_match_one_movement",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankmatch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at__isnull", True)),
                fields=("entry",),
                name="bank_match_entry_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankmatch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at__isnull", True)), fields=("fund",), name="bank_match_fund_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="bankmatch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at__isnull", True)),
                fields=("payout", "returned"),
                name="bank_match_payout_once",
            ),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(fields=["claim"], name="receipt_claim"),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(fields=["fund"], name="receipt_fund"),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_fen__gt", 0),
                    models.Q(("amount_fen", 0), ("supersedes__isnull", False)),
                    _connector="OR",
                ),
                name="receipt_amount_fen",
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("fund__isnull", False), models.Q(("ruling", ""), _negated=True), _connector="OR"
                ),
                name="receipt_of_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("supersedes__isnull", True), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="receipt_reason",
            ),
        ),
        run("payments"),
    ]
