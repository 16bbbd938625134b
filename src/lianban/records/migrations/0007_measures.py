"""Assets, and measures of control on them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("records", "0006_drafts")]
    operations: list = []
