from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from mail import registry
from mail.letters import compose
from mail.models import Message
from mentors import services, tasks
from mentors.models import Mark, Profile, Word
from tests.factories.accounts import UserFactory
from tests.factories.directory import MarkFactory, SlotFactory
from tests.factories.mentors import ProfileFactory
from tests.factories.sharing import BlockFactory, MentorshipFactory

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


@pytest.fixture
def full():
    profile = ProfileFactory(owner__name="Mirela Popescu", capacity=1, headline="Head of design")
    MentorshipFactory(mentor=profile.owner)
    profile.refresh_from_db()
    return profile


def free(profile):
    for mentorship in profile.owner.mentorships_as_mentor.filter(status="active"):
        mentorship.end(at=NOW)
    profile.refresh_from_db()


def letter():
    message = Message.objects.filter(kind="mentor_free").order_by("-pk")[0]
    content = registry.find("mentor_free").function(message, now=NOW)
    return compose(message, content, now=NOW) if content else None


def test_a_place_that_becomes_free_is_told_once(full):
    mark = MarkFactory(profile=full, kind="watched")
    MarkFactory(profile=full, kind="kept")
    assert services.tell_watchers(now=NOW) == 0

    free(full)
    tasks.tell_watchers()
    tasks.tell_watchers()

    assert Message.objects.get(kind="mentor_free").user == mark.owner
    assert list(Mark.objects.values_list("kind", flat=True)) == ["kept"]
    mail = letter()
    assert mail.subject == "Mirela Popescu has a place free"
    for body in (mail.text, mail.html):
        assert "takes somebody new again" in body
        assert "Head of design" in body
        assert f"http://waymark.test/mentors/{full.pk}/" in body
        assert full.owner.email not in body
    assert "List-Unsubscribe" in mail.headers


def test_the_end_of_a_pause_frees_places():
    profile = ProfileFactory(paused_until=date(2026, 3, 10))
    MarkFactory(profile=profile, kind="watched")

    # Over in Kiribati, not yet on Howland.
    assert services.tell_watchers(now=datetime(2026, 3, 11, 11, tzinfo=UTC)) == 0
    assert services.tell_watchers(now=datetime(2026, 3, 11, 13, tzinfo=UTC)) == 1


def block(profile, user):
    BlockFactory(blocker=profile.owner, blocked=user)


def blocked(profile, user):
    BlockFactory(blocker=user, blocked=profile.owner)


def unlist(profile, user):
    Profile.objects.update(is_listed=False)


def fill(profile, user):
    MentorshipFactory(mentor=profile.owner)


def leave(profile, user):
    profile.owner.ask_deletion(at=NOW)


def pause(profile, user):
    Profile.objects.update(paused_until=(NOW + timedelta(days=9)).date())


@pytest.mark.parametrize("withdraw", [block, blocked, unlist, fill, leave, pause])
def test_the_mail_asks_again_when_it_is_sent(full, withdraw):
    mark = MarkFactory(profile=full, kind="watched")
    free(full)
    services.tell_watchers(now=NOW)

    withdraw(full, mark.owner)

    assert letter() is None


def test_hostile_names_in_the_mail(full):
    full.owner.name = "<b>Mirela</b>\r\nBcc: x@example.org"
    full.owner.save()
    MarkFactory(profile=full, kind="watched")
    free(full)
    services.tell_watchers(now=NOW)

    mail = letter()

    assert "\n" not in mail.subject
    assert "<b>Mirela" not in mail.html


def test_words_of_who_left_are_forgotten_overnight():
    stays, goes = ProfileFactory(owner__name="Stays Long"), ProfileFactory(owner__name="Zygmunt Gone")
    for profile in (stays, goes):
        services.save_profile(profile=profile, by=profile.owner, at=NOW)
    assert Word.objects.filter(word="zygmunt").exists()
    goes.owner.delete()

    tasks.housekeeping()

    assert not Word.objects.filter(word="zygmunt").exists()
    assert Word.objects.filter(word="stays").exists()


def test_hours_follow_the_clocks_overnight():
    owner = UserFactory(time_zone="Europe/London")
    profile = ProfileFactory(owner=owner)
    SlotFactory(owner=owner, weekday=0)
    services.reckon_hours(user=owner, at=datetime(2026, 3, 24, 9, tzinfo=UTC))
    profile.refresh_from_db()
    assert profile.halves == [34, 35, 36, 37]

    services.tidy_directory(now=datetime(2026, 3, 31, 3, tzinfo=UTC))  # summer time began on the 29th

    profile.refresh_from_db()
    assert profile.halves == [32, 33, 34, 35]


@pytest.mark.parametrize("number", [1, 3])
def test_telling_costs_the_same_for_many(full, number, django_assert_num_queries):
    for _ in range(number):
        MarkFactory(profile=full, kind="watched")
    free(full)

    with django_assert_num_queries(5, connection=connection):
        services.tell_watchers(now=NOW)
