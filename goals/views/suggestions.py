from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.http import AuthenticatedHttpRequest
from core.htmx import is_fragment, toast
from goals import reading, services
from goals.models import Suggestion
from goals.views.access import own_or_403
from goals.views.comments import answer_comment
from goals.views.detail import Sight, goal_context, new_comment_form
from sharing.services import threads_open_to


@require_POST
def suggestion_accept(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take up what a mentor suggests; `was` is what stood there when the owner read it."""
    suggestion: Suggestion = own_or_403(Suggestion.objects.with_comment(), request.user, pk)
    was, now = request.POST.get("was", ""), timezone.now()
    try:
        is_new = services.accept_suggestion(suggestion=suggestion, was=was, by=request.user, at=now)
    except ValidationError as error:
        said = f"Not taken up. {' '.join(error.messages)}"
    else:
        said = "Taken up" if is_new else "You took this up already"
    return _back(request, suggestion, said)


@require_POST
def suggestion_decline(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Leave the goal as it is."""
    suggestion: Suggestion = own_or_403(Suggestion.objects.with_comment(), request.user, pk)
    try:
        services.decline_suggestion(suggestion=suggestion, by=request.user, at=timezone.now())
    except ValidationError as error:
        said = " ".join(error.messages)
    else:
        said = "Left as it is"
    if is_fragment(request):
        return answer_comment(request, suggestion.comment, said)
    return _back(request, suggestion, said)


def _back(request: AuthenticatedHttpRequest, suggestion: Suggestion, said: str) -> HttpResponse:
    """Go back to the conversation. Where a comment is half typed, which the buttons take along, it is drawn at once."""
    goal = None
    if request.POST.get("text", "").strip():
        goal = reading.visible_goal(suggestion.comment.item_id, request.user, with_series=True)
    if goal is None:
        return toast(request, redirect(suggestion.comment.get_absolute_url()), said)
    messages.success(request, said)
    now, sight = timezone.now(), Sight(goal, request.user)
    form = new_comment_form(sight, threads_open_to(item=goal, user=request.user), request.POST, now=now)
    return render(request, "goals/goal_detail.html", goal_context(sight, request, now=now, comment_form=form))
