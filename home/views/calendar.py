"""The calendar feed, and the page on which its owner makes, limits and ends it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.limits import spend_hourly
from core.htmx import is_fragment
from home import services
from home.feed import days_of_feed, etag_of, file_of
from home.models import CalendarFeed

# For each address and network. Several devices of one household that ask every ten minutes stay below it.
READS_AN_HOUR = 60


@login_not_required  # a calendar program has no session; the secret address is the proof
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Give a calendar program the dates of whoever made this address; 404 once it is turned off.

    Changes nothing but the line that says when and by what it was last read. The address is asked for first, so that
    a program that asks "has it changed?" after the end hears 404 as well.
    """
    feeds = CalendarFeed.objects.readable().with_token(token).select_related("owner")
    feed, now = get_object_or_404(feeds), timezone.now()
    if not spend_hourly(request, f"feed {feed.pk}", most=READS_AN_HOUR):
        response = HttpResponse("Too many readings within an hour. Come back later.\n", "text/plain", status=429)
        response["Retry-After"] = "3600"
        return response
    days = days_of_feed(feed, today=feed.owner.today(now))
    services.note_read(feed=feed, user_agent=request.headers.get("user-agent", ""), at=now)
    etag = etag_of(days)
    response = get_conditional_response(request, etag=etag) or HttpResponse(
        file_of(days, made_at=now),
        content_type="text/calendar; charset=utf-8",
        # A browser that saves it must not put the secret into the name of the file.
        headers={"Content-Disposition": 'inline; filename="waymark.ics"'},
    )
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_safe
def calendar(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Say whether there is a feed, what it shows, and when and by what it was last read."""
    return render(request, "home/calendar.html", _context(request))


@require_POST
def calendar_make(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Make an address and show it, here and never again: a redirect would have to store it somewhere."""
    feed = CalendarFeed.objects.owned_by(request.user).first()
    if feed and feed.read_at and request.POST.get("replaces", "") != feed.mark:
        # The page of an earlier press, loaded once more: the calendar that reads the address meanwhile keeps it.
        messages.info(request, "Your address was made already, and a program reads it. Nothing was changed.")
        return redirect("home:calendar")
    token = services.make_feed(owner=request.user, at=timezone.now())
    address = f"{settings.BASE_URL}/calendar/{token}.ics"
    context = {"address": address, "webcal": f"webcal:{address.partition(':')[2]}", "is_again": feed is not None}
    return render(request, "home/calendar.html", _context(request) | context)


@require_POST
def calendar_titles(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show titles in the calendar (`on`), or hide them; htmx gets the switch back, saying Saved."""
    feed = get_object_or_404(CalendarFeed.objects.owned_by(request.user))
    services.show_titles(feed=feed, on="on" in request.POST)
    if is_fragment(request):
        return render(request, "home/_calendar_titles.html", {"feed": feed, "is_saved": True})
    messages.success(request, "Saved.")
    return redirect("home:calendar")


@require_POST
def calendar_off(request: AuthenticatedHttpRequest) -> HttpResponse:
    """End the address."""
    services.end_feed(user=request.user, at=timezone.now())
    messages.success(request, "Turned off. The address leads nowhere any more.")
    return redirect("home:calendar")


def _context(request: AuthenticatedHttpRequest) -> dict[str, Any]:
    user, feed = request.user, CalendarFeed.objects.owned_by(request.user).first()
    context: dict[str, Any] = {"feed": feed, "today": user.today(timezone.now())}
    if feed:
        context["made_on"] = user.today(feed.created_at)
        context["read_on"] = user.today(feed.read_at) if feed.read_at else None
    return context
