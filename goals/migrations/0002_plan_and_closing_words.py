import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0001_goals_milestones_progress"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="goal",
            name="goals_goal_note_only_when_closed",
        ),
        migrations.RemoveConstraint(
            model_name="revision",
            name="goals_revision_field_known",
        ),
        migrations.AddField(
            model_name="goal",
            name="closing_differently",
            field=models.TextField(blank=True, max_length=2000),
        ),
        migrations.AddField(
            model_name="goal",
            name="closing_helped",
            field=models.TextField(blank=True, max_length=2000),
        ),
        migrations.AddField(
            model_name="goal",
            name="evidence",
            field=models.CharField(blank=True, max_length=400, verbose_name="what will show it?"),
        ),
        migrations.AddField(
            model_name="goal",
            name="hours_a_week",
            field=models.DecimalField(
                blank=True, decimal_places=1, max_digits=4, null=True, verbose_name="hours a week"
            ),
        ),
        migrations.AddField(
            model_name="goal",
            name="importance",
            field=models.PositiveSmallIntegerField(
                choices=[(1, "Nice to have"), (2, "It matters"), (3, "It matters most")], default=2
            ),
        ),
        migrations.AddField(
            model_name="revision",
            name="suggested_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="revision",
            name="field",
            field=models.CharField(
                choices=[
                    ("title", "Wording"),
                    ("why", "Why"),
                    ("achievable", "What makes it possible"),
                    ("measure", "How it is measured"),
                    ("unit", "What is counted"),
                    ("start_value", "Start"),
                    ("target_value", "Target"),
                    ("starts_on", "First day"),
                    ("due_on", "Date"),
                    ("status", "State"),
                    ("milestone", "Milestone"),
                    ("evidence", "What will show it"),
                    ("hours_a_week", "Hours a week"),
                    ("importance", "How much it matters"),
                    ("progress", "Something logged"),
                    ("rest", "Rest"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="goal",
            index=models.Index(
                condition=models.Q(("deleted_at", None)),
                fields=["owner", "status", "-importance", "due_on", "id"],
                name="goals_goal_by_importance",
            ),
        ),
        migrations.AddConstraint(
            model_name="goal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closing_differently", ""), ("closing_helped", ""), ("closing_note", "")),
                    ("status__in", ["achieved", "partly", "dropped"]),
                    _connector="OR",
                ),
                name="goals_goal_note_only_when_closed",
                violation_error_message="Only a closed goal has closing words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="goal",
            constraint=models.CheckConstraint(
                condition=models.Q(("measure", "yes_no"), ("evidence", ""), _connector="OR"),
                name="goals_goal_evidence_only_when_yes_no",
                violation_error_message="Only a goal that is done or not needs something that shows it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="goal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("hours_a_week", None),
                    models.Q(("hours_a_week__gt", 0), ("hours_a_week__lte", 100)),
                    _connector="OR",
                ),
                name="goals_goal_hours_of_a_week",
                violation_error_message="Use hours a week between half an hour and 100.",
            ),
        ),
        migrations.AddConstraint(
            model_name="goal",
            constraint=models.CheckConstraint(
                condition=models.Q(("importance__in", [1, 2, 3])),
                name="goals_goal_importance_known",
                violation_error_message="Choose how much it matters.",
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "field__in",
                        [
                            "title",
                            "why",
                            "achievable",
                            "measure",
                            "unit",
                            "start_value",
                            "target_value",
                            "starts_on",
                            "due_on",
                            "status",
                            "milestone",
                            "evidence",
                            "hours_a_week",
                            "importance",
                            "progress",
                            "rest",
                        ],
                    )
                ),
                name="goals_revision_field_known",
                violation_error_message="History does not keep this.",
            ),
        ),
    ]
