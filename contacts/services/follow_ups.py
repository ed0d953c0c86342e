"""What people do with promises. Verbs on one row are on the model; here are those that guard against a second click."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from contacts.models import Contact, FollowUp
from contacts.services.conversations import REPEAT_WINDOW, hold


@transaction.atomic
def promise(*, follow_up: FollowUp, contact: Contact, by: User, at: datetime) -> FollowUp:
    """Store something to be done for, or by, a contact. Sent twice within a minute it is one."""
    hold(by)
    same = {name: getattr(follow_up, name) for name in ("text", "due_on", "direction")}
    lately = FollowUp.objects.owned_by(by).filter(contact=contact, **same, created_at__gt=at - REPEAT_WINDOW)
    if found := lately.order_by("pk").first():
        return found
    follow_up.owner, follow_up.contact, follow_up.created_at = by, contact, at
    follow_up.save(force_insert=True)
    return follow_up
