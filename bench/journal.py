"""What reading a whole journal back costs: search and patterns over ten years of entries, which lie encrypted."""

import functools
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bench.figures import Figure

VIEWER = 1
SEED = 7
WEEKS, MONTHS, NOTES, CHARACTERS = 520, 120, 2000, 900
HEAVY = 20_000
MOST = 100.0  # milliseconds
SEARCHES = {
    "a frequent word": "lantern",
    "a rare word": "zeppelin",
    "nothing": "quartz",
    "two words and a phrase": 'river stone "copper thread"',
}
# Two languages: text with accents is slower to fold than text without.
WORDS = {
    "English": "river stone lantern meadow harbour candle winter ladder copper thread window garden bridge marble signal",
    "German": "müde Übung Gespräch schön Straße Größe Lösung Küche lantern river stone copper thread Fenster Brücke",
}


def run(services: dict) -> list[Figure]:
    """Write ten years of two journals, look for things in them, then grow one to a heavy writer's."""
    import django

    django.setup()
    from django.db import connection

    from accounts.models import User
    from bench import seed
    from core.encrypted import decrypt_many
    from journal import search
    from journal.patterns import year

    today = datetime.now(UTC).date()
    figures = []
    for number, words in enumerate(WORDS.values(), VIEWER):
        seed.verified_people(number, number)
        _write(number, words, today, notes=NOTES)
    seed.settle()
    for number, language in enumerate(WORDS, VIEWER):
        user = User.objects.get(pk=number)
        for name, asked in SEARCHES.items():
            spent = _milliseconds(functools.partial(search.find, user, asked))
            figures.append(Figure(f"search of ten years in {language}, {name}, ms of CPU", spent, MOST))
    tokens, before = _stored(list(_texts(random.Random(SEED), WORDS["English"], 1000)))
    now, then = (_milliseconds(functools.partial(decrypt_many, some)) for some in (tokens, before))
    figures.append(Figure("reading texts over reading Fernet tokens, CPU", now / then, 0.5))
    heavy = User.objects.get(pk=VIEWER)
    light = _milliseconds(lambda: year.of(heavy, today=today))
    figures.append(Figure("patterns of ten years, ms of CPU", light, MOST))
    _write(VIEWER, WORDS["English"], today, notes=HEAVY, is_more=True)
    seed.settle()
    spent = _milliseconds(lambda: year.of(heavy, today=today))
    figures.append(Figure(f"patterns of {HEAVY} more entries, ms of CPU", spent, 3 * MOST))
    spent = _milliseconds(lambda: search.find(heavy, "lantern"))
    figures.append(Figure(f"search of {HEAVY} more entries, ms of CPU", spent, None))
    connection.close()
    for figure in figures:
        print(figure, flush=True)
    return figures


def _milliseconds(work: Callable[[], Any], rounds: int = 9) -> float:
    """Return the CPU of this process in the best of some rounds; Postgres and its cache are warm."""
    best = float("inf")
    for _ in range(rounds):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best * 1000


def _texts(rng: random.Random, words: str, count: int) -> Iterator[str]:
    known = words.split()
    for _ in range(count):
        text = " ".join(rng.choices(known, k=CHARACTERS // 6))
        yield text[: rng.randrange(CHARACTERS // 2, CHARACTERS * 3 // 2)]


def _stored(texts: list[str]) -> tuple[list[str], list[str]]:
    """Return texts as they are stored, and as they were with the cipher before."""
    from cryptography.fernet import Fernet
    from django.conf import settings

    from core.encrypted import encrypt

    fernet = Fernet(settings.FIELD_KEYS[0])
    return [encrypt(text) for text in texts], [fernet.encrypt(text.encode()).decode() for text in texts]


def _write(owner: int, words: str, today: date, *, notes: int, is_more: bool = False) -> None:
    """Give a person reflections of ten years of weeks (unless it is more of the same) and that many notes."""
    from core.timekeeping import week_key
    from journal.models import Entry, Period

    rng, entries = random.Random(SEED), []
    at = datetime.now(UTC)

    def entry(kind: str, day: date, **more: Any) -> Entry:
        return Entry(
            owner_id=owner, kind=kind, entry_on=day, created_at=at, updated_at=at, finished_at=at,
            mood=rng.randint(1, 5), energy=rng.randint(1, 5), title=" ".join(rng.choices(words.split(), k=4)), **more,
        )  # fmt: skip

    if not is_more:
        days = [today - timedelta(days=7 * back + today.weekday() + 1) for back in range(WEEKS)]
        periods = Period.objects.bulk_create(
            [Period(owner_id=owner, kind="week", key=week_key(day), state="written") for day in days]
        )
        for period, day, text in zip(periods, days, _texts(rng, words, WEEKS), strict=True):
            third = len(text) // 3
            parts = [text[:third], text[third : 2 * third], text[2 * third :]]
            entries.append(entry("reflection", day, period=period, answers=dict(zip("abc", parts, strict=True))))
        for text in _texts(rng, words, MONTHS):
            entries.append(entry("note", today - timedelta(days=30 * len(entries) % 3650), text=text))
    entries += [
        entry("note", today - timedelta(days=rng.randrange(3650)), text=text) for text in _texts(rng, words, notes)
    ]
    entries[-1].text += " zeppelin"
    Entry.objects.bulk_create(entries, batch_size=1000)
