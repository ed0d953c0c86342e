import datetime

import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0012_find_inside_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="talked_on",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.comparison.Coalesce(
                    "last_contact_on", models.Value(datetime.date(1, 1, 1))
                ),
                output_field=models.DateField(),
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("archived_at", None), ("deleted_at", None)),
                fields=["owner", "-talked_on", "-id"],
                name="contacts_by_talk",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("archived_at", None), ("deleted_at", None)),
                fields=["owner", "-created_at", "-id"],
                name="contacts_by_addition",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(
                    ("archived_at", None), ("deleted_at", None), models.Q(("organisation", ""), _negated=True)
                ),
                fields=["owner", "organisation"],
                name="contacts_by_organisation",
            ),
        ),
    ]
