import datetime

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0002_plan_and_closing_words"),
        ("sharing", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
            ],
            options={
                "ordering": ["starts_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Seen",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="milestone",
            name="kind",
            field=models.CharField(
                choices=[("milestone", "Milestone"), ("task", "Task")], default="milestone", max_length=9
            ),
        ),
        migrations.AddField(
            model_name="progressupdate",
            name="confidence",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="progressupdate",
            name="hours",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["milestone", "task"])),
                name="goals_milestone_kind_known",
                violation_error_message="It is a milestone or a task.",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("kind", "task"), _negated=True), ("at_value", None), _connector="OR"),
                name="goals_milestone_task_has_no_number",
                violation_error_message="Only a milestone lies at a number.",
            ),
        ),
        migrations.AddConstraint(
            model_name="progressupdate",
            constraint=models.CheckConstraint(
                condition=models.Q(("confidence", None), ("confidence__lte", 10), _connector="OR"),
                name="goals_progressupdate_confidence_on_scale",
                violation_error_message="How sure you are goes from 0 to 10.",
            ),
        ),
        migrations.AddConstraint(
            model_name="progressupdate",
            constraint=models.CheckConstraint(
                condition=models.Q(("hours", None), ("hours__gte", 0), _connector="OR"),
                name="goals_progressupdate_hours_not_negative",
                violation_error_message="Use hours like 1 or 2.5.",
            ),
        ),
        migrations.AddField(
            model_name="rest",
            name="goal",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="rests", to="goals.goal"),
        ),
        migrations.AddField(
            model_name="seen",
            name="mentorship",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="seen_updates", to="sharing.mentorship"
            ),
        ),
        migrations.AddField(
            model_name="seen",
            name="update",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="seen", to="goals.progressupdate"
            ),
        ),
        migrations.AddConstraint(
            model_name="rest",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gt", models.F("starts_on"))),
                name="goals_rest_ends_after_start",
                violation_error_message="A rest ends after it began.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("starts_on__range", (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31))),
                    ("ends_on__range", (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31))),
                ),
                name="goals_rest_days_in_reach",
                violation_error_message="Use a date between 1900 and 2200.",
            ),
        ),
        migrations.AddConstraint(
            model_name="seen",
            constraint=models.UniqueConstraint(
                fields=("update", "mentorship"),
                name="goals_seen_once",
                violation_error_message="You have marked this as seen already.",
            ),
        ),
    ]
