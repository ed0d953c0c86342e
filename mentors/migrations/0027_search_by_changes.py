import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.expressions
from django.db import migrations, models
from django.db.models import F, Q

# Stretches of changes are elements of the array: "span:0:7" for the changes 224 to 255, and each further level holds four
# times as many. So the index that answers must-haves tells who of the newest so many has them.
FACETS = """
DROP FUNCTION mentors_facets(text[], text, text[], text, smallint[]);
CREATE FUNCTION mentors_facets(
    keys text[], industry text, languages text[], zone text, halves smallint[], changed bigint
) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ARRAY['zone:' || zone, 'industry:' || industry]
        || ARRAY(SELECT 'key:' || k FROM unnest(keys) k)
        || ARRAY(SELECT 'language:' || l FROM unnest(languages) l)
        || ARRAY(SELECT 'half:' || h FROM unnest(halves) h)
        || ARRAY(SELECT 'span:' || level || ':' || (changed >> 5 + 2 * level) FROM generate_series(0, 8) level)
$$;
"""
FACETS_BEFORE = """
DROP FUNCTION mentors_facets(text[], text, text[], text, smallint[], bigint);
CREATE FUNCTION mentors_facets(
    keys text[], industry text, languages text[], zone text, halves smallint[]
) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ARRAY['zone:' || zone, 'industry:' || industry]
        || ARRAY(SELECT 'key:' || k FROM unnest(keys) k)
        || ARRAY(SELECT 'language:' || l FROM unnest(languages) l)
        || ARRAY(SELECT 'half:' || h FROM unnest(halves) h)
$$
"""
# The elements that together cover the changes before `below`, back to the beginning of the last whole span of this level:
# that one, and what is left of each lower level. Where `below` is in the middle of a smallest span, all of that one.
SPANS = """
CREATE FUNCTION mentors_spans(below bigint, level integer) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ARRAY(
        SELECT 'span:' || each || ':' || place
        FROM generate_series(0, level) each, generate_series(
            CASE WHEN each = level THEN (below >> 5 + 2 * each) - 1 ELSE (below >> 7 + 2 * each) * 4 END,
            CASE WHEN each = 0 THEN (below - 1) >> 5 ELSE (below >> 5 + 2 * each) - 1 END
        ) place
        WHERE place >= 0
    )
$$
"""
ARRAY = django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)


class Migration(migrations.Migration):
    dependencies = [
        ("mentors", "0026_old_changes_counted"),
    ]

    operations = [
        migrations.AlterField(
            model_name="profile",
            name="changed",
            field=models.BigIntegerField(
                db_default=django.db.models.expressions.RawSQL("nextval('mentors_changes')", []), editable=False
            ),
        ),
        migrations.RemoveIndex(model_name="profile", name="mentors_profile_newest"),
        migrations.AddIndex(
            model_name="profile",
            index=models.Index(
                condition=Q(("is_here", True), ("is_listed", True)),
                fields=["-changed"],
                name="mentors_profile_newest",
            ),
        ),
        migrations.RemoveIndex(model_name="profile", name="mentors_profile_open"),
        migrations.RemoveIndex(model_name="profile", name="mentors_profile_search"),
        migrations.RemoveField(model_name="profile", name="facets"),
        migrations.RunSQL(FACETS, FACETS_BEFORE),
        migrations.RunSQL(SPANS, "DROP FUNCTION mentors_spans"),
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
                    "changed",
                    function="mentors_facets",
                    output_field=ARRAY,
                ),
                output_field=ARRAY,
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
