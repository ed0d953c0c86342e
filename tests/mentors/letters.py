"""How a queued mail would read, for tests."""

from mail import registry
from mail.letters import compose
from mail.models import Message


def letter(kind, *, now, user=None):
    """Return the last mail of a kind (to a person) as it would be handed over now; None if it would be skipped."""
    rows = Message.objects.filter(kind=kind)
    message = (rows.filter(user=user) if user else rows).order_by("-pk")[0]
    content = registry.find(kind).function(message, now=now)
    return compose(message, content, now=now) if content else None
