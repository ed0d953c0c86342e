from datetime import UTC, datetime

import pytest
from django.db import connection

from mentors.models import PrivateNote
from sharing.services import end_all_mentorships, end_mentorship
from tests.factories.mentors import PrivateNoteFactory
from tests.mentors.pages import text_of

pytestmark = pytest.mark.django_db
WORDS = "Shy about <b>titles</b>; ask about the sister."


@pytest.fixture
def path(cast, client):
    client.force_login(cast.mentor)
    return f"/mentorships/{cast.mentorship.pk}/notes/"


def test_notes_are_kept_encrypted_and_shown_to_their_author(client, cast, path):
    response = client.post(path, {"text": WORDS, "version": "0"})

    assert response.url == f"/mentees/{cast.mentorship.pk}/"
    assert PrivateNote.objects.get().text == WORDS
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM mentors_privatenote")
        assert "sister" not in cursor.fetchone()[0]
    for page in (path, "/mentees/", f"/mentees/{cast.mentorship.pk}/"):
        assert "Shy about &lt;b&gt;titles" in text_of(client.get(page))


def test_nobody_else_reads_them(client, cast, path):
    PrivateNoteFactory(mentorship=cast.mentorship, text=WORDS)
    for who in ("owner", "second_mentor", "stranger", "staff"):
        client.force_login(getattr(cast, who))

        assert client.get(path).status_code == 404
        for page in ("/mentors/", "/mentees/", f"/mentorships/{cast.mentorship.pk}/"):
            assert "sister" not in text_of(client.get(page))


def test_two_tabs_lose_nothing(client, cast, path):
    client.post(path, {"text": "First", "version": "0"})

    response = client.post(path, {"text": "Second <i>", "version": "0"})

    assert response.status_code == 409
    text = text_of(response)
    assert "First" in text
    assert "Second &lt;i&gt;" in text
    assert 'name="version" value="1"' in text
    assert PrivateNote.objects.get().text == "First"
    assert client.post(path, {"text": "Both", "version": "1"}).status_code == 302
    assert PrivateNote.objects.get().text == "Both"


@pytest.mark.parametrize(
    "posted", [{"text": "x" * 20_001, "version": "0"}, {"text": "x"}, {"text": "x", "version": "-1"}]
)
def test_bad_input_comes_back(client, cast, path, posted):
    response = client.post(path, posted)

    assert response.status_code == 422
    assert posted["text"] in text_of(response)
    assert not PrivateNote.objects.exists()


def test_notes_outlast_the_end_for_their_author(client, cast, path):
    PrivateNoteFactory(mentorship=cast.mentorship, text=WORDS)
    end_mentorship(mentorship=cast.mentorship, by=cast.owner, at=datetime.now(UTC))

    assert "sister" in text_of(client.get(path))
    assert path in text_of(client.get(f"/mentorships/{cast.mentorship.pk}/"))
    response = client.post(path, {"text": "", "version": "1"})

    assert response.url == f"/mentorships/{cast.mentorship.pk}/"
    assert PrivateNote.objects.get().text == ""


@pytest.mark.parametrize("who", ["owner", "mentor"])
def test_notes_go_with_either_account(cast, who):
    PrivateNoteFactory(mentorship=cast.mentorship, text=WORDS)

    end_all_mentorships(user=getattr(cast, who), at=datetime.now(UTC))
    getattr(cast, who).delete()

    assert not PrivateNote.objects.exists()
