"""The journal: its list, one entry, free notes, the bin."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from core.htmx import is_fragment
from core.paging import page
from core.timekeeping import month_key, week_key
from journal import periods, services
from journal.forms import ShareForm
from journal.listing import Chosen
from journal.models import Entry
from journal.patterns import aims, half_year, heat
from journal.patterns.half_year import HalfYear
from journal.reading import visible_entry
from journal.rows import months_of
from journal.views.asking import own_entry, posted
from journal.views.context import entry_context, share_panel
from sharing.models import Mentorship
from sharing.preview import viewer_of

FILTERS = (
    ("", "All"), ("reflections", "Reflections"), ("notes", "Notes"), ("starred", "Starred"), ("shared", "Shared"),
)  # fmt: skip


@require_safe
def entry_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show the person's own entries by month, newest first, under the picture of the last half year.

    `?show=` keeps those of one kind, `?tag=` those with a tag, `?goal=` those about a goal.
    """
    today = request.user.today(timezone.now())
    chosen = Chosen.by(request.user, request.GET)
    shown = chosen.page(request.user, request.GET.get("after"))
    months = months_of(shown.rows)
    context: dict[str, Any] = {"months": months, "older": _older(shown.next_token, months, chosen)}
    if is_fragment(request):
        # The list already ends with this month's heading.
        context["continued"] = request.GET.get("month", "")
        return render(request, "journal/_entry_months.html", context)
    context |= {"chosen": chosen, "filters": FILTERS, "today": today, **_half_year(request.user, today)}
    return render(request, "journal/entry_list.html", context)


def _older(token: str, months: list[Any], chosen: Chosen) -> str:
    if not token:
        return ""
    month = months[-1][0].replace(" ", "+")
    return f"/journal/?after={token}&month={month}{'&' + chosen.query if chosen.query else ''}"


def _half_year(user: User, today: date) -> dict[str, Any]:
    """Return the calendar, the weeks kept, and what to say about the week a prompt asks about now."""
    year = half_year.of(user, today=today)
    asked = periods.asked_about(today)
    joined_on = user.today(user.date_joined)
    kept, counted = periods.weekly_aim(
        written=year.written, skipped=year.skipped, breaks=year.breaks, joined_on=joined_on, today=today
    )
    before = periods.previous_week(asked)
    stored = "written" if before in year.written else "skipped" if before in year.skipped else None
    state = periods.state_of(before, stored, breaks=year.breaks, today=today)
    is_mine = before >= week_key(joined_on)
    return {
        "standing": aims.standing(year.wrote, chosen=year.aim, breaks=year.breaks, joined_on=joined_on, today=today),
        "blank_week": before if state == "missed" and is_mine else "",
        "calendar": heat.draw(year.days, today),
        "has_entries": bool(year.days),
        "kept": kept,
        "counted": counted,
        "open_month": _open_month(user, year, today),
        "asked_name": f"Week {int(asked[-2:])}",
        "asked_key": asked,
        "is_asked_written": asked in year.written,
        "is_asked_skipped": asked in year.skipped,
        "year_ago": year.year_ago,
    }


def _open_month(user: User, year: HalfYear, today: date) -> dict[str, str]:
    """Return the month that can be looked back on now, if it is neither written nor left out."""
    key = periods.month_asked_about(today)
    stored = "written" if key in year.written else "skipped" if key in year.skipped else None
    state = periods.state_of(key, stored, breaks=year.breaks, today=today)
    is_mine = key >= month_key(user.today(user.date_joined))
    return {"key": key, "words": periods.say_month(key, today)} if state == "open" and is_mine else {}


@require_safe
def entry_detail(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Show one entry to its owner or a reader; `?as=<mentorship>` shows the owner what that reader sees."""
    viewer, through = viewer_of(request)
    entry = visible_entry(pk, viewer)
    if entry is None or (through is not None and entry.owner_id != request.user.pk):
        raise Http404
    if not entry.is_finished:
        return redirect(entry.write_path)
    now = timezone.now()
    context = entry_context(
        entry,
        viewer,
        today=request.user.today(now),
        is_preview=through is not None,
        is_whole=request.GET.get("comments") == "all",
    )
    return render(request, "journal/entry_detail.html", context | {"through": through})


@require_http_methods(["GET", "HEAD", "POST"])
def entry_share(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Choose who can read an entry; a draft is shared when it is finished, on its own page."""
    entry = own_entry(request, pk)
    if not entry.is_finished:
        return redirect(entry)
    form = ShareForm(posted(request), owner=request.user)
    if request.method == "POST" and form.is_valid():
        told = services.share_entry(
            entry=entry,
            mentorships=list(form.cleaned_data["share"]),
            by=request.user,
            threads_open=form.cleaned_data["threads_open"],
        )
        messages.success(request, _said_of_sharing(entry, told))
        return redirect(entry)
    problem = str(form.errors["share"][0]) if "share" in form.errors else ""
    context = {"entry": entry, "readers": share_panel(entry), "problem": problem}
    return render(request, "journal/entry_share.html", context, status=422 if problem else 200)


def _said_of_sharing(entry: Entry, told: list[Mentorship]) -> str:
    if told:
        return f"{' and '.join(m.mentor.given_name for m in told if m.mentor)} can read it now and will get an email."
    readers = [m.mentor.given_name for m in entry.readers() if m.mentor]
    return f"{' and '.join(readers)} can read it." if readers else "Only you can read it."


@require_POST
def entry_delete(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Put an entry into the bin: gone for every reader at once."""
    entry = own_entry(request, pk)
    services.delete_entry(entry=entry, at=timezone.now())
    messages.success(request, "Entry deleted", extra_tags=f"undo /journal/{pk}/restore/")
    return redirect("journal:entry_list")


@require_POST
def entry_restore(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Bring an entry back from the bin, private."""
    entry = Entry.objects.in_bin_of(request.user).select_related("owner", "period").filter(pk=pk).first()
    if entry is None:  # brought back already, by a first press or in another tab
        return redirect(get_object_or_404(Entry.objects.owned_by(request.user), pk=pk))
    services.restore_entry(entry=entry, at=timezone.now())
    messages.success(request, "Entry is back. Only you can read it.")
    return redirect(entry)


@require_safe
def entry_bin(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show what was deleted in the last 30 days."""
    shown = page(
        Entry.objects.in_bin_of(request.user).select_related("period"),
        keys=("-deleted_at", "-pk"),
        after=request.GET.get("after"),
    )
    older = f"?after={shown.next_token}" if shown.next_token else ""
    return render(request, "journal/entry_bin.html", {"entries": shown.rows, "older": older})
