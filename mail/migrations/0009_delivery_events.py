import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mail", "0008_index_of_what_ended")]

    operations = [
        migrations.CreateModel(
            name="DeliveryEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=20)),
                ("key", models.CharField(max_length=64, unique=True)),
                ("reference", models.CharField(max_length=200)),
                ("to_hash", models.CharField(max_length=64)),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("delivered", "Arrived"),
                            ("bounced", "Came back"),
                            ("put_off", "Not delivered for now"),
                            ("complained", "Reported as spam"),
                            ("unsubscribed", "Unsubscribed at the provider"),
                        ],
                        max_length=12,
                    ),
                ),
                ("status", models.CharField(blank=True, max_length=12)),
                ("happened_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("look_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("new", "To be looked at"), ("counted", "Counted"), ("ignored", "Does not count")],
                        default="new",
                        max_length=7,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=60)),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="delivery_events",
                        to="mail.message",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(condition=models.Q(("state", "new")), fields=["look_at"], name="mail_event_new"),
                    models.Index(fields=["received_at"], name="mail_event_received"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "counted")),
                        fields=("message", "what"),
                        name="mail_deliveryevent_counts_once",
                        violation_error_message="This was said about this mail before.",
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(("state", "counted")) | models.Q(("message__isnull", False)),
                        name="mail_deliveryevent_counts_for_a_mail",
                        violation_error_message="What counts is about a mail of ours.",
                    ),
                ],
            },
        ),
    ]
