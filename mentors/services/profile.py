"""What people do about their offer to be a mentor, and about the offers of others."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from accounts.models import User
from core.timekeeping import local_day
from mail.services import Draft, queue_many
from mentors import match
from mentors.models import Mark, Profile, Slot

# Nobody wants more mails at once than this; the next run of the task takes the rest.
WATCHES_AT_ONCE = 500
_WORDS = """
    SELECT DISTINCT lexeme FROM mentors_profile p, unnest(to_tsvector('simple', concat_ws(
        ' ', p.name, p.headline, array_to_string(p.topics, ' '), p.industry, p.company))) AS found(lexeme)
    WHERE length(lexeme) BETWEEN 3 AND 60 AND {which}"""


def monday_of(zone: ZoneInfo, now: datetime) -> date:
    """Return the Monday of the week it is somewhere."""
    day = local_day(zone, now)
    return day - timedelta(days=day.weekday())


@transaction.atomic
def save_profile(*, profile: Profile, by: User, at: datetime) -> None:
    """Store an offer with what the directory needs of it. Raises PermissionDenied for somebody else's."""
    if profile.owner_id != by.pk:
        raise PermissionDenied("Only its owner changes a profile.")
    profile.created_at = profile.created_at or at
    profile.updated_at = at
    profile.keys = match.keys_of_topics(profile.topics)
    profile.halves = _halves(by, at)
    profile.save()
    if profile.is_listed:
        _add_words("p.id = %s", [profile.pk])


@transaction.atomic
def change_hours(*, owner: User, add: Slot | None = None, remove: Slot | None = None, at: datetime) -> None:
    """Add or take away hours of the week, and let the directory know."""
    User.objects.select_for_update().get(pk=owner.pk)
    if add is not None:
        add.owner = owner
        add.save()
    if remove is not None:
        Slot.objects.owned_by(owner).filter(pk=remove.pk).delete()
    reckon_hours(user=owner, at=at)


def reckon_hours(*, user: User, at: datetime) -> None:
    """Work out anew which half hours of the UTC week somebody's hours are; after a move and when clocks change."""
    for profile in Profile.objects.owned_by(user):
        halves = _halves(user, at)
        if halves != profile.halves:
            Profile.objects.filter(pk=profile.pk).update(halves=halves)


def mark(*, profile: Profile, by: User, kind: str, at: datetime) -> None:
    """Note something about a mentor for oneself; twice is the same as once."""
    Mark.objects.get_or_create(owner=by, profile=profile, kind=kind, defaults={"created_at": at})


def unmark(*, profile: Profile, by: User, kind: str) -> None:
    """Take a note back."""
    Mark.objects.owned_by(by).filter(profile=profile, kind=kind).delete()


@transaction.atomic
def tell_watchers(*, now: datetime) -> int:
    """Queue a mail to everybody who waits for a place where there is one now, and forget the wish: each is told once.

    Run by the clock, because places become free in many ways, the end of a pause among them. Returns how many.
    """
    # The last day of a pause must be over where the mentor lives: this is the day it is where days begin last.
    free = Profile.objects.listed().with_a_place((now - timedelta(hours=12)).date())
    watches = Mark.objects.watches().filter(profile__in=free).select_related("owner").order_by("pk")
    rows = list(watches.select_for_update(of=("self",), skip_locked=True)[:WATCHES_AT_ONCE])
    drafts = [Draft(user=row.owner, ids={"profile": row.profile_id}, dedupe=f"mentor_free:{row.pk}") for row in rows]
    queue_many("mentor_free", drafts)
    Mark.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


@transaction.atomic
def tidy_directory(*, now: datetime) -> None:
    """Forget the words of those who cannot be found any more, and follow clocks that changed."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM mentors_word")
    _add_words("p.is_listed AND p.is_here", [])
    used = Profile.objects.order_by().values_list("zone", flat=True).distinct()
    moved = [name for name in used if _changes_clocks(ZoneInfo(name), now)]
    people = User.objects.filter(mentor_profile__zone__in=moved, slots__isnull=False).distinct()
    for user in people.order_by("pk").iterator(1000):
        reckon_hours(user=user, at=now)


def _changes_clocks(zone: ZoneInfo, now: datetime) -> bool:
    """Tell whether clocks changed there lately, or do this week; two weeks back, should a night have been missed."""
    moments = (now - timedelta(days=15), now, now + timedelta(days=7))
    return len({moment.astimezone(zone).utcoffset() for moment in moments}) > 1


def _halves(user: User, at: datetime) -> list[int]:
    slots: Iterable[Slot] = Slot.objects.owned_by(user)
    return match.halves(slots, user.time_zone, monday_of(user.time_zone, at))


def _add_words(which: str, values: list[int]) -> None:
    with connection.cursor() as cursor:
        words = _WORDS.format(which=which)
        cursor.execute(f"INSERT INTO mentors_word (word) {words} ON CONFLICT DO NOTHING", values)
