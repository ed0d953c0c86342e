"""Telling two people, kindly and twice at most, that they have lost touch."""

from datetime import datetime, time, timedelta

from django.db import transaction

from accounts.models import User
from core.timekeeping import at_local
from mail.services import Draft, queue_many
from mentors.contact import contact_stamp, standing_of, with_contact
from sharing.models import Mentorship

BATCH = 500
MORNING = time(8)
# A mail that could not leave in time says nothing that the next page does not.
LATEST = timedelta(days=1)
# A pair that became quiet longer ago is left alone: it was written to, or was so before anybody counted. Well under
# the 90 days for which the outbox remembers what it sent.
NEWS_FOR = timedelta(days=7)


@transaction.atomic
def mind_rhythms(*, now: datetime, after: int = 0, limit: int = BATCH) -> int | None:
    """Queue mails to both sides of pairs that became quiet, for each person's next morning; a batch of relations.

    Returns the key to go on after, None at the end. Run twice, or twice at once, it writes each mail once: the dedupe
    key names the pair, the level, the last contact and the reader.
    """
    rows = Mentorship.objects.active().filter(kind=Mentorship.Kind.MENTOR, pk__gt=after)
    # A day ahead: somewhere it is tomorrow when the morning comes.
    ahead = (now + timedelta(days=2)).date()
    pairs = with_contact(rows.with_people(), ahead).order_by("pk")
    found = list(pairs.select_for_update(of=("self",), skip_locked=True)[:limit])
    queue_many("mentor_quiet", [draft for pair in found for draft in _drafts(pair, now)])
    # Rows that another sweep holds are not in `found`; it sees to them.
    return found[-1].pk if found else None


def _drafts(pair: Mentorship, now: datetime) -> list[Draft]:
    drafts = []
    for user in (pair.mentor, pair.mentee):
        turn = next_morning(user, now) if user else now
        quiet = standing_of(pair, user, now=turn) if user else None
        if user is None or quiet is None or quiet.since is None or user.today(turn) >= quiet.since + NEWS_FOR:
            continue
        drafts.append(
            Draft(
                dedupe=f"quiet:{pair.pk}:{quiet.level.name.lower()}:{contact_stamp(pair)}:{user.pk}",
                user=user,
                ids={"mentorship": pair.pk, "level": int(quiet.level)},
                not_before=turn,
                expires_at=turn + LATEST,
            )
        )
    return drafts


def next_morning(user: User, now: datetime) -> datetime:
    """Return the next moment at which it is eight in the morning where a person lives."""
    today = user.today(now)
    turn = at_local(user.time_zone, today, MORNING)
    return turn if turn > now else at_local(user.time_zone, today + timedelta(days=1), MORNING)
