import datetime

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0003_tasks_rests_and_seen"),
    ]

    operations = [
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("title", "Another wording"),
                            ("due_on", "Another date"),
                            ("target", "Another target"),
                            ("milestone", "A milestone"),
                        ],
                        max_length=9,
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=200)),
                ("day", models.DateField(blank=True, null=True)),
                ("number", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("accepted", "Taken up"), ("declined", "Left as it is")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="goalcomment",
            name="thanked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="comment",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="suggestion", to="goals.goalcomment"
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("day", None), ("kind", "title"), ("number", None), models.Q(("words", ""), _negated=True)
                    ),
                    models.Q(("day__isnull", False), ("kind", "due_on"), ("number", None), ("words", "")),
                    models.Q(("day", None), ("kind", "target"), ("number__isnull", False), ("words", "")),
                    models.Q(("kind", "milestone"), ("number", None), models.Q(("words", ""), _negated=True)),
                    _connector="OR",
                ),
                name="goals_suggestion_fits_kind",
                violation_error_message="Say what you suggest: words, a date or a number.",
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at", None), ("state", "open")),
                    models.Q(("answered_at__isnull", False), ("state__in", ["accepted", "declined"])),
                    _connector="OR",
                ),
                name="goals_suggestion_answered_has_a_time",
                violation_error_message="An answered suggestion needs the time of the answer.",
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("day", None),
                    ("day__range", (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31))),
                    _connector="OR",
                ),
                name="goals_suggestion_day_in_reach",
                violation_error_message="Use a date between 1900 and 2200.",
            ),
        ),
    ]
