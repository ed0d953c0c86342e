from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AuthenticatedHttpRequest
from core.htmx import is_fragment, toast
from goals import services
from goals.forms import CommentEditForm
from goals.models import Goal, GoalComment
from goals.talk import said_of
from goals.views.access import own_or_403
from goals.views.answers import posted, small_form
from goals.views.detail import Sight, goal_context, new_comment_form, talk_context
from sharing.services import threads_open_to


@require_POST
def comment_new(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Write about a goal: its reader into their own thread, its owner into one or all.

    Readers who went while the owner wrote are an error of the form, which keeps the words.
    """
    now = timezone.now()
    goal = get_object_or_404(Goal.objects.with_progress().with_owner().visible_to(request.user), pk=pk)
    sight, threads = Sight(goal, request.user), threads_open_to(item=goal, user=request.user)
    if not threads and not sight.is_owner:
        raise PermissionDenied("Nobody reads this with you now.")
    form = new_comment_form(sight, threads, request.POST, now=now)
    if form.is_valid():
        chosen, about = form.chosen_threads(), form.chosen_milestone()
        services.comment_on_goal(
            goal=goal,
            mentorships=chosen,
            by=request.user,
            text=form.cleaned_data["text"],
            at=now,
            milestone=about,
            suggestion=form.suggestion(),
        )
        others = [each.other(request.user) for each in chosen]
        names = {person.given_name for person in others if person}
        said = f"Sent to {names.pop()}" if len(names) == 1 else "Sent to everyone"
        if is_fragment(request):
            context = talk_context(sight, threads, request, now=now)
            return toast(request, render(request, "goals/_goal_comments.html", context), said)
        return toast(request, redirect(f"{goal.get_absolute_url()}#conversation"), said)
    if is_fragment(request):
        context = talk_context(sight, threads, request, now=now, form=form)
        return render(request, "goals/_goal_comments.html", context, status=422)
    context = goal_context(sight, request, now=now, comment_form=form)
    return render(request, "goals/goal_detail.html", context, status=422)


@require_http_methods(["GET", "POST"])
def comment_edit(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Change one's own words; after ten minutes the change is marked."""
    now = timezone.now()
    comment: GoalComment = own_or_403(GoalComment.objects.select_related("item__owner"), request.user, pk)
    form = CommentEditForm(posted(request), initial={"text": comment.text})
    if request.method == "POST" and form.is_valid():
        services.edit_comment(comment=comment, by=request.user, text=form.cleaned_data["text"], at=now)
        return answer_comment(request, comment, "Comment saved")
    if is_fragment(request):
        status = 422 if form.errors else 200
        context = {"form": form, "comment": comment}
        return render(request, "goals/_goal_comment_edit.html", context, status=status)
    return small_form(
        request, comment.item, form=form, title="Edit your comment", yes="Save comment", folded=comment.folded
    )


@require_POST
def comment_remove(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take words away; "removed by" stays."""
    rows = GoalComment.objects.select_related("item__owner")
    comment = rows.removable_by(request.user).filter(pk=pk).first()
    if comment is None:
        # Removed already, in another tab, or not theirs to remove.
        comment = get_object_or_404(rows.visible_to(request.user), pk=pk)
        if comment.removed_at is None:
            raise PermissionDenied("Only its author or the owner removes a comment.")
    else:
        services.remove_comment(comment=comment, by=request.user, at=timezone.now())
    return answer_comment(request, comment, "Comment removed")


@require_POST
def comment_thanks(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Say thanks for words one was written, or (`thanks` empty) take it back."""
    comment: GoalComment = get_object_or_404(
        GoalComment.objects.visible_to(request.user).select_related("item__owner"), pk=pk
    )
    is_thanks = request.POST.get("thanks") == "1"
    services.thank_for_comment(comment=comment, is_thanks=is_thanks, by=request.user, at=timezone.now())
    return answer_comment(request, comment, "Said thanks" if is_thanks else "Thanks taken back")


def answer_comment(request: AuthenticatedHttpRequest, comment: GoalComment, text: str) -> HttpResponse:
    """Draw the one comment anew for htmx, or go back to the conversation."""
    if not is_fragment(request):
        response: HttpResponse = redirect(comment.get_absolute_url())
        return toast(request, response, text)
    fresh = (
        GoalComment.objects.with_people()
        .select_related("item__owner", "milestone", "suggestion", "mentorship__mentor")
        .get(pk=comment.pk)
    )
    said = said_of(fresh, fresh.item, viewer=request.user, now=timezone.now())
    is_asking = said.proposal is not None and said.proposal.is_answerable
    has_composer = is_asking and bool(threads_open_to(item=fresh.item, user=request.user))
    return toast(
        request, render(request, "goals/_goal_said.html", {"comments": [said], "has_composer": has_composer}), text
    )
