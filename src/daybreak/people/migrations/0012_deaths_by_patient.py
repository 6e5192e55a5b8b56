from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0011_both_are_kept"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="death",
            index=models.Index(fields=["site", "patient_key"], name="people_deaths_of"),
        ),
    ]
