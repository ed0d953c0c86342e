"""Whom somebody could ask instead, when a request came to nothing."""

from dataclasses import replace
from datetime import datetime

from django.db.models import Q

from accounts.models import User
from mentors import directory
from mentors.directory import Search
from mentors.models import AFTER_A_NO, Profile, Request
from sharing.models import Mentorship

SHOWN = 3


def alternatives(*, asker: User, instead_of: User | None, now: datetime) -> list[Profile]:
    """Return up to three other mentors with a place free, with their people, the best match first.

    The directory compares them, with the topics of the one that was asked beside what the asker's goals are about: nobody
    blocked on either side or hidden. Left out are those who read with the asker already, have a request of theirs open,
    or said no to them in this season.
    """
    asked = getattr(instead_of, "mentor_profile", None)
    viewer = directory.viewer_of(asker, now=now)
    wanted = replace(viewer.asker, goals=(*(asked.topics if asked else ()), *viewer.asker.goals))
    rows = directory.find(Search(is_free=True), replace(viewer, asker=wanted)).rows
    places = {row.pk: place for place, row in enumerate(rows)}
    readers = Mentorship.objects.active().of_mentee(asker).values("mentor")
    waits = Request.objects.owned_by(asker).filter(
        Q(state__in=["sent", "question"]) | Q(state="declined", closed_at__gt=now - AFTER_A_NO), mentor__isnull=False
    )
    found = Profile.objects.filter(pk__in=places).exclude(owner=instead_of).exclude(owner__in=readers)
    others = found.exclude(owner__in=waits.values("mentor")).select_related("owner")
    return sorted(others, key=lambda profile: places[profile.pk])[:SHOWN]
