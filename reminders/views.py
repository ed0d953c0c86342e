"""Settings: which mails come and when, time zone, appearance; and the list of what was sent."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import zone_choices
from accounts.http import AuthenticatedHttpRequest
from accounts.models import Break, User
from accounts.zones import change_zone
from core.htmx import is_fragment
from core.markup import fill_each
from core.paging import page
from core.timekeeping import at_local, say_day
from journal import periods
from journal.models import Period
from journal.services import skip_period
from mail.emails import ask_for_test
from mail.models import Message, Preference
from mail.registry import switches
from mail.services import set_preference
from reminders import mails, services
from reminders.forms import (
    HALF_HOURS,
    BreakForm,
    HideTextForm,
    NameForm,
    RhythmForm,
    SwitchForm,
    ThemeForm,
    ZoneChoiceForm,
)
from reminders.models import Schedule
from reminders.services import Rhythm

SAMPLES_A_DAY = 3
SWITCH_WORDS = {
    "weekly": ("Reflection", "A short email with your questions, about the week or the month."),
    "comments": ("When somebody writes", "Comments and replies on goals, and on shared entries and wins."),
    "mentoring": ("Mentoring", "Who accepts, shares something with you, or ends a relation."),
    "dates": ("Follow-ups and dates", "One morning email on days when something is due."),
    "feedback": ("When feedback arrives", "One email a day at most."),
}


@dataclass(frozen=True)
class Switch:
    """One kind of mail and whether its reader wants it."""

    kind: str
    title: str
    words: str
    is_on: bool
    reported: str = ""  # the day of a spam report that turned it off


@require_safe
def settings_page(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show everything a person can set, with the next weekly mail named."""
    return render(request, "reminders/settings_page.html", _context(request.user))


@require_POST
def settings_save(request: AuthenticatedHttpRequest, part: str) -> HttpResponse:
    """Save one part of the settings; htmx gets the section back, saying Saved or what is wrong."""
    if part not in PARTS:
        raise Http404
    section, save = PARTS[part]
    # The instance of a ModelForm keeps what was refused; what the page shows of the person must not.
    user = User.objects.get(pk=request.user.pk)
    problem = save(user, request.POST, timezone.now())
    context = _context(User.objects.get(pk=user.pk)) | {"saved": "" if problem else section, "problem": problem}
    context |= {"problem_part": part if problem else "", "typed": request.POST if problem else {}}
    status = 422 if problem else 200
    on_list = request.POST.get("into") == "kinds"
    if is_fragment(request):
        fragment = "reminders/_mail_kinds.html" if on_list else f"reminders/_settings_{section}.html"
        return render(request, fragment, context, status=status)
    if problem:
        return render(request, "reminders/settings_page.html", context, status=status)
    messages.success(request, "Saved.")
    return redirect("reminders:mail_list" if on_list else "reminders:settings_page")


def _save_rhythm(user: User, data: Any, now: datetime) -> str:
    form = RhythmForm(data)
    if not form.is_valid():
        return _first_error(form)
    if form.cleaned_data["weeks"] or form.cleaned_data["month_day"]:
        services.set_rhythm(user=user, now=now, **form.cleaned_data)
    else:
        set_preference(user=user, kind="weekly", on=False)
    return ""


def _save_switch(user: User, data: Any, now: datetime) -> str:
    form = SwitchForm(data)
    if not form.is_valid():
        return "There is no such kind of mail."
    kind, on = form.cleaned_data["kind"], form.cleaned_data["on"]
    set_preference(user=user, kind=kind, on=on)
    if kind == "weekly" and on:
        services.restart_schedules(user=user, now=now)
    return ""


def _save_hide_text(user: User, data: Any, now: datetime) -> str:
    return _save_model_form(HideTextForm(data, instance=user))


def _save_zone(user: User, data: Any, now: datetime) -> str:
    form = ZoneChoiceForm(data)
    if not form.is_valid():
        return _first_error(form)
    change_zone(user=user, zone=form.cleaned_data["time_zone"], at=now)
    return ""


def _save_theme(user: User, data: Any, now: datetime) -> str:
    return _save_model_form(ThemeForm(data, instance=user))


def _save_name(user: User, data: Any, now: datetime) -> str:
    return _save_model_form(NameForm(data, instance=user))


def _save_model_form(form: Any) -> str:
    if not form.is_valid():
        return _first_error(form)
    form.instance.save(update_fields=list(form.fields))
    return ""


def _first_error(form: Any) -> str:
    return str(next(iter(form.errors.values()))[0])


# Part of the address: the section that is drawn anew, and what saves it.
PARTS = {
    "rhythm": ("emails", _save_rhythm),
    "switch": ("emails", _save_switch),
    "hide-text": ("emails", _save_hide_text),
    "zone": ("time", _save_zone),
    "theme": ("look", _save_theme),
    "name": ("you", _save_name),
}


def _context(user: User, *, now: datetime | None = None) -> dict[str, Any]:
    now = now or timezone.now()
    today = user.today(now)
    rhythm = services.rhythm_of(user, now=now)
    breaks = list(Break.objects.filter(user=user).ending_from(today).order_by("from_on", "pk"))
    choices = _switches(user)
    weekly = next((switch for switch in choices if switch.kind == "weekly"), None)
    return {
        "user": user,
        "today": today,
        "weekly": weekly,
        **_rhythm(rhythm, breaks if weekly and weekly.is_on else None, today=today, now=now),
        "all_switches": choices,
        "switches": [switch for switch in choices if switch.kind != "weekly"],
        "pause": breaks[0] if breaks else None,
        "pause_words": _pause_words(breaks[0], today) if breaks else "",
        "zones": _zone_options(str(user.time_zone)),
        "local_now": f"{now.astimezone(user.time_zone):%H:%M}",
        "themes": [(value, label, THEME_ICONS[value]) for value, label in User.Theme.choices],
    }


def _rhythm(rhythm: Rhythm, breaks: list[Break] | None, *, today: date, now: datetime) -> dict[str, Any]:
    """Return what the selects of the rhythm show and when the next mails come; `breaks` None: they are turned off."""
    week, month = rhythm.weekly, rhythm.monthly
    chosen = RhythmForm(
        initial={
            "weeks": 0 if week is None else 1 if week.fortnight is None else 2,
            "weekday": week.weekday if week else None,
            "month_day": month.month_day if month else 0,
        }
    )
    return {
        "rhythm": chosen,
        "hours": _hour_options(week.local_time) if week else "",
        "month_hours": _hour_options(month.local_time) if month else "",
        "next_words": "" if breaks is None or week is None else _next_words(week, breaks, today=today, now=now),
        "next_month_words": "" if breaks is None or month is None else _next_words(month, breaks, today=today, now=now),
    }


THEME_ICONS = {"light": "sun", "dark": "moon", "system": "circle-half"}


def _switches(user: User) -> list[Switch]:
    """Return the switches of the mails this server can send, in a fixed order."""
    wants = Preference.objects.for_user(user)
    kinds = switches()
    return [Switch(kind, *words, is_on=wants[kind]) for kind, words in SWITCH_WORDS.items() if kind in kinds]


def _next_words(schedule: Schedule, breaks: list[Break], *, today: date, now: datetime) -> str:
    at = services.next_prompt_at(schedule, breaks=breaks)
    if at is None:
        return "None while you are on a break."
    if at <= now:
        return "On its way."
    wall = at.astimezone(schedule.user.time_zone)
    day = wall.date()
    year = "" if day.year == today.year else f" {day.year}"
    said = f"Next one: {day:%A} {day.day} {day:%B}{year}, {wall:%H:%M}"
    return f"{said}. What you changed begins after it." if schedule.asks and at == schedule.next_due_at else said


def _pause_words(pause: Break, today: date) -> str:
    until = f"until {_day(pause.until_on, today)}" if pause.until_on else "until you end it"
    if pause.from_on > today:
        return f"From {_day(pause.from_on, today)} {until}."
    return f"You are on a break {until}."


def _day(day: date, today: date) -> str:
    words = say_day(day, today)
    return words.lower() if words in {"Today", "Tomorrow", "Yesterday"} else words


@lru_cache(maxsize=64)
def _hour_options(chosen: time) -> SafeString:
    """Return the options of the select of hours, drawn here for the same reason as those of time zones."""
    hours = sorted({*HALF_HOURS, chosen})
    return fill_each(
        "<option{}>{}</option>",
        ((SafeString(" selected") if hour == chosen else "", f"{hour:%H:%M}") for hour in hours),
    )


@lru_cache(maxsize=64)
def _zone_options(chosen: str) -> SafeString:
    """Return the options of the time zone select; drawn here because 400 widgets cost more than the page around them."""
    names = zone_choices()
    if chosen not in dict(names):
        names = [(chosen, chosen.replace("_", " ")), *names]
    return fill_each(
        '<option value="{}"{}>{}</option>\n',
        ((name, SafeString(" selected") if name == chosen else "", words) for name, words in names),
    )


@require_safe
def mail_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show whether mail reaches the person, what comes next, what was sent, and what was left out and why."""
    return render(request, "reminders/mail_list.html", _mail_context(request))


def _mail_context(request: AuthenticatedHttpRequest) -> dict[str, Any]:
    now, user = timezone.now(), request.user
    today = user.today(now)
    own = mails.with_news(Message.objects.filter(user=user))
    rows = page(own, keys=("-queued_at", "-pk"), after=request.GET.get("after"), size=25)
    found = [mails.MailRow.of(message, user, today) for message in rows.rows]
    context = _context(user, now=now)
    reported = mails.complaints(user, today=today)
    return context | {
        "all_switches": [
            switch if switch.is_on or switch.kind not in reported else replace(switch, reported=reported[switch.kind])
            for switch in context["all_switches"]
        ],
        "mail_address": mails.AddressState.of(user, now=now),
        "mails": found,
        "test": next((row for row in found if row.is_test), None),
        "next_token": rows.next_token,
    }


@require_POST
def mail_test(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Send a mail that only shows that mail arrives, a few times a day at most."""
    return _send_test(request, again=False)


@require_POST
def mail_again(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Let mails to an address through again at which they came back, and try it with a test mail."""
    return _send_test(request, again=True)


def _send_test(request: AuthenticatedHttpRequest, *, again: bool) -> HttpResponse:
    now = timezone.now()
    if ask_for_test(user=request.user, now=now, again=again):
        words = "We try again. A test email is" if again else "A test email is"
        messages.success(request, f"{words} on its way to {request.user.email}. Below you see what becomes of it.")
        return redirect("reminders:mail_list")
    problem = "That was three for today. Try again tomorrow."
    response = render(
        request, "reminders/mail_list.html", _mail_context(request) | {"problem_test": problem}, status=429
    )
    response["Retry-After"] = _until_midnight(request.user, now)
    return response


def _until_midnight(user: User, now: datetime) -> str:
    midnight = at_local(user.time_zone, user.today(now) + timedelta(days=1), time(0))
    return str(max(1, int((midnight - now).total_seconds())))


@require_POST
def weekly_sample(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Send this week's mail now, or the month's (`kind=monthly`), a few times a day at most."""
    now = timezone.now()
    kind = Schedule.Kind.MONTHLY if request.POST.get("kind") == "monthly" else Schedule.Kind.WEEKLY
    if services.queue_sample(request.user, now=now, limit=SAMPLES_A_DAY, kind=kind):
        messages.success(request, f"On its way to {request.user.email}.")
        return redirect("reminders:settings_page")
    context = _context(request.user) | {
        "problem": "That was three for today. Try again tomorrow.",
        "problem_part": "sample",
    }
    response = render(request, "reminders/settings_page.html", context, status=429)
    response["Retry-After"] = _until_midnight(request.user, now)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def break_edit(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Take a break, or change the one that is set; `?weeks=2` in a mail chooses how long, and nothing more."""
    today = request.user.today(timezone.now())
    pause = Break.objects.filter(user=request.user).ending_from(today).order_by("from_on", "pk").first()
    until = _in_weeks(request.GET.get("weeks", ""), today)
    initial = {"from_on": pause.from_on if pause else today, "until_on": pause.until_on if pause else until}
    form = BreakForm(request.POST if request.method == "POST" else None, initial=initial, today=today)
    if request.method == "POST" and form.is_valid():
        taken = services.take_break(user=request.user, today=today, **form.cleaned_data)
        messages.success(request, _pause_words(taken, today))
        return redirect("reminders:settings_page")
    status = 422 if form.is_bound else 200
    return render(request, "reminders/break_edit.html", {"form": form, "pause": pause}, status=status)


def _in_weeks(asked: str, today: date) -> date | None:
    """Return the last day of so many weeks that begin today."""
    return today + timedelta(days=7 * int(asked) - 1) if asked in {"1", "2", "3", "4"} else None


@require_POST
def break_end(request: AuthenticatedHttpRequest) -> HttpResponse:
    """End the break now."""
    services.end_break(user=request.user, today=request.user.today(timezone.now()))
    messages.success(request, "Welcome back. Your break is over.")
    return redirect("reminders:settings_page")


@require_http_methods(["GET", "HEAD", "POST"])
def period_skip(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Leave one week or month out, after asking: the page behind the link in the mail."""
    today = request.user.today(timezone.now())
    key = _period_to_skip(request, today)
    words = periods.say_period(key, today)
    stored = Period.objects.owned_by(request.user).filter(key=key).first()
    if request.method == "POST":
        period = skip_period(owner=request.user, key=key)
        is_written = period.state == Period.State.WRITTEN
        said = (
            "has words in it already, so it was not skipped." if is_written else "is skipped. You can still write it."
        )
        messages.success(request, format_html("{} {}", words, said))
        return redirect("home:this_week")
    unit = "month" if periods.is_month(key) else "week"
    context = {"words": words, "key": key, "unit": unit, "state": stored.state if stored else "open"}
    return render(request, "reminders/period_skip.html", context)


def _period_to_skip(request: AuthenticatedHttpRequest, today: date) -> str:
    """Return the week or month of the address; the one a prompt asks about now if that cannot be read or is to come."""
    month, week = request.GET.get("month", ""), request.GET.get("week", "")
    asked = periods.parse_month(month) if month else periods.parse_week(week)
    if asked and not periods.is_future(asked, today):
        return asked
    return periods.month_asked_about(today) if month else periods.asked_about(today)
