from django.db import migrations, models
from django.db.models import Q

MONTH_DAYS = [-3, -2, -1, 1, 2, 3]


class Migration(migrations.Migration):
    """Let a schedule be monthly, or come every other week."""

    dependencies = [("reminders", "0002_vacuum_often")]

    operations = [
        migrations.RemoveConstraint(model_name="schedule", name="reminders_schedule_kind_known"),
        migrations.RemoveConstraint(model_name="schedule", name="reminders_schedule_weekday_exists"),
        migrations.AlterField(
            model_name="schedule",
            name="kind",
            field=models.CharField(
                choices=[("weekly", "The weekly reflection"), ("monthly", "The monthly reflection")],
                default="weekly",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="schedule",
            name="weekday",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[
                    (0, "Monday"),
                    (1, "Tuesday"),
                    (2, "Wednesday"),
                    (3, "Thursday"),
                    (4, "Friday"),
                    (5, "Saturday"),
                    (6, "Sunday"),
                ],
                default=6,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="schedule",
            name="fortnight",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="schedule",
            name="month_day",
            field=models.SmallIntegerField(
                blank=True,
                choices=[
                    (-3, "third-last day of the month"),
                    (-2, "second-last day of the month"),
                    (-1, "last day of the month"),
                    (1, "first day of the next month"),
                    (2, "second day of the next month"),
                    (3, "third day of the next month"),
                ],
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="schedule",
            name="asks",
            field=models.CharField(blank=True, default="", max_length=8),
        ),
        migrations.AddConstraint(
            model_name="schedule",
            constraint=models.CheckConstraint(
                name="reminders_schedule_day_fits_kind",
                condition=Q(kind="weekly", weekday__isnull=False, weekday__range=(0, 6), month_day=None)
                | Q(kind="monthly", weekday=None, fortnight=None, month_day__isnull=False, month_day__in=MONTH_DAYS),
                violation_error_message="Choose a day of the week, or one of those around the end of a month.",
            ),
        ),
        migrations.AddConstraint(
            model_name="schedule",
            constraint=models.CheckConstraint(
                name="reminders_schedule_fortnight_is_0_or_1",
                condition=Q(fortnight=None) | Q(fortnight__in=[0, 1]),
                violation_error_message="Every other week is one of two.",
            ),
        ),
    ]
