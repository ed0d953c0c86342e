from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from core.htmx import toast
from core.paging import page
from goals.models import Goal
from journal.models import Entry
from mentors import services
from mentors.contact import standing_of, with_contact
from mentors.forms import EndForm, PauseForm
from mentors.models import CheckIn, Handover
from mentors.views.access import mentorship_or_404, side_of
from mentors.views.ending import ended_context
from mentors.views.giving import giving_of
from mentors.views.meeting import said
from sharing.models import Mentorship
from wins.models import Win

MOST_HANDOVERS = 5  # of the times before; more than anybody had


@require_safe
def mentorship_detail(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """One relation, from either side: what it shows now; after its end only that it was."""
    return _show_mentorship(request, _mentorship(request, pk))


@require_POST
def mentorship_pause(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Let a relation rest until a day."""
    mentorship = _mentorship(request, pk)
    form = PauseForm(request.POST, today=request.user.today(timezone.now()))
    if not form.is_valid():
        return _show_mentorship(request, mentorship, form=form)
    services.pause_mentorship(mentorship=mentorship, by=request.user, until=form.cleaned_data["until"])
    return toast(request, redirect(mentorship), "Resting. What is shared stays shared.")


@require_POST
def mentorship_resume(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Go on after a pause."""
    mentorship = mentorship_or_404(request, pk)
    today = request.user.today(timezone.now())
    services.resume_mentorship(mentorship=mentorship, by=request.user, today=today)
    return toast(request, redirect(mentorship), "You two go on.")


@require_http_methods(["GET", "POST"])
def mentorship_end(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Ask once, then end a relation from either side."""
    mentorship = mentorship_or_404(request, pk)
    if not mentorship.is_active:
        return redirect(mentorship)
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        services.end_with_words(mentorship=mentorship, by=request.user, words=words, now=timezone.now())
        messages.success(request, "Ended. Nothing is shared between you two any more.")
        return redirect(mentorship)
    now = timezone.now()
    ahead = CheckIn.objects.filter(mentorship=mentorship).planned_after(now).order_by("starts_at").first()
    context = {
        "form": form,
        "mentorship": mentorship,
        "other": mentorship.other(request.user),
        "planned": said(ahead, request.user, now) if ahead else "",
    }
    return render(request, "mentors/mentorship_end.html", context | side_of(request, mentorship))


@require_POST
def mentorship_block(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """End everything with a person and hear nothing more from them."""
    mentorship = mentorship_or_404(request, pk)
    services.block_person(mentorship=mentorship, by=request.user, now=timezone.now())
    messages.success(request, "Blocked. They cannot reach you here any more, and are not told.")
    return redirect(mentorship)


def _mentorship(request: AuthenticatedHttpRequest, pk: int) -> Mentorship:
    relations = Mentorship.objects.visible_to(request.user).with_people()
    return get_object_or_404(with_contact(relations, request.user.today(timezone.now())), pk=pk)


def _show_mentorship(
    request: AuthenticatedHttpRequest, mentorship: Mentorship, *, form: PauseForm | None = None
) -> HttpResponse:
    now = timezone.now()
    today = request.user.today(now)
    goals = Goal.objects.shared_through(mentorship)
    entries = Entry.objects.shared_through(mentorship).as_read_by(request.user).select_related("period")
    agreed, proposed, _ = services.standing(mentorship)
    context = side_of(request, mentorship) | {
        "goals": page(goals, keys=("-updated_at", "-pk"), after=request.GET.get("goals")),
        "entries": page(entries, keys=("-entry_on", "-pk"), after=request.GET.get("entries")),
        "wins": page(
            Win.objects.shared_through(mentorship), keys=("-happened_on", "-pk"), after=request.GET.get("wins")
        ),
        "form": form or PauseForm(today=today),
        "is_resting": mentorship.paused_until is not None and mentorship.paused_until >= today,
        "quiet": standing_of(mentorship, request.user, now=now) if mentorship.is_active else None,
        "agreed": agreed,
        "proposed": proposed,
        "proposed_is_own": proposed is not None and proposed.author_id == request.user.pk,
        "handovers": list(Handover.objects.shared_through(mentorship)[:MOST_HANDOVERS]),
        "today": today,
        **giving_of(mentorship, request.user),
    }
    if not mentorship.is_active:
        context |= ended_context(request, mentorship)
    return render(request, "mentors/mentorship_detail.html", context)
