"""Stars, and tags across the journal: for the owner alone."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from core.htmx import is_fragment
from goals.models import Goal
from journal.forms import TagForm
from journal.rows import star_button
from journal.tagging import KEY_LENGTH, filter_path, rename_tag, tagged_with, tags_of
from journal.views.asking import own_entry, posted

GOALS_SHOWN = 100


@require_POST
def entry_star(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Star an entry, or take its star away."""
    entry = own_entry(request, pk)
    place = "list" if request.GET.get("from") == "list" else "entry"
    if request.POST.get("starred") == "1":
        entry.star(at=timezone.now())
    else:
        entry.unstar()
    if is_fragment(request):
        return HttpResponse(star_button(entry, place))
    return redirect("journal:entry_list") if place == "list" else redirect(entry)


@require_safe
def tag_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show the person's tags, and the goals they wrote about, each with its number of entries."""
    counted = sorted(tags_of(request.user).items())
    tags = [(tag, count, filter_path(request.user, tag)) for tag, count in counted]
    alive = Count("entry_links", filter=Q(entry_links__entry__deleted_at=None))
    goals = Goal.objects.owned_by(request.user).annotate(entry_count=alive).filter(entry_count__gt=0)
    context = {"tags": tags, "goals": goals.order_by("-entry_count", "-pk")[:GOALS_SHOWN]}
    return render(request, "journal/tag_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def tag_edit(request: AuthenticatedHttpRequest, key: str) -> HttpResponse:
    """Rename a tag, or take it away, in all entries of the person."""
    tag, pks = tagged_with(request.user, key) if len(key) == KEY_LENGTH else ("", [])
    if not tag:
        raise Http404
    is_removal = request.POST.get("action") == "remove"
    form = TagForm(posted(request) if not is_removal else None, initial={"name": tag})
    if request.method == "POST" and (is_removal or form.is_valid()):
        name = "" if is_removal else form.cleaned_data["name"]
        rename_tag(owner=request.user, tag=tag, to=name)
        messages.success(request, "Tag renamed" if name else "Tag removed. The entries stay.")
        return redirect(filter_path(request.user, name) if name else "journal:tag_list")
    context = {"form": form, "tag": tag, "count": len(pks), "path": filter_path(request.user, tag)}
    return render(request, "journal/tag_edit.html", context, status=422 if form.errors else 200)
