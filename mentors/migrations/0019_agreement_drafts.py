import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mentors", "0018_introductions"),
        ("sharing", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AgreementDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen", models.CharField(blank=True, max_length=30)),
                ("fields", models.JSONField(default=dict)),
                ("kept_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agreement_drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mentorship",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agreement_drafts",
                        to="sharing.mentorship",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["kept_at"], name="mentors_agreementdraft_kept")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("mentorship", "author"),
                        name="mentors_agreementdraft_once_per_form",
                        violation_error_message="This form is kept already.",
                    )
                ],
            },
        ),
    ]
