from collections import defaultdict
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.db.models import F, Prefetch, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from core.paging import page
from goals.models import Goal
from home.export import copy_of
from home.models import CalendarFeed
from journal.models import Entry
from mentors.counts import with_shown
from mentors.models import Invitation, Request
from sharing import services
from sharing.models import Block, Mentorship

PEOPLE_SHOWN = 10
# More than this is on the page of the relation.
THINGS_SHOWN = 5
MOST_ROWS = 50


@require_safe
def privacy(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Everything that somebody else can see of me, person by person."""
    relations: Any = with_shown(Mentorship.objects.active().of_mentee(request.user).with_people())
    people = page(relations, keys=("-started_at", "-pk"), after=request.GET.get("after"), size=PEOPLE_SHOWN)
    shown = _shown_things(request.user, [relation.pk for relation in people.rows])
    now = timezone.now()
    context = {
        "people": [
            {
                "relation": relation,
                "things": shown[relation.pk],
                "more": max(0, relation.goals_shown + relation.entries_shown - len(shown[relation.pk])),
            }
            for relation in people.rows
        ],
        "next_token": people.next_token,
        "requests": _open_requests(request.user),
        "invitations": Invitation.objects.owned_by(request.user).open(now).prefetch_related("goals")[:MOST_ROWS],
        "feed": CalendarFeed.objects.owned_by(request.user).first(),
        "blocked": Block.objects.owned_by(request.user).count(),
        "today": request.user.today(now),
    }
    return render(request, "home/privacy.html", context)


@require_POST
def share_withdraw(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Stop showing one thing to one person, from the page that lists all of it."""
    relation = get_object_or_404(Mentorship.objects.of_mentee(request.user).with_people(), pk=pk)
    name, _, number = request.POST.get("item", "").partition("-")
    model: Any = Entry if name == "entry" else Goal
    key = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    item = get_object_or_404(model.objects.owned_by(request.user), pk=key)
    services.withdraw(item=item, mentorship=relation, by=request.user)
    messages.success(request, f"{relation.mentor_name} does not see it any more.")
    return redirect("home:privacy")


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(app="accounts")
def export(request: AuthenticatedHttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Say what a copy of my data holds; hand it over as a file when asked, to somebody who just proved to be me."""
    now = timezone.now()
    if request.method != "POST":
        return render(request, "home/export.html")
    response = StreamingHttpResponse(copy_of(request.user, now=now), content_type="application/json")
    day = request.user.today(now)
    response["Content-Disposition"] = f'attachment; filename="waymark-{day.isoformat()}.json"'
    return response


def _shown_things(user: User, relations: list[int]) -> dict[int, list[dict[str, Any]]]:
    """Return by relation the first THINGS_SHOWN it shows, goals first, newest first; two queries for all of them."""
    shown: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for model, kind in ((Goal, "goal"), (Entry, "entry")):
        manager: Any = model.objects
        rows = manager.owned_by(user).for_readers().filter(shared_with__in=relations)
        if model is Entry:
            rows = rows.select_related("period")
        # Counted for each relation by itself: one that shows much takes no place from another.
        place = Window(RowNumber(), partition_by=F("shared_with"), order_by=F("pk").desc())
        first = rows.annotate(relation=F("shared_with"), place=place).filter(place__lte=THINGS_SHOWN)
        for row in first.order_by("-pk"):
            title = row.title if model is Goal else row.heading
            shown[row.relation].append({"kind": kind, "pk": row.pk, "title": title, "href": row.get_absolute_url()})
    return defaultdict(list, {relation: things[:THINGS_SHOWN] for relation, things in shown.items()})


def _open_requests(user: User) -> list[Request]:
    """Return the requests whose mentors read titles of goals now."""
    goals = Prefetch("goals", Goal.objects.all().for_readers().order_by("pk"))
    rows = Request.objects.owned_by(user).open().select_related("mentor").prefetch_related(goals)
    return [row for row in rows.order_by("pk") if row.goals.all()]
