"""Which alarms are open stands in a table of its own, kept by triggers beside alarms and their steps."""

from django.db import migrations, models

OPEN = """
CREATE FUNCTION treat_open_alarms() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO treat_openalarm (site, alarm_key) SELECT r.site, r.key FROM new_rows r ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE FUNCTION treat_close_alarms() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM treat_openalarm o USING new_rows r
    WHERE r.step IN ('acknowledged', 'ended') AND o.site = r.site AND o.alarm_key = r.alarm_key;
    RETURN NULL;
END $$;
INSERT INTO treat_openalarm (site, alarm_key)
SELECT a.site, a.key FROM treat_alarm a WHERE NOT EXISTS (
    SELECT FROM treat_alarmstep s
    WHERE s.site = a.site AND s.alarm_key = a.key AND s.step IN ('acknowledged', 'ended'));
CREATE TRIGGER open_alarms AFTER INSERT ON treat_alarm REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION treat_open_alarms();
CREATE TRIGGER close_alarms AFTER INSERT ON treat_alarmstep REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION treat_close_alarms();
"""
CLOSE = "DROP FUNCTION treat_open_alarms CASCADE; DROP FUNCTION treat_close_alarms CASCADE"


class Migration(migrations.Migration):
    dependencies = [("treat", "0024_alarms_told_by_their_table")]

    operations = [
        migrations.CreateModel(
            name="OpenAlarm",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "site", "alarm_key", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("site", models.CharField(max_length=20)),
                ("alarm_key", models.UUIDField()),
            ],
        ),
        migrations.RunSQL(OPEN, CLOSE),
    ]
