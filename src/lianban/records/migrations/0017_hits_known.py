"""A court's nights know the doubtful hits they have reported already, which the court itself does not see."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("records", "0016_desks")]
    operations = [migrations.RunSQL((SQL / "hits_known.sql").read_text("utf-8"))]
