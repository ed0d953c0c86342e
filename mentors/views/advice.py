"""Advice: what a mentor said, what came of it, and the month's note about that."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from core.htmx import is_fragment, toast
from core.markdown import plain
from core.paging import page
from core.timekeeping import month_key
from mentors import services
from mentors.forms import AdviceNoteForm
from mentors.models import Advice, AdviceNote
from mentors.models.advice import KEPT
from mentors.services.checkin import NOT_NOW
from mentors.views.meeting import recorded, side
from sharing.models import Mentorship

NOTES_SHOWN = 12
MOST_TOLD = 30
WORDS_SHOWN = 300
CAME = {
    Advice.State.TRIED: "I tried it.",
    Advice.State.WORKED: "It worked.",
    Advice.State.DID_NOT: "It did not work for me.",
    Advice.State.NOT_FOR_ME: "It was not for me.",
}


@require_safe
def advice_list(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """What was advised. The mentee sees and says what came of it; the mentor reads what they were told."""
    me, relation = request.user, recorded(request, pk)
    rows = Advice.objects.visible_to(me).filter(mentorship=relation).with_source()
    is_mentee = relation.mentee_id == me.pk
    if not is_mentee:  # a comment only as long as what it is about is shared
        rows = rows.said_to(me)
    found = page(rows, keys=("-created_at", "-pk"), after=request.GET.get("after"))
    context = side(me, relation) | {
        "advice": [_line(row, me.today(row.created_at)) for row in found.rows],
        "older": found.next_token,
        "notes": AdviceNote.objects.visible_to(me).filter(mentorship=relation)[:NOTES_SHOWN],
        "states": Advice.State.choices[1:],
        "may_mark": is_mentee and relation.is_active,
        "may_tell": is_mentee
        and relation.is_active
        and _untold(relation).exists()
        and not _has_note(request, relation),
        "today": me.today(timezone.now()),
    }
    return render(request, "mentors/advice_list.html", context)


@require_POST
def advice_keep(request: AuthenticatedHttpRequest, pk: int, comment: int) -> HttpResponse:
    """Keep a mentor's comment as advice: one on a goal, or with `?about=` on an entry or a win (mentors.models.KEPT)."""
    relation = recorded(request, pk)
    _, model = KEPT.get(request.GET.get("about", "goal-comment"), ("", None))
    if model is None:
        raise Http404
    rows: Any = model._default_manager
    seen = rows.visible_to(request.user).filter(mentorship=relation).select_related("item", "mentorship")
    row = get_object_or_404(seen, pk=comment)
    services.keep_comment(comment=row, by=request.user, now=timezone.now())
    if is_fragment(request):
        return render(request, "components/_kept.html", {"url": row.kept_url})
    return toast(request, redirect("mentors:advice_list", pk=pk), "Kept as advice")


@require_POST
def advice_mark(request: AuthenticatedHttpRequest, pk: int, advice: int) -> HttpResponse:
    """Say what came of one piece; an empty state takes it back."""
    relation = recorded(request, pk)
    rows = Advice.objects.visible_to(request.user).filter(mentorship=relation).select_related("mentorship")
    row = get_object_or_404(rows, pk=advice)
    wanted = request.POST.get("state", "")
    state = wanted if wanted in Advice.State.values else Advice.State.OPEN
    services.mark_advice(advice=row, by=request.user, state=state, now=timezone.now())
    said = "Open again" if state == Advice.State.OPEN else f"Noted: {Advice.State(state).label.lower()}"
    return toast(request, redirect(f"/mentorships/{pk}/advice/#advice-{row.pk}"), said)


@require_http_methods(["GET", "POST"])
def advice_note(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Write to the mentor what came of their advice: proposed in words, changed and sent by the mentee alone."""
    now, me, relation = timezone.now(), request.user, recorded(request, pk)
    if relation.mentee_id != me.pk or not relation.is_active:
        raise PermissionDenied(NOT_NOW)
    untold = list(_untold(relation).with_source().order_by("marked_at", "pk")[:MOST_TOLD])
    data = request.POST if request.method == "POST" else None
    form = AdviceNoteForm(data, advice=untold, initial={"text": _proposed(relation, untold)})
    name = side(me, relation)["other_name"]
    if request.method == "POST":
        try:
            if "skip" in request.POST:
                services.leave_out_note(mentorship=relation, by=me, now=now)
                return toast(request, redirect("mentors:advice_list", pk=pk), "Not this month")
            if form.is_valid():
                text, told = form.cleaned_data["text"], form.cleaned_data["told"]
                services.send_advice_note(mentorship=relation, by=me, text=text, advice=told, now=now)
                return toast(request, redirect("mentors:advice_list", pk=pk), f"Sent to {name}")
        except ValidationError as error:
            form.is_valid()
            form.add_error(None, error)
            return _note_page(request, relation, form, status=409)
    elif not untold or _has_note(request, relation):
        return redirect("mentors:advice_list", pk=pk)
    return _note_page(request, relation, form, status=422 if form.is_bound else 200)


def _note_page(
    request: AuthenticatedHttpRequest, relation: Mentorship, form: AdviceNoteForm, *, status: int
) -> HttpResponse:
    return render(request, "mentors/advice_note.html", side(request.user, relation) | {"form": form}, status=status)


def _untold(relation: Mentorship) -> Any:
    return Advice.objects.untold().filter(mentorship=relation).still_said()


def _has_note(request: AuthenticatedHttpRequest, relation: Mentorship) -> bool:
    month = month_key(request.user.today(timezone.now()))
    return AdviceNote.objects.filter(mentorship=relation, month=month).exists()


def _line(row: Advice, on: Any) -> dict[str, Any]:
    about = "From a check-in" if row.check_in_id else "From a comment"
    source: Any = row.check_in or row.said
    url = source.get_absolute_url() if source else ""
    words = plain(row.words, WORDS_SHOWN) if row.said else row.words
    return {"row": row, "words": words or "These words were removed.", "about": about, "url": url, "on": on}


def _quoted(row: Advice) -> str:
    """Name a piece of advice in a note, which goes by mail: what was said beside a journal stays there."""
    if row.entry_comment is not None:
        day = row.entry_comment.item.entry_on
        return f"What you wrote about my journal entry of {day.day} {day:%B}:"
    return f"“{plain(row.words, WORDS_SHOWN)}”"


def _proposed(relation: Mentorship, advice: list[Advice]) -> str:
    """Return the note as it is proposed: the mentor's own words, and what came of each."""
    name = relation.mentor.given_name if relation.mentor else ""
    lines = [f"{_quoted(row)}\n{CAME[Advice.State(row.state)]}" for row in advice]
    return "\n\n".join([f"Dear {name},", "this is what came of your advice:", *lines])
