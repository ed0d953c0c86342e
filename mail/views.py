import logging
from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import Error, ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from mail import bounces, hooks, outbox, services
from mail.inbound import NotForUsError, receive
from mail.links import Stop, read_stop_token
from mail.providers import MAX_BYTES, PROVIDERS, RejectedError, read_news
from mail.registry import PREFERENCES

logger = logging.getLogger(__name__)

# Three sweeps may be late before the outbox counts as unattended.
SWEEP_MAX_AGE = timedelta(minutes=3)


@login_not_required  # RFC 8058: the link in a mail works without sign-in; its token is the proof
@csrf_exempt  # a mail provider posts it without any cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask on GET, stop on POST (`again` allows it once more); 404 for a token this server did not make.

    A mail provider posts `List-Unsubscribe=One-Click` and must not be redirected (RFC 8058, 3.1).
    """
    stop = read_stop_token(token)
    if stop is None:
        logger.info("token.bad unsubscribe")
        raise Http404
    user = get_object_or_404(User, pk=stop.user_id) if stop.user_id else None
    if request.method == "POST":
        _set(stop, user, on="again" in request.POST)
        if request.POST.get("List-Unsubscribe") != "One-Click":
            return HttpResponseRedirect(request.path)
    context = {"what": PREFERENCES.get(stop.preference, ""), "is_on": _is_on(stop, user), "is_person": user is not None}
    response = render(request, "mail/unsubscribe.html", context)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _set(stop: Stop, user: User | None, *, on: bool) -> None:
    if user is not None:
        services.set_preference(user=user, kind=stop.preference, on=on)
    else:
        services.set_stopped(to_hash=stop.to_hash, stopped=not on)


def _is_on(stop: Stop, user: User | None) -> bool:
    if user is not None:
        return services.wants(user=user, kind=stop.preference)
    return not services.is_stopped_hash(stop.to_hash)


@login_not_required  # a mail provider posts it; its signature or password is the proof
@csrf_exempt  # a mail provider has no cookie
@never_cache
@require_http_methods(["HEAD", "POST"])
def delivery_events(request: HttpRequest, provider: str) -> HttpResponse:
    """Take what a mail provider says about mails that left; 404 for one whose secret is not set.

    Answers 200 once it is stored, also for mails that are not ours and for repeats; 400 for what is not signed or not
    readable. Some providers ask by HEAD whether the address is there.
    """
    if provider not in PROVIDERS or not PROVIDERS[provider].is_set_up:
        raise Http404
    if request.method == "HEAD":
        return HttpResponse()
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES:
        return HttpResponse(status=413)
    now = timezone.now()
    try:
        news = read_news(provider, request, now=now)
    except RejectedError as error:
        logger.info("inbound.rejected events of %s: %s", provider, error)
        return HttpResponse(status=400)
    bounces.take(news, now=now)
    return HttpResponse()


@login_not_required  # a mail provider posts it; the secret in its request is the proof
@csrf_exempt  # a mail provider has no cookie
@never_cache
@require_POST
def inbound(request: HttpRequest, provider: str) -> HttpResponse:
    """Take the mails a provider posts: 200 once they are stored, also for repeats and for what is not for us.

    404 for a provider whose secret is not set, 403 without it, 413 for what is too large, 400 for what is no mail.
    Storing is all that happens here, so that a slow mail never keeps a provider waiting.
    """
    if not hooks.is_set_up(provider):
        raise Http404
    if int(request.META.get("CONTENT_LENGTH") or 0) > hooks.MAX_BODY:
        return HttpResponse(status=413)
    try:
        posted = list(hooks.read_post(provider, request))
    except PermissionDenied:
        logger.warning("inbound.rejected secret %s", provider)
        raise
    except hooks.BadPostError as error:
        logger.warning("inbound.rejected format %s %s", provider, error)
        return HttpResponse(status=400)
    for mail in posted:
        try:
            receive(mail.raw, via=provider, sender=mail.sender, recipient=mail.recipient, at=timezone.now())
        except NotForUsError:
            logger.info("inbound.rejected address %s", provider)
    return HttpResponse()


_migrations_are_applied = False


@login_not_required  # a load balancer asks; says nothing but red or green
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Tell whether this server can do its work: database, migrations, and somebody looking after the outbox."""
    checks = {"database": False, "migrations": False, "sweep": False}
    try:
        state = outbox.outbox_state()
        checks["database"] = True
        checks["sweep"] = state.swept_at is not None and timezone.now() - state.swept_at < SWEEP_MAX_AGE
        checks["migrations"] = _has_all_migrations()
    except Error as error:
        # The table of the outbox may not be there yet: the database answers, the migrations are missing.
        checks["database"] = isinstance(error, ProgrammingError)
        logger.warning("Not ready: %s", type(error).__name__)
    is_ready = all(checks.values())
    return JsonResponse({"ready": is_ready, **checks}, status=200 if is_ready else 503)


def _has_all_migrations() -> bool:
    """Compare code and database; once they agree they do so as long as this process lives."""
    global _migrations_are_applied
    if not _migrations_are_applied:
        executor = MigrationExecutor(connection)
        _migrations_are_applied = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrations_are_applied
