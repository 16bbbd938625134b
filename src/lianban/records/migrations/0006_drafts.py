"""Drawings and decision tables being edited."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("records", "0005_clocks")]
    operations: list = []
