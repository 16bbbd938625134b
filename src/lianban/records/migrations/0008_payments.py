"""Claims and money of a matter."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("records", "0007_measures")]
    operations: list = []
