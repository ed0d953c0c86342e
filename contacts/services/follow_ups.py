"""What people do with promises: made once, however often one clicks; and an interview goes along with its own."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from contacts.models import Contact, FollowUp, Interview
from contacts.services.conversations import REPEAT_WINDOW, hold


@transaction.atomic
def promise(*, follow_up: FollowUp, contact: Contact, by: User, at: datetime) -> FollowUp:
    """Store something to be done for, or by, a contact. Sent twice within a minute it is one."""
    hold(by)
    same = {name: getattr(follow_up, name) for name in ("text", "due_on", "direction")}
    lately = FollowUp.objects.owned_by(by).filter(contact=contact, **same, created_at__gt=at - REPEAT_WINDOW)
    if found := lately.order_by("pk").first():
        return found
    follow_up.owner, follow_up.contact, follow_up.created_at = by, contact, at
    follow_up.save(force_insert=True)
    return follow_up


@transaction.atomic
def close(*, follow_up: FollowUp, state: str, at: datetime, outcome: str = "") -> None:
    """Close a promise as done or let go. The interview that it came from goes on: thanked, or told and closed."""
    interview = _interview_of(follow_up)
    follow_up.close(state=state, at=at, outcome=outcome)
    if interview is not None:
        interview.go_on(at=at)
        interview.save(update_fields=["state", "closed_at"])


@transaction.atomic
def reopen(*, follow_up: FollowUp) -> None:
    """Take back that a promise was closed, and with it what its interview went on to."""
    interview = _interview_of(follow_up)
    follow_up.reopen()
    if interview is not None:
        interview.go_back(to=follow_up)
        interview.save(update_fields=["state", "closed_at"])


def _interview_of(follow_up: FollowUp) -> Interview | None:
    """Return the interview whose thanks or news this is; it names the very row that was given, as it is stored now."""
    hold(User(pk=follow_up.owner_id))
    rows = Interview.objects.filter(Q(thanks=follow_up) | Q(news=follow_up)).order_by("pk")
    interview = rows.select_related("thanks", "news").first()
    if interview is not None:
        follow_up.refresh_from_db(fields=["state", "closed_at", "outcome"])
        setattr(interview, "thanks" if interview.thanks == follow_up else "news", follow_up)
    return interview
