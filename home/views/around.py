from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest
from core.htmx import is_fragment
from home.around import HEADINGS, MODELS, links_around


@require_safe
def around(request: AuthenticatedHttpRequest, kind: str, pk: int) -> HttpResponse:
    """Show what is linked to a thing: as a part of its page, or as a page of its own."""
    if kind not in MODELS:
        raise Http404
    things: Any = MODELS[kind]._default_manager.visible_to(request.user).select_related("owner")
    if kind == "entry":
        things = things.as_read_by(request.user).select_related("period")
    thing: Any = get_object_or_404(things, pk=pk)
    context = {"thing": thing, "kind": kind, "links": links_around(kind, thing, viewer=request.user)}
    context["heading"] = HEADINGS.get(kind, "Around it")
    return render(request, "home/_around.html" if is_fragment(request) else "home/around.html", context)
