"""Everybody one knows: by name, by what is looked for, by tag."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest
from contacts.ahead import next_event
from contacts.finding import SHOWN, Search, people_of
from contacts.models import Contact
from contacts.rows import contact_row
from contacts.top import top_context
from core.htmx import is_fragment


@require_safe
def contact_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show everyone one knows by name, or whom one looks for by words, circle and tag."""
    today = request.user.today(timezone.now())
    search = Search.read(request.GET)
    found = people_of(search, request.user)
    context = {
        "search": search,
        "shown": SHOWN.items(),
        "rows": [contact_row(contact, today=today) for contact in found.rows],
        # Asked of every page, and true of the first only: the later ones count what is left.
        "total": getattr(found.rows[0], "total", 0) if found.rows and not search.after else None,
        "older": search.url(found.next_token) if found.next_token else "",
        "add_url": f"/contacts/new/?{urlencode({'name': search.q})}" if search.q else "",
        "archive_url": Search(q=search.q, show="archived").url() if search.words and not search.show else "",
    }
    if is_fragment(request):
        return render(request, "contacts/_contact_found.html", context)
    if not search.is_narrow and not search.after:  # who looks for somebody, or further, wants nothing in between
        context |= top_context(request.user, today=today) | {"next_event": next_event(request.user, today)}
    return render(request, "contacts/contact_list.html", context)


@require_safe
def tag_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show the tags one gave, and how many people have each."""
    tally = Contact.objects.owned_by(request.user).current().tally_of_tags()
    tags = [{"tag": tag, "people": people, "url": Search(tag=tag).url()} for tag, people in tally]
    return render(request, "contacts/tag_list.html", {"tags": tags})
