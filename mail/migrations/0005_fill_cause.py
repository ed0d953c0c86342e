from django.db import migrations


def fill(apps, schema_editor):
    """Until now an address was paused for one reason only."""
    apps.get_model("mail", "Suppression").objects.filter(paused_at__isnull=False, cause="").update(cause="refused")


class Migration(migrations.Migration):
    dependencies = [("mail", "0004_suppression_with_a_cause")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
