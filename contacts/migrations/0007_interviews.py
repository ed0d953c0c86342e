import datetime
import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0006_imports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Interview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(editable=False)),
                ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("wanted", "Not asked yet"),
                            ("asked", "Asked"),
                            ("agreed", "Agreed"),
                            ("held", "Held"),
                            ("thanked", "Thanked"),
                            ("closed", "Closed"),
                            ("no_answer", "No answer"),
                            ("declined", "They said no"),
                        ],
                        default="wanted",
                        max_length=9,
                    ),
                ),
                ("why", models.TextField(blank=True, max_length=4000, verbose_name="what you want to learn")),
                ("asking", models.TextField(blank=True, max_length=4000, verbose_name="your words to ask")),
                (
                    "questions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=300), blank=True, default=list, size=None
                    ),
                ),
                ("notes", models.TextField(blank=True, max_length=20000, verbose_name="notes")),
                ("outcome", models.TextField(blank=True, max_length=4000, verbose_name="what came of it")),
                ("asked_on", models.DateField(blank=True, null=True)),
                ("asked_again_on", models.DateField(blank=True, null=True)),
                (
                    "answer_due_on",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            django.db.models.functions.comparison.Greatest("asked_on", "asked_again_on"),
                            models.Value(10),
                            arg_joiner=" + ",
                            output_field=models.DateField(),
                            template="((%(expressions)s)::date)",
                        ),
                        output_field=models.DateField(null=True),
                    ),
                ),
                ("starts_at", models.DateTimeField(blank=True, null=True)),
                ("minutes", models.PositiveSmallIntegerField(default=30, verbose_name="how long")),
                ("place", models.CharField(blank=True, max_length=300, verbose_name="where")),
                ("held_on", models.DateField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("sequence", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="interviews", to="contacts.contact"
                    ),
                ),
                (
                    "news",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="contacts.followup",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(app_label)s_%(class)ss",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "talk",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="interviews",
                        to="contacts.interaction",
                    ),
                ),
                (
                    "thanks",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="contacts.followup",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="InterviewMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("to", models.EmailField(max_length=254)),
                (
                    "method",
                    models.CharField(
                        choices=[("REQUEST", "Invitation"), ("CANCEL", "Cancellation")], default="REQUEST", max_length=7
                    ),
                ),
                ("words", models.TextField(blank=True, max_length=1000)),
                ("sequence", models.PositiveSmallIntegerField()),
                ("sent_at", models.DateTimeField()),
                (
                    "interview",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mails", to="contacts.interview"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="interview_mails",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-sent_at", "-pk"],
            },
        ),
        migrations.AddIndex(
            model_name="interview",
            index=models.Index(
                condition=models.Q(("deleted_at", None)),
                fields=["owner", "-created_at", "-id"],
                name="contacts_interviews",
            ),
        ),
        migrations.AddIndex(
            model_name="interview",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", False)),
                fields=["owner", "-deleted_at"],
                name="contacts_interviews_bin",
            ),
        ),
        migrations.AddConstraint(
            model_name="interview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["wanted", "asked", "agreed", "held", "thanked", "closed", "no_answer", "declined"])
                ),
                name="contacts_interview_state_known",
                violation_error_message="This is no state of an interview.",
            ),
        ),
        migrations.AddConstraint(
            model_name="interview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "agreed"), _negated=True), ("starts_at__isnull", False), _connector="OR"
                ),
                name="contacts_interview_agreed_has_a_time",
                violation_error_message="An agreed interview has a day and an hour.",
            ),
        ),
        migrations.AddConstraint(
            model_name="interview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["held", "thanked"]), _negated=True),
                    ("held_on__isnull", False),
                    _connector="OR",
                ),
                name="contacts_interview_held_has_a_day",
                violation_error_message="Say on which day you two talked.",
            ),
        ),
        migrations.AddConstraint(
            model_name="interview",
            constraint=models.CheckConstraint(
                condition=models.Q(("asked_again_on", None), ("asked_on__isnull", False), _connector="OR"),
                name="contacts_interview_asked_again_after_asking",
                violation_error_message="Ask once before you ask again.",
            ),
        ),
        migrations.AddConstraint(
            model_name="interview",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__range", (10, 480))),
                name="contacts_interview_length_in_range",
                violation_error_message="It lasts between 10 minutes and 8 hours.",
            ),
        ),
        migrations.AddConstraint(
            model_name="interview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("held_on", None),
                    ("held_on__range", (datetime.date(1900, 1, 1), datetime.date(2200, 12, 31))),
                    _connector="OR",
                ),
                name="contacts_interview_days_in_reach",
                violation_error_message="Use a date between 1900 and 2200.",
            ),
        ),
        migrations.AddIndex(
            model_name="interviewmail",
            index=models.Index(fields=["owner", "sent_at"], name="contacts_interview_mails"),
        ),
        migrations.AddIndex(
            model_name="interviewmail",
            index=models.Index(fields=["to", "sent_at"], name="contacts_interview_mails_to"),
        ),
        migrations.AddConstraint(
            model_name="interviewmail",
            constraint=models.CheckConstraint(
                condition=models.Q(("method__in", ["REQUEST", "CANCEL"])),
                name="contacts_interviewmail_method_known",
                violation_error_message="A mail invites or cancels.",
            ),
        ),
    ]
