import importlib

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

before = importlib.import_module("contacts.migrations.0005_find_people")

# A text in small letters without accents (docs/decisions/0106-finding-people.md), and what parts its words.
PLAIN = r"""
regexp_replace(
    replace(replace(replace(translate(regexp_replace(
        normalize({}, NFKD), '[\u0300-\u036f]', '', 'g'
    ), 'øłđ', 'old'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'),
    '([\u3040-\u30ff\u3400-\u9fff])', ' \1 ', 'g'
)"""
SIGNS = r"'[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u303f]+'"
# The other way in which people write what they cannot type: Schönberger as Schoenberger.
OTHERWISE = "replace(replace(replace(replace(replace({}, 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'ø', 'oe'), 'å', 'aa')"

# Under the owner's number stand the words of a person ("7/hannah"), the ends of the words of their name, work and role
# ("7/~annah"), the organisation as a whole ("7/=st anne s clinic"), tags ("7/#clinics"), topics ("7/*shift planning"),
# the circle ("7/@close"), and "7/@archived" and "7/@notyet". It calls no other function of ours, because a restored
# backup fills the index with an empty search_path. In PL/pgSQL, as it is called for every row that is written: the same
# as one statement of SQL takes six times as long to begin.
DOCUMENT = f"""
CREATE FUNCTION contacts_document(
    owner bigint, words text, name text DEFAULT '', organisation text DEFAULT '', role text DEFAULT '',
    tags text[] DEFAULT '{{}}', topics text[] DEFAULT '{{}}', circle text DEFAULT '',
    archived_at timestamptz DEFAULT NULL, last_contact_on date DEFAULT NULL
) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000000 AS $$
DECLARE
    told text := normalize(lower(words || ' ' || array_to_string(tags || topics, ' ')), NFKC);
    inside text := normalize(lower(name || ' ' || organisation || ' ' || role), NFKC);
    firm text := normalize(lower(organisation), NFKC);
    base text := owner || '/';
    found text[] := '{{}}';
    word text;
BEGIN
    FOR spelling IN 1..2 LOOP
        IF spelling = 2 THEN
            EXIT WHEN told || inside !~ '[äöüøå]';
            told := {OTHERWISE.format("told")};
            inside := {OTHERWISE.format("inside")};
            firm := {OTHERWISE.format("firm")};
        END IF;
        FOREACH word IN ARRAY regexp_split_to_array({PLAIN.format("told")}, {SIGNS}) LOOP
            CONTINUE WHEN word = '';
            found := found || (base || left(word, 60));
        END LOOP;
        FOREACH word IN ARRAY regexp_split_to_array({PLAIN.format("inside")}, {SIGNS}) LOOP
            CONTINUE WHEN word = '';
            word := left(word, 60);
            found := found || (base || word);
            FOR place IN 2..length(word) - 2 LOOP
                CONTINUE WHEN substr(word, place, 1) ~ '[0-9]';
                found := found || (base || '~' || substr(word, place));
            END LOOP;
        END LOOP;
        IF firm <> '' THEN
            found := found || (
                base || '=' || left(trim(regexp_replace({PLAIN.format("firm")}, {SIGNS}, ' ', 'g')), 200)
            );
        END IF;
    END LOOP;
    FOREACH word IN ARRAY tags LOOP
        found := found || (base || '#' || lower(replace(word, '\\', '/')));
    END LOOP;
    FOREACH word IN ARRAY topics LOOP
        found := found || (base || '*' || lower(replace(word, '\\', '/')));
    END LOOP;
    IF circle <> '' THEN
        found := found || (base || '@' || circle);
    END IF;
    IF archived_at IS NOT NULL THEN
        found := found || (base || '@archived');
    END IF;
    IF last_contact_on IS NULL AND circle NOT IN ('', 'none') THEN
        found := found || (base || '@notyet');
    END IF;
    RETURN array_to_tsvector(found);
END
$$;
"""

# What a word that is looked for asks of a document: each part of it, in either spelling, as the beginning of a word,
# and from three letters on as the beginning of the end of one.
QUERY = f"""
CREATE FUNCTION contacts_query(owner bigint, words text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_agg('(' || ways || ')', ' & '), '')::tsquery FROM (
        SELECT string_agg(DISTINCT quote_literal(owner || '/' || mark || left(part, 60)) || ':*', ' | ') AS ways
        FROM (SELECT normalize(lower(words), NFKC) AS said) told,
            LATERAL (VALUES (told.said), ({OTHERWISE.format("told.said")})) spelt(said),
            regexp_split_to_table({PLAIN.format("spelt.said")}, {SIGNS}) WITH ORDINALITY parts(part, place),
            (VALUES (''), ('~')) marks(mark)
        WHERE part <> '' AND (mark = '' OR length(part) >= 3)
        GROUP BY place
    ) parts
$$;
CREATE FUNCTION contacts_facet(owner bigint, facet text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE left(facet, 1) WHEN '=' THEN (
        SELECT string_agg(
            quote_literal(owner || '/=' || left(trim(regexp_replace({PLAIN.format("said")}, {SIGNS}, ' ', 'g')), 200))
            || ':*', ' | '
        )
        FROM (VALUES (normalize(lower(substr(facet, 2)), NFKC)),
            ({OTHERWISE.format("normalize(lower(substr(facet, 2)), NFKC)")})) spelt(said)
    ) ELSE quote_literal(owner || '/' || lower(replace(facet, '\\', '/'))) END::tsquery
$$;
"""  # noqa: S608 - built of constants

WORDS = models.Func(
    "owner",
    models.Func(
        "how_met",
        "why",
        arg_joiner=" || ' ' || ",
        output_field=models.TextField(),
        template="(%(expressions)s)",
    ),
    "name",
    "organisation",
    "role",
    "tags",
    "topics",
    "circle",
    "archived_at",
    "last_contact_on",
    function="contacts_document",
    output_field=django.contrib.postgres.search.SearchVectorField(),
)


def index_of_words(words):
    return django.contrib.postgres.indexes.GinIndex(
        words, condition=models.Q(("deleted_at", None)), fastupdate=False, name="contacts_words"
    )


def index_of_ways():
    return django.contrib.postgres.indexes.GinIndex(before.WAY_WORDS, fastupdate=False, name="contacts_way_words")


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0011_introduction_versions"),
    ]

    operations = [
        TrigramExtension(),
        migrations.RemoveIndex(model_name="contact", name="contacts_words"),
        migrations.RemoveIndex(model_name="way", name="contacts_way_words"),
        migrations.RunSQL(before.NONE, before.DOCUMENT + before.QUERY),
        migrations.RunSQL(DOCUMENT + QUERY, before.NONE),
        migrations.AddIndex(model_name="contact", index=index_of_words(WORDS)),
        migrations.AddIndex(model_name="way", index=index_of_ways()),
    ]
