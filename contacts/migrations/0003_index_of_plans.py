from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_contact_dealt_with_on")]

    operations = [
        migrations.AddIndex(
            model_name="interaction",
            index=models.Index(
                condition=models.Q(("deleted_at", None), ("state", "planned")),
                fields=["owner", "happened_on", "id"],
                name="contacts_talks_planned",
            ),
        ),
    ]
