"""What is done once a day."""

import logging
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection

from accounts import deletion, recovery
from accounts.models import User

logger = logging.getLogger(__name__)

# A sign-up whose address nobody confirmed; the code in the mail was good for fifteen minutes.
UNVERIFIED_KEPT = timedelta(days=7)


def run(*, now: datetime) -> None:
    """Do each of the jobs; one account that cannot be erased does not keep the others."""
    for user in User.objects.deletion_due(now).order_by("pk"):
        try:
            deletion.erase(user=user, at=now)
        except Exception:
            logger.exception("account %s could not be erased", user.pk)
    for user in User.objects.filter(second_factor_reset_asked_at__lte=now - recovery.WAIT).order_by("pk"):
        recovery.reset(user=user)
    User.objects.never_verified(joined_before=now - UNVERIFIED_KEPT).delete()
    forget_expired(now=now)


def forget_expired(*, now: datetime) -> None:
    """Delete sessions that are over, the devices that belonged to them, and counters of limits."""
    Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cache_entries WHERE expires < %s", [now])
