"""A role at a second site waits until the account's owner joins by that site's link."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0002_death")]

    operations = [migrations.AddField("membership", "waits_since", models.DateTimeField(null=True))]
