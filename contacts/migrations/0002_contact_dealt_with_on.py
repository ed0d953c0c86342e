from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0001_contacts_and_conversations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="contact", name="dealt_with_on", field=models.DateField(blank=True, editable=False, null=True)
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("dealt_with_on__isnull", False), ("deleted_at", None)),
                fields=["owner", "dealt_with_on"],
                name="contacts_dealt_with",
            ),
        ),
    ]
