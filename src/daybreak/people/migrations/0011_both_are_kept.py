"""Two records in both of which care stands may be said to be one person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0010_duplicate_decisions")]

    operations = [
        migrations.AlterField(
            model_name="duplicatedecision",
            name="verdict",
            field=models.CharField(
                choices=[("same", "same"), ("both", "both"), ("different", "different"), ("undone", "undone")],
                max_length=10,
            ),
        ),
    ]
