"""The one statement that finds mentors, written by hand: it is asked on every page of the directory.

Must-haves and words are answered by one GIN index. Of those who fit, at most CANDIDATES are reckoned with (and as many
again whose topics match), so that a page reads as much at a hundred thousand profiles as at ten thousand; the page says
so where more fit. docs/decisions/0080-the-directory.md.
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

CANDIDATES = 300
PAGE = 25

# Who is shown to whom: what Profile.objects.visible_to says; a test holds the two together.
_SHOWN = """p.is_listed AND p.is_here AND p.owner_id <> %s AND p.owner_id <> ALL(ARRAY(
    SELECT blocked_id FROM sharing_block WHERE blocker_id = %s
    UNION ALL SELECT blocker_id FROM sharing_block WHERE blocked_id = %s))
    AND p.id <> ALL(ARRAY(SELECT profile_id FROM mentors_mark WHERE owner_id = %s AND kind = 'hidden'))"""
_POINTS = f"""{match.TOPIC_POINTS} * (SELECT count(*) FROM unnest(p.keys) k WHERE k = ANY(%s::text[]))
    + {match.INDUSTRY_POINTS} * (p.industry <> '' AND p.industry = %s)::int
    + least({match.MOST_HALVES}, (SELECT count(*) FROM unnest(p.halves) h WHERE h = ANY(%s::int[])))"""  # noqa: S608
_FIRST = {
    # Who takes somebody now stands before who does not.
    "match": "(p.taken < p.capacity AND (p.paused_until IS NULL OR p.paused_until < %s))::int",
    "soonest": "CASE WHEN p.taken >= p.capacity THEN -100000 ELSE least(0, %s::date - p.paused_until - 1) END",
    "newest": "extract(epoch FROM p.updated_at)::bigint + 0 * extract(day FROM %s::date)::int",
}
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
    keys = set(viewer.asker.keys)
    # Who must have one of these topics has a topic in common: asking for that besides would read the same people twice.
    is_apart = bool(keys) and keys.isdisjoint(f"#{slug}" for slug in search.topics)
    legs = [_leg(search, viewer, matching=matching) for matching in ([True, False] if is_apart else [False])]
    found = " UNION ".join(f"({leg.sql})" for leg in legs)
    values = [value for leg in legs for value in leg.values]
    after = "WHERE (first, score, id) < (%s, %s, %s)" if search.after else ""
    values += search.after or ()
    sql = f"""WITH found AS ({found}),
        shown AS (SELECT * FROM found {after} ORDER BY first DESC, score DESC, id DESC LIMIT {PAGE + 1})
        SELECT {_SHOWN_COLUMNS}, (SELECT count(*) FROM found) AS total, s.first, s.score,
            coalesce((SELECT jsonb_agg(jsonb_build_array(t.weekday, t.starts_at, t.ends_at)) FROM mentors_slot t
                WHERE t.owner_id = p.owner_id), '[]') AS slot_rows,
            ARRAY(SELECT kind FROM mentors_mark m WHERE m.owner_id = %s AND m.profile_id = p.id) AS own_marks,
            EXISTS (SELECT 1 FROM sharing_mentorship r WHERE r.mentor_id = p.owner_id AND r.mentee_id = %s
                AND r.status = 'active') AS is_reader
        FROM shown s JOIN mentors_profile p ON p.id = s.id
        ORDER BY s.first DESC, s.score DESC, s.id DESC"""  # noqa: S608 - built of constants, values apart
    return Part(sql, [*values, viewer.user.pk, viewer.user.pk])


def counts_of(searches: list[Search], viewer: Viewer) -> Part:
    """Return the statement that says how many each of these searches finds, up to CANDIDATES: rows of (place, number)."""
    parts, values = [], []
    for place, search in enumerate(searches):
        leg = _leg(search, viewer, matching=False)
        parts.append(f"SELECT {place}, count(*) FROM ({leg.sql}) AS leg")  # noqa: S608 - built of constants
        values += leg.values
    return Part(" UNION ALL ".join(parts), values)


def _leg(search: Search, viewer: Viewer, *, matching: bool) -> Part:
    """Return who fits, at most CANDIDATES: (id, score, first). `matching` asks for a topic in common besides."""
    asker, me = viewer.asker, viewer.user.pk
    query = _text_query(search.words)
    score = Part(_POINTS, [asker.keys, asker.industry, viewer.halves])
    if query:
        score.sql += f" + (10 * ts_rank('{{0.1,0.3,0.6,1.0}}', p.search, {query.sql}))::int"
        score.values += query.values
    conditions = [Part(_SHOWN, [me] * 4), *_musts(search, viewer)]
    if query:
        conditions.append(Part(f"p.search @@ ({query.sql})", query.values))
    if matching:
        conditions.append(Part("p.facets && %s::text[]", [[f"key:{key}" for key in asker.keys]]))
    # Nothing asked for: the newest, from an index of their own. Otherwise whoever the search index names first.
    order = " ORDER BY p.updated_at DESC, p.id DESC" if len(conditions) == 1 or search.sort == "newest" else ""
    where = " AND ".join(condition.sql for condition in conditions)
    values = [*score.values, viewer.today, *(value for condition in conditions for value in condition.values)]
    sql = f"""SELECT p.id, {score.sql} AS score, {_FIRST[search.sort]} AS first
        FROM mentors_profile p WHERE {where}{order} LIMIT {CANDIDATES}"""  # noqa: S608 - built of constants
    return Part(sql, values)


def _musts(search: Search, viewer: Viewer) -> list[Part]:
    wanted = [f"key:#{slug}" for slug in search.topics]
    wanted += [f"industry:{search.industry}"] * bool(search.industry)
    wanted += [f"language:{search.language}"] * bool(search.language)
    wanted += ["free"] * search.is_free
    found = [Part("p.facets @> %s::text[]", [wanted])] if wanted else []
    if search.is_free:
        found.append(Part("(p.paused_until IS NULL OR p.paused_until < %s)", [viewer.today]))
    if search.is_same_zone:
        zones = _zones_like(viewer.asker.zone, viewer.now.replace(minute=0, second=0, microsecond=0))
        found.append(Part("p.facets && %s::text[]", [[f"zone:{name}" for name in zones]]))
    if search.has_hours:
        found.append(Part("p.facets && %s::text[]", [[f"half:{half}" for half in viewer.halves]]))
    if search.is_kept:
        kept = "p.id = ANY(ARRAY(SELECT profile_id FROM mentors_mark WHERE owner_id = %s AND kind = 'kept'))"
        found.append(Part(kept, [viewer.user.pk]))
    return found


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
