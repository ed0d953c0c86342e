from django.db import migrations

CHUNK = 1000


def fill(apps, schema_editor):
    """Compare the numbers without a country code that are there already, by the country of their owner's time zone."""
    from contacts.cards.compare import phone_key
    from contacts.imports.regions import region_of

    ways = apps.get_model("contacts", "Way").objects
    countries = apps.get_model("contacts", "HomeCountry").objects
    users = apps.get_model("accounts", "User").objects
    bare = ways.filter(kind="phone", compared="")
    for user in users.filter(pk__in=bare.values("owner")).only("time_zone").order_by("pk").iterator(CHUNK):
        code, found = region_of(str(user.time_zone)), []
        for way in bare.filter(owner=user).order_by("pk").iterator(CHUNK) if code else ():
            way.compared = phone_key(way.value, code)
            if way.compared:
                found.append(way)
        ways.bulk_update(found, ["compared"], batch_size=CHUNK)
        if found:
            countries.get_or_create(owner=user, defaults={"code": code})


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0014_country_of_numbers"),
        ("accounts", "0001_initial"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
