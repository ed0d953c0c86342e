"""What is done to a comment on a plain thing, for the views of the apps that have such things."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.http import AuthenticatedHttpRequest
from core.htmx import is_fragment, toast
from sharing import services
from sharing.talk import CommentForm, Talk


def edit_comment(request: AuthenticatedHttpRequest, pk: int, talk: Talk) -> HttpResponse:
    """Change one's own words; marked as edited after ten minutes."""
    comment = _comment(request, pk, talk)
    if not _rows(talk).editable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied("Only the author edits a comment.")
    data = request.POST if request.method == "POST" else None
    form = CommentForm(data, initial={"text": comment.text}, auto_id=f"id_comment_{pk}_%s")
    if request.method == "POST" and form.is_valid():
        services.edit_comment(comment=comment, by=request.user, text=form.cleaned_data["text"], at=timezone.now())
        return _after_change(request, comment, talk, "Comment saved")
    template = "components/_comment_form.html" if is_fragment(request) else "components/comment_edit.html"
    context = {
        "comment": comment,
        "form": form,
        "action": f"{talk.base}comments/{pk}/edit/",
        "target": f"comment-{pk}",
    }
    return render(request, template, context, status=422 if form.errors else 200)


def remove_comment(request: AuthenticatedHttpRequest, pk: int, talk: Talk) -> HttpResponse:
    """Take words away: one's own, or any on a thing of one's own. Pressed again, in another tab perhaps, it is the same."""
    comment = _comment(request, pk, talk)
    if _rows(talk).removable_by(request.user).filter(pk=pk).exists():
        services.remove_comment(comment=comment, by=request.user, at=timezone.now())
    elif comment.removed_at is None:
        raise PermissionDenied("Only its author or the owner removes a comment.")
    return _after_change(request, comment, talk, "Comment removed")


def _rows(talk: Talk) -> Any:
    return talk.comments._default_manager


def _comment(request: AuthenticatedHttpRequest, pk: int, talk: Talk) -> Any:
    visible = _rows(talk).visible_to(request.user).select_related("item", "item__owner")
    return get_object_or_404(visible.with_people(), pk=pk)


def _after_change(request: AuthenticatedHttpRequest, comment: Any, talk: Talk, said: str) -> HttpResponse:
    if is_fragment(request):
        row = talk.row(comment, request.user, today=request.user.today(timezone.now()))
        response = render(request, "components/_said.html", {"comments": [row]})
        return toast(request, response, said)
    return toast(request, redirect(comment.get_absolute_url()), said)
