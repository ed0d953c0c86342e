from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="saved_number",
            field=models.PositiveBigIntegerField(db_default=0, default=0, editable=False),
        ),
    ]
