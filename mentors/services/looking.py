"""Asking the two of an agreement, on its days, whether it is a good fit and whether it goes on."""

from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.models import Break, User
from mail.services import Draft, queue_many
from mentors.models import Agreement
from mentors.services.rhythm import BATCH, next_morning

# A mail that could not leave in time; the page and the week of both say the same.
LATEST = timedelta(days=3)
# A day that passed longer ago is not asked about any more: it was, or the two rested for long. Well under the 90 days
# for which the outbox remembers what it sent.
ASKED_FOR = timedelta(days=28)


@transaction.atomic
def mind_agreements(*, now: datetime, after: int = 0, limit: int = BATCH) -> int | None:
    """Queue the mails of agreements whose day has come, for each person's next morning; a batch of agreements.

    Returns the key to go on after, None at the end. Each mail is written once, however often this runs: the dedupe key
    names the version and the reader. A pair that rests, and a person on a break, is asked when they are back.
    """
    # A day ahead: somewhere it is tomorrow when the morning comes.
    ahead = (now + timedelta(days=2)).date()
    rows = Agreement.objects.in_force().to_look_at(ahead - ASKED_FOR - timedelta(days=2), ahead).filter(pk__gt=after)
    found = list(rows.with_people().order_by("pk")[:limit])
    people = [user for row in found for user in (row.mentorship.mentee, row.mentorship.mentor) if user]
    breaks: dict[int, list[Break]] = {}
    for each in Break.objects.filter(user__in=people):
        breaks.setdefault(each.user_id, []).append(each)
    drafts: dict[str, list[Draft]] = {"agreement_review": [], "agreement_ending": []}
    for row in found:
        for user in (row.mentorship.mentee, row.mentorship.mentor):
            if user is not None:
                _ask(row, user, breaks.get(user.pk, []), now, drafts)
    for kind, wanted in drafts.items():
        queue_many(kind, wanted)
    return found[-1].pk if found else None


def rests(agreement: Agreement, day: date) -> bool:
    """Tell whether nothing is expected of the two on this day."""
    until = agreement.mentorship.paused_until
    return until is not None and until >= day


def _ask(row: Agreement, user: User, breaks: list[Break], now: datetime, drafts: dict[str, list[Draft]]) -> None:
    turn = next_morning(user, now)
    day = user.today(turn)
    if rests(row, day) or any(each.covers(day) for each in breaks):
        return
    for kind, asked_on in (("agreement_review", row.review_asked_on), ("agreement_ending", row.end_asked_on)):
        if asked_on is not None and asked_on <= day < asked_on + ASKED_FOR:
            drafts[kind].append(
                Draft(
                    dedupe=f"{kind}:{row.pk}:{user.pk}",
                    user=user,
                    ids={"agreement": row.pk},
                    not_before=turn,
                    expires_at=turn + LATEST,
                )
            )
