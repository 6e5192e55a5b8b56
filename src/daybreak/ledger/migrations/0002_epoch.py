"""Entries and seals name the cluster that counted their transactions. What was written before belongs to none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.AddField("entry", "epoch", models.BigIntegerField(default=0), preserve_default=False),
        migrations.AddField("seal", "epoch", models.BigIntegerField(default=0), preserve_default=False),
        migrations.RemoveIndex("entry", "ledger_entry_xact"),
        migrations.AddIndex("entry", models.Index(fields=["epoch", "xact"], name="ledger_entry_xact")),
        migrations.AddIndex("seal", models.Index(fields=["epoch", "upto_xact"], name="ledger_seal_upto")),
    ]
