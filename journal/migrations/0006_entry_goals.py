import django.db.models.deletion
from django.db import migrations, models

import core.encrypted


class Migration(migrations.Migration):
    dependencies = [("goals", "0009_newest_updates_with_numbers"), ("journal", "0005_entry_star")]

    operations = [
        migrations.CreateModel(
            name="EntryGoal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", core.encrypted.EncryptedTextField(blank=True, default="")),
                ("is_chosen", models.BooleanField(default=False)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="goal_links", to="journal.entry"
                    ),
                ),
                (
                    "goal",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="entry_links",
                        to="goals.goal",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("entry", "goal"),
                        name="journal_entrygoal_once",
                        violation_error_message="This entry names that goal already.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="entry",
            name="goals",
            field=models.ManyToManyField(
                blank=True, related_name="entries", through="journal.EntryGoal", to="goals.goal"
            ),
        ),
    ]
