"""Reads the mails that providers post: django-anymail knows their formats, the secret in the request is the proof."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from anymail.exceptions import AnymailConfigurationError, AnymailWebhookValidationFailure
from anymail.inbound import AnymailInboundMessage
from anymail.utils import get_request_basic_auth
from anymail.webhooks.base import AnymailBaseWebhookView
from anymail.webhooks.mailgun import MailgunInboundWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView
from anymail.webhooks.sparkpost import SparkPostInboundWebhookView
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from mail import tokens
from mail.replies import MAX_BYTES

# JSON, base64 and form fields make a mail larger than it is.
MAX_BODY = 3 * MAX_BYTES

_PROVIDERS: dict[str, type[AnymailBaseWebhookView]] = {
    "mailgun": MailgunInboundWebhookView,
    "postmark": PostmarkInboundWebhookView,
    "sparkpost": SparkPostInboundWebhookView,
}


class BadPostError(Exception):
    """What was posted is not what this provider posts; the text names the error and nothing of the mail."""


@dataclass(frozen=True, slots=True)
class Posted:
    """One mail as it was posted. `sender` is None where the provider does not tell the envelope."""

    raw: bytes
    sender: str | None
    recipient: str


def is_set_up(provider: str) -> bool:
    """Tell whether this server takes mails from that provider."""
    return provider in _PROVIDERS and tokens.is_configured() and bool(_secrets())


def read_post(provider: str, request: HttpRequest) -> Iterator[Posted]:
    """Yield the mails in a request; raises PermissionDenied without our secret, BadPostError for what makes no sense."""
    given = get_request_basic_auth(request) or ""
    if not any(constant_time_compare(given, secret) for secret in _secrets()):
        raise PermissionDenied
    _take_body(request)
    try:
        hook = _PROVIDERS[provider]()
        hook.run_validators(request)
        events: list[Any] = hook.parse_events(request)
        posted = [_posted(event.message) for event in events]
    except AnymailWebhookValidationFailure:
        raise PermissionDenied from None
    except AnymailConfigurationError as error:
        raise BadPostError(type(error).__name__) from error
    except Exception as error:
        # Anything can be in it: anymail trusts what is posted to be in the provider's format.
        raise BadPostError(type(error).__name__) from None
    yield from posted


def _secrets() -> list[str]:
    """Return the `name:password` pairs that providers may show."""
    anymail: Any = settings.ANYMAIL
    known = anymail.get("WEBHOOK_SECRET") or []
    return [known] if isinstance(known, str) else list(known)


def _take_body(request: HttpRequest) -> None:
    """Read a JSON body past Django's limit for forms, which a mail with an attachment soon exceeds.

    Files in a form are not counted by that limit.
    """
    if request.content_type == "application/json":
        request._body = request.read(MAX_BODY)


def _posted(message: AnymailInboundMessage) -> Posted:
    raw = _bytes(message)
    if len(raw) > MAX_BYTES:
        for part in message.attachments:  # never kept, only counted
            part.set_payload("")
        raw = _bytes(message)
    recipient = message.envelope_recipient or ""
    if not isinstance(recipient, str):
        raise TypeError("an address is a text")
    return Posted(raw, message.envelope_sender, recipient)


def _bytes(message: AnymailInboundMessage) -> bytes:
    try:
        return message.as_bytes(policy=message.policy.clone(refold_source="none"))
    except (UnicodeError, LookupError, ValueError, AttributeError, TypeError):  # a charset nobody knows, and the like
        return message.as_string(policy=message.policy.clone(refold_source="none")).encode("utf-8", "replace")
