import pytest

from journal.models import Entry
from mail.models import Message
from tests.factories.journal import ReflectionFactory
from tests.home.reflection import URL, WEEK, sent_from

pytestmark = pytest.mark.usefixtures("sunday")


def test_reflection_is_private_unless_somebody_is_chosen(client, owner, cast):
    client.post(URL, sent_from(client.get(URL), answer_1="Mine", action="finish"))

    assert not Entry.objects.get().shared_with.exists()
    assert not Entry.objects.visible_to(cast.mentor).exists()


def test_reflection_finish_shares_with_those_chosen_and_tells_them(client, owner, cast):
    page = client.get(URL)
    chosen = [cast.mentorship.pk, cast.colleagueship.pk]

    client.post(URL, sent_from(page, answer_1="For you two", action="finish", readers=chosen))

    entry = Entry.objects.get()
    assert Entry.objects.visible_to(cast.mentor).get() == Entry.objects.visible_to(cast.colleague).get() == entry
    assert not Entry.objects.visible_to(cast.second_mentor).exists()
    assert {message.user for message in Message.objects.filter(kind="entry_shared")} == {cast.mentor, cast.colleague}


def test_reflection_draft_is_not_shared_whatever_was_chosen(client, owner, cast):
    client.post(URL, sent_from(client.get(URL), answer_1="Not yet", action="later", readers=[cast.mentorship.pk]))

    assert not Entry.objects.visible_to(cast.mentor).exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize("which", ["former_mentorship", "foreign", "as_mentor"])
def test_reflection_cannot_be_shared_with_anybody_else(client, owner, cast, which):
    from tests.factories.sharing import MentorshipFactory

    relations = {
        "former_mentorship": cast.former_mentorship,
        "foreign": MentorshipFactory(),
        "as_mentor": MentorshipFactory(mentor=owner),
    }

    response = client.post(
        URL, sent_from(client.get(URL), answer_1="Careful", action="finish", readers=[relations[which].pk])
    )

    assert response.status_code == 422
    assert "Choose again who may." in response.content.decode()
    assert not Entry.objects.exists()


def test_reflection_readers_named_only_if_active(client, owner, cast):
    html = client.get(URL).content.decode()

    assert "Mina Mentor" in html
    assert "Farid Former" not in html


def test_reflection_of_somebody_else_is_another_page(client, cast):
    ReflectionFactory(owner=cast.owner, title="Not yours", answers={"Q?": "Nor this"})
    client.force_login(cast.mentor)

    html = client.get(f"{URL}?week={WEEK}").content.decode()

    assert "Not yours" not in html
    assert "Nor this" not in html
