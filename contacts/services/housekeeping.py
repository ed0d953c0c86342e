"""What was deleted is gone from every page at once and can be brought back for 30 days."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from contacts.models import Association, Contact, Event, FollowUp, Interaction, Interview, Introduction, Owned

BIN_DAYS = 30
KEPT_IN_BIN: tuple[type[Owned], ...] = (Introduction, Interview, FollowUp, Interaction, Event, Association, Contact)


def erase_deleted(*, now: datetime) -> int:
    """Erase what has lain in a bin for 30 days, and what was talked about with nobody else; return how many rows."""
    before = now - timedelta(days=BIN_DAYS)
    gone = Contact.objects.deleted_before(before)
    part = Interaction.people.through._default_manager
    talks = part.filter(contact__in=gone).values("interaction")
    shared = part.filter(interaction=OuterRef("pk")).exclude(contact__in=gone)
    alone = Interaction.objects.filter(~Exists(shared), pk__in=talks).delete()[1].get(Interaction._meta.label, 0)
    return alone + sum(
        model._default_manager.filter(deleted_at__lt=before).delete()[1].get(model._meta.label, 0)
        for model in KEPT_IN_BIN
    )
