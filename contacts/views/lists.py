"""Everybody one knows: by name, by what is looked for, by what they have in common."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from contacts.ahead import next_event
from contacts.finding import DUE, ORDERS, SHOWN, Search, fitting, less_of, people_of
from contacts.models import ContactQuerySet
from contacts.nearest import corrected
from contacts.rows import contact_row
from contacts.top import top_context
from core.htmx import is_fragment

ORGANISATIONS_SHOWN = 100


@require_safe
def contact_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show everyone one knows in an order, or whom one looks for by words and what must be true of them."""
    today = request.user.today(timezone.now())
    search = Search.read(request.GET)
    context = _found(search, request.user, today) | {
        "shown": SHOWN.items(),
        "due": DUE.items(),
        "orders": ORDERS.items(),
        "tags_url": search.url(path="/contacts/tags/"),
    }
    if is_fragment(request):
        response = render(request, "contacts/_contact_found.html", context)
        response["HX-Push-Url"] = search.url(search.after)  # without the fields of the form that ask for nothing
        return response
    if (
        not search.is_narrow and not search.order and not search.after
    ):  # who looks for somebody wants nothing in between
        context |= top_context(request.user, today=today) | {"next_event": next_event(request.user, today)}
    return render(request, "contacts/contact_list.html", context)


def _found(search: Search, owner: User, today: date) -> dict[str, Any]:
    """Return who fits; where nobody does, who fits the nearest words, or else what to ask for less."""
    found, meant, less = people_of(search, owner, today=today), None, []
    if not found.rows and search.is_narrow and not search.after:
        meant = corrected(search, owner) if search.words else None
        found = people_of(meant, owner, today=today) if meant else found
        less = [] if found.rows else less_of(search, owner, today=today)
    shown = meant if meant and found.rows else search
    return {
        "search": search,
        "corrected": shown.q if shown is not search else "",
        "rows": [contact_row(contact, today=today) for contact in found.rows],
        # Asked of every page, and true of the first only: the later ones count what is left.
        "total": f"{found.rows[0].total:,}" if found.rows and not search.after else "",  # type: ignore[attr-defined]
        "older": shown.url(found.next_token) if found.next_token else "",
        "less": less,
        "add_url": f"/contacts/new/?{urlencode({'name': search.q})}" if search.q else "",
        "archive_url": Search(q=search.q, show="archived").url() if search.words and not search.show else "",
    }


@require_safe
def tag_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show tags, topics and organisations with how many people a click on each would show: of those who fit what was
    asked for already, as one that is chosen joins it, in place of another of its kind.
    """
    search, today = Search.read(request.GET), request.user.today(timezone.now())

    def people(**without: str) -> ContactQuerySet:
        return fitting(search.with_(**without), request.user, today=today)

    tags, topics = people(tag="").tally("tags"), people(topic="").tally("topics")
    organisations = people(at="", org="").tally_of_organisations()
    context = {
        "search": search,
        "back": search.url(),
        "tags": _links(search, "tag", tags),
        "topics": _links(search, "topic", topics),
        "organisations": _links(search.with_(org=""), "at", organisations[:ORGANISATIONS_SHOWN]),
        "more_organisations": max(0, len(organisations) - ORGANISATIONS_SHOWN),
    }
    return render(request, "contacts/tag_list.html", context)


def _links(search: Search, name: str, tally: list[tuple[str, int]]) -> list[dict[str, Any]]:
    return [{"words": words, "people": people, "url": search.with_(**{name: words}).url()} for words, people in tally]
