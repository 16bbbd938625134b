"""Whose desk a matter lies on; the case load of a court computed once a query."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("records", "0015_letter_content")]
    operations = [migrations.RunSQL((SQL / "desks.sql").read_text("utf-8"))]
