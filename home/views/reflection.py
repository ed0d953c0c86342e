"""Writing the reflection of a week or a month: one page, saved while it is being written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from core.compiled import CompiledQuery
from core.htmx import is_fragment
from core.text import clean_text
from core.timekeeping import say_day, week_key
from core.versioned import StaleEdit
from home.month import weeks_of_month
from home.week import Memory
from journal import follow, periods, services
from journal.following import Question, answers_in, questions_of
from journal.forms import ReflectionForm, initial_of, present_readers, sent_questions
from journal.models import Entry, Intention, Period
from journal.offered import offered_to
from journal.preview import previews_of
from journal.questions import asking
from journal.questions.asked import Asked
from journal.questions.choosing import last_question, reason
from journal.recalled import recalled
from journal.tags import split

HINTS = {
    "week": "This becomes your focus for the week, and appears in your weekly mail.",
    "month": "This becomes your focus for the month, and appears in your monthly mail.",
}
HINT_HIDDEN = "This becomes your focus for the {}. Your mails carry no private text, so it stays out of them."
_READERS_SALT = "home.reflection.readers"
NOTHING_YET = "Nothing is written yet. One line is enough, or skip this {}."


# What opening the page asks.
_ENTRY = CompiledQuery(
    lambda owner, key: Entry.objects.owned_by(User(pk=owner)).of_period(key).with_week()[:1], owner=int, key=str
)


@dataclass
class Page:
    """The page of one week or month: what is stored about it, and the form as it is shown or was sent."""

    owner: User
    key: str
    today: date
    now: datetime
    entry: Entry | None
    form: ReflectionForm
    memory: Memory
    refusal: str = ""  # why the one asked for cannot be written

    @property
    def unit(self) -> str:
        """What it is about: "week" or "month"."""
        return "month" if periods.is_month(self.key) else "week"

    @property
    def url(self) -> str:
        return f"{reverse('home:reflection')}?{self.unit}={self.key}"

    @property
    def words(self) -> str:
        return periods.say_period(self.key, self.today)

    @cached_property
    def asked(self) -> list[Question]:
        """What followed from earlier entries, to be asked about."""
        return questions_of(self.owner, self.key, now=self.now)


@require_http_methods(["GET", "HEAD", "POST"])
def reflection(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show and save the reflection of one week (`?week=2026-W47`, else the one to write now) or month (`?month=2026-11`).

    A GET writes nothing: `?mood=4` or `?came_true=yes` in a mail only preselects. An htmx POST is an autosave and gets
    what stands beside "Saved"; any other POST says by `action` what it wants: finish, save, later or skip; or by
    `another` which question is to be exchanged.
    """
    now = timezone.now()
    page = _open(request, now)
    if request.method != "POST":
        return _show(request, page)
    if page.refusal:
        return _show(request, page, status=422)
    if not page.form.is_valid():
        return _show(request, page, status=422)
    if request.POST.get("action") == "skip" and page.form.words.is_blank:
        return _skip(request, page)
    if request.POST.get("action") == "preview":
        return _show(request, page)
    try:
        page.entry = _save(request, page, now)
    except StaleEdit as stale:
        page.entry = Entry.objects.with_week().get(pk=stale.current.pk)
        return _show(request, page, status=409)
    except services.FinishedMeanwhile:
        return render(request, "home/_reflection_saved.html", {"is_finished": True}, status=409)
    if is_fragment(request):
        return _show(request, page)
    return _exchange(request, page) if "another" in request.POST else _go_on(request, page, now)


def _open(request: AuthenticatedHttpRequest, now: datetime) -> Page:
    today = request.user.today(now)
    memory, refusal = _period_of(request, today)
    key = memory.key
    entry = _ENTRY.one(owner=request.user.pk, key=key)
    data = request.POST if request.method == "POST" else None
    questions = sent_questions(request.POST, key) or _questions(memory, entry)
    form = ReflectionForm(data, owner=request.user, key=key, questions=questions, initial=initial_of(entry, questions))
    form.offer(offered_to(request.user, entry))
    page = Page(request.user, key, today, now, entry, form, memory, refusal)
    if data is None:
        form.initial.update(_preselected(request, page))
    return page


def _preselected(request: AuthenticatedHttpRequest, page: Page) -> dict[str, Any]:
    """Return what a link chose, and what was answered before about the last intention."""
    meant = page.memory.meant
    chosen: dict[str, Any] = {"came_true": meant.came_true if meant else ""}
    chosen["readers"] = _read_readers(request, page)
    if request.GET.get("mood", "") in {"1", "2", "3", "4", "5"}:
        chosen["mood"] = int(request.GET["mood"])
    if request.GET.get("came_true", "") in Intention.CameTrue.values:
        chosen["came_true"] = request.GET["came_true"]
    return chosen


def _say_readers(page: Page) -> str:
    """Return the readers ticked on a page for its address: signed, so that no link of somebody else ticks one."""
    chosen = [mentorship.pk for mentorship in page.form.cleaned_data["readers"]]
    return signing.dumps([page.owner.pk, page.key, chosen], salt=_READERS_SALT) if chosen else ""


def _read_readers(request: AuthenticatedHttpRequest, page: Page) -> list[int]:
    """Return the readers that this person ticked on this page before, as its address says."""
    try:
        owner, key, chosen = signing.loads(request.GET.get("readers", "")[:2000], salt=_READERS_SALT)
    except (signing.BadSignature, ValueError):
        return []
    return list(chosen) if (owner, key) == (page.owner.pk, page.key) else []


def _period_of(request: AuthenticatedHttpRequest, today: date) -> tuple[Memory, str]:
    """Return the week or month asked for, and why it cannot be written if so; then it is the one to write now."""
    month, week = request.GET.get("month", ""), request.GET.get("week", "")
    if not (month or week):
        return _week_to_write(request.user, today), ""
    key, refusal = _read_period(month, week, today)
    return Memory(request.user, key, today=today), refusal


def _read_period(month: str, week: str, today: date) -> tuple[str, str]:
    unit, latest = ("month", periods.month_asked_about(today)) if month else ("week", periods.asked_about(today))
    key = periods.parse_month(month) if month else periods.parse_week(week)
    if key is None:
        return latest, f"We could not read which {unit} you meant. Here is the latest one."
    if periods.is_future(key, today):
        return latest, f"{_say_opening(key)} Here is the latest one."
    return key, ""


def _say_opening(key: str) -> str:
    day = periods.opens_on(key)
    when = f"{day:%A}, {day.day} {day:%B %Y}"
    if periods.is_month(key):
        return f"{day:%B} can be written about from {when}."
    return f"Week {int(key[-2:])} begins on {when}."


def _week_to_write(user: User, today: date) -> Memory:
    """Return the week a prompt would ask about today; once that is finished or skipped, the present one."""
    asked, present = periods.asked_about(today), week_key(today)
    if asked == present:
        return Memory(user, asked, today=today)
    known = recalled(user, asked, present)
    return Memory(user, present if asked in known.done_with else asked, today=today, recalled=known)


def _questions(memory: Memory, entry: Entry | None) -> Sequence[str]:
    """Return what was asked: the questions that were answered, else those a mail asked, else new ones."""
    if entry is None or entry.period is None:
        return asking.asked_of(memory.user, memory.key, hints=lambda: memory.hints)
    asked = [one for one in asking.worded(memory.user, entry.period.questions) if one]
    if not entry.answers:
        return asked
    known = {str(question): question for question in asked}  # with the reasons they were chosen for
    return [known.get(question, question) for question in entry.answers]


def _save(request: AuthenticatedHttpRequest, page: Page, now: datetime) -> Entry | None:
    data = page.form.cleaned_data
    saved = services.save_reflection(
        owner=request.user,
        key=page.key,
        asked=[*page.form.questions, last_question(page.key)],
        words=page.form.words,
        expected=data["version"] or 0,
        page=data["page"],
        number=data["number"] or 0,
        is_autosave=is_fragment(request),
        at=now,
    )
    if data["came_true"]:
        services.answer_intention(owner=request.user, key=page.key, came_true=data["came_true"])
    if any(name.startswith(Question.PREFIX) for name in request.POST):
        follow.answer_outcomes(owner=request.user, answers=answers_in(request.POST, page.asked), at=now)
    return saved


def _skip(request: AuthenticatedHttpRequest, page: Page) -> HttpResponse:
    period = services.skip_period(owner=request.user, key=page.key)
    if period.state == Period.State.SKIPPED:
        messages.success(request, f"{page.words}: skipped. You can still write it any time.")
    else:
        messages.success(request, f"{page.words} has words in it already, so it was not skipped.")
    return redirect("journal:entry_list")


def _exchange(request: AuthenticatedHttpRequest, page: Page) -> HttpResponse:
    """Ask another question in place of the one whose number was sent; what was typed is saved by now."""
    number = request.POST["another"]
    asked = [*page.form.questions, Asked(last_question(page.key))]
    if number not in {str(one) for one in range(1, len(asked))}:
        page.form.add_error(None, "We could not tell which question you meant. Choose one of those below.")
        return _show(request, page, status=422)
    try:
        services.exchange_question(
            owner=request.user,
            key=page.key,
            asked=asked,
            question=page.form.questions[int(number) - 1],
            hints=page.memory.hints,
        )
    except services.Unexchanged as unexchanged:
        messages.info(request, str(unexchanged))
    # A draft has no readers yet: those chosen on the page go along.
    readers = _say_readers(page)
    return redirect(f"{page.url}{f'&readers={readers}' if readers else ''}#question_{number}")


def _go_on(request: AuthenticatedHttpRequest, page: Page, now: datetime) -> HttpResponse:
    """Answer a save that was not an autosave."""
    action = request.POST.get("action", "later")
    if action == "skip":
        return _skip(request, page)
    if page.entry is None and action != "later":
        page.form.add_error(None, NOTHING_YET.format(page.unit))
        return _show(request, page, status=422)
    if page.entry is None:
        return redirect("journal:entry_list")
    if action == "finish":
        readers = list(page.form.cleaned_data["readers"])
        new = services.finish_entry(entry=page.entry, mentorships=readers, by=request.user, at=now)
        told = " and ".join(mentorship.mentor.given_name for mentorship in new if mentorship.mentor)
        messages.success(request, f"Reflection finished. {told} will get an email." if told else "Reflection finished")
        return redirect(page.entry)
    if action == "follow":
        return redirect("journal:entry_follow", pk=page.entry.pk)
    if action == "later":
        messages.success(request, "Saved for later")
        return redirect("journal:entry_list")
    messages.success(request, "Reflection saved")
    return redirect(page.entry if page.entry.is_finished else page.url)


def _show(request: AuthenticatedHttpRequest, page: Page, *, status: int = 200) -> HttpResponse:
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
    after = periods.next_period(page.key)
    context |= (
        _versions(page, is_stale=status == 409)
        | _about(page)
        | previews_of(page.owner, request.POST, [field.html_name for field in page.form.answer_fields])
        | {
            "before": periods.previous_period(page.key),
            "after": None if periods.is_future(after, page.today) else after,
            "readers": _readers(page),
            "intention_hint": HINT_HIDDEN.format(page.unit) if page.owner.mails_hide_text else HINTS[page.unit],
        }
    )
    return render(request, "home/reflection.html", context, status=status)


def _about(page: Page) -> dict[str, Any]:
    """Return how the page is called, and what jogs the memory: the days of a week, the weeks of a month."""
    if page.unit == "month":
        return {
            "name": page.words,
            "heading": f"{page.words}, looking back",
            "weeks": weeks_of_month(page.owner, page.key),
        }
    heading = f"{page.today:%A} reflection" if page.key == week_key(page.today) else "Reflection"
    return {"name": f"Week {int(page.key[-2:])}", "heading": heading, "days": page.memory.days}


def _say_saved(page: Page) -> str:
    """Say when the page was saved: the hour today, the day before that."""
    if page.entry is None:
        return ""
    at = timezone.localtime(page.entry.updated_at)
    return f"Saved {at:%H:%M}" if at.date() == page.today else f"Saved {say_day(at.date(), page.today)}"


def _versions(page: Page, *, is_stale: bool) -> dict[str, Any]:
    """Return the fields with what is stored in their place, where that differs and its writer has not seen it."""
    form = page.form
    if not is_stale or page.entry is None:
        # A shared text must not change under its readers while it is being written.
        autosaves = page.entry is None or not page.entry.is_finished
        return {"questions": _fields(page, {}), "autosaves": autosaves}
    form.continue_from(page.entry.version)
    form.bring_text(page.entry.text)
    stored = initial_of(page.entry, form.questions)
    # A browser sends line breaks its own way; only other words are another version.
    unseen = {name: text for name, text in stored.items() if text != clean_text(form[name].value() or "").strip()}
    feelings = [
        page.entry.get_mood_display() if str(page.entry.mood or "") != (form["mood"].value() or "") else "",
        page.entry.get_energy_display() if str(page.entry.energy or "") != (form["energy"].value() or "") else "",
    ]
    return {
        "questions": _fields(page, unseen),
        "other_intention": unseen.get("intention", ""),
        "other_title": unseen.get("title", ""),
        "other_tags": page.entry.tags if page.entry.tags != split(form["tags"].value() or "") else [],
        "other_text": unseen.get("text", ""),
        "other_feelings": [*filter(None, feelings)],
        "autosaves": False,
    }


def _fields(page: Page, unseen: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each question with its field, why it is asked, and what another tab stored in its place."""
    can_change = not (page.entry and page.entry.is_finished)
    return [
        {
            "number": number,
            "field": field,
            "other": unseen.get(field.name, ""),
            "why": reason(question),
            "can_change": can_change and not field.value(),
        }
        for number, (field, question) in enumerate(zip(page.form.answer_fields, page.form.questions, strict=True), 1)
    ]


def _readers(page: Page) -> list[dict[str, Any]]:
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
