from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.http import AuthenticatedHttpRequest
from goals import services
from goals.models import Goal
from goals.views.access import own_or_403
from goals.views.answers import back
from sharing.models import Mentorship

NOTE = (
    "They see the goal whole: why, milestones, what you logged and its history, also what you wrote before. "
    "They never see your journal, your other goals or a draft."
)


@dataclass(frozen=True)
class Reader:
    """One person who may be shown the goal, as the share panel draws them."""

    mentorship: Mentorship
    checked: bool
    view_url: str

    @property
    def name(self) -> str:
        return self.mentorship.mentor_name

    @property
    def role(self) -> str:
        return "Your mentor" if self.mentorship.is_mentor else "Colleague"

    @property
    def sees(self) -> str:
        given = self.mentorship.mentor.given_name if self.mentorship.mentor else self.name
        return f"{given} can read it and comment, not change it."


@require_http_methods(["GET", "POST"])
def goal_share(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Choose who can see a goal, look at it as they do, and let them read each other or not."""
    goal: Goal = own_or_403(Goal.objects, request.user, pk)
    own = list(Mentorship.objects.active().of_mentee(request.user).with_people().order_by("started_at", "pk"))
    problem = ""
    if request.method == "POST":
        wanted = set(request.POST.getlist("share"))
        chosen = [each for each in own if str(each.pk) in wanted]
        if len(chosen) == len(wanted):
            is_open = "threads_open" in request.POST
            services.share_goal(goal=goal, mentorships=chosen, by=request.user, threads_open=is_open)
            return back(request, goal, _said(chosen))
        problem = "One of these people no longer reads with you. This is who you can show it to now."
    checked = set(goal.readers().values_list("pk", flat=True))
    readers = [Reader(each, each.pk in checked, f"{goal.get_absolute_url()}?as={each.pk}") for each in own]
    context = {"goal": goal, "readers": readers, "note": NOTE, "problem": problem}
    return render(request, "goals/goal_share.html", context, status=409 if problem else 200)


def _said(chosen: list[Mentorship]) -> str:
    names = [each.mentor.given_name for each in chosen if each.mentor]
    if not names:
        return "Only you can see it now"
    return f"{names[0]} can see it" if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]} can see it"
