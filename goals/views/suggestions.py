from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.http import AuthenticatedHttpRequest
from core.htmx import toast
from goals import services
from goals.models import Suggestion
from goals.views.access import own_or_403
from goals.views.comments import answer_comment


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
    return toast(request, redirect(suggestion.comment.get_absolute_url()), said)


@require_POST
def suggestion_decline(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Leave the goal as it is."""
    suggestion: Suggestion = own_or_403(Suggestion.objects.with_comment(), request.user, pk)
    try:
        services.decline_suggestion(suggestion=suggestion, by=request.user, at=timezone.now())
    except ValidationError as error:
        return answer_comment(request, suggestion.comment, " ".join(error.messages))
    return answer_comment(request, suggestion.comment, "Left as it is")
