"""The wall of wins, one win, and who may see it."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from core.compiled import CompiledQuery
from core.htmx import is_fragment, toast
from core.paging import Pages, page
from core.redirects import next_or
from core.timekeeping import month_key
from core.versioned import StaleEdit
from goals.models import Goal, Milestone
from goals.views.access import own_or_403
from sharing.models import Mentorship
from sharing.preview import viewer_of
from sharing.talk import Talk
from wins import services
from wins.forms import WinForm
from wins.models import Win, WinComment, WinQuerySet
from wins.wall import card_of, half_year, listed, month_of, months_of

ORDER = ("-happened_on", "-pk")
SHOWS = ("", "starred", "shared")
_PAGES = {show: Pages(lambda owner, show=show: listed(owner, show), keys=ORDER, owner=int) for show in SHOWS}
TALK = Talk(WinComment, "/wins/", "win-conversation", "win-comment", "They get an email.")
SEES = "Gets an email, can read it and write to you, and sees its goal only if you show them that too."


@require_safe
def win_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show the person's own wins by month, the newest first; `?show=` starred or shared ones only."""
    today = request.user.today(timezone.now())
    show = request.GET.get("show", "")
    show = show if show in SHOWS else ""
    shown = _PAGES[show].page(request.GET.get("after"), owner=request.user.pk)
    months = months_of(shown.rows, today)
    context: dict[str, Any] = {"months": months, "older": ""}
    if shown.next_token:
        context["older"] = f"/wins/?after={shown.next_token}&month={months[-1].key}{f'&show={show}' if show else ''}"
    if is_fragment(request):
        # The wall already ends with this month's heading.
        return render(request, "wins/_win_months.html", context | {"continued": request.GET.get("month", "")})
    is_first = not request.GET.get("after")
    context |= {
        "show": show,
        "form": WinForm(owner=request.user, today=today),
        "half_year": half_year(request.user, today),
        "top": months[0].key if months and is_first else "",
        "is_whole": is_first and not show,
    }
    return render(request, "wins/win_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def win_new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Record a win: one line from the bar on the wall, or a page with all of it (`?goal=`, `?milestone=`)."""
    now = timezone.now()
    today = request.user.today(now)
    form = WinForm(_posted(request), owner=request.user, today=today, initial=_linked(request, today))
    if request.method == "POST" and form.is_valid():
        win = services.add_win(win=form.save(commit=False), by=request.user, at=now)
        response = _added(request, win) if is_fragment(request) else redirect(next_or(request, "/wins/"))
        return toast(request, response, "Win saved", undo_url=f"/wins/{win.pk}/delete/")
    if is_fragment(request) and request.method == "POST":
        context = {"form": form, "top": request.POST.get("top", "")}
        return render(request, "wins/_win_bar.html", context, status=422)
    return _edit_page(request, form)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _linked(request: AuthenticatedHttpRequest, today: Any) -> dict[str, Any]:
    """Return what a new win starts with: today, and the goal or milestone of one's own that the address names."""
    found: dict[str, Any] = {"happened_on": today}
    for name, rows in (("goal", Goal.objects.owned_by(request.user)), ("milestone", _own_steps(request.user))):
        number = request.GET.get(name, "")
        if number.isascii() and number.isdigit() and len(number) < 19:
            found[name] = rows.filter(pk=int(number)).first()
    if step := found.get("milestone"):
        found |= {"goal": step.goal, "text": step.title}
    return found


def _own_steps(user: User) -> Any:
    return Milestone.objects.owned_by(user).select_related("goal")


def _added(request: AuthenticatedHttpRequest, win: Win) -> HttpResponse:
    """Answer the bar on the wall: itself, empty again, and the new card where the page says it belongs."""
    today = request.user.today(timezone.now())
    key = month_key(win.happened_on)
    context = {
        "form": WinForm(owner=request.user, today=today),
        "month": month_of(key, [win], today),
        "card": card_of(win, today),
        "half_year": half_year(request.user, today),
        "was": request.POST.get("top", ""),
        "top": key,
        "is_added": True,
    }
    return render(request, "wins/_win_added.html", context)


def _edit_page(request: HttpRequest, form: WinForm, *, other: Win | None = None) -> HttpResponse:
    win = form.instance if form.instance.pk else None
    back = win.get_absolute_url() if win else next_or(request, "/wins/")
    context = {"form": form, "win": win, "other": other, "back": back, "next": request.GET.get("next", "")}
    return render(request, "wins/win_edit.html", context, status=409 if other else 422 if form.errors else 200)


@require_safe
def win_detail(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Show one win to its owner or a reader; `?as=<mentorship>` shows the owner what that reader sees."""
    viewer, through = viewer_of(request)
    win: Win | None = _WIN.one(win=pk, viewer=viewer.pk)
    if win is None or (through is not None and win.owner_id != request.user.pk):
        raise Http404
    is_whole = request.GET.get("comments") == "all"
    today = request.user.today(timezone.now())
    talk = TALK.threads(win, viewer, today=today, is_preview=through is not None, is_whole=is_whole)
    context = win_context(win, viewer, today=today) | talk
    if through is None and not context["is_owner"]:
        context["navid"] = "mentees"
    return render(request, "wins/win_detail.html", context | {"through": through})


def win_context(win: Win, viewer: User, *, today: date) -> dict[str, Any]:
    """Return the page of a win as `viewer` sees it; what is said about it comes from TALK."""
    goal = Goal.objects.visible_to(viewer).filter(pk=win.goal_id).first() if win.goal_id else None
    return {"win": win, "goal": goal, "is_owner": win.owner_id == viewer.pk, "today": today}


def _win(win: int, viewer: int) -> WinQuerySet:
    return Win.objects.visible_to(User(pk=viewer)).select_related("owner").filter(pk=win)


_WIN = CompiledQuery(_win, win=int, viewer=int)


@require_http_methods(["GET", "HEAD", "POST"])
def win_edit(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Put a win in other words, or on another day."""
    win: Win = own_or_403(Win.objects, request.user, pk)
    today = request.user.today(timezone.now())
    initial = {"version": win.version}
    form = WinForm(_posted(request), instance=win, initial=initial, owner=request.user, today=today)
    if request.method != "POST" or not form.is_valid():
        return _edit_page(request, form)
    fields = ["text", "note", "happened_on", "goal", "milestone"]
    try:
        form.save(commit=False).save_version(expected=form.cleaned_data["version"] or 0, update_fields=fields)
    except StaleEdit as stale:
        other: Any = stale.current
        form.continue_from(other.version)
        return _edit_page(request, form, other=other)
    return toast(request, redirect(win), "Win saved")


@require_POST
def win_star(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Make a win large on the wall (`on=1`), or small again; twice is once."""
    win: Win = own_or_403(Win.objects, request.user, pk)
    if request.POST.get("on") == "1":
        win.star(at=timezone.now())
    else:
        win.unstar()
    return toast(request, redirect(win), "Starred" if win.is_starred else "Not starred")


@require_http_methods(["GET", "HEAD", "POST"])
def win_share(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Choose who can read a win."""
    win: Win = own_or_403(Win.objects, request.user, pk)
    own = list(Mentorship.objects.active().of_mentee(request.user).with_people().order_by("started_at", "pk"))
    problem = ""
    if request.method == "POST":
        wanted = set(request.POST.getlist("share"))
        chosen = [each for each in own if str(each.pk) in wanted]
        if len(chosen) == len(wanted):
            are_open = "threads_open" in request.POST
            told = services.share_win(win=win, mentorships=chosen, by=request.user, threads_open=are_open)
            return toast(request, redirect(win), _said_of_sharing(chosen, told))
        problem = "One of these people no longer reads with you. This is who you can show it to now."
    reading = {each.pk for each in win.readers()}
    readers = [
        {
            "mentorship": each,
            "name": each.mentor_name,
            "role": "Your mentor" if each.is_mentor else "Your colleague",
            "checked": each.pk in reading,
            "view_url": f"{win.get_absolute_url()}?as={each.pk}",
            "sees": SEES,
        }
        for each in own
    ]
    context = {"win": win, "readers": readers, "problem": problem}
    return render(request, "wins/win_share.html", context, status=409 if problem else 200)


def _said_of_sharing(chosen: list[Mentorship], told: list[Mentorship]) -> str:
    names = [each.mentor.given_name for each in (told or chosen) if each.mentor]
    if not names:
        return "Only you can read it."
    return f"{' and '.join(names)} can read it{' now and will get an email' if told else ''}."


@require_POST
def win_delete(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Put a win into the bin: gone for every reader at once. One that is there already stays as it is."""
    if not Win.objects.in_bin_of(request.user).filter(pk=pk).exists():
        services.delete_win(win=own_or_403(Win.objects, request.user, pk), at=timezone.now())
    return toast(request, redirect("wins:win_list"), "Win deleted", undo_url=f"/wins/{pk}/restore/")


@require_POST
def win_restore(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Bring a win back from the bin, private."""
    win = Win.objects.in_bin_of(request.user).filter(pk=pk).first()
    if win is None:  # brought back already, by a first press or in another tab
        return redirect(get_object_or_404(Win.objects.owned_by(request.user), pk=pk))
    win.take_from_bin()
    return toast(request, redirect(win), "Win is back. Only you can read it.")


@require_safe
def win_bin(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show what was deleted in the last 30 days."""
    shown = page(Win.objects.in_bin_of(request.user), keys=("-deleted_at", "-pk"), after=request.GET.get("after"))
    older = f"?after={shown.next_token}" if shown.next_token else ""
    return render(request, "wins/win_bin.html", {"wins": shown.rows, "older": older, "days": services.BIN_DAYS})
