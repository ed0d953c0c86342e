import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models import F, Q

# Who has a free place is no element of the array any more, but the condition of an index: nearly everybody is in that
# list, and every search read it.
FACETS = """
DROP FUNCTION mentors_facets(text[], text, text[], text, smallint[], smallint, smallint);
CREATE FUNCTION mentors_facets(
    keys text[], industry text, languages text[], zone text, halves smallint[]
) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ARRAY['zone:' || zone, 'industry:' || industry]
        || ARRAY(SELECT 'key:' || k FROM unnest(keys) k)
        || ARRAY(SELECT 'language:' || l FROM unnest(languages) l)
        || ARRAY(SELECT 'half:' || h FROM unnest(halves) h)
$$
"""
FACETS_BEFORE = """
DROP FUNCTION mentors_facets(text[], text, text[], text, smallint[]);
CREATE FUNCTION mentors_facets(
    keys text[], industry text, languages text[], zone text, halves smallint[], capacity smallint, taken smallint
) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN taken < capacity THEN ARRAY['free'] ELSE ARRAY[]::text[] END
        || ARRAY['zone:' || zone, 'industry:' || industry]
        || ARRAY(SELECT 'key:' || k FROM unnest(keys) k)
        || ARRAY(SELECT 'language:' || l FROM unnest(languages) l)
        || ARRAY(SELECT 'half:' || h FROM unnest(halves) h)
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("mentors", "0021_settle_check_ins"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="profile", name="mentors_profile_search"),
        migrations.RemoveField(model_name="profile", name="facets"),
        migrations.RunSQL(FACETS, FACETS_BEFORE),
        migrations.AddField(
            model_name="profile",
            name="facets",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    "keys",
                    "industry",
                    "languages",
                    "zone",
                    "halves",
                    function="mentors_facets",
                    output_field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
                output_field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
            ),
        ),
        migrations.AddIndex(
            model_name="profile",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=Q(("is_here", True), ("is_listed", True)),
                fastupdate=False,
                fields=["search", "facets"],
                name="mentors_profile_search",
            ),
        ),
        migrations.AddIndex(
            model_name="profile",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=Q(("is_here", True), ("is_listed", True), ("taken__lt", F("capacity"))),
                fastupdate=False,
                fields=["search", "facets"],
                name="mentors_profile_open",
            ),
        ),
    ]
