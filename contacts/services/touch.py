"""When one was last in touch with somebody: worked out anew whenever a conversation comes, changes or goes."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Max, OuterRef, Subquery

from contacts.models import Contact, Interaction


def touch(contacts: Iterable[int]) -> None:
    """Set `last_contact_on` of these contacts to the day of the last conversation that took place, or to none.

    Call it in the transaction that changed a conversation, with everybody who was or is part of it. What is planned,
    cancelled or in the bin does not count. One statement, however many people it is about.
    """
    through: Any = Interaction.people.through._default_manager.filter(
        contact_id=OuterRef("pk"), interaction__state="held", interaction__deleted_at=None
    )
    last = through.order_by().values("contact_id").annotate(last=Max("interaction__happened_on")).values("last")
    Contact.objects.filter(pk__in=list(contacts)).update(last_contact_on=Subquery(last))
