"""Whom somebody could ask instead, when a request came to nothing."""

from datetime import datetime

from django.db.models import Q

from accounts.models import User
from mentors.models import AFTER_A_NO, Mark, Profile, Request
from sharing.models import Mentorship

SHOWN = 3


def alternatives(*, asker: User, instead_of: User | None, now: datetime) -> list[Profile]:
    """Return up to three other mentors with a place free who share topics with the one that was asked, most first.

    Whom the asker may ask now, with their people: nobody blocked on either side, hidden, who reads with them already, has a
    request of theirs open, or said no to them in this season.
    """
    asked = Profile.objects.owned_by(instead_of).first() if instead_of else None
    topics = sorted({topic.lower() for topic in asked.topics}) if asked else []
    if not topics:
        return []
    readers = Mentorship.objects.active().of_mentee(asker).values("mentor")
    waits = Request.objects.owned_by(asker).filter(
        Q(state__in=["sent", "question"]) | Q(state="declined", closed_at__gt=now - AFTER_A_NO), mentor__isnull=False
    )
    others = Profile.objects.open_to(asker).with_a_place(asker.today(now)).exclude(owner=instead_of)
    hidden = Mark.objects.owned_by(asker).filter(kind="hidden").values("profile")
    found = others.exclude(pk__in=hidden).exclude(owner__in=readers).exclude(owner__in=waits.values("mentor"))
    return list(found.sharing(topics).select_related("owner")[:SHOWN])
