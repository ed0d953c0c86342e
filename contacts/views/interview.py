"""Informational interviews: the list, one of them, and its words."""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from contacts.forms.interview import BeginForm, InterviewForm, QuestionsForm
from contacts.library import GROUPS
from contacts.library.asking import words_of
from contacts.models import Contact, Interview, InterviewMail
from contacts.models.interview import QUESTION_LENGTH
from contacts.services.housekeeping import BIN_DAYS
from contacts.services.interview import begin_interview, invitations_of, set_questions
from core.htmx import toast
from core.paging import page
from core.timekeeping import say_day_within
from core.trail import Mark, Trail
from core.versioned import StaleEdit

OPEN_SHOWN = 100
# The way of an interview as its page draws it.
WAY = ("asked", "agreed", "held", "thanked", "closed")
# In which order the list shows what is open.
ORDER = ("agreed", "held", "asked", "wanted", "thanked")


@require_safe
def interview_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """What is open by its state, each with what comes next, and what is over."""
    now = timezone.now()
    own = Interview.objects.owned_by(request.user).select_related("contact", "thanks", "news")
    rows = [row_of(row, request, now) for row in own.open().order_by("starts_at", "-pk")[:OPEN_SHOWN]]
    groups = [
        {"name": Interview.State(state).label, "rows": [row for row in rows if row["interview"].state == state]}
        for state in ORDER
    ]
    shown = page(own.over(), keys=("-created_at", "-pk"), after=request.GET.get("after"))
    context = {
        "groups": [group for group in groups if group["rows"]],
        "over": shown.rows,
        "older": f"?after={shown.next_token}" if shown.next_token else "",
    }
    return render(request, "contacts/interview_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def interview_new(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Wish to talk to a contact; the words to ask begin from one of the starting points."""
    contact = get_object_or_404(Contact.objects.owned_by(request.user), pk=pk)
    form = BeginForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "contact": contact}
        return render(request, "contacts/interview_new.html", context, status=422 if form.errors else 200)
    asking = words_of(form.cleaned_data["start"], name=contact.given_name, me=request.user.given_name)
    why = form.cleaned_data["why"]
    row = begin_interview(contact=contact, by=request.user, why=why, asking=asking, now=timezone.now())
    return redirect(row)


@require_safe
def interview_detail(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """One interview: where it stands, what comes next, the questions, the words."""
    return show_interview(request, own_interview(request, pk))


def show_interview(request: AuthenticatedHttpRequest, interview: Interview, *, problem: str = "") -> HttpResponse:
    """Answer with the page of an interview; with a `problem`, as it stands now and why something does not go (409)."""
    now = timezone.now()
    today, due_on = request.user.today(now), interview.answer_due_on
    mails = list(interview.mails.order_by("-sent_at", "-pk")[:10])
    context = row_of(interview, request, now) | {
        "way": _way(interview),
        "when": say_time(interview, request),
        "is_over_now": interview.starts_at is not None and interview.starts_at <= now,
        "mails": mails,
        "invited": bool(mails) and mails[0].method == InterviewMail.Method.REQUEST,
        "can_ask_again": interview.allows("ask_again"),
        "is_answer_due": due_on is not None and due_on <= today,
        "again": words_of("again", name=interview.contact.given_name, me=request.user.given_name),
        "problem": problem,
        "today": today,
    }
    return render(request, "contacts/interview_detail.html", context, status=409 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def interview_edit(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Change the words of an interview."""
    interview = own_interview(request, pk)
    form = InterviewForm(request.POST if request.method == "POST" else None, instance=interview)
    if request.method == "POST" and form.is_valid() and form.save_over():
        return toast(request, redirect(interview), "Saved")
    status = 409 if form.other else 422 if form.errors else 200
    return render(request, "contacts/interview_edit.html", {"form": form, "interview": interview}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def interview_questions(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Choose questions from the library, change them, put them in order, add one's own. Each press saves all of it."""
    interview = own_interview(request, pk)
    form = QuestionsForm(request.POST if request.method == "POST" else None, interview=interview)
    other: list[str] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            set_questions(interview=interview, questions=data["found"], expected=data["version"] or 0)
        except StaleEdit as stale:
            current: Any = stale.current
            form.continue_from(current.version)
            other = current.questions
        else:
            return _questions_saved(request, interview, data["moved"], len(data["found"]))
    context = {"form": form, "interview": interview, "groups": GROUPS, "other": other, "moved": _moved(request)}
    context |= {"chosen": set(form.rows), "ticked": set(form.added), "length": QUESTION_LENGTH}
    status = 409 if form.is_bound and not form.errors else 422 if form.errors else 200
    return render(request, "contacts/interview_questions.html", context, status=status)


def _questions_saved(request: AuthenticatedHttpRequest, interview: Interview, place: int, count: int) -> HttpResponse:
    """Lead back to the questions; to the button that was pressed, where it moved one."""
    url = f"{interview.get_absolute_url()}questions/"
    if not place:
        return toast(request, redirect(url), "Questions saved")
    way = request.POST["move"].rpartition("-")[2]
    # No fragment: with one, browsers heed no autofocus.
    return toast(request, redirect(f"{url}?moved={place}-{way}"), f"Moved to {place} of {count}")


def _moved(request: AuthenticatedHttpRequest) -> dict[str, Any]:
    """Return which button gets the focus back after it moved a question."""
    place, _, way = request.GET.get("moved", "").partition("-")
    return {"place": int(place), "way": way} if place.isascii() and place.isdigit() and len(place) < 4 else {}


@require_POST
def interview_delete(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Put an interview into the bin. The conversation, if there was one, stays.

    Whoever holds an invitation to a time ahead is told first: it is called off before it is deleted.
    """
    if not Interview.objects.in_bin_of(request.user).filter(pk=pk).exists():
        interview, now = own_interview(request, pk), timezone.now()
        is_ahead = interview.state == Interview.State.AGREED and interview.ends_at and interview.ends_at > now
        if is_ahead and invitations_of(interview, now):
            name = interview.contact.given_name
            messages.error(request, f"{name} has an invitation to it. Call it off first, so that {name} is told.")
            return redirect(interview)
        interview.put_in_bin(at=now)
    response = redirect("contacts:interview_list")
    return toast(request, response, "Interview deleted", undo_url=f"/contacts/interviews/{pk}/restore/")


@require_POST
def interview_restore(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Bring an interview back from the bin."""
    interview = Interview.objects.in_bin_of(request.user).filter(pk=pk).first()
    if interview is None:
        return redirect(own_interview(request, pk))
    interview.take_from_bin()
    return toast(request, redirect("contacts:interview_list"), "Interview is back")


@require_safe
def interview_bin(request: AuthenticatedHttpRequest) -> HttpResponse:
    """What was deleted in the last 30 days."""
    rows = Interview.objects.in_bin_of(request.user).select_related("contact")
    shown = page(rows, keys=("-deleted_at", "-pk"), after=request.GET.get("after"))
    older = f"?after={shown.next_token}" if shown.next_token else ""
    context = {"interviews": shown.rows, "older": older, "days": BIN_DAYS}
    return render(request, "contacts/interview_bin.html", context)


def own_interview(request: AuthenticatedHttpRequest, pk: int) -> Interview:
    """Return one of the visitor's own interviews, or 404."""
    own = Interview.objects.owned_by(request.user).select_related("contact", "owner", "thanks", "news")
    found: Interview = get_object_or_404(own, pk=pk)
    return found


def say_time(interview: Interview, request: AuthenticatedHttpRequest) -> str:
    """Return when it is on the owner's clock: "Tuesday 17 March, 17:30"."""
    if interview.starts_at is None:
        return ""
    local = interview.starts_at.astimezone(request.user.time_zone)
    year = f" {local.year}" if local.year != request.user.today(timezone.now()).year else ""
    return f"{local:%A} {local.day} {local:%B}{year}, {local:%H:%M}"


def row_of(interview: Interview, request: AuthenticatedHttpRequest, now: datetime) -> dict[str, Any]:
    """Return an interview with what comes next, as one line says it."""
    return {"interview": interview, "contact": interview.contact, "next": _next(interview, request, now)}


def _next(interview: Interview, request: AuthenticatedHttpRequest, now: datetime) -> str:
    today, name = request.user.today(now), interview.contact.given_name
    if interview.state == Interview.State.WANTED:
        return f"Ask {name}"
    if interview.state == Interview.State.ASKED:
        return _next_of_asked(interview, today, name)
    if interview.state == Interview.State.AGREED:
        is_over = interview.starts_at is not None and interview.starts_at <= now
        return "Did you two talk?" if is_over else say_time(interview, request)
    if interview.state == Interview.State.HELD and interview.thanks is not None and not interview.thanks.is_open:
        return "Did you say thanks?"
    if interview.state == Interview.State.HELD and interview.held_on:
        return f"Say thanks by {say_day_within(interview.held_on + timedelta(days=1), today)}"
    if interview.state == Interview.State.THANKED:
        is_told = interview.news is not None and not interview.news.is_open
        day = interview.news.due_on if interview.news is not None else today
        return "Close it" if is_told else f"Tell {name} what came of it, by {say_day_within(day, today)}"
    return ""


def _next_of_asked(interview: Interview, today: date, name: str) -> str:
    since = interview.asked_again_on or interview.asked_on or today
    if interview.answer_due_on is None or today < interview.answer_due_on:
        return f"Asked {say_day_within(since, today)}, wait for an answer"
    return f"Ask {name} once more" if interview.asked_again_on is None else "No answer twice: let it rest?"


def _way(interview: Interview) -> Trail:
    """Return the way of an interview with how far this one came; one that ended early stands where it ended."""
    state = {"no_answer": "asked", "declined": "asked"}.get(interview.state, interview.state)
    if interview.state == Interview.State.CLOSED and interview.held_on is None:
        state = Interview.State.WANTED
    reached = WAY.index(state) + 1 if state in WAY else 0
    apart = 100 / len(WAY)
    marks = tuple(
        Mark(place * apart, "done" if place <= reached else "", Interview.State(name).label)
        for place, name in enumerate(WAY, start=1)
    )
    label = f"{interview.get_state_display()}. {reached} of {len(WAY)} steps: asked, agreed, held, thanked, closed."
    return Trail(reached * apart, label, marks=marks, here=interview.is_open, faded=not interview.is_open)
