import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("register", "0002_releases")]

    operations = [
        migrations.CreateModel(
            name="PublicTable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table", models.CharField(max_length=60)),
                ("policy_version", models.IntegerField()),
                ("policy_fingerprint", models.CharField(max_length=64)),
                ("cells", models.JSONField()),
                ("refused", models.CharField(blank=True, max_length=400)),
                ("made_at", models.DateTimeField()),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="register.snapshot"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("snapshot", "table"), name="register_public_table_once")
                ],
            },
        ),
    ]
