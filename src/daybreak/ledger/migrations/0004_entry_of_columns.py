"""An entry of a batch names the columns that were hashed, and where in it each row is."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_tray_settled")]

    operations = [
        migrations.AddField("entry", "columns", ArrayField(models.TextField(), null=True)),
        migrations.AddField("entry", "places", models.BinaryField(null=True)),
    ]
