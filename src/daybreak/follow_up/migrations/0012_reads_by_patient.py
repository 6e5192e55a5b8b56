from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("follow_up", "0011_sites_that_wait"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="answered",
            index=models.Index(fields=["site", "patient_key"], name="follow_up_answered_by"),
        ),
        migrations.AddIndex(
            model_name="calledoff",
            index=models.Index(fields=["site", "patient_key"], name="follow_up_called_off_for"),
        ),
    ]
