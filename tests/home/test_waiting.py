"""What one of two people waits for, and what was promised, in a week."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from home.feed import days_of_feed
from home.models import CalendarFeed
from home.week import week_for
from mentors.models import Action
from tests.factories.giving import IntroductionFactory
from tests.factories.mentors import (
    ActionFactory,
    AgreementFactory,
    CheckInFactory,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 12)
FAR = datetime(2100, 1, 1, tzinfo=UTC)


def due_of(user, viewer=None):
    return week_for(user, viewer=viewer or user, week="2026-W11", today=TODAY).due


def promise(cast, owner, **values):
    check_in = CheckInFactory(mentorship=cast.mentorship, state="held", starts_at=datetime(2026, 3, 3, 17, tzinfo=UTC))
    return ActionFactory(check_in=check_in, owner=owner, **{"text": "Send raw notes", "due_on": TODAY} | values)


@pytest.mark.parametrize(("name", "other"), [("owner", "Mina"), ("mentor", "Olive")])
def test_a_promise_is_due_to_whoever_made_it(cast, name, other):
    action = promise(cast, getattr(cast, name))

    [thing] = due_of(getattr(cast, name))

    assert (thing.on, thing.title, thing.about) == (TODAY, "Send raw notes", f"Promised to {other}")
    assert thing.url.endswith(f"/check-ins/{action.check_in_id}/#action-{action.pk}")
    assert "Send raw notes" not in thing.neutral
    assert due_of(cast.mentor if name == "owner" else cast.owner) == []


@pytest.mark.parametrize(
    "values",
    [{"done_at": datetime(2026, 3, 11, tzinfo=UTC)}, {"due_on": None}, {"due_on": TODAY + timedelta(days=8)}],
    ids=["done", "without a day", "far ahead"],
)
def test_what_is_no_promise_of_this_week(cast, values):
    promise(cast, cast.owner, **values)

    assert due_of(cast.owner) == []


def test_nothing_waits_once_the_two_have_parted(cast):
    promise(cast, cast.owner)
    AgreementFactory(mentorship=cast.mentorship, author=cast.mentor, proposed=True)
    IntroductionFactory(mentorship=cast.mentorship, expires_at=FAR)
    cast.mentorship.end(at=datetime(2026, 3, 12, 8, tzinfo=UTC))

    assert due_of(cast.owner) == []


@pytest.mark.parametrize(("author", "asked"), [("mentor", "owner"), ("owner", "mentor")])
def test_a_proposed_agreement_waits_for_the_other_side(cast, author, asked):
    AgreementFactory(mentorship=cast.mentorship, author=getattr(cast, author), proposed=True)

    [thing] = due_of(getattr(cast, asked))

    assert thing.title == f"{getattr(cast, author).given_name} proposes how you two work together"
    assert (thing.on, thing.url) == (TODAY, f"/mentorships/{cast.mentorship.pk}/agreement/")
    assert due_of(getattr(cast, author)) == []


def test_an_introduction_waits_for_the_mentee_without_saying_to_whom(cast):
    introduction = IntroductionFactory(mentorship=cast.mentorship, who="Hannah Weiss", expires_at=FAR)

    [thing] = due_of(cast.owner)

    assert thing.url == f"/mentors/introductions/{introduction.pk}/"
    assert "Hannah" not in " ".join(map(str, thing))
    assert due_of(cast.mentor) == []


def test_a_reader_of_the_week_learns_of_none_of_it(cast):
    promise(cast, cast.owner)
    IntroductionFactory(mentorship=cast.second_mentorship, expires_at=FAR)

    assert due_of(cast.owner, viewer=cast.mentor) == []


def test_a_calendar_has_promises_and_nothing_that_would_move_along(cast):
    promise(cast, cast.owner)
    AgreementFactory(mentorship=cast.mentorship, author=cast.mentor, proposed=True)
    IntroductionFactory(mentorship=cast.mentorship, expires_at=FAR)
    feed = CalendarFeed(owner=cast.owner, shows_titles=True)

    assert [event.summary for event in days_of_feed(feed, today=TODAY)] == ["Send raw notes"]


@pytest.mark.parametrize("is_fragment", [True, False])
def test_a_promise_is_kept_from_the_week_and_taken_back(client, cast, is_fragment):
    action = promise(cast, cast.owner)
    client.force_login(cast.owner)
    url, headers = reverse("home:promise_tick", args=[action.pk]), {"HX-Request": "true"} if is_fragment else {}

    kept = client.post(url, {"done": "1"}, headers=headers)
    action.refresh_from_db()
    assert action.done_at is not None
    assert kept.status_code == (200 if is_fragment else 302)
    assert not is_fragment or 'aria-pressed="true"' in kept.content.decode()

    client.post(url, headers=headers)
    action.refresh_from_db()
    assert action.done_at is None


def test_what_the_other_promised_is_not_ticked_from_ones_week(client, cast):
    action = promise(cast, cast.mentor)
    client.force_login(cast.owner)

    assert client.post(reverse("home:promise_tick", args=[action.pk]), {"done": "1"}).status_code == 404
    assert Action.objects.get(pk=action.pk).done_at is None
