from datetime import date

import pytest
from django.db import IntegrityError

from mentors.models import Profile
from tests.factories.mentors import ProfileFactory
from tests.factories.sharing import MentorshipFactory

pytestmark = pytest.mark.django_db


def test_listed_leaves_out_who_does_not_want_to_be_found():
    listed = ProfileFactory()
    ProfileFactory(is_listed=False)
    ProfileFactory(owner__is_active=False)

    assert list(Profile.objects.listed()) == [listed]


def test_more_places_than_anybody_can_fill_are_refused():
    with pytest.raises(IntegrityError, match="capacity_in_range"):
        ProfileFactory(capacity=21)


def test_a_pause_lasts_through_its_day():
    profile = ProfileFactory(paused_until=date(2026, 3, 10))

    assert [profile.is_paused(date(2026, 3, day)) for day in (10, 11)] == [True, False]
    assert not ProfileFactory().is_paused(date(2026, 3, 10))


def test_only_mentees_of_today_take_a_place():
    profile = ProfileFactory()
    MentorshipFactory(mentor=profile.owner)
    MentorshipFactory(mentor=profile.owner, ended=True)
    MentorshipFactory(mentor=profile.owner, kind="colleague")
    MentorshipFactory(mentee=profile.owner)

    assert profile.places_taken() == 1
