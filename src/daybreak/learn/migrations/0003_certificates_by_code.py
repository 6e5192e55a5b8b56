from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("learn", "0002_report_details"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(fields=["code"], name="learn_certificate_with_code"),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(fields=["site", "enrolment_key"], name="learn_certificates_of"),
        ),
    ]
