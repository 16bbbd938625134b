"""Imports of matters and registry rows."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("records", "0011_sales")]
    operations: list = []
