from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0012_deaths_by_patient"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="credentialreminder",
            index=models.Index(fields=["site", "credential_key"], name="people_reminders_of"),
        ),
    ]
