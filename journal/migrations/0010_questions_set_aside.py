from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    dependencies = [("journal", "0009_questions_with_reasons")]

    operations = [
        migrations.AddField(
            "period", "aside", models.JSONField(default=list, db_default=Value([], models.JSONField()))
        ),
    ]
