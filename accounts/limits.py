"""How often one may try: counted in Postgres per account and per network, whatever Redis does.

docs/decisions/0010-limits-without-lock-out.md has the reasoning. The rates are `ACCOUNT_RATE_LIMITS` in the settings.
"""

import logging
from hashlib import sha256
from time import time

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from allauth.core.internal import ratelimit as counters  # the public module gives no way to take a count back
from allauth.core.internal.httpkit import clean_client_ip
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger("waymark.security")

SIGN_IN_WAIT_SECONDS = 300
MAIL_WAIT_SECONDS = 3600
# Where a server knows nobody's address (a proxy on a unix socket and no trusted header), all visitors are one.
NOWHERE = "0.0.0.0"  # noqa: S104 - the address of a visitor, nothing is bound to it


def client_ip(request: HttpRequest) -> str:
    """Return the visitor's address: the socket's, or what the last trusted proxy wrote.

    Entries of X-Forwarded-For further left are the visitor's own words and are never read.
    """
    count = settings.TRUSTED_PROXY_COUNT
    forwarded = request.headers.get("x-forwarded-for", "").split(",") if count else []
    found = forwarded[-count] if 0 < count <= len(forwarded) else request.META.get("REMOTE_ADDR", "")
    return clean_client_ip(found) or NOWHERE


def network_of(request: HttpRequest) -> str:
    """Return the visitor's address, for IPv6 its /64: one household has that many addresses."""
    return counters.truncate_ip(client_ip(request))


def too_often(request: HttpRequest, *, wait: int) -> None:
    """Make the answer to this request a 429 with Retry-After, whatever page the view renders."""
    request.retry_after = max(wait, getattr(request, "retry_after", 0))  # type: ignore[attr-defined]
    logger.warning("rate.limited path=%s ip=%s", request.path, client_ip(request))


def spend_sign_in(request: HttpRequest, email: str) -> counters.RateLimitUsage | None:
    """Count one try to enter an account, from this network and from everywhere; None when there were too many.

    A network on its own is stopped long before the account is. Networks from which the account is signed in at this
    moment are not held back by what others try, and everyone can still ask for a sign-in code.
    """
    usage = counters.RateLimitUsage(usage=[])
    keys = {"sign_in_network": f"{email}|{network_of(request)}", "sign_in_account": email}
    if is_known_network(request, email):
        del keys["sign_in_account"]
    for action, key in keys.items():
        spent = counters.consume(request, app="allauth.account", action=action, key=key)
        if spent is None:
            usage.rollback()
            return None
        usage.usage += spent.usage
    return usage


def is_known_network(request: HttpRequest, email: str) -> bool:
    """Tell whether somebody is signed in to this account from the visitor's network."""
    sessions = UserSession.objects.filter(user__emailaddress__email=email, user__emailaddress__verified=True)
    network = network_of(request)
    return any(counters.truncate_ip(ip) == network for ip in sessions.values_list("ip", flat=True))


def may_mail(request: HttpRequest, email: str) -> bool:
    """Count one mail that a visitor has sent to an address; False when it had enough.

    One network alone cannot use up what an address may get, so nobody keeps its owner from getting a code.
    """
    return ratelimit.consume(
        request, action="mail_from_network", key=f"{email}|{network_of(request)}"
    ) and ratelimit.consume(request, action="mail_to_address", key=email)


def check_mail(request: HttpRequest, email: str) -> None:
    """Raise ValidationError, and make the answer a 429, when an address got enough mails for now."""
    if not may_mail(request, email.lower()):
        too_often(request, wait=MAIL_WAIT_SECONDS)
        raise get_adapter().validation_error("too_many_mails")


def spend_hourly(request: HttpRequest, what: str, *, most: int) -> bool:
    """Count one reading of something that needs no sign-in, from this network; False after `most` within an hour.

    Two at the same moment may count as one: this bounds work, it guards no secret. Refusing costs a single query.
    """
    key = f"reads:{sha256(f'{what}|{network_of(request)}'.encode()).hexdigest()}:{int(time() // 3600)}"
    count = cache.get(key, 0)
    if count >= most:
        logger.warning("rate.limited %s ip=%s", what, client_ip(request))
        return False
    cache.set(key, count + 1, 3600)
    return True


def add_retry_after(request: HttpRequest, response: HttpResponse) -> None:
    """Turn the answer to a request that came too often into a 429."""
    wait = getattr(request, "retry_after", 0)
    if wait and response.status_code in {200, 400}:  # 400: allauth's answer to scripts for a form with mistakes
        response.status_code = 429
    if response.status_code == 429:
        response.setdefault("Retry-After", str(wait or 60))
