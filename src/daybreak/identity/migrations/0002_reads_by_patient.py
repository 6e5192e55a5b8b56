from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="particulars",
            index=models.Index(fields=["site", "patient_key", "noted_at"], name="identity_particulars_of"),
        ),
    ]
