"""Weeks and months as the journal counts them, in the owner's own zone.

A week is Monday to Sunday of the ISO calendar, with a key like "2026-W47"; a month is one of the calendar, with a key
like "2026-11". Where a function takes a key of either, the key itself says which it is.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import Break, User
from core.timekeeping import month_bounds, month_key, period_bounds, week_bounds, week_key
from journal.questions.asked import as_asked

if TYPE_CHECKING:
    from journal.models import Period

_WEEK = re.compile(r"(19|20|21)[0-9]{2}-W[0-5][0-9]")
_MONTH = re.compile(r"(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])")
FRIDAY = 4
# A month can be written from its last three days.
LAST_DAYS = 3
AIM_WEEKS = 8


def parse_week(text: str) -> str | None:
    """Return the key of an ISO week typed or linked by somebody ("2026-W47"), None for anything else."""
    if not _WEEK.fullmatch(text):
        return None
    try:
        return week_key(week_bounds(text)[0])
    except ValueError:
        return None


def parse_month(text: str) -> str | None:
    """Return the key of a month typed or linked by somebody ("2026-11"), None for anything else."""
    return text if _MONTH.fullmatch(text) else None


def is_month(key: str) -> bool:
    """Tell a month from a week."""
    return "W" not in key


def asked_about(day: date) -> str:
    """Return the week a prompt on this local day asks about: Friday to Sunday its own, before that the one before."""
    return week_key(day if day.weekday() >= FRIDAY else day - timedelta(days=7))


def month_asked_about(day: date) -> str:
    """Return the month a prompt on this local day asks about: on its last three days its own, else the one before."""
    return month_key(day) if day >= opens_on(month_key(day)) else month_key(day.replace(day=1) - timedelta(days=1))


def opens_on(key: str) -> date:
    """Return the first day on which a week or a month can be written."""
    first, last = period_bounds(key)
    return last - timedelta(days=LAST_DAYS - 1) if is_month(key) else first


def next_period(key: str) -> str:
    """Return the week after a week, the month after a month."""
    day = period_bounds(key)[1] + timedelta(days=1)
    return month_key(day) if is_month(key) else week_key(day)


def previous_period(key: str) -> str:
    """Return the week before a week, the month before a month."""
    day = period_bounds(key)[0] - timedelta(days=1)
    return month_key(day) if is_month(key) else week_key(day)


def next_week(key: str) -> str:
    """Return the week after."""
    return week_key(week_bounds(key)[0] + timedelta(days=7))


def previous_week(key: str) -> str:
    """Return the week before."""
    return week_key(week_bounds(key)[0] - timedelta(days=7))


def weeks_up_to(key: str, count: int) -> list[str]:
    """Return `count` week keys, oldest first, of which the last is `key`."""
    monday = week_bounds(key)[0]
    return [week_key(monday - timedelta(days=7 * back)) for back in reversed(range(count))]


def say_period(key: str, today: date) -> str:
    """Say a week or a month as people do: "Week 11, 9 to 15 March", "November", with the year where it is not this one."""
    return say_month(key, today) if is_month(key) else say_week(key, today)


def say_month(key: str, today: date) -> str:
    """Say a month: "November", "December 2025"."""
    first = month_bounds(key)[0]
    return f"{first:%B}" if first.year == today.year else f"{first:%B %Y}"


def say_week(key: str, today: date) -> str:
    """Say a week as people do: "Week 11, 9 to 15 March", with the year where it is not this one."""
    return f"Week {int(key[-2:])}, {say_days(key, today)}"


def say_days(key: str, today: date) -> str:
    """Say the days of a week: "9 to 15 March", "27 April to 3 May", "29 December 2025 to 4 January 2026"."""
    first, last = week_bounds(key)
    if first.year != last.year:
        return f"{first.day} {first:%B} {first.year} to {last.day} {last:%B} {last.year}"
    year = "" if last.year == today.year else f" {last.year}"
    month = "" if first.month == last.month else f" {first:%B}"
    return f"{first.day}{month} to {last.day} {last:%B}{year}"


def is_over(key: str, today: date) -> bool:
    """Tell whether no prompt asks about it any more: a week from the Friday after it, a month once the next one opens."""
    return key < (month_asked_about(today) if is_month(key) else asked_about(today))


def is_future(key: str, today: date) -> bool:
    """Tell whether it cannot be written yet: a week before its Monday, a month before its last three days."""
    return opens_on(key) > today


def is_away(key: str, breaks: Iterable[Break]) -> bool:
    """Tell whether more than half of its days lie in a break of the owner: four of a week."""
    first, last = period_bounds(key)
    spans = [(b.from_on, b.until_on) for b in breaks]
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    covered = [day for day in days if any(start <= day and (end is None or day <= end) for start, end in spans)]
    return len(covered) > len(days) / 2


def state_of(key: str, stored: str | None, *, breaks: Iterable[Break], today: date) -> str:
    """Return the state of a week or a month, also of one that has no row yet.

    Written and skipped are what the person did and stay. The rest follows from the calendar: away if most of it was
    a break, missed once it is over, open until then.
    """
    if stored in {"written", "skipped"}:
        return stored
    if is_away(key, breaks):
        return "away"
    return "missed" if is_over(key, today) else "open"


def weekly_aim(
    *, written: Iterable[str], skipped: Iterable[str], breaks: Iterable[Break], joined_on: date, today: date
) -> tuple[int, int]:
    """Return (weeks kept, weeks counted) of the last eight weeks a prompt asked about.

    The present week counts once it is written. Weeks skipped or away, and those before the person came, count only if
    they were written all the same. Nothing here is a streak: a blank week takes one away and breaks nothing.
    """
    kept, left_out, spans, asked = set(written), set(skipped), list(breaks), asked_about(today)
    newest = next((key for key in (week_key(today), asked) if key in kept), previous_week(asked))
    keys = weeks_up_to(newest, AIM_WEEKS)
    counted = [
        key
        for key in keys
        if key in kept or (key >= week_key(joined_on) and key not in left_out and not is_away(key, spans))
    ]
    return len(kept.intersection(counted)), len(counted)


def get_or_open(owner: User, day: date, hints: Iterable[str] = ()) -> "Period":
    """Return the owner's week that a prompt on `day` asks about, opened with its questions if it has no row yet."""
    return open_period(owner, asked_about(day), hints)


@transaction.atomic
def open_period(
    owner: User, key: str, hints: Iterable[str] = (), *, asked: Sequence[str] = (), answered: Collection[str] = ()
) -> "Period":
    """Return the owner's period of that key; a new one stores its questions for good.

    They are those of a page (`asked`; what another period asks since is exchanged, unless it is `answered`), or chosen
    by `hints`. One person's periods are opened one after the other, so that no two choose the same question.
    """
    from journal.models import Period
    from journal.questions import asking

    found = Period.objects.filter(owner=owner, kind=_kind_of(key), key=key).first()
    if found is not None:
        return found
    User.objects.select_for_update(no_key=True).only("pk").get(pk=owner.pk)
    if asked:
        chosen = asking.not_asked_since(owner, key, as_asked(asked), answered=answered)
    else:
        chosen = asking.choose_for({owner.pk: key}, {owner.pk: hints})[owner.pk]
    period, is_new = Period.objects.get_or_create(
        owner=owner, kind=_kind_of(key), key=key, defaults={"questions": chosen}
    )
    if is_new:
        asking.forget_wishes([period])
    return period


def _kind_of(key: str) -> str:
    return "month" if is_month(key) else "week"


def open_periods(keys: Mapping[int, str], hints: Mapping[int, Iterable[str]]) -> dict[int, "Period"]:
    """Open the week or month `keys[user id]` for many people at once and return them by user id, in six queries at most.

    The caller has locked these people, as `open_period` does, so that no page chooses for them meanwhile.
    """
    from journal.models import Period
    from journal.questions import asking

    chosen = asking.choose_for(keys, hints)
    rows = [Period(owner_id=pk, kind=_kind_of(key), key=key, questions=chosen[pk]) for pk, key in keys.items()]
    Period.objects.bulk_create(rows, ignore_conflicts=True)
    found = Period.objects.filter(owner_id__in=keys, key__in=set(keys.values()))
    opened = {period.owner_id: period for period in found if keys[period.owner_id] == period.key}
    asking.forget_wishes(opened.values())
    return opened
