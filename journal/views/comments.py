"""Writing about an entry, in the thread of one relation or in all of them."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AuthenticatedHttpRequest
from core.htmx import is_fragment, toast
from journal import services
from journal.models import Entry
from journal.views.context import TALK, entry_context
from sharing.talk import CommentForm, chosen_threads
from sharing.talk_views import edit_comment, remove_comment


@require_POST
def comment_add(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Write in the named threads of an entry (`?thread=<mentorship>`, repeated), or in all of one's own (`all`)."""
    entries = Entry.objects.visible_to(request.user).select_related("owner", "period", "intention")
    entry = get_object_or_404(entries, pk=pk)
    now = timezone.now()
    chosen = chosen_threads(entry, request.user, request.GET.getlist("thread"))
    thread = str(chosen[0].pk) if len(chosen) == 1 else "all"
    form = CommentForm(request.POST, auto_id=f"id_{thread}_%s")
    if form.is_valid():
        text = form.cleaned_data["text"]
        services.comment_on_entry(entry=entry, mentorships=chosen, by=request.user, text=text, at=now)
        if not is_fragment(request):
            return toast(request, redirect(f"{entry.get_absolute_url()}#conversation"), "Sent")
    written, status = (None, 200) if form.is_valid() else ((thread, form), 422)
    context = TALK.threads(entry, request.user, today=request.user.today(now), written=written)
    if is_fragment(request):
        response = render(request, "components/_conversation.html", context, status=status)
        return response if written else toast(request, response, "Sent")
    context = entry_context(entry, request.user, today=request.user.today(now)) | context
    return render(request, "journal/entry_detail.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def comment_edit(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Change one's own words about an entry."""
    return edit_comment(request, pk, TALK)


@require_POST
def comment_remove(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take words away: one's own, or any on one's own entry."""
    return remove_comment(request, pk, TALK)
