"""The ledger's tree in tiles; without the indexes and the checks that no statement asked for."""

from pathlib import Path

import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"
KEPT = {"db_index": False, "on_delete": django.db.models.deletion.PROTECT}


def _refers(model: str, field: str, to: str, **more: object) -> migrations.AlterField:
    return migrations.AlterField(model, field, models.ForeignKey(to=f"records.{to}", **KEPT, **more))


class Migration(migrations.Migration):
    dependencies = [("records", "0013_enforcement_more")]
    operations = [
        migrations.CreateModel(
            name="LedgerTile",
            fields=[
                ("level", models.SmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hashes", models.BinaryField()),
                (
                    "entries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), null=True, size=None
                    ),
                ),
                ("span", django.contrib.postgres.fields.ranges.DateTimeRangeField(null=True)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level", "index", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
            options={
                "db_table": "ledger_tile",
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(fields=["span"], name="ledger_tile_span")
                ],
            },
        ),
        migrations.RunSQL((SQL / "ledger_tiles.sql").read_text("utf-8")),
        migrations.DeleteModel("LedgerLeaf"),
        migrations.DeleteModel("LedgerNode"),
        # Covered by another index, or by the unique constraint, that begins with the same column.
        _refers("leg", "matter", "matter"),
        _refers("leg", "agency", "agency", related_name="legs"),
        _refers("matter", "lead_agency", "agency"),
        _refers("party", "matter", "matter"),
        migrations.RemoveIndex("scope", "scope_matter"),
        migrations.RemoveIndex("scope", "scope_parent"),
        migrations.AddIndex("scope", models.Index(fields=["matter", "parent"], name="scope_tree")),
        # A token and a timer repeat their scope's matter and agency, which are checked there.
        _refers("token", "matter", "matter", db_constraint=False),
        _refers("token", "agency", "agency", null=True, db_constraint=False),
        _refers("timer", "matter", "matter", db_constraint=False),
        _refers("timer", "agency", "agency", null=True, db_constraint=False),
    ]
