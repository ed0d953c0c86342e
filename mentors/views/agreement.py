from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from core.htmx import toast
from core.paging import page
from goals.models import Goal
from mentors import services
from mentors.differences import Change, differences, facts
from mentors.forms import CONFIDENTIALITY, STOPPING, AgreementDeclineForm, AgreementForm
from mentors.models import Agreement, AgreementDraft, Review
from mentors.terms import months_after
from mentors.views.access import active_mentorship, agreed_mentorship, side_of
from mentors.views.agreement_draft import keep_posted, say_kept
from sharing.models import Mentorship

EARLIER_ON_A_PAGE = 10


@dataclass(frozen=True)
class Shown:
    """One version as a page draws it for one of the two."""

    version: Agreement
    changes: list[Change]
    facts: list[tuple[str, str]]
    goals: list[Goal]
    is_own: bool


@require_safe
def agreement_detail(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Show what two people agreed on, what one of them would change, and what held before."""
    return show_agreement(request, agreed_mentorship(request, pk))


@require_http_methods(["GET", "POST"])
def agreement_edit(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Write a version, which then waits for the other's yes."""
    mentorship = active_mentorship(request, pk)
    holds, waits, stamp = _standing(request, mentorship)
    draft = AgreementDraft.objects.of_form(request.user, mentorship).first() if request.method == "GET" else None
    form = _form(request, mentorship, waits or holds, stamp, draft, is_change=holds is not None)
    context: dict[str, Any] = {"moved": "", "status": 200}
    if request.method == "POST" and form.is_valid():
        try:
            services.propose_agreement(
                mentorship=mentorship,
                agreement=form.instance,
                goals=form.cleaned_data.get("goals", []),
                seen=form.cleaned_data["seen"],
                by=request.user,
                now=timezone.now(),
            )
        except services.AgreementMoved as moved:
            context = {"moved": str(moved), "status": 409}
            holds, waits, stamp = _standing(request, mentorship)
            # What is typed stays; sent again, it is meant against what stands there now.
            data = request.POST.copy()
            data["seen"] = stamp
            form.data = data
        except ValidationError as error:
            form.add_error(None, error)
        else:
            other = mentorship.other(request.user)
            return toast(
                request, redirect("mentors:agreement_detail", pk), f"Sent to {other.given_name if other else ''}"
            )
    # A form that was sent and not taken is kept too, so that nobody needs a script for that.
    context |= keep_posted(request, mentorship) if request.method == "POST" else _brought_back(request, draft, stamp)
    context |= side_of(request, mentorship) | {"form": form, "holds": holds, "waits": waits}
    return render(request, "mentors/agreement_edit.html", context, status=context["status"])


@require_POST
def agreement_accept(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Say yes to a proposed version."""

    def accept(mentorship: Mentorship, number: int) -> None:
        services.accept_agreement(mentorship=mentorship, number=number, by=request.user, now=timezone.now())

    return _answer(request, pk, accept, "Agreed. This holds from now on.")


@require_POST
def agreement_decline(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Leave things as they are."""
    form = AgreementDeclineForm(request.POST)
    if not form.is_valid():
        return show_agreement(request, active_mentorship(request, pk), decline_form=form)

    def decline(mentorship: Mentorship, number: int) -> None:
        note = form.cleaned_data["note"]
        services.decline_agreement(mentorship=mentorship, number=number, note=note, by=request.user, now=timezone.now())

    return _answer(request, pk, decline, "Left as it is.")


@require_POST
def agreement_withdraw(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take one's own proposal back."""

    def withdraw(mentorship: Mentorship, number: int) -> None:
        services.withdraw_agreement(mentorship=mentorship, number=number, by=request.user, now=timezone.now())

    return _answer(request, pk, withdraw, "Taken back.")


def show_agreement(
    request: AuthenticatedHttpRequest,
    mentorship: Mentorship,
    *,
    decline_form: AgreementDeclineForm | None = None,
    problem: str = "",
) -> HttpResponse:
    """Draw the page of an agreement; `problem` says what came in between (409)."""
    holds, waits, _ = services.standing(mentorship)
    rows = Agreement.objects.visible_to(request.user).of_relation(mentorship).with_people()
    apart = [each.pk for each in (holds, waits) if each]
    earlier = page(
        rows.exclude(pk__in=apart), keys=("-number", "-pk"), after=request.GET.get("earlier"), size=EARLIER_ON_A_PAGE
    )
    standing = [each for each in (holds, waits) if each]
    shown = {each.version.pk: each for each in _shown(request, [*standing, *earlier.rows])}
    today = request.user.today(timezone.now())
    other = mentorship.other(request.user)
    context = side_of(request, mentorship) | {
        "holds": shown[holds.pk] if holds else None,
        "waits": shown[waits.pk] if waits else None,
        "earlier": [shown[each.pk] for each in earlier.rows],
        "earlier_token": earlier.next_token,
        "decline_form": decline_form or AgreementDeclineForm(),
        "declining": decline_form is not None,
        "problem": problem,
        "today": today,
        "is_time_to_look": bool(holds and mentorship.is_active and holds.review_on <= today),
        "kept_by": [
            "You" if review.author_id == request.user.pk else review.author.given_name
            for review in Review.objects.filter(agreement=holds, answer=Review.Answer.KEEP).select_related("author")
        ]
        if holds
        else [],
        "mentor_given": mentorship.mentor.given_name if mentorship.mentor else "the mentor",
        "waits_for": other.given_name if other else "a former member",
    }
    return render(request, "mentors/agreement_detail.html", context, status=409 if problem else 200)


def _shown(request: AuthenticatedHttpRequest, versions: list[Agreement]) -> list[Shown]:
    """Return versions (`with_people`) with what they would change of the one they were written against, as this person
    may see it; one query, of their goals.
    """
    bases = [each.base for each in versions if each.base]
    goals = Goal.objects.visible_to(request.user).order_by("title", "pk")
    prefetch_related_objects([*versions, *bases], Prefetch("goals", goals, to_attr="seen_goals"))
    return [_as_shown(each, request.user) for each in versions]


def _as_shown(version: Any, reader: User) -> Shown:
    base, seen = version.base, version.seen_goals
    changes = differences(base, version, goals=(base.seen_goals, seen)) if base else []
    return Shown(version, changes, facts(version), seen, version.author_id == reader.pk)


def _standing(request: AuthenticatedHttpRequest, mentorship: Mentorship) -> tuple[Shown | None, Shown | None, str]:
    """Return what `services.standing` does, as this person is shown it."""
    holds, waits, stamp = services.standing(mentorship)
    shown = {each.version.pk: each for each in _shown(request, [each for each in (holds, waits) if each])}
    return shown[holds.pk] if holds else None, shown[waits.pk] if waits else None, stamp


def _answer(
    request: AuthenticatedHttpRequest, pk: int, act: Callable[[Mentorship, int], None], said: str
) -> HttpResponse:
    """Do something with the version the page showed; where another came in between, show what stands there now."""
    mentorship = active_mentorship(request, pk)
    number = request.POST.get("number", "")
    versions = Agreement.objects.visible_to(request.user).of_relation(mentorship)
    if not (number.isascii() and number.isdigit() and len(number) < 6 and versions.filter(number=number).exists()):
        raise Http404
    try:
        act(mentorship, int(number))
    except services.AgreementMoved as moved:
        return show_agreement(request, mentorship, problem=str(moved))
    return toast(request, redirect("mentors:agreement_detail", pk), said)


def _form(
    request: AuthenticatedHttpRequest,
    mentorship: Mentorship,
    start: Shown | None,
    stamp: str,
    draft: AgreementDraft | None,
    *,
    is_change: bool,
) -> AgreementForm:
    today = request.user.today(timezone.now())
    shared = Goal.objects.shared_through(mentorship).order_by("title", "pk")
    initial: dict[str, Any] = {"seen": stamp}
    if start is None:
        usual = Agreement()
        initial |= {name: getattr(usual, name) for name in ("rhythm", "channel", "minutes", "answers_within")}
        initial |= {"goals": shared, "confidentiality": CONFIDENTIALITY, "stopping": STOPPING}
        initial |= _asked_for(mentorship, today)
    else:
        kept = (name for name in AgreementForm.Meta.fields if name not in {"goals", "reason"})
        initial |= {name: getattr(start.version, name) for name in kept}
        initial["goals"] = start.goals
        for name in ("review_on", "ends_on"):
            if initial[name] is not None and initial[name] <= today:
                initial[name] = None
    if draft is not None:  # sent, it meets what came in between
        initial |= draft.fields | {"seen": draft.seen}
    mentor = mentorship.mentor.given_name if mentorship.mentor else "the mentor"
    return AgreementForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        goals=shared,
        today=today,
        mentor_name="you" if mentorship.mentor_id == request.user.pk else mentor,
        is_change=is_change,
    )


def _brought_back(request: AuthenticatedHttpRequest, draft: AgreementDraft | None, stamp: str) -> dict[str, Any]:
    """Return what a page says of words that were typed before and not sent."""
    if draft is None:
        return {}
    return {"kept_when": say_kept(draft, request), "is_overtaken": draft.seen != stamp}


def _asked_for(mentorship: Mentorship, today: date) -> dict[str, Any]:
    """Return what the mentee asked for when this began; both have read it."""
    if request := getattr(mentorship, "request", None):
        asked = {"purpose": request.help_wanted, "mentor_gets": request.offer}
        asked |= {"rhythm": request.rhythm, "channel": request.channel}
        return asked | ({"ends_on": months_after(today, request.term)} if request.term else {})
    invitation = getattr(mentorship, "invitation", None)
    return {"purpose": invitation.message} if invitation else {}
