"""What a year of somebody's own journal shows: how they felt, what comes back, what they wrote a year ago.

All of it is read from decrypted entries within one request and kept nowhere. At most `archive.MOST` entries are read.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.safestring import SafeString

from accounts.models import User
from core.markup import fill
from journal import archive, periods
from journal.archive import Written
from journal.models import EntryGoal
from journal.patterns import chart, feelings
from journal.patterns.feelings import Direction, Together, WeekFelt
from journal.patterns.recurring import FEWEST, Counted, Recurring, Words
from journal.rows import cut

CHART_WEEKS = 26
WORDS, CHANGES, TAGS, GOALS = 12, 6, 12, 8
# How many of each are tried beside mood and energy; each more makes it harder for all to be told from chance.
TRIED = {"word": 8, "tag": 4, "goal": 4}
YEAR_AGO, YEAR_AGO_LENGTH = 3, 160


@dataclass(frozen=True)
class FeltWeek:
    """One week as the table of numbers shows it."""

    name: str
    mood: str
    energy: str


@dataclass(frozen=True)
class Feelings:
    """Mood and energy over half a year: sentences that hold, the drawing, the numbers."""

    sentences: list[SafeString]
    picture: SafeString | None
    rows: list[FeltWeek]


@dataclass(frozen=True)
class Patterns:
    """Everything on the page that comes from reading the entries."""

    entries: int
    since: date
    is_cut: bool  # there are more entries than are read
    felt: Feelings
    words: list[Recurring]
    new_words: list[Recurring]
    gone_words: list[Recurring]
    tags: list[Recurring]
    goals: list[Recurring]
    year_ago: list[Written]


def of(user: User, *, today: date) -> Patterns:
    """Return what the last twelve months of the journal show."""
    ago = today - timedelta(days=today.weekday() + 7 * 52)
    since = (today.replace(day=1) - timedelta(days=330)).replace(day=1)
    read = archive.newest_of(user, since=min(since, ago), until=today)
    is_cut = len(read) == archive.MOST
    entries = [entry for entry in read if entry.day >= since and (entry.title or entry.pieces or entry.tags)]
    year_ago = read
    if is_cut and read[-1].day >= ago:
        year_ago = archive.newest_of(user, since=ago, until=ago + timedelta(days=6))
    found = _Found(user, entries, today=today, since=min(since, ago))
    return Patterns(
        entries=len(entries),
        since=read[-1].day if is_cut else since,
        is_cut=is_cut,
        felt=_feelings(read, found, today),
        words=found.words[:WORDS],
        new_words=[word for word in found.words[WORDS:] if word.is_new][:CHANGES],
        gone_words=[word for word in found.words[WORDS:] if word.is_gone][:CHANGES],
        tags=found.tags[:TAGS],
        goals=found.goals[:GOALS],
        year_ago=[entry for entry in year_ago if ago <= entry.day <= ago + timedelta(days=6) and _says(entry)][
            :YEAR_AGO
        ],
    )


class _Found:
    """What comes back in these entries, and by the Monday of each week what it mentions."""

    def __init__(self, user: User, entries: list[Written], *, today: date, since: date) -> None:
        words, titles = Words(), {}
        about: dict[int, list[str]] = {}
        for entry_pk, goal, title in EntryGoal.objects.named_by(user, since=since):
            titles[str(goal)] = title
            about.setdefault(entry_pk, []).append(str(goal))
        for entry in entries:
            words.add(entry.day, [entry.title, *[piece.words for piece in entry.pieces]])
        words.join_plurals()
        counted = {kind: Counted(today) for kind in TRIED}
        named: list[tuple[date, dict[str, Collection[str]]]] = []
        for entry, (day, keys) in zip(entries, words.entries, strict=True):
            of_entry: dict[str, Collection[str]] = {
                "word": keys,
                "tag": set(entry.tags),
                "goal": about.get(entry.pk, ()),
            }
            for kind, counter in counted.items():
                counter.add(day, of_entry[kind])
            named.append((day, of_entry))
        spelled = words.spelled(key for key in _frequent(counted["word"]))
        self.words = counted["word"].recurring(lambda key: spelled.get(key, key))
        self.tags = counted["tag"].recurring(lambda key: f"#{key}", fewest=1)
        self.goals = counted["goal"].recurring(lambda key: titles.get(key, ""), fewest=1)
        lists = {"word": self.words, "tag": self.tags, "goal": self.goals}
        self.tried = {(kind, each.key): each.words for kind, most in TRIED.items() for each in lists[kind][:most]}
        self.by_week: dict[date, set[tuple[str, str]]] = {}
        for day, of_entry in named:
            week = self.by_week.setdefault(day - timedelta(days=day.weekday()), set())
            week.update((kind, key) for kind, key in self.tried if key in of_entry[kind])


def _frequent(counted: Counted) -> set[str]:
    total: dict[str, int] = {}
    for month in counted.months:
        for key, count in month.items():
            total[key] = total.get(key, 0) + count
    return {key for key, count in total.items() if count >= FEWEST}


def _says(entry: Written) -> bool:
    return bool(entry.title or entry.pieces)


def excerpt(entry: Written) -> str:
    """Return the beginning of what an entry says, as one line."""
    return cut(" ".join(entry.pieces[0].words.split()), YEAR_AGO_LENGTH) if entry.pieces else ""


def _feelings(read: list[Written], found: _Found, today: date) -> Feelings:
    noted = [(entry.day, entry.mood, entry.energy) for entry in read if not periods.is_month(entry.week)]
    first = today - timedelta(days=today.weekday() + 7 * 51)
    weeks = feelings.weeks_of(noted, found.by_week, first=first, last=today)
    shown = weeks[-CHART_WEEKS:]
    sentences = _sentences(shown, weeks, found)
    known = [week for week in shown if week.mood is not None or week.energy is not None]
    label = f"Mood and energy of the last {CHART_WEEKS} weeks, from 1 to 5. The numbers are in the table below."
    return Feelings(
        sentences,
        chart.svg(shown, label) if len(known) > 1 else None,
        [FeltWeek(_week_of(week, today), _number(week.mood), _number(week.energy)) for week in reversed(known)],
    )


def _week_of(week: WeekFelt, today: date) -> str:
    year = "" if week.monday.year == today.year else f" {week.monday.year}"
    return f"{week.monday.day} {week.monday:%b}{year}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}".removesuffix(".0")


def _sentences(shown: list[WeekFelt], weeks: list[WeekFelt], found: _Found) -> list[SafeString]:
    """Return what the weeks carry, the count always with it; that it is too early where they are few."""
    said = [
        _say_direction(way) for measure in feelings.MEASURES if (way := feelings.direction(shown, measure)) is not None
    ]
    claim = feelings.together(weeks, found.tried)
    if claim:
        said.append(_say_together(claim, found.tried[claim.mention]))
    return said or [_say_average(shown)]


def _say_direction(way: Direction) -> SafeString:
    return fill(
        "<b>{} has {} over the last {} weeks</b>: {} of 5 in the first half of the {} weeks you noted it, {} in the second.",
        f"Your {way.measure}",
        "risen" if way.is_up else "fallen",
        CHART_WEEKS,
        _number(way.first),
        way.weeks,
        _number(way.second),
    )


def _say_together(claim: Together, words: str) -> SafeString:
    kind, _ = claim.mention
    return fill(
        "<b>{} was {} in weeks {} {}</b>: {} of 5 in {} weeks with it, {} in {} without. The two come together; that does "
        "not say which brings the other.",
        f"Your {claim.measure}",
        "higher" if claim.is_up else "lower",
        "about" if kind == "goal" else "that mention",
        words if kind == "tag" else f"“{words}”",
        _number(claim.mean_with),
        claim.weeks_with,
        _number(claim.mean_without),
        claim.weeks_without,
    )


def _say_average(shown: list[WeekFelt]) -> SafeString:
    moods = [week.mood for week in shown if week.mood is not None]
    energies = [week.energy for week in shown if week.energy is not None]
    if len(moods) < feelings.DIRECTION_WEEKS:
        return fill(
            "Too early to say: {} of the last {} weeks {} a mood noted. From {} on, a direction can show.",
            len(moods), CHART_WEEKS, "has" if len(moods) == 1 else "have", feelings.DIRECTION_WEEKS,
        )  # fmt: skip
    energy = fill(" and your energy {}", _number(sum(energies) / len(energies))) if energies else ""
    return fill(
        "On average your mood was {} of 5{}, over {} of the last {} weeks. Nothing in it rises, falls or goes with what you "
        "wrote about clearly enough to say so.",
        _number(sum(moods) / len(moods)), energy, len(moods), CHART_WEEKS,
    )  # fmt: skip
