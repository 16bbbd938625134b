"""Closings that come with an import; the payouts that figures count."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("records", "0012_imports")]
    operations = [
        migrations.AddField(
            model_name="closing",
            name="source",
            field=models.TextField(
                choices=[("act", "Act"), ("import", "Import")], db_default="act", default="act"
            ),
        ),
        migrations.RemoveConstraint(model_name="closing", name="closing_terminated_has_a_checklist"),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("mode", "terminated"), _negated=True),
                    models.Q(
                        ("queries_until__isnull", False),
                        models.Q(
                            ("source", "import"),
                            models.Q(("required__len__gte", 6), models.Q(("ruling_no", ""), _negated=True)),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="closing_terminated_has_a_checklist",
            ),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("source", "act"), models.Q(("ground", ""), _negated=True)),
                    models.Q(("circumstances__len", 0), ("required__len", 0), ("source", "import")),
                    _connector="OR",
                ),
                name="closing_source",
            ),
        ),
        migrations.RunSQL((SQL / "enforcement_more.sql").read_text("utf-8")),
    ]
