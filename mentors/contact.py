"""When the two of a relation were last in touch, and what stands against it: read along with relations, no query more."""

from datetime import date, datetime
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from accounts.models import Break, User
from goals.models import GoalComment
from journal.models import EntryComment
from mentors.models import Agreement, CheckIn
from mentors.rhythm import STEADY, Facts, Standing, standing
from sharing.models import Mentorship, MentorshipQuerySet
from wins.models import WinComment


def with_contact(relations: MentorshipQuerySet, day: date) -> MentorshipQuerySet:
    """Bring along what `standing_of` asks: `contact_at`, `agreed_every`, `agreed_at` and `away_until`.

    `day` is the latest local day of anybody who is told.
    """
    said = [
        Subquery(
            model._default_manager.filter(mentorship=OuterRef("pk")).order_by("-created_at").values("created_at")[:1]
        )
        for model in (GoalComment, EntryComment, WinComment)
    ]
    theirs = Break.objects.filter(Q(user=OuterRef("mentor")) | Q(user=OuterRef("mentee")), from_on__lte=day)
    ended = theirs.order_by(F("until_on").desc(nulls_first=True)).values(until=Coalesce("until_on", Value(date.max)))
    every, agreed_at = _agreed()
    return relations.annotate(
        contact_at=Greatest(*said, *_held()),
        agreed_every=every,
        agreed_at=agreed_at,
        away_until=Subquery(ended[:1]),
    )


def with_meetings(relations: MentorshipQuerySet, now: datetime) -> MentorshipQuerySet:
    """Bring along when the two met last (`met_at`), and when they meet next (`next_at`, `next_id`)."""
    theirs = CheckIn.objects.filter(mentorship=OuterRef("pk"))
    held, ahead = theirs.held().order_by("-starts_at", "-pk"), theirs.planned_after(now).order_by("starts_at", "pk")
    return relations.annotate(
        met_at=Subquery(held.values("starts_at")[:1]),
        next_at=Subquery(ahead.values("starts_at")[:1]),
        next_id=Subquery(ahead.values("pk")[:1]),
    )


def standing_of(relation: Mentorship, user: User, *, now: datetime) -> Standing:
    """Tell how quiet it is between the two of a relation that `with_contact` read, as one of them is told it.

    Colleagues read and do not meet: nothing is quiet between them, nor where a relation has ended.
    """
    row: Any = relation
    if not (row.is_mentor and row.is_active):
        return STEADY
    facts = Facts(
        started_on=user.today(row.started_at),
        contact_on=user.today(row.contact_at) if row.contact_at else None,
        every=row.agreed_every,
        agreed_on=user.today(row.agreed_at) if row.agreed_at else None,
        paused_until=row.paused_until,
        away_until=row.away_until,
    )
    return standing(facts, user.today(now))


def _held() -> list[Subquery]:
    """Return when the last check-in was held."""
    held = CheckIn.objects.held().filter(mentorship=OuterRef("pk"))
    return [Subquery(held.order_by("-starts_at", "-pk").values("starts_at")[:1])]


def _agreed() -> tuple[Subquery, Subquery]:
    """Return the rhythm of the agreement that holds, in days, and when it was agreed."""
    holds = Agreement.objects.in_force().filter(mentorship=OuterRef("pk"))
    return Subquery(holds.values("rhythm")[:1]), Subquery(holds.values("answered_at")[:1])


def contact_stamp(relation: Any) -> int:
    """Return the last contact as a number that tells it from any other; 0 where there was none."""
    return int(relation.contact_at.timestamp()) if relation.contact_at else 0
