from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0009_merges"),
    ]

    operations = [
        migrations.AddField(
            model_name="importrow",
            name="brings_nothing",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
