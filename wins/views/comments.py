"""Writing about a win, in the thread of one relation or in all of them."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AuthenticatedHttpRequest
from core.htmx import is_fragment, toast
from sharing import services as sharing
from sharing.talk import CommentForm, chosen_threads
from wins import services
from wins.models import Win, WinComment
from wins.views.pages import TALK, win_context


@require_POST
def comment_add(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Write in the named threads of a win (`?thread=<mentorship>`, repeated), or in all of one's own (`all`)."""
    win = get_object_or_404(Win.objects.visible_to(request.user).select_related("owner"), pk=pk)
    now = timezone.now()
    chosen = chosen_threads(win, request.user, request.GET.getlist("thread"))
    thread = str(chosen[0].pk) if len(chosen) == 1 else "all"
    form = CommentForm(request.POST, auto_id=f"id_{thread}_%s")
    if form.is_valid():
        text = form.cleaned_data["text"]
        services.comment_on_win(win=win, mentorships=chosen, by=request.user, text=text, at=now)
        if not is_fragment(request):
            return toast(request, redirect(f"{win.get_absolute_url()}#conversation"), "Sent")
    written, status = (None, 200) if form.is_valid() else ((thread, form), 422)
    context = TALK.threads(win, request.user, today=request.user.today(now), written=written)
    if is_fragment(request):
        response = render(request, "components/_conversation.html", context, status=status)
        return response if written else toast(request, response, "Sent")
    context = win_context(win, request.user, today=request.user.today(now)) | context
    return render(request, "wins/win_detail.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def comment_edit(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Change one's own words; marked as edited after ten minutes."""
    comment = _comment(request, pk)
    if not WinComment.objects.editable_by(request.user).filter(pk=pk).exists():
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
        "action": f"/wins/comments/{pk}/edit/",
        "target": f"comment-{pk}",
    }
    return render(request, template, context, status=422 if form.errors else 200)


@require_POST
def comment_remove(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take words away: one's own, or any on one's own win. Pressed again, in another tab perhaps, it is the same."""
    comment = _comment(request, pk)
    if WinComment.objects.removable_by(request.user).filter(pk=pk).exists():
        sharing.remove_comment(comment=comment, by=request.user, at=timezone.now())
    elif comment.removed_at is None:
        raise PermissionDenied("Only its author or the owner removes a comment.")
    return _after_change(request, comment, "Comment removed")


def _comment(request: AuthenticatedHttpRequest, pk: int) -> WinComment:
    visible = WinComment.objects.visible_to(request.user).select_related("item", "item__owner")
    return get_object_or_404(visible.with_people(), pk=pk)


def _after_change(request: AuthenticatedHttpRequest, comment: WinComment, said: str) -> HttpResponse:
    if is_fragment(request):
        row = TALK.row(comment, request.user, today=request.user.today(timezone.now()))
        response = render(request, "components/_said.html", {"comments": [row]})
        return toast(request, response, said)
    return toast(request, redirect(comment.get_absolute_url()), said)
