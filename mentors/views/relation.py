from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from core.compiled import CompiledQuery
from core.htmx import toast
from core.paging import page
from goals.models import Goal
from journal.models import Entry
from mentors import services
from mentors.contact import standing_of, with_contact
from mentors.forms import EndForm, PauseForm
from mentors.models import Agreement, CheckIn, Handover, Introduction, LookBack, Offer
from mentors.views.access import mentorship_or_404, side_of
from mentors.views.ending import ended_context
from mentors.views.meeting import said
from sharing.models import Mentorship
from wins.models import Win

MOST_HANDOVERS = 5  # of the times before; more than anybody had
# The newest; older ones are forgotten half a year after they closed.
MOST_INTRODUCTIONS = 5


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
    today = request.user.today(timezone.now())
    mentorship: Mentorship | None = _RELATION.one(mentorship=pk, viewer=request.user.pk, day=today)
    if mentorship is None:
        raise Http404
    return mentorship


def _relation(mentorship: int, viewer: int, day: date) -> QuerySet[Mentorship]:
    """Read a relation with what its page says in a line each: `offer`, `handed_over` while it is active; `is_agreed`,
    `they_looked_back` after it.
    """
    reader, here = User(pk=viewer), OuterRef("pk")
    offers = Offer.objects.visible_to(reader).filter(mentorship=here)
    handovers = Handover.objects.visible_to(reader).filter(shared_with=here).order_by("pk")
    agreed = Agreement.objects.visible_to(reader).filter(mentorship=here, state=Agreement.State.AGREED)
    relation = Mentorship.objects.visible_to(reader).with_people().filter(pk=mentorship)
    return with_contact(relation, day).annotate(
        offer=Subquery(offers.values("words")),
        handed_over=ArraySubquery(handovers.values("pk")[:MOST_HANDOVERS]),
        is_agreed=Exists(agreed),
        they_looked_back=Exists(LookBack.objects.written_to(reader).filter(mentorship=here)),
    )


_RELATION = CompiledQuery(_relation, mentorship=int, viewer=int, day=date)


def _show_mentorship(
    request: AuthenticatedHttpRequest, mentorship: Mentorship, *, form: PauseForm | None = None
) -> HttpResponse:
    context = side_of(request, mentorship) | {"today": request.user.today(timezone.now())}
    context |= (
        _active_context(request, mentorship, form) if mentorship.is_active else ended_context(request, mentorship)
    )
    return render(request, "mentors/mentorship_detail.html", context)


def _active_context(request: AuthenticatedHttpRequest, mentorship: Any, form: PauseForm | None) -> dict[str, Any]:
    """Return what an active relation shows now, and what can be done with it."""
    now, me = timezone.now(), request.user
    today = me.today(now)
    goals, wins = Goal.objects.shared_through(mentorship), Win.objects.shared_through(mentorship)
    entries = Entry.objects.shared_through(mentorship).as_read_by(me).select_related("period")
    agreed, proposed, _ = services.standing(mentorship)
    return {
        "goals": page(goals, keys=("-updated_at", "-pk"), after=request.GET.get("goals")),
        "entries": page(entries, keys=("-entry_on", "-pk"), after=request.GET.get("entries")),
        "wins": page(wins, keys=("-happened_on", "-pk"), after=request.GET.get("wins")),
        "form": form or PauseForm(today=today),
        "is_resting": mentorship.paused_until is not None and mentorship.paused_until >= today,
        "quiet": standing_of(mentorship, me, now=now),
        "agreed": agreed,
        "proposed": proposed,
        "proposed_is_own": proposed is not None and proposed.author_id == me.pk,
        "handovers": [Handover(pk=pk) for pk in mentorship.handed_over],
        "introductions": list(Introduction.objects.visible_to(me).filter(mentorship=mentorship)[:MOST_INTRODUCTIONS]),
    }
