import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.encrypted


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0010_questions_set_aside"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("text", core.encrypted.EncryptedTextField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[("week", "Weekly reflections"), ("month", "Monthly reflections")],
                        default="week",
                        max_length=5,
                    ),
                ),
                (
                    "fits",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), blank=True, default=list, size=None
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="own_questions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("deleted_at", None)), fields=["owner", "id"], name="journal_own_question"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["week", "month"])),
                        name="journal_ownquestion_known_kind",
                        violation_error_message="A question is asked in weekly or in monthly reflections.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "fits__contained_by",
                                [
                                    "first_week",
                                    "after_break",
                                    "low_mood",
                                    "late",
                                    "win",
                                    "milestone",
                                    "new_mentor",
                                    "comment",
                                    "due",
                                    "no_contact",
                                    "month_end",
                                    "progress",
                                    "quiet",
                                ],
                            )
                        ),
                        name="journal_ownquestion_known_tags",
                        violation_error_message="Choose from the list when the question fits.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "week"), ("fits", []), _connector="OR"),
                        name="journal_ownquestion_monthly_fits_any",
                        violation_error_message=(
                            "A question of a month fits every month. Take the ticks away, or ask it in weeks."
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuestionWish",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.CharField(max_length=30)),
                ("wish", models.CharField(choices=[("ask", "Comes next"), ("leave", "Not for me")], max_length=5)),
                ("at", models.DateTimeField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="question_wishes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "question"),
                        name="journal_questionwish_one_a_question",
                        violation_error_message="You have said so about this question.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("wish__in", ["ask", "leave"])),
                        name="journal_questionwish_known_wish",
                        violation_error_message="A question comes next or is left out.",
                    ),
                ],
            },
        ),
    ]
