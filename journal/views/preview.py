from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.http import AuthenticatedHttpRequest
from journal.mentions import places_of
from journal.preview import as_stored


@require_POST
def entry_preview(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show the text of the field that `?of=` names as its entry will show it; nothing is stored."""
    text = as_stored(request.POST.get(request.GET.get("of", ""), ""))
    return render(request, "journal/_entry_preview.html", {"text": text, "names": places_of(request.user)})
