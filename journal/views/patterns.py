"""What a journal shows when it is looked at as a whole, and how often its owner wants to write."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from core.htmx import toast
from journal import periods
from journal.forms import AimForm
from journal.models import Entry, WeeklyAim
from journal.patterns import aims, half_year, heat, year
from journal.patterns.recurring import Recurring
from journal.tagging import filter_path

# Links to this many calendar years; older ones are reached by their address.
YEARS = 6


@dataclass(frozen=True)
class Row:
    """Something that comes back, as the page shows it."""

    words: str
    href: str
    entries: int
    last_months: int
    strip: SafeString
    is_new: bool
    is_gone: bool


@require_safe
def pattern_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show what the last twelve months of one's own journal say; `?year=2025` draws the calendar of that year."""
    return _page(request)


@require_POST
def aim_choose(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Choose on how many days of a week to write."""
    form = AimForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    days = form.cleaned_data["days"]
    WeeklyAim.objects.choose(request.user, days)
    return toast(request, redirect("/journal/patterns/#aim"), f"Aim saved: {days} day{'s' * (days > 1)} a week")


def _page(request: HttpRequest, form: AimForm | None = None) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    today = user.today(timezone.now())
    found = year.of(user, today=today)
    half = half_year.of(user, today=today)
    kept, counted = periods.weekly_aim(
        written=half.written, skipped=half.skipped, breaks=half.breaks, joined_on=user.today(user.date_joined),
        today=today,
    )  # fmt: skip
    standing = aims.standing(
        half.wrote, chosen=half.aim, breaks=half.breaks, joined_on=user.today(user.date_joined), today=today
    )
    context = {
        "found": found,
        "today": today,
        "words": _rows(found.words, _by_words),
        "new_words": _rows(found.new_words, _by_words),
        "gone_words": _rows(found.gone_words, _by_words),
        "tags": _rows(found.tags, lambda each: filter_path(user, each.key)),
        "goals": _rows(found.goals, _by_goal),
        "year_ago": [(entry, year.excerpt(entry)) for entry in found.year_ago],
        "kept": kept,
        "counted": counted,
        "standing": standing,
        "form": form or AimForm(initial={"days": standing.aim}),
        **_calendar(user, request.GET.get("year", ""), today),
    }
    return render(request, "journal/pattern_list.html", context, status=422 if form else 200)


def _rows(found: Iterable[Recurring], link: Any) -> list[Row]:
    return [
        Row(
            each.words,
            link(each),
            each.entries,
            each.last_months,
            heat.months(each.by_month),
            each.is_new,
            each.is_gone,
        )
        for each in found
    ]


def _by_words(each: Recurring) -> str:
    return "/journal/search/?" + urlencode({"q": each.words})


def _by_goal(each: Recurring) -> str:
    return f"/journal/?goal={each.key}"


def _calendar(user: User, asked: str, today: date) -> dict[str, Any]:
    """Return the drawing of the year that was asked for, or of the last twelve months, and the years to choose from."""
    oldest = Entry.objects.owned_by(user).order_by("entry_on").values_list("entry_on", flat=True).first()
    first = oldest.year if oldest else today.year
    is_year = asked.isascii() and asked.isdigit() and len(asked) == 4 and first <= int(asked) <= today.year
    year = int(asked) if is_year else 0
    span = heat.whole_year(year, today) if year else heat.twelve_months(today)
    days = Entry.objects.owned_by(user).days_between(span.monday, span.last)
    return {
        "calendar": heat.draw(days, today, span),
        "year": year,
        "years": range(today.year, max(first, today.year - YEARS + 1) - 1, -1),
    }
