from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0007_mark_suggested_changes"),
    ]

    operations = [
        migrations.AddField(
            model_name="milestone",
            name="removed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="milestone",
            index=models.Index(
                condition=models.Q(("removed_at__isnull", False)),
                fields=["removed_at"],
                name="goals_milestone_removed",
            ),
        ),
    ]
