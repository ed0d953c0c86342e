from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from mail.letters import compose
from mail.models import Message
from mail.registry import find
from sharing.services import end_mentorship
from tests.factories.wins import WinFactory
from wins import services
from wins.models import Win

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


@pytest.fixture
def win(cast):
    return WinFactory(owner=cast.owner, text="Spoke up in the canteen.", note="For a minute.")


def letters(user):
    """Return the mails about wins to a person as they would leave now; None for each that must not."""
    found = []
    for message in Message.objects.with_recipient().filter(kind="win_shared", user=user).order_by("pk"):
        content = find("win_shared").contents([message], now=NOW)[message.pk]
        found.append(content and compose(message, content, now=NOW))
    return found


def test_share_tells_each_new_reader_once(client, cast, win):
    client.force_login(cast.owner)
    url = f"/wins/{win.pk}/share/"

    first = client.post(url, {"share": [cast.mentorship.pk]}, follow=True)
    client.post(url, {"share": [cast.mentorship.pk, cast.colleagueship.pk]})
    gone = client.post(url, {}, follow=True)

    assert "Mina can read it now and will get an email." in first.content.decode()
    assert "Only you can read it." in gone.content.decode()
    assert Message.objects.filter(kind="win_shared").count() == 2
    assert not Win.objects.visible_to(cast.mentor).exists()


@pytest.mark.parametrize("which", ["former_mentorship", "x", "9" * 30, "-1"])
def test_share_with_somebody_who_does_not_read_changes_nothing(client, cast, win, which):
    win.shared_with.add(cast.mentorship)
    client.force_login(cast.owner)
    relation = getattr(cast, which, None)

    response = client.post(f"/wins/{win.pk}/share/", {"share": [relation.pk if relation else which]})

    assert response.status_code == 409
    assert win.shared_with.get() == cast.mentorship


def test_mail_says_what_went_well(cast, win):
    services.share_win(win=win, mentorships=[cast.mentorship], by=cast.owner)

    (letter,) = letters(cast.mentor)

    assert letter.subject == "Olive shared a win with you: Spoke up in the canteen."
    for body in (letter.text, letter.html):
        assert "Spoke up in the canteen." in body
        assert "It was yesterday." in body
        assert f"http://waymark.test/wins/{win.pk}/" in body
        assert "Olive can take it back at any time." in body
    assert "List-Unsubscribe" in letter.headers


def test_mail_without_private_text(cast, win):
    cast.mentor.mails_hide_text = True
    cast.mentor.save()
    services.share_win(win=win, mentorships=[cast.mentorship], by=cast.owner)

    (letter,) = letters(cast.mentor)

    assert letter.subject == "Olive shared a win with you"
    assert "canteen" not in letter.subject + letter.text + letter.html


@pytest.mark.parametrize("how", ["withdrawn", "deleted", "ended"])
def test_mail_is_not_sent_once_it_was_taken_back(cast, win, how):
    services.share_win(win=win, mentorships=[cast.mentorship], by=cast.owner)
    if how == "withdrawn":
        services.share_win(win=win, mentorships=[], by=cast.owner)
    elif how == "deleted":
        services.delete_win(win=win, at=NOW)
    else:
        end_mentorship(mentorship=cast.mentorship, by=cast.mentor, at=NOW)

    assert letters(cast.mentor) == [None]


@pytest.mark.parametrize("fields", [{"text": ""}, {"happened_on": "0001-01-01"}])
def test_constraints_hold(cast, fields):
    win = WinFactory.build(owner=cast.owner, **fields)
    with pytest.raises(ValidationError):
        win.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        win.save()


def test_win_outlives_its_goal(cast):
    from tests.factories.goals import MilestoneFactory

    step = MilestoneFactory(goal__owner=cast.owner)
    win = WinFactory(owner=cast.owner, goal=step.goal, milestone=step)

    step.goal.delete()

    win.refresh_from_db()
    assert (win.goal, win.milestone) == (None, None)
