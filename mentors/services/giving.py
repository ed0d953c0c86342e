"""What two people give each other beside advice: an offer, and thanks."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from mail.services import queue
from mentors.models import Offer, Thanks
from sharing.models import Mentorship
from sharing.notices import REPEAT_WINDOW

# More in a day is pressing, not thanking.
THANKS_A_DAY = 3
A_DAY = timedelta(days=1)


@transaction.atomic
def set_offer(*, mentorship: Mentorship, by: User, words: str, at: datetime) -> None:
    """Say what the mentee offers the reader of a relation; without words the offer goes.

    Raises PermissionDenied for anybody but the mentee, and once the relation has ended.
    """
    row = Mentorship.objects.select_for_update().get(pk=mentorship.pk)
    if row.mentee_id != by.pk or not row.is_active:
        raise PermissionDenied("Only the mentee of an active relation offers something there.")
    if words:
        Offer.objects.update_or_create(mentorship=row, defaults={"words": words, "changed_at": at})
    else:
        Offer.objects.filter(mentorship=row).delete()


@transaction.atomic
def say_thanks(*, mentorship: Mentorship, by: User, words: str, at: datetime) -> Thanks:
    """Thank the other person of a relation, and mail them. Sent twice within a minute it is once.

    Raises PermissionDenied once it has ended, ValidationError after three in a day.
    """
    row = Mentorship.objects.select_for_update().get(pk=mentorship.pk)
    other = row.other(by)
    if by.pk not in {row.mentor_id, row.mentee_id} or not row.is_active or other is None:
        raise PermissionDenied("Thanks go to somebody one works with.")
    sent = Thanks.objects.sent_by(by).filter(recipient=other)
    if found := sent.filter(words=words, sent_at__gt=at - REPEAT_WINDOW).first():
        return found
    if sent.filter(sent_at__gt=at - A_DAY).count() >= THANKS_A_DAY:
        raise ValidationError(f"You have thanked {other.given_name} three times today. Keep this one for tomorrow.")
    thanks = Thanks.objects.create(recipient=other, sender=by, mentorship=row, words=words, sent_at=at)
    queue("mentor_thanks", user=other, ids={"thanks": thanks.pk}, dedupe=f"mentor_thanks:{thanks.pk}")
    return thanks
