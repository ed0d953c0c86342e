from django.db import migrations


class Migration(migrations.Migration):
    """Have the schedules vacuumed often.

    Each turn updates an indexed column, so no update is ever "heap-only": with the usual settings 100,000 rows grow
    to five times their size within a few weeks, and the index with them.
    """

    dependencies = [("reminders", "0001_schedules")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE reminders_schedule SET (autovacuum_vacuum_scale_factor = 0.02, "
            "autovacuum_vacuum_threshold = 500, autovacuum_analyze_scale_factor = 0.05)",
            "ALTER TABLE reminders_schedule RESET (autovacuum_vacuum_scale_factor, "
            "autovacuum_vacuum_threshold, autovacuum_analyze_scale_factor)",
        )
    ]
