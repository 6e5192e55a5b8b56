from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("treat", "0007_stock"),
    ]

    operations = [
        migrations.AddField(
            model_name="doseorder",
            name="amount",
            field=models.DecimalField(decimal_places=3, max_digits=9, null=True),
        ),
        migrations.AddField(
            model_name="doseorder",
            name="form",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="doseorder",
            name="route",
            field=models.CharField(default="intravenous", max_length=20),
        ),
        migrations.AddField(
            model_name="doseorder",
            name="syringe_ml",
            field=models.DecimalField(decimal_places=3, max_digits=9, null=True),
        ),
        migrations.AddField(
            model_name="doseorder",
            name="titration",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="doseorder",
            name="unit_mg",
            field=models.DecimalField(decimal_places=3, max_digits=9, null=True),
        ),
        migrations.AddField(
            model_name="doseorder",
            name="units",
            field=models.IntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="doseorder",
            name="concentration_mg_per_ml",
            field=models.DecimalField(decimal_places=3, max_digits=9, null=True),
        ),
        migrations.AlterField(
            model_name="doseorder",
            name="over_minutes",
            field=models.IntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="doseorder",
            name="rate_ml_per_hour",
            field=models.DecimalField(decimal_places=3, max_digits=9, null=True),
        ),
        migrations.AlterField(
            model_name="doseorder",
            name="volume_ml",
            field=models.DecimalField(decimal_places=3, max_digits=9, null=True),
        ),
        migrations.AlterField(
            model_name="doseorder",
            name="weight_kg",
            field=models.DecimalField(decimal_places=3, max_digits=7, null=True),
        ),
    ]
