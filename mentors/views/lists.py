from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
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
from mentors.contact import standing_of, with_contact
from mentors.models import Agreement, Invitation, Request
from mentors.views.directory import directory_context
from sharing.models import Mentorship, MentorshipQuerySet

MAX_OPEN_SHOWN = 50
# How long a no stands on the page with its kind word.
ANSWER_SHOWN = timedelta(days=14)


def _relations(owner: int) -> MentorshipQuerySet:
    return Mentorship.objects.of_mentee(User(pk=owner)).with_people()


def _readers(owner: int, day: date) -> MentorshipQuerySet:
    theirs = Agreement.objects.proposed().filter(mentorship=OuterRef("pk")).exclude(author=owner)
    shown = counts.with_shown(_relations(owner).active())
    return with_contact(shown, day).annotate(proposes=Exists(theirs))


_READERS = Pages(_readers, keys=("-started_at", "-pk"), owner=int, day=date)
_EARLIER = Pages(lambda owner: _relations(owner).ended(), keys=("-ended_at", "-pk"), owner=int)


def _invitations(owner: int, now: datetime, since: datetime) -> QuerySet[Invitation]:
    """Return what a person sent and what waits for their answer, in one statement: no row is both."""
    rows, person = Invitation.objects.select_related("sender"), User(pk=owner)
    sent = rows.owned_by(person).open_or_declined_since(now, since)[:MAX_OPEN_SHOWN]
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
    readers = _READERS.page(request.GET.get("readers"), owner=owner, day=today)
    invitations = _INVITATIONS.objects(owner=owner, now=now, since=now - ANSWER_SHOWN)
    sent = [row for row in invitations if row.sender_id == owner]
    context |= {
        "readers": [(row, standing_of(row, request.user, now=now), counts.say_shown(row)) for row in readers.rows],
        "readers_token": readers.next_token,
        "sent": [row for row in sent if row.state == Invitation.State.SENT],
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
