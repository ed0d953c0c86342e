"""Reads what mail providers post about mails that left: django-anymail knows their formats and signatures."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import EventType, RejectReason
from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from mail.models import DeliveryEvent
from mail.news import News, failure, find_status

MAX_BYTES = 1024 * 1024  # SendGrid, whose batches are the largest, stops at 768 KB
MAX_AGE = timedelta(minutes=5)

What = DeliveryEvent.What
# What anymail calls a bounce and the provider's own words call a temporary one.
_SOFT = {("Type", "SoftBounce"), ("event", "soft_bounce"), ("type", "blocked")}


class RejectedError(Exception):
    """What was posted is not from the provider, too old, or not to be understood; the text is for the operator."""


def _mailgun_signed_at(request: HttpRequest) -> str:
    if request.content_type == "application/json":
        return str(json.loads(request.body)["signature"]["timestamp"])
    return request.POST["timestamp"]


def _sendgrid_signed_at(request: HttpRequest) -> str:
    return request.headers.get("X-Twilio-Email-Event-Webhook-Timestamp", "")


def _setting(name: str) -> Any:
    known: Any = settings.ANYMAIL
    return known.get(name)


@dataclass(frozen=True, slots=True)
class Provider:
    """How one provider proves who it is: a signature (`keys` are the settings that check it), or basic auth."""

    view: str
    keys: tuple[str, ...] = ()
    signed_at: Callable[[HttpRequest], str] | None = None
    takes_basic_auth: bool = True

    @property
    def has_key(self) -> bool:
        """Tell whether a key is set that checks its signature."""
        return any(_setting(key) for key in self.keys)

    @property
    def is_set_up(self) -> bool:
        """Tell whether what it posts can be checked; without that nothing is taken."""
        return self.has_key or bool(self.takes_basic_auth and _setting("WEBHOOK_SECRET"))


PROVIDERS = {
    "brevo": Provider("anymail.webhooks.brevo.BrevoTrackingWebhookView"),
    "mailgun": Provider(
        "anymail.webhooks.mailgun.MailgunTrackingWebhookView",
        keys=("MAILGUN_WEBHOOK_SIGNING_KEY", "MAILGUN_API_KEY"),
        signed_at=_mailgun_signed_at,
        takes_basic_auth=False,  # it always signs, and anymail always asks for that
    ),
    "postmark": Provider("anymail.webhooks.postmark.PostmarkTrackingWebhookView"),
    "sendgrid": Provider(
        "anymail.webhooks.sendgrid.SendGridTrackingWebhookView",
        keys=("SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY",),
        signed_at=_sendgrid_signed_at,
    ),
}


def read_news(name: str, request: HttpRequest, *, now: datetime) -> list[News]:
    """Return what a provider says in this request; raise RejectedError where it proves nothing or makes no sense."""
    provider = PROVIDERS[name]
    view = import_string(provider.view)()
    try:
        view.run_validators(request)
        if provider.has_key and provider.signed_at is not None:
            _check_age(provider.signed_at(request), now)
        return [news for event in view.parse_events(request) if (news := _news(name, event, now))]
    except AnymailWebhookValidationFailure as error:
        raise RejectedError("not signed with our secret") from error
    except RejectedError:
        raise
    except Exception as error:
        # Anything can be in it: anymail reads the provider's format and trusts it to be that.
        raise RejectedError(f"not readable ({type(error).__name__})") from error


def _check_age(signed_at: str, now: datetime) -> None:
    """Refuse what was signed long ago: somebody may have kept it."""
    if abs(now - datetime.fromtimestamp(float(signed_at), UTC)) > MAX_AGE:
        raise RejectedError("signed too long ago")


def _news(source: str, event: Any, now: datetime) -> News | None:
    said = " ".join(str(text) for text in (event.mta_response, event.description) if text)
    status = find_status(said)
    what = _what(event, status)
    if what is None or not event.message_id or not event.recipient:
        return None
    return News(source, str(event.message_id), str(event.recipient), what, event.timestamp or now, status)


def _what(event: Any, status: str) -> DeliveryEvent.What | None:
    kind, reason = event.event_type, event.reject_reason
    if kind == EventType.BOUNCED:
        is_soft = any(event.esp_event.get(name) == word for name, word in _SOFT)
        return failure(status, says_for_good=not is_soft)
    if kind == EventType.DEFERRED:
        return failure(status, says_for_good=False)
    if kind == EventType.REJECTED:  # by the provider itself: mostly for what it remembers of this address
        if reason in {RejectReason.SPAM, RejectReason.UNSUBSCRIBED}:
            return What.COMPLAINED if reason == RejectReason.SPAM else What.UNSUBSCRIBED
        return failure(status, says_for_good=reason in {RejectReason.INVALID, RejectReason.BOUNCED})
    others = {
        EventType.DELIVERED: What.DELIVERED,
        EventType.COMPLAINED: What.COMPLAINED,
        EventType.UNSUBSCRIBED: What.UNSUBSCRIBED,
    }
    return others.get(kind)
