from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from core.htmx import toast
from mentors import services
from mentors.forms import ExtendForm
from mentors.models import END_ASKED_BEFORE, Review, half_way
from mentors.views.access import active_mentorship, side_of
from sharing.models import Mentorship


@require_safe
def agreement_review(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Ask whether it is a good fit, half way, and whether it goes on, before the end."""
    return _show_review(request, active_mentorship(request, pk))


@require_POST
def agreement_keep(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Say that it is a good fit."""
    mentorship = active_mentorship(request, pk)
    try:
        services.keep_going(mentorship=mentorship, by=request.user, now=timezone.now())
    except services.AgreementMoved as moved:
        return _show_review(request, mentorship, problem=str(moved))
    return toast(request, redirect("mentors:agreement_detail", pk), "You keep going.")


@require_POST
def agreement_extend(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Propose the same with a later end."""
    mentorship, now = active_mentorship(request, pk), timezone.now()
    form = ExtendForm(request.POST, today=request.user.today(now))
    if form.is_valid():
        try:
            services.extend_agreement(
                mentorship=mentorship,
                ends_on=form.cleaned_data["ends_on"],
                seen=request.POST.get("seen", ""),
                by=request.user,
                now=now,
            )
        except services.AgreementMoved as moved:
            return _show_review(request, mentorship, form=form, problem=str(moved))
        except ValidationError as error:
            form.add_error("ends_on", error.messages[0])
        else:
            other = mentorship.other(request.user)
            return toast(
                request, redirect("mentors:agreement_detail", pk), f"Sent to {other.given_name if other else ''}"
            )
    return _show_review(request, mentorship, form=form)


def _show_review(
    request: AuthenticatedHttpRequest, mentorship: Mentorship, *, form: ExtendForm | None = None, problem: str = ""
) -> HttpResponse:
    holds, waits, stamp = services.standing(mentorship)
    if holds is None:
        return redirect("mentors:agreement_detail", mentorship.pk)
    today = request.user.today(timezone.now())
    said = {review.author_id: review for review in holds.reviews.filter(answer=Review.Answer.KEEP)}
    other = mentorship.other(request.user)
    later = (holds.ends_on or today) if (holds.ends_on or today) > today else today
    context: dict[str, Any] = side_of(request, mentorship) | {
        "agreement": holds,
        "waits": waits,
        "stamp": stamp,
        "today": today,
        "is_time": holds.review_on <= today,
        "is_ending": holds.ends_on is not None and holds.ends_on - END_ASKED_BEFORE <= today,
        "is_over": holds.ends_on is not None and holds.ends_on < today,
        "own_review": said.get(request.user.pk),
        "their_review": said.get(other.pk) if other else None,
        "form": form or ExtendForm(initial={"ends_on": half_way(later, None)}, today=today),
        "problem": problem,
    }
    return render(request, "mentors/agreement_review.html", context, status=409 if problem else 422 if form else 200)
