from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from core.compiled import CompiledQuery
from core.htmx import is_fragment
from core.paging import Pages
from mentors import counts, mirror
from mentors.contact import standing_of, with_contact, with_meetings
from mentors.models import AgendaPoint, Agreement, Invitation, Request
from mentors.rhythm import Standing
from mentors.times import say_time
from mentors.views.directory import directory_context
from sharing.models import Mentorship, MentorshipQuerySet

MAX_OPEN_SHOWN = 50
# How long a no stands on the page with its kind word.
ANSWER_SHOWN = timedelta(days=14)


def _relations(owner: int) -> MentorshipQuerySet:
    return Mentorship.objects.of_mentee(User(pk=owner)).with_people()


def _readers(owner: int, day: date, now: datetime) -> MentorshipQuerySet:
    theirs = Agreement.objects.proposed().filter(mentorship=OuterRef("pk")).exclude(author=owner)
    points = AgendaPoint.objects.open().filter(mentorship=OuterRef("pk"), author=owner).order_by()
    listed = points.values("mentorship").annotate(number=Count("pk")).values("number")
    shown = with_meetings(counts.with_shown(_relations(owner).active()), now)
    return with_contact(shown, day).annotate(proposes=Exists(theirs), listed=Subquery(listed))


class Reader(NamedTuple):
    """Somebody who reads what the owner shows: how quiet it is, what they can see, and when the two meet next."""

    mentorship: Mentorship
    quiet: Standing
    shown: str
    meets: str  # empty where nothing is planned


def _reader(row: Any, owner: User, now: datetime) -> Reader:
    meets = say_time(row.next_at, owner, owner.today(now)) if row.next_at else ""
    return Reader(row, standing_of(row, owner, now=now), counts.say_shown(row), meets)


_READERS = Pages(_readers, keys=("-started_at", "-pk"), owner=int, day=date, now=datetime)
_EARLIER = Pages(lambda owner: _relations(owner).ended(), keys=("-ended_at", "-pk"), owner=int)


def _invitations(owner: int, now: datetime, since: datetime) -> QuerySet[Invitation]:
    """Return what a person sent and what waits for their answer, in one statement: no row is both."""
    rows, person = Invitation.objects.select_related("sender"), User(pk=owner)
    sent = rows.owned_by(person).open_or_closed_since(since)[:MAX_OPEN_SHOWN]
    return sent.union(rows.asking(person, now)[:MAX_OPEN_SHOWN], all=True)


_INVITATIONS = CompiledQuery(_invitations, owner=int, now=datetime, since=datetime)
_REQUESTS = CompiledQuery(
    lambda owner, since: (
        Request.objects.owned_by(User(pk=owner))
        .open_or_closed_since(since)
        .select_related("mentor")
        .order_by("-changed_at", "-pk")[:MAX_OPEN_SHOWN]
    ),
    owner=int,
    since=datetime,
)


@require_safe
def mentor_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Who reads what I show, whom I asked, who asks me, and who else here offers to be a mentor."""
    now = timezone.now()
    context = directory_context(request, now)
    if is_fragment(request):
        return render(request, "mentors/_mentor_directory.html", context)
    owner, today = request.user.pk, request.user.today(now)
    readers = _READERS.page(request.GET.get("readers"), owner=owner, day=today, now=now)
    invitations = _INVITATIONS.objects(owner=owner, now=now, since=now - ANSWER_SHOWN)
    sent = [row for row in invitations if row.sender_id == owner]
    context |= {
        "readers": [_reader(row, request.user, now) for row in readers.rows],
        "readers_token": readers.next_token,
        "sent": [row for row in sent if row.is_open(now)],
        "ran_out": [row for row in sent if row.has_run_out(now)],
        "declined": [row for row in sent if row.state == Invitation.State.DECLINED],
        "requests": _REQUESTS.objects(owner=owner, since=now - ANSWER_SHOWN),
        "asking": [row for row in invitations if row.sender_id != owner],
        "waiting": mirror.waiting_for(request.user, now=now),
        "today": today,
    }
    return render(request, "mentors/mentor_list.html", context)


@require_safe
def mentor_earlier(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Who read along once."""
    earlier = _EARLIER.page(request.GET.get("after"), owner=request.user.pk)
    return render(request, "mentors/mentor_earlier.html", {"earlier": earlier})
