import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0007_interviews"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Introduction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(editable=False)),
                ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("why", models.TextField(blank=True, max_length=4000, verbose_name="why the two should meet")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("wanted", "Nobody asked yet"),
                            ("asked_first", "The first was asked"),
                            ("first_agreed", "The first said yes"),
                            ("asked_second", "The second was asked"),
                            ("both_agreed", "Both said yes"),
                            ("made", "Made"),
                            ("declined", "Let go"),
                        ],
                        default="wanted",
                        max_length=12,
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="introductions_as_first",
                        to="contacts.contact",
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
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="introductions_as_second",
                        to="contacts.contact",
                    ),
                ),
                (
                    "talk",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="contacts.interaction",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("deleted_at", None)),
                        fields=["owner", "-created_at", "-id"],
                        name="contacts_introductions",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first", models.F("second")), _negated=True),
                        name="contacts_introduction_of_two_people",
                        violation_error_message="Choose two different people.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "wanted",
                                    "asked_first",
                                    "first_agreed",
                                    "asked_second",
                                    "both_agreed",
                                    "made",
                                    "declined",
                                ],
                            )
                        ),
                        name="contacts_introduction_state_known",
                        violation_error_message="This is no state of an introduction.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("state__in", ["made", "declined"])),
                            models.Q(("closed_at", None), models.Q(("state__in", ["made", "declined"]), _negated=True)),
                            _connector="OR",
                        ),
                        name="contacts_introduction_closed_has_a_time",
                        violation_error_message="What is over has the time of its end.",
                    ),
                ],
            },
        ),
    ]
