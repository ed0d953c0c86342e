import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0004_suggestions_and_thanks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FormDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fields", models.JSONField(default=dict)),
                ("kept_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="formdraft",
            name="goal",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="form_drafts",
                to="goals.goal",
            ),
        ),
        migrations.AddField(
            model_name="formdraft",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="goal_form_drafts",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="formdraft",
            index=models.Index(fields=["kept_at"], name="goals_formdraft_kept"),
        ),
        migrations.AddConstraint(
            model_name="formdraft",
            constraint=models.UniqueConstraint(
                fields=("owner", "goal"),
                name="goals_formdraft_once_per_form",
                nulls_distinct=False,
                violation_error_message="This form is kept already.",
            ),
        ),
    ]
