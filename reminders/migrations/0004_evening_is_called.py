from django.db import migrations, models

import reminders.models


class Migration(migrations.Migration):
    """Changes nothing in the database: only Django's idea of the default does."""

    dependencies = [("reminders", "0003_monthly")]

    operations = [
        migrations.AlterField(
            model_name="schedule", name="local_time", field=models.TimeField(default=reminders.models.evening)
        ),
    ]
