"""Finding something in one's own journal."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest
from core.htmx import is_fragment
from core.text import clean_line
from journal import search


@require_safe
def entry_search(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show the person's own entries in which all of `?q=` stands, newest first.

    The words stand in the address, so that going back from an entry finds the list again; no log of ours holds them
    (docs/decisions/0098-patterns.md).
    """
    asked = clean_line(request.GET.get("q", ""))
    if len(asked) > search.LONGEST:
        context = {"asked": asked[: search.LONGEST], "is_too_long": True, "longest": search.LONGEST}
        return render(request, "journal/entry_search.html", context, status=422)
    found = search.find(request.user, asked, after=request.GET.get("after", ""))
    older = "?" + urlencode({"q": asked, "after": found.next_token}) if found.next_token else ""
    context = {"asked": asked, "found": found, "older": older, "today": request.user.today(timezone.now())}
    template = "_entry_found.html" if is_fragment(request) else "entry_search.html"
    return render(request, f"journal/{template}", context)
