from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0004_entry_tags")]

    operations = [
        migrations.AddField(model_name="entry", name="starred_at", field=models.DateTimeField(blank=True, null=True)),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("deleted_at", None), ("starred_at__isnull", False)),
                fields=["owner", "-entry_on", "-id"],
                name="journal_entry_starred",
            ),
        ),
    ]
