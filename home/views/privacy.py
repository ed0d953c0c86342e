from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, QuerySet, Value, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from core.paging import page
from goals.models import Goal
from home.export import copy_of, journal_in_markdown
from journal.models import Entry
from mentors.counts import number_shown, with_shown
from mentors.models import Handover, Invitation, Request
from sharing import services
from sharing.models import Mentorship
from wins.models import Win

PEOPLE_SHOWN = 10
# More than this is on the page of the relation.
THINGS_SHOWN = 5
MOST_ROWS = 50
# What can be shown to somebody, by the name it has on the page.
SHOWN: dict[str, type[Goal] | type[Entry] | type[Win] | type[Handover]] = {
    "goal": Goal,
    "entry": Entry,
    "win": Win,
    "handover": Handover,
}
PATHS = {"goal": "goals", "entry": "journal", "win": "wins", "handover": "mentors/handovers"}


@require_safe
def privacy(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Everything that somebody else can see of me, person by person."""
    relations: Any = with_shown(Mentorship.objects.active().of_mentee(request.user).with_people())
    people = page(relations, keys=("-started_at", "-pk"), after=request.GET.get("after"), size=PEOPLE_SHOWN)
    shown = _shown_things(request.user, [relation.pk for relation in people.rows])
    now = timezone.now()
    me = User.objects.select_related("calendar_feed").annotate(blocked=Count("blocks")).get(pk=request.user.pk)
    context = {
        "people": [
            {
                "relation": relation,
                "things": shown[relation.pk],
                "more": max(0, number_shown(relation) - len(shown[relation.pk])),
            }
            for relation in people.rows
        ],
        "next_token": people.next_token,
        "requests": _open_requests(request.user),
        "invitations": _open_invitations(request.user, now),
        "feed": getattr(me, "calendar_feed", None),
        "blocked": me.blocked,
        "today": request.user.today(now),
    }
    return render(request, "home/privacy.html", context)


@require_POST
def share_withdraw(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Stop showing one thing to one person, from the page that lists all of it."""
    relation = get_object_or_404(Mentorship.objects.of_mentee(request.user).with_people(), pk=pk)
    name, _, number = request.POST.get("item", "").partition("-")
    model: Any = SHOWN.get(name, Goal)
    key = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    item = get_object_or_404(model.objects.owned_by(request.user), pk=key)
    services.withdraw(item=item, mentorship=relation, by=request.user)
    messages.success(request, f"{relation.mentor_name} does not see it any more.")
    return redirect("home:privacy")


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(app="accounts")
def export(request: AuthenticatedHttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Say what a copy of my data holds; hand it over as a file when asked, to somebody who just proved to be me.

    With `what=journal` the file is the journal alone, to read.
    """
    now = timezone.now()
    if request.method != "POST":
        return render(request, "home/export.html")
    day = request.user.today(now)
    if request.POST.get("what") == "journal":
        words = journal_in_markdown(request.user, today=day)
        return _file(words, kind="text/markdown; charset=utf-8", name=f"waymark-journal-{day.isoformat()}.md")
    return _file(copy_of(request.user, now=now), kind="application/json", name=f"waymark-{day.isoformat()}.json")


def _file(pieces: Iterator[str], *, kind: str, name: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(pieces, content_type=kind, headers=headers)


def _shown_things(user: User, relations: list[int]) -> dict[int, list[dict[str, Any]]]:
    """Return by relation the first THINGS_SHOWN it shows, in the order of SHOWN, each newest first; two queries."""
    goals, wins, handovers = (_first_shown(model, user, relations) for model in (Goal, Win, Handover))
    named = goals.values_list("relation", Value("goal"), "pk", "title").union(
        wins.values_list("relation", Value("win"), "pk", "text"),
        handovers.values_list("relation", Value("handover"), "pk", Value("A handover")),
        all=True,
    )
    rows = [*named, *((row.relation, "entry", row.pk, row.heading) for row in _first_shown(Entry, user, relations))]
    shown: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for relation, kind, pk, title in sorted(rows, key=lambda row: (list(SHOWN).index(row[1]), -row[2])):
        if len(shown[relation]) < THINGS_SHOWN:
            shown[relation].append({"kind": kind, "pk": pk, "title": title, "href": f"/{PATHS[kind]}/{pk}/"})
    return shown


def _first_shown(model: Any, user: User, relations: list[int]) -> Any:
    """Return the newest things of a kind that each relation shows: one that shows much takes no place from another."""
    rows = model.objects.owned_by(user).for_readers().filter(shared_with__in=relations)
    place = Window(RowNumber(), partition_by=F("shared_with"), order_by=F("pk").desc())
    rows = rows.annotate(relation=F("shared_with"), place=place).filter(place__lte=THINGS_SHOWN)
    return rows.select_related("period") if model is Entry else rows.order_by()


def _open_requests(user: User) -> list[Request]:
    """Return the requests whose mentors read titles of goals now."""
    titles = _titles(Goal.objects.all().for_readers(), "mentor_requests")
    rows = Request.objects.owned_by(user).open().select_related("mentor").annotate(titles=titles)
    return [row for row in rows.order_by("pk") if row.titles]


def _open_invitations(user: User, now: datetime) -> QuerySet[Invitation]:
    """Return the invitations that wait, with the titles of what they would show."""
    titles = _titles(Goal.objects.all(), "invitations")
    return Invitation.objects.owned_by(user).open(now).annotate(titles=titles)[:MOST_ROWS]


def _titles(goals: QuerySet[Goal], belonging_to: str) -> ArraySubquery:
    return ArraySubquery(goals.filter(**{belonging_to: OuterRef("pk")}).order_by("pk").values("title"))
