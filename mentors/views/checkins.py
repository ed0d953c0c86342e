"""Check-ins: the list, and agreeing on when."""

from typing import Any

from django.db.models import Exists
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from core.htmx import toast
from core.paging import page
from mentors import services
from mentors.forms import PastForm, ProposalForm
from mentors.models import AgendaPoint, Agreement, CheckIn, Repeat, StepRefused
from mentors.terms import Rhythm
from mentors.times import on_both_clocks, say_difference
from mentors.views.meeting import recorded, said, show_check_in, side, visible_check_in
from sharing.models import Mentorship

OPEN_SHOWN = 20
# How a row of check-ins keeps to what was agreed.
ROW_OF = {
    Rhythm.WEEKLY: Repeat.WEEKLY,
    Rhythm.FORTNIGHTLY: Repeat.FORTNIGHTLY,
    Rhythm.MONTHLY: Repeat.MONTHLY,
    Rhythm.QUARTERLY: Repeat.QUARTERLY,
}


@require_safe
def checkin_list(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """What the two have planned, what they want to talk about, and when they met."""
    now, me = timezone.now(), request.user
    relation = recorded(request, pk)
    rows = CheckIn.objects.visible_to(me).filter(mentorship=relation)
    earlier = page(
        rows.exclude(state__in=["proposed", "planned", "cancelled"]),
        keys=("-starts_at", "-pk"),
        after=request.GET.get("after"),
    )
    ahead = sorted(
        rows.open().with_offers_flag(now)[:OPEN_SHOWN], key=lambda row: (row.starts_at or row.created_at, row.pk)
    )
    context = side(me, relation) | {
        "ahead": [_line(row, request, now) for row in ahead],
        "earlier": [_line(row, request, now) for row in earlier.rows],
        "older": earlier.next_token,
        "points": AgendaPoint.objects.visible_to(me).open().filter(mentorship=relation).select_related("author"),
    }
    return render(request, "mentors/checkin_list.html", context)


@require_http_methods(["GET", "POST"])
def checkin_new(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Propose up to three times."""
    now = timezone.now()
    relation = recorded(request, pk)
    if not relation.is_active:
        return redirect("mentors:checkin_list", pk=pk)
    data = request.POST if request.method == "POST" else None
    form = ProposalForm(data, me=request.user, now=now, initial=_as_agreed(relation))
    if _is_sent(request, form):
        check_in = services.propose_check_in(
            mentorship=relation, by=request.user, times=form.times, terms=form.terms(), now=now
        )
        return toast(request, redirect(check_in), f"Proposed to {side(request.user, relation)['other_name']}")
    return _proposal_page(request, relation, form)


@require_safe
def checkin_detail(request: AuthenticatedHttpRequest, pk: int, check_in_pk: int) -> HttpResponse:
    """One check-in: when it is, what to talk about, what was said, what was agreed."""
    return show_check_in(request, visible_check_in(request, pk, check_in_pk))


@require_http_methods(["GET", "POST"])
def checkin_move(request: AuthenticatedHttpRequest, pk: int, check_in_pk: int) -> HttpResponse:
    """Propose other times, or change where and how. What is planned stands until the other side picks."""
    now = timezone.now()
    check_in = visible_check_in(request, pk, check_in_pk)
    if not check_in.mentorship.is_active or not check_in.is_open:
        return redirect(check_in)
    data = request.POST if request.method == "POST" else None
    form = ProposalForm(data, me=request.user, now=now, check_in=check_in)
    if _is_sent(request, form):
        try:
            services.propose_other_times(
                check_in=check_in, by=request.user, times=form.times, terms=form.terms(), now=now
            )
        except StepRefused as refused:
            return _refused(request, check_in, refused)
        name = side(request.user, check_in.mentorship)["other_name"]
        return toast(request, redirect(check_in), f"Proposed to {name}" if form.times else "Check-in saved")
    return _proposal_page(request, check_in.mentorship, form, check_in=check_in)


@require_POST
def checkin_pick(request: AuthenticatedHttpRequest, pk: int, check_in_pk: int) -> HttpResponse:
    """Agree to one of the proposed times."""
    check_in = visible_check_in(request, pk, check_in_pk)
    number = request.POST.get("time", "")
    time = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    try:
        services.pick_time(check_in=check_in, by=request.user, time=time, now=timezone.now())
    except StepRefused as refused:
        return _refused(request, check_in, refused)
    return toast(request, redirect(check_in), "Agreed. You both get it for your calendars.")


@require_http_methods(["GET", "POST"])
def checkin_cancel(request: AuthenticatedHttpRequest, pk: int, check_in_pk: int) -> HttpResponse:
    """Ask once, then call a check-in off."""
    now = timezone.now()
    check_in = visible_check_in(request, pk, check_in_pk)
    if request.method == "POST":
        try:
            services.cancel_check_in(check_in=check_in, by=request.user, now=now)
        except StepRefused as refused:
            return _refused(request, check_in, refused)
        name = side(request.user, check_in.mentorship)["other_name"]
        response = redirect("mentors:checkin_list", pk=pk)
        return toast(request, response, f"Cancelled. {name} is told.")
    if not check_in.mentorship.is_active or not check_in.is_open:
        return redirect(check_in)
    name = side(request.user, check_in.mentorship)["other_name"]
    context = {
        "title": f"Cancel the check-in with {name}?",
        "lede": f"{said(check_in, request.user, now)}. {name} is told, and calendars forget it.",
        "points": ["What stands on the list stays there for next time."],
        "yes": "Cancel the check-in",
        "no": "Keep it",
        "danger": True,
        "back": check_in.get_absolute_url(),
    }
    return render(request, "mentors/checkin_cancel.html", context)


@require_POST
def checkin_missed(request: AuthenticatedHttpRequest, pk: int, check_in_pk: int) -> HttpResponse:
    """Note that it did not take place; nobody is blamed."""
    check_in = visible_check_in(request, pk, check_in_pk)
    try:
        services.mark_missed(check_in=check_in, by=request.user, now=timezone.now())
    except StepRefused as refused:
        return _refused(request, check_in, refused)
    return toast(request, redirect(check_in), "Noted. These things happen.")


@require_http_methods(["GET", "POST"])
def checkin_log(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Write down a conversation that was not planned here."""
    now = timezone.now()
    relation = recorded(request, pk)
    if not relation.is_active:
        return redirect("mentors:checkin_list", pk=pk)
    data = request.POST if request.method == "POST" else None
    form = PastForm(data, me=request.user, now=now, initial=_as_agreed(relation))
    if request.method == "POST" and form.is_valid():
        check_in = services.log_past(
            mentorship=relation,
            by=request.user,
            starts_at=form.cleaned_data["starts_at"],
            terms=form.terms(),
            takeaways=form.cleaned_data["takeaways"],
            now=now,
        )
        return toast(request, redirect(check_in), "Written down")
    status = 422 if form.is_bound else 200
    return render(request, "mentors/checkin_log.html", side(request.user, relation) | {"form": form}, status=status)


def _as_agreed(relation: Mentorship) -> dict[str, Any]:
    """Return how the two agreed to talk, for a form to begin with; a row is offered unless one is under way."""
    under_way = CheckIn.objects.open().filter(mentorship=relation, repeats_every__isnull=False)
    holds = Agreement.objects.of_relation(relation).in_force().annotate(has_row=Exists(under_way)).first()
    if holds is None:
        return {}
    row = None if holds.has_row else ROW_OF[Rhythm(holds.rhythm)]
    return {"minutes": holds.minutes, "channel": holds.channel, "repeats_every": row}


def _is_sent(request: AuthenticatedHttpRequest, form: ProposalForm) -> bool:
    """Tell whether a valid form is to be sent; "look" only shows the times on both clocks."""
    return request.method == "POST" and form.is_valid() and "look" not in request.POST


def _proposal_page(
    request: AuthenticatedHttpRequest, relation: Mentorship, form: ProposalForm, check_in: CheckIn | None = None
) -> HttpResponse:
    now, me, other = timezone.now(), request.user, relation.other(request.user)
    status = 422 if form.is_bound and form.errors else 200
    for row in (rows := form.rows):
        row["both"] = on_both_clocks(row["at"], me, other, now=now) if row["at"] else None
    context: dict[str, Any] = side(me, relation) | {
        "form": form,
        "rows": rows,
        "check_in": check_in,
        "said": said(check_in, me, now) if check_in else "",
        "difference": say_difference(me, other, now=now),
    }
    return render(request, "mentors/checkin_propose.html", context, status=status)


def _line(row: CheckIn, request: AuthenticatedHttpRequest, now: Any) -> dict[str, Any]:
    """Return a check-in as the list shows it."""
    waits = getattr(row, "has_offers", False)
    mine = row.proposer_id == request.user.pk
    return {
        "url": row.get_absolute_url(),
        "when": said(row, request.user, now),
        "state": row.state,
        "about": f"{row.minutes} minutes, {row.get_channel_display().lower()}",
        "waits_for_me": waits and not mine,
        "waits_for_them": waits and mine,
        "is_over": row.starts_at is not None and row.starts_at <= now,
        "repeats": row.get_repeats_every_display() if row.repeats_every else "",
    }


def _refused(request: AuthenticatedHttpRequest, check_in: CheckIn, refused: StepRefused) -> HttpResponse:
    """Show the check-in as it stands now, and why what was wanted does not go any more (409)."""
    fresh = visible_check_in(request, check_in.mentorship_id, check_in.pk)
    return show_check_in(request, fresh, status=409, problem=str(refused))
