"""Telling the operator about a person."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from goals.models import GoalComment
from journal.models import EntryComment
from mail.services import queue
from mentors.models import Profile, Report, Request
from wins.models import WinComment

REPORTS_A_DAY = 5


def _of_profile(user: User, pk: int) -> User | None:
    found = Profile.objects.visible_to(user).with_owner().filter(pk=pk).first()
    return found.owner if found else None


def _of_comment(model: Any) -> Callable[[User, int], User | None]:
    def author(user: User, pk: int) -> User | None:
        found = model.objects.visible_to(user).select_related("author").filter(pk=pk).first()
        return found.author if found else None

    return author


def _of_request(user: User, pk: int) -> User | None:
    found = Request.objects.visible_to(user).exclude(state="draft").with_people().filter(pk=pk).first()
    return (found.mentor if found.asker_id == user.pk else found.asker) if found else None


# What can be reported: from what somebody may see to the person it is by, or None. The page is /mentors/report/.
REPORTABLE: dict[str, Callable[[User, int], User | None]] = {
    "profile": _of_profile,
    "request": _of_request,
    "goal-comment": _of_comment(GoalComment),
    "entry-comment": _of_comment(EntryComment),
    "win-comment": _of_comment(WinComment),
}


def person_behind(*, about: str, about_id: int, user: User) -> User | None:
    """Return whom a thing is by, if `user` may see it and it is by somebody else."""
    finder = REPORTABLE.get(about)
    person = finder(user, about_id) if finder else None
    return person if person != user else None


@transaction.atomic
def report(*, about: str, about_id: int, by: User, kind: str, words: str, now: datetime) -> Report:
    """Tell the operator about the person behind a thing. Nobody else learns of it, that person least of all.

    `about` is a name of REPORTABLE. Raises PermissionDenied for what `by` may not see, and ValidationError for a report
    that is open already or one too many for a day.
    """
    User.objects.select_for_update().get(pk=by.pk)  # two at once count one after the other
    person = person_behind(about=about, about_id=about_id, user=by)
    if person is None:
        raise PermissionDenied("Only what you can see can be reported.")
    own = Report.objects.owned_by(by)
    if own.filter(about=about, about_id=about_id, closed_at=None).exists():
        raise ValidationError(
            "You have reported this already. It is with the people who run this server.", code="again"
        )
    if own.since(now - timedelta(days=1)).count() >= REPORTS_A_DAY:
        raise ValidationError(
            f"You have sent {REPORTS_A_DAY} reports today. Write to {settings.OPERATOR_EMAIL}, or come back tomorrow.",
            code="limit",
        )
    row = Report.objects.create(
        reporter=by, person=person, about=about, about_id=about_id, kind=kind, words=words, created_at=now
    )
    queue("report", to=settings.OPERATOR_EMAIL, ids={"report": row.pk}, dedupe=f"report:{row.pk}")
    return row
