"""The one statement that finds mentors, written by hand: it is asked on every page of the directory.

Must-haves and words are answered by GIN indexes. Of those who fit, at most CANDIDATES are compared, who would stand first
taken first, so that a page reads as much at a hundred thousand profiles as at ten thousand; the page says so where more
fit. docs/decisions/0080-the-directory.md, 0101-a-directory-that-stays-flat.md.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from accounts.models import User
from mentors import match
from mentors.directory.search import Search
from mentors.match import Asker

CANDIDATES = 100
PAGE = 25
# Changes of offers are numbered (Profile.changed), and spans of numbers are elements of the array: narrow ones, and wider
# ones on each level above. As in the functions mentors_facets and mentors_spans of the database.
SPAN, WIDER, HIGHEST_LEVEL = 32, 4, 8
# So many people are looked at in one stretch of changes; the narrowest stretch has fewer, it is shorter than two spans.
MOST_AT_ONCE = 100
LARGEST = 2**62

# Who is shown to whom: what Profile.objects.visible_to says; a test holds the two together.
_SHOWN = """p.is_listed AND p.is_here AND p.owner_id <> %s AND p.owner_id <> ALL(ARRAY(
    SELECT blocked_id FROM sharing_block WHERE blocker_id = %s
    UNION ALL SELECT blocker_id FROM sharing_block WHERE blocked_id = %s))
    AND p.id <> ALL(ARRAY(SELECT profile_id FROM mentors_mark WHERE owner_id = %s AND kind = 'hidden'))"""
_POINTS = f"""{match.TOPIC_POINTS} * (SELECT count(*) FROM unnest(p.keys) k WHERE k = ANY(%s::text[]))
    + {match.INDUSTRY_POINTS} * (p.industry <> '' AND p.industry = %s)::int
    + least({match.MOST_HALVES}, (SELECT count(*) FROM unnest(p.halves) h WHERE h = ANY(%s::int[])))"""  # noqa: S608
# Somebody takes a new person today; spelled as in the condition of the index mentors_profile_open.
_NOW = "p.taken < p.capacity AND (p.paused_until IS NULL OR p.paused_until < %s)"
_FIRST = {
    "match": f"({_NOW})::int",
    "soonest": "CASE WHEN p.taken >= p.capacity THEN -100000 ELSE least(0, %s::date - p.paused_until - 1) END",
}
# Always so. Only a search that says it is answered by the indexes without words, in whose condition it is.
_WORDS_ASIDE = "p.changed > 0"
_SHOWN_COLUMNS = """p.id, p.owner_id, p.name, p.zone, p.headline, p.helps_with, p.topics, p.industry, p.languages,
    p.capacity, p.taken, p.answers_within, p.paused_until, p.keys, p.is_listed"""


@dataclass
class Part:
    """A piece of SQL and the values that stand in it, in their order."""

    sql: str
    values: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Viewer:
    """Who looks, and when."""

    user: User
    asker: Asker
    now: datetime

    @property
    def today(self) -> date:
        return self.user.today(self.now)

    @property
    def monday(self) -> date:
        return self.today - timedelta(days=self.today.weekday())

    @property
    def halves(self) -> list[int]:
        return match.halves(self.asker.slots, self.asker.zone, self.monday)


def page_of(search: Search, viewer: Viewer) -> Part:
    """Return the statement for one page: the columns of a profile, then total, first, score, slots and own marks."""
    lists = _last_changed(search, viewer) if search.sort == "newest" else _best(search, viewer)
    sql = f"""WITH RECURSIVE {lists.sql}
        SELECT {_SHOWN_COLUMNS}, (SELECT count(*) FROM found) AS total, s.first, s.score,
            coalesce((SELECT jsonb_agg(jsonb_build_array(t.weekday, t.starts_at, t.ends_at)) FROM mentors_slot t
                WHERE t.owner_id = p.owner_id), '[]') AS slot_rows,
            ARRAY(SELECT kind FROM mentors_mark m WHERE m.owner_id = %s AND m.profile_id = p.id) AS own_marks,
            EXISTS (SELECT 1 FROM sharing_mentorship r WHERE r.mentor_id = p.owner_id AND r.mentee_id = %s
                AND r.status = 'active') AS is_reader
        FROM shown s JOIN mentors_profile p ON p.id = s.id
        ORDER BY s.first DESC, s.score DESC, s.id DESC"""  # noqa: S608 - built of constants, values apart
    return Part(sql, [*lists.values, viewer.user.pk, viewer.user.pk])


def counts_of(searches: list[Search], viewer: Viewer) -> Part:
    """Return the statement that says how many each of these searches finds, up to CANDIDATES + 1: (place, number)."""
    parts, values = [], []
    for place, search in enumerate(searches):
        leg = _leg(_asked(search, viewer))
        parts.append(f"SELECT {place}, count(*) FROM ({leg.sql}) AS leg")  # noqa: S608 - built of constants
        values += leg.values
    return Part(" UNION ALL ".join(parts), values)


def _best(search: Search, viewer: Viewer) -> Part:
    """Return the lists `found` and `shown`: who is compared, and one page of them by their points."""
    compared, query = _compared(search, viewer), _text_query(search.words)
    score = Part(_POINTS, [viewer.asker.keys, viewer.asker.industry, viewer.halves])
    if query:
        score.sql += f" + (10 * ts_rank('{{0.1,0.3,0.6,1.0}}', p.search, {query.sql}))::int"
        score.values += query.values
    after = "WHERE (first, score, id) < (%s, %s, %s)" if search.after else ""
    sql = f"""found AS (
            SELECT p.id, {score.sql} AS score, {_FIRST[search.sort]} AS first FROM ({compared.sql}) AS p),
        best AS (SELECT * FROM found ORDER BY first DESC, score DESC, id DESC LIMIT {CANDIDATES}),
        shown AS (SELECT * FROM best {after} ORDER BY first DESC, score DESC, id DESC LIMIT {PAGE + 1})"""  # noqa: S608
    return Part(sql, [*score.values, viewer.today, *compared.values, *(search.after or ())])


def _last_changed(search: Search, viewer: Viewer) -> Part:
    """Return the same lists where nobody needs comparing: this order goes on to the last who fits.

    Up to CANDIDATES who fit are sorted. Where there are more, `walk` asks the index who fits among the latest changes,
    a stretch of them at a time, until it has a page: a row for each stretch, with those found so far. How many fit in
    the last one says how wide the next must be, which is made to hold half a page at least: a few people too many cost
    less than one more look into the index. One with more than MOST_AT_ONCE is tried again narrower, and as it holds
    the rest of the page, none after it is as wide. So a page reads a few hundred people at most, wherever in time those
    who fit may lie.
    """
    asked = _asked(search, viewer)
    leg, fits = _leg(asked), _joined(asked)
    # The first stretch is a guess: a topic, an industry or hours leave a sixteenth of all people, a language a quarter.
    level = 2 * (len(search.topics) + bool(search.industry) + search.has_hours)
    level = min(level + bool(search.language) + search.is_same_zone, 5)
    before = search.after[0] if search.after else LARGEST
    # "changed + 0" is no way into the index of changes, which would read everybody between, whether they fit or not.
    sql = f"""found AS ({leg.sql}),
        walk AS (
            SELECT least(%s, (SELECT max(changed) + 1 FROM mentors_profile WHERE is_listed AND is_here)) AS below,
                {level} AS level, {HIGHEST_LEVEL} AS highest, ARRAY[]::bigint[] AS ids, ARRAY[]::bigint[] AS numbers
            WHERE (SELECT count(*) FROM found) > {CANDIDATES}
            UNION ALL
            SELECT CASE WHEN is_over THEN below ELSE down_to END,
                least(may_be, greatest(0, floor(ln(greatest(wanted, 1) / {SPAN}) / ln({WIDER})))::int),
                may_be,
                CASE WHEN is_over THEN ids ELSE ids || more_ids END,
                CASE WHEN is_over THEN numbers ELSE numbers || more_numbers END
            FROM walk CROSS JOIN LATERAL (SELECT ({SPAN} * {WIDER} ^ level)::bigint AS width) AS spans
                CROSS JOIN LATERAL (SELECT greatest(0, (below / width - 1) * width) AS down_to) AS stretch
                CROSS JOIN LATERAL (
                    SELECT coalesce(array_agg(id), ARRAY[]::bigint[]) AS more_ids,
                        coalesce(array_agg(changed), ARRAY[]::bigint[]) AS more_numbers,
                        count(*) AS number, count(*) > {MOST_AT_ONCE} AS is_over,
                        CASE WHEN count(*) > {MOST_AT_ONCE} THEN level - 1 ELSE highest END AS may_be
                    FROM (SELECT p.id, p.changed FROM mentors_profile p
                        WHERE {fits.sql} AND p.facets && mentors_spans(below, level) AND p.changed + 0 < below
                        LIMIT {MOST_AT_ONCE + 1}) AS those) AS read
                CROSS JOIN LATERAL (
                    SELECT (below - down_to) / (number + 0.5) * 1.5 * greatest({PAGE // 2}, {PAGE + 1} - cardinality(ids)
                        - CASE WHEN is_over THEN 0 ELSE number END) AS wanted) AS next
            WHERE below > 0 AND cardinality(ids) <= {PAGE}),
        latest AS (
            SELECT id, changed FROM found WHERE (SELECT count(*) FROM found) <= {CANDIDATES}
            UNION ALL
            SELECT of_all.* FROM (SELECT * FROM walk ORDER BY cardinality(ids) DESC LIMIT 1) AS last,
                unnest(ids, numbers) AS of_all),
        shown AS (SELECT id, 0 AS score, changed AS first FROM latest WHERE changed < %s
            ORDER BY changed DESC LIMIT {PAGE + 1})"""  # noqa: S608 - built of constants
    return Part(sql, [*leg.values, before, *fits.values, before])


def _compared(search: Search, viewer: Viewer) -> Part:
    """Return who is compared: CANDIDATES of those who fit, and one more, which tells that there are more.

    Who also has what the viewer wishes for is taken first: a leg for every further wish. A leg is read only where those
    before it found too few, and leaves out whom they found.
    """
    asked, wishes = _asked(search, viewer), _wishes(search, viewer)
    legs = []
    for number in range(len(wishes), -1, -1):
        conditions = [*asked, *wishes[:number]]
        # Nobody sought in particular: the newest, from an index of their own. Otherwise whoever the search index names.
        is_anybody = all(condition.sql in (_SHOWN, _NOW) for condition in conditions)
        if number < len(wishes):
            conditions.append(Part(f"NOT ({wishes[number].sql})", wishes[number].values))
        legs.append(_leg(conditions, " ORDER BY p.changed DESC" if is_anybody else ""))
    sql = " UNION ALL ".join(f"({leg.sql})" for leg in legs)
    limit = f" LIMIT {CANDIDATES + 1}" if len(legs) > 1 else ""
    return Part(sql + limit, [value for leg in legs for value in leg.values])


def _leg(conditions: list[Part], order: str = "") -> Part:
    where = _joined(conditions)
    sql = f"SELECT p.* FROM mentors_profile p WHERE {where.sql}{order} LIMIT {CANDIDATES + 1}"  # noqa: S608 - constants
    return Part(sql, where.values)


def _joined(conditions: list[Part]) -> Part:
    values = [value for condition in conditions for value in condition.values]
    return Part(" AND ".join(condition.sql for condition in conditions), values)


def _asked(search: Search, viewer: Viewer) -> list[Part]:
    """Return what everybody found must fulfil; the first says who may be shown at all."""
    conditions = [Part(_SHOWN, [viewer.user.pk] * 4), *_musts(search, viewer)]
    if query := _text_query(search.words):
        conditions.append(Part(f"p.search @@ ({query.sql})", query.values))
        # Words may be left to the table; not where the planner does not know how many they would be sought among.
        if not (search.is_same_zone or search.has_hours):
            conditions.append(Part(_WORDS_ASIDE))
    return conditions


def _wishes(search: Search, viewer: Viewer) -> list[Part]:
    """Return what decides who is compared where many fit, the weightiest first; without what is asked for anyway."""
    keys = viewer.asker.keys
    wishes = [] if search.is_free else [Part(_NOW, [viewer.today])]
    if keys and set(keys).isdisjoint(f"#{slug}" for slug in search.topics):
        wishes.append(Part("p.facets && %s::text[]", [[f"key:{key}" for key in keys]]))
    if viewer.halves and not search.has_hours:
        wishes.append(_hours(viewer, is_hidden=not search.words or search.is_same_zone))
    return wishes


def _musts(search: Search, viewer: Viewer) -> list[Part]:
    wanted = [f"key:#{slug}" for slug in search.topics]
    wanted += [f"industry:{search.industry}"] * bool(search.industry)
    wanted += [f"language:{search.language}"] * bool(search.language)
    found = [Part("p.facets @> %s::text[]", [wanted])] if wanted else []
    if search.is_free:
        found.append(Part(_NOW, [viewer.today]))
    if search.is_same_zone:
        zones = _zones_like(viewer.asker.zone, viewer.now.replace(minute=0, second=0, microsecond=0))
        found.append(Part("p.facets && (SELECT %s::text[])", [[f"zone:{name}" for name in zones]]))
    if search.has_hours:
        found.append(_hours(viewer))
    if search.is_kept:
        kept = "p.id = ANY(ARRAY(SELECT profile_id FROM mentors_mark WHERE owner_id = %s AND kind = 'kept'))"
        found.append(Part(kept, [viewer.user.pk]))
    return found


def _hours(viewer: Viewer, *, is_hidden: bool = True) -> Part:
    """Return that somebody has time in the hours of the viewer.

    The inner SELECT hides the values from the planner, which else takes so many for most of the table and reads that.
    """
    values = "(SELECT %s::text[])" if is_hidden else "%s::text[]"
    return Part(f"p.facets && {values}", [[f"half:{half}" for half in viewer.halves]])


def _text_query(words: list[str]) -> Part | None:
    """Return a tsquery that wants every word: as its English stem, or as the beginning of a word in any language."""
    if not words:
        return None
    one = "(plainto_tsquery('english', %s) || to_tsquery('simple', quote_literal(%s) || ':*'))"
    return Part(" && ".join([one] * len(words)), [word for word in words for _ in range(2)])


@lru_cache(maxsize=256)
def _zones_like(zone: ZoneInfo, now: datetime) -> list[str]:
    """Return the names of every zone whose clocks show the same hour now."""
    offset = now.astimezone(zone).utcoffset()
    return sorted(name for name in available_timezones() if now.astimezone(ZoneInfo(name)).utcoffset() == offset)
