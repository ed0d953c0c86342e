"""Writing the reflection of a week: one page, saved while it is being written."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from core.compiled import CompiledQuery
from core.htmx import is_fragment
from core.timekeeping import say_day, week_bounds, week_key
from core.versioned import StaleEdit
from home.week import days_of
from journal import periods, services
from journal.forms import ReflectionForm, initial_of, present_readers
from journal.models import Entry, Intention, Period
from journal.questions import LAST_QUESTION, choose

HINT = "This becomes your focus for the week, and appears in your weekly mail."
HINT_HIDDEN = "This becomes your focus for the week. Your mails carry no private text, so it stays out of them."
NOTHING_YET = "Nothing is written yet. One line is enough, or skip this week."


# What opening the page asks.
_ENTRY = CompiledQuery(
    lambda owner, week: Entry.objects.owned_by(User(pk=owner)).of_week(week).with_week()[:1], owner=int, week=str
)
_PERIOD = CompiledQuery(
    lambda owner, week: Period.objects.owned_by(User(pk=owner)).weeks().filter(key=week)[:1], owner=int, week=str
)
_DONE_WITH = CompiledQuery(
    lambda owner, week: Period.objects.owned_by(User(pk=owner)).weeks().done_with().filter(key=week).values("pk"),
    owner=int,
    week=str,
)
_MEANT = CompiledQuery(
    lambda owner, week: Intention.objects.owned_by(User(pk=owner)).for_week(week)[:1], owner=int, week=str
)


@dataclass
class WeekPage:
    """The page of one week: what is stored about it, and the form as it is shown or was sent."""

    week: str
    today: date
    entry: Entry | None
    form: ReflectionForm
    refusal: str = ""  # why the week asked for cannot be written


@require_http_methods(["GET", "HEAD", "POST"])
def reflection(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show and save the reflection of one week (`?week=2026-W47`, else the one to write now).

    A GET writes nothing: `?mood=4` in a mail only preselects. An htmx POST is an autosave and gets what stands beside
    "Saved"; any other POST says by `action` what it wants: finish, save, later or skip.
    """
    now = timezone.now()
    page = _open(request, request.user.today(now))
    if request.method != "POST":
        return _show(request, page)
    if page.refusal:
        return _show(request, page, status=422)
    if request.POST.get("action") == "skip":
        return _skip(request, page)
    if not page.form.is_valid():
        return _show(request, page, status=422)
    try:
        page.entry = _save(request, page, now)
    except StaleEdit as stale:
        page.entry = Entry.objects.with_week().get(pk=stale.current.pk)
        return _show(request, page, status=409)
    except services.FinishedMeanwhile:
        return render(request, "home/_reflection_saved.html", {"is_finished": True}, status=409)
    return _show(request, page) if is_fragment(request) else _go_on(request, page, now)


def _open(request: AuthenticatedHttpRequest, today: date) -> WeekPage:
    week, refusal = _week_of(request, today)
    entry = _ENTRY.one(owner=request.user.pk, week=week)
    questions = _questions(request.user, week, entry)
    initial = initial_of(entry, questions)
    if request.GET.get("mood", "") in {"1", "2", "3", "4", "5"}:
        initial["mood"] = int(request.GET["mood"])
    data = request.POST if request.method == "POST" else None
    form = ReflectionForm(data, owner=request.user, week=week, questions=questions, initial=initial)
    return WeekPage(week, today, entry, form, refusal)


def _week_of(request: AuthenticatedHttpRequest, today: date) -> tuple[str, str]:
    """Return the week asked for, and why it cannot be written if so; then the week is the one to write now."""
    asked = request.GET.get("week", "")
    if not asked:
        return _week_to_write(request.user, today), ""
    week = periods.parse_week(asked)
    if week is None:
        return periods.asked_about(today), "We could not read which week you meant. Here is the latest one."
    if periods.is_future(week, today):
        monday = week_bounds(week)[0]
        begins = f"Week {int(week[-2:])} begins on {monday:%A}, {monday.day} {monday:%B %Y}."
        return periods.asked_about(today), f"{begins} Here is the latest one."
    return week, ""


def _week_to_write(user: User, today: date) -> str:
    """Return the week a prompt would ask about today; once that is finished or skipped, the present one."""
    asked, present = periods.asked_about(today), week_key(today)
    if asked == present:
        return asked
    return present if _DONE_WITH.rows(owner=user.pk, week=asked) else asked


def _questions(user: User, week: str, entry: Entry | None) -> list[str]:
    """Return what was asked: the questions that were answered, else those a mail asked, else new ones."""
    if entry is not None and entry.answers:
        return list(entry.answers)
    stored = _PERIOD.one(owner=user.pk, week=week)
    return stored.questions if stored else choose(week)


def _save(request: AuthenticatedHttpRequest, page: WeekPage, now: datetime) -> Entry | None:
    data = page.form.cleaned_data
    saved = services.save_reflection(
        owner=request.user,
        key=page.week,
        asked=[*page.form.questions, LAST_QUESTION],
        words=page.form.words,
        expected=data["version"] or 0,
        page=data["page"],
        number=data["number"] or 0,
        is_autosave=is_fragment(request),
        at=now,
    )
    if data["came_true"]:
        services.answer_intention(owner=request.user, key=page.week, came_true=data["came_true"])
    return saved


def _skip(request: AuthenticatedHttpRequest, page: WeekPage) -> HttpResponse:
    period = services.skip_week(owner=request.user, key=page.week)
    name = periods.say_week(page.week, page.today)
    if period.state == Period.State.SKIPPED:
        messages.success(request, f"{name}: skipped. You can still write it any time.")
    else:
        messages.success(request, f"{name} has words in it already, so it was not skipped.")
    return redirect("journal:entry_list")


def _go_on(request: AuthenticatedHttpRequest, page: WeekPage, now: datetime) -> HttpResponse:
    """Answer a save that was not an autosave."""
    action = request.POST.get("action", "later")
    if page.entry is None and action != "later":
        page.form.add_error(None, NOTHING_YET)
        return _show(request, page, status=422)
    if page.entry is None:
        return redirect("journal:entry_list")
    if action == "finish":
        readers = list(page.form.cleaned_data["readers"])
        new = services.finish_entry(entry=page.entry, mentorships=readers, by=request.user, at=now)
        told = " and ".join(mentorship.mentor.given_name for mentorship in new if mentorship.mentor)
        messages.success(request, f"Reflection finished. {told} will get an email." if told else "Reflection finished")
        return redirect(page.entry)
    if action == "later":
        messages.success(request, "Saved for later")
        return redirect("journal:entry_list")
    messages.success(request, "Reflection saved")
    return redirect(page.entry if page.entry.is_finished else f"{reverse('home:reflection')}?week={page.week}")


def _show(request: AuthenticatedHttpRequest, page: WeekPage, *, status: int = 200) -> HttpResponse:
    """Render the page, or for an autosave what stands beside "Saved". 409 shows both versions, 422 the mistakes."""
    context: dict[str, Any] = {
        "page": page,
        "form": page.form,
        "entry": page.entry,
        "is_stale": status == 409,
        "saved": _say_saved(page),
        "word_count": page.form.word_count,
    }
    if is_fragment(request):
        return render(request, "home/_reflection_saved.html", context, status=status)
    context |= _versions(page, is_stale=status == 409) | {
        "week_words": periods.say_week(page.week, page.today),
        "week_name": f"Week {int(page.week[-2:])}",
        "heading": f"{page.today:%A} reflection" if page.week == week_key(page.today) else "Reflection",
        "week_before": periods.previous_week(page.week),
        "week_after": None if page.week == week_key(page.today) else periods.next_week(page.week),
        "meant": _MEANT.one(owner=request.user.pk, week=page.week),
        "days": days_of(request.user, page.week),
        "readers": _readers(page),
        "intention_hint": HINT_HIDDEN if request.user.mails_hide_text else HINT,
    }
    return render(request, "home/reflection.html", context, status=status)


def _say_saved(page: WeekPage) -> str:
    """Say when the page was saved: the hour today, the day before that."""
    if page.entry is None:
        return ""
    at = timezone.localtime(page.entry.updated_at)
    return f"Saved {at:%H:%M}" if at.date() == page.today else f"Saved {say_day(at.date(), page.today)}"


def _versions(page: WeekPage, *, is_stale: bool) -> dict[str, Any]:
    """Return the fields with what is stored in their place, where that differs and its writer has not seen it."""
    form = page.form
    if not is_stale or page.entry is None:
        # A shared text must not change under its readers while it is being written.
        autosaves = page.entry is None or not page.entry.is_finished
        return {"questions": [(field, "") for field in form.answer_fields], "autosaves": autosaves}
    form.continue_from(page.entry.version)
    stored = initial_of(page.entry, form.questions)
    unseen = {name: text for name, text in stored.items() if text != (form[name].value() or "")}
    return {
        "questions": [(field, unseen.get(field.name, "")) for field in form.answer_fields],
        "other_intention": unseen.get("intention", ""),
        "other_title": unseen.get("title", ""),
        "other_feelings": [*filter(None, [page.entry.get_mood_display(), page.entry.get_energy_display()])],
        "autosaves": False,
    }


def _readers(page: WeekPage) -> list[dict[str, Any]]:
    chosen = {str(pk) for pk in page.form["readers"].value() or []}
    if page.entry and page.entry.is_finished:
        return [{"name": m.mentor_name} for m in page.entry.readers()]
    return [
        {
            "pk": m.pk,
            "name": m.mentor_name,
            "role": "Your mentor" if m.is_mentor else "Your colleague",
            "is_chosen": str(m.pk) in chosen,
        }
        for m in present_readers(page.form.owner)
    ]
