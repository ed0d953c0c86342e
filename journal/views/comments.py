"""Writing about an entry, in the thread of one relation or in all of them."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AuthenticatedHttpRequest
from core.htmx import is_fragment, toast
from journal import services
from journal.models import Entry, EntryComment
from journal.views.context import TALK, entry_context
from sharing import services as sharing
from sharing.talk import CommentForm, chosen_threads


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
    """Change one's own words; marked as edited after ten minutes."""
    comment = _comment(request, pk)
    if not EntryComment.objects.editable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied("Only the author edits a comment.")
    now = timezone.now()
    data = request.POST if request.method == "POST" else None
    form = CommentForm(data, initial={"text": comment.text}, auto_id=f"id_comment_{pk}_%s")
    if request.method == "POST" and form.is_valid():
        sharing.edit_comment(comment=comment, by=request.user, text=form.cleaned_data["text"], at=now)
        return _after_change(request, comment, "Comment saved")
    template = "components/_comment_form.html" if is_fragment(request) else "components/comment_edit.html"
    context = {
        "comment": comment,
        "form": form,
        "action": f"/journal/comments/{pk}/edit/",
        "target": f"comment-{pk}",
    }
    return render(request, template, context, status=422 if form.errors else 200)


@require_POST
def comment_remove(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take words away: one's own, or any on one's own entry."""
    comment = _comment(request, pk)
    if not EntryComment.objects.removable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied("Only its author or the owner removes a comment.")
    sharing.remove_comment(comment=comment, by=request.user, at=timezone.now())
    return _after_change(request, comment, "Comment removed")


def _comment(request: AuthenticatedHttpRequest, pk: int) -> EntryComment:
    visible = EntryComment.objects.visible_to(request.user).select_related("item", "item__owner")
    return get_object_or_404(visible.with_people(), pk=pk)


def _after_change(request: AuthenticatedHttpRequest, comment: EntryComment, said: str) -> HttpResponse:
    if is_fragment(request):
        row = TALK.row(comment, request.user, today=request.user.today(timezone.now()))
        response = render(request, "components/_said.html", {"comments": [row]})
        return toast(request, response, said)
    return toast(request, redirect(comment.get_absolute_url()), said)
