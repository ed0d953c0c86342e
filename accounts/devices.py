"""Where a person is signed in: what the devices page says, and how a device is signed out for good."""

import re
from datetime import datetime, timedelta
from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User

SEEN_KEY = "seen_at"
# "Here yesterday" is all the devices page wants to know.
SEEN_EVERY = timedelta(hours=1)

_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("SamsungBrowser", "Samsung Internet"),
             ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
            ("Macintosh", "Mac"), ("Linux", "Linux"))  # fmt: skip


def name_device(user_agent: str) -> str:
    """Return what a person would call the device, such as "Firefox on Linux"."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or re.split(r"[/ (;]", user_agent.strip())[0][:40] or "Unknown device"


def is_phone(user_agent: str) -> bool:
    return "Mobile" in user_agent or "Android" in user_agent or "iPhone" in user_agent


def note_seen(request: HttpRequest, *, now: datetime) -> None:
    """Note that a session is in use: at most one write an hour for each."""
    last = request.session.get(SEEN_KEY)
    if isinstance(last, int) and 0 <= now.timestamp() - last < SEEN_EVERY.total_seconds():
        return
    request.session[SEEN_KEY] = int(now.timestamp())
    UserSession.objects.create_from_request(request)


def note_sign_in(sender: object, request: HttpRequest | None, user: User, **kwargs: object) -> None:
    """Start the hour with the sign-in, which has written the device already."""
    if request is not None and hasattr(request, "session"):
        request.session[SEEN_KEY] = int(timezone.now().timestamp())


def end_others(request: HttpRequest, user: User) -> None:
    """Sign a person out everywhere but here."""
    user.sign_out_everywhere()
    if request.user.is_authenticated and request.user.pk == user.pk:
        request.user.session_epoch = user.session_epoch
        update_session_auth_hash(request, request.user)
        UserSession.objects.create_from_request(request)
        UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key).delete()


def end_all(user: User) -> None:
    """Sign a person out everywhere."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    for session in UserSession.objects.filter(user=user):
        store.delete(session.session_key)
        session.delete()
    user.sign_out_everywhere()
