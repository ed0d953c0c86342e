from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from mail.models import Message
from mentors import services
from mentors.models import Handover
from tests.factories.mentors import HandoverFactory
from tests.mentors.letters import letter
from tests.mentors.pages import text_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def form_of(cast):
    return f"{cast.former_mentorship.get_absolute_url()}handover/"


def show(handover, *mentorships):
    services.show_handover(handover=handover, mentorships=mentorships, by=handover.owner, now=NOW)


def test_write_show_and_withdraw(client, cast, owner):
    written = client.post(form_of(cast), {"worked_on": "Interviews & notes.", "version": "0"}, follow=True)
    handover = Handover.objects.get()
    assert "Only you can read this." in text_of(written)
    assert handover.get_absolute_url() in text_of(client.get(cast.former_mentorship.get_absolute_url()))
    share = f"{handover.get_absolute_url()}share/"
    offered = text_of(client.get(share))
    assert "Mina Mentor" in offered
    assert "Farid Former" not in offered
    assert "Cora Colleague" not in offered

    shown = client.post(share, {"share": [cast.mentorship.pk]}, follow=True)

    assert "Visible to Mina Mentor." in text_of(shown)
    client.force_login(cast.mentor)
    read = text_of(client.get(handover.get_absolute_url()))
    assert "Interviews &amp; notes." in read
    assert "About the time with an earlier mentor" in read
    assert "Farid" not in read
    assert "Visible to" not in read
    assert handover.get_absolute_url() in text_of(client.get(cast.mentorship.get_absolute_url()))
    client.force_login(owner)
    client.post(share, {})
    client.force_login(cast.mentor)
    assert client.get(handover.get_absolute_url()).status_code == 404
    assert handover.get_absolute_url() not in text_of(client.get(cast.mentorship.get_absolute_url()))


def test_sight_ends_with_the_relation(client, cast):
    handover = HandoverFactory(mentorship=cast.former_mentorship, shared_with=[cast.mentorship])
    services.end_with_words(mentorship=cast.mentorship, by=cast.owner, words="", now=NOW)
    client.force_login(cast.mentor)

    assert client.get(handover.get_absolute_url()).status_code == 404


def test_nothing_written(client, cast, owner):
    response = client.post(form_of(cast), {"worked_on": "  ", "version": "0"})

    assert "Write at least one of the three." in text_of(response)
    assert not Handover.objects.exists()


@pytest.mark.parametrize(
    ("data", "says"),
    [({"helped": "x" * 3001}, "at most 3000 characters"), ({"helped": "Typed.", "version": "x"}, "Typed.")],
)
def test_bad_input_comes_back(client, cast, owner, data, says):
    response = client.post(form_of(cast), data)

    assert response.status_code == 200
    assert says in text_of(response)
    assert not Handover.objects.exists()


@pytest.mark.parametrize("version", ["0", "2", ""])
def test_two_tabs(client, cast, owner, version):
    HandoverFactory(mentorship=cast.former_mentorship, worked_on="Stored first.")

    late = client.post(form_of(cast), {"worked_on": "Typed here.", "version": version})

    assert late.status_code == 409
    assert "Stored first." in text_of(late)
    assert "Typed here." in text_of(late)
    again = client.post(form_of(cast), {"worked_on": "Typed here.", "version": "1"}, follow=True)
    assert "Typed here." in text_of(again)


def test_somebody_who_is_no_longer_a_mentor(client, cast, owner):
    handover = HandoverFactory(mentorship=cast.former_mentorship)

    response = client.post(f"{handover.get_absolute_url()}share/", {"share": [cast.former_mentorship.pk]})

    assert response.status_code == 409
    assert "is no longer your mentor" in text_of(response)


@pytest.mark.parametrize("relation", ["former_mentorship", "colleagueship"])
def test_only_other_mentors_read_it(cast, relation):
    handover = HandoverFactory(mentorship=cast.former_mentorship)

    with pytest.raises(PermissionDenied):
        show(handover, getattr(cast, relation))


def test_the_mentor_it_is_about_never_reads_it(cast):
    handover = HandoverFactory(mentorship=cast.mentorship)

    with pytest.raises(PermissionDenied):
        show(handover, cast.mentorship)
    assert not Handover.objects.visible_to(cast.mentor).exists()


def test_mentors_are_told_once(cast):
    handover = HandoverFactory(mentorship=cast.former_mentorship, worked_on="PRIVATE")
    show(handover, cast.mentorship)
    show(handover)
    show(handover, cast.mentorship)

    mail = letter("handover_shown", now=NOW)

    assert Message.objects.count() == 1
    assert (mail.to, mail.subject) == ("mentor@example.org", "Olive Owner shows you a handover")
    for body in (mail.text, mail.html):
        assert f"http://waymark.test{handover.get_absolute_url()}" in body
        assert "PRIVATE" not in body
        assert "Farid" not in body


@pytest.mark.parametrize("what", ["withdrawn", "ended", "deleted"])
def test_not_told_once_it_is_gone(cast, what):
    handover = HandoverFactory(mentorship=cast.former_mentorship)
    show(handover, cast.mentorship)
    if what == "withdrawn":
        show(handover)
    elif what == "ended":
        services.end_with_words(mentorship=cast.mentorship, by=cast.mentor, words="", now=NOW)
    else:
        handover.delete()

    assert letter("handover_shown", now=NOW) is None


def test_delete_asks_first(client, cast, owner):
    handover = HandoverFactory(mentorship=cast.former_mentorship)
    url = f"{handover.get_absolute_url()}delete/"
    assert "Delete this handover?" in text_of(client.get(url))

    client.post(url)

    assert not Handover.objects.exists()


def test_constraints(cast):
    HandoverFactory(mentorship=cast.former_mentorship)

    with pytest.raises(IntegrityError, match="handover_one_each"):
        HandoverFactory(mentorship=cast.former_mentorship)


def test_a_handover_has_words(cast):
    with pytest.raises(IntegrityError, match="handover_has_words"):
        HandoverFactory(mentorship=cast.former_mentorship, worked_on="")
