from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0010_rows_that_bring_nothing")]

    operations = [
        migrations.AddField(
            model_name="introduction",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        )
    ]
