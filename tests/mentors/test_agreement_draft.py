"""What is typed into the form of an agreement is kept until it is sent, whoever comes first."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from mentors import services, tasks
from mentors.models import Agreement, AgreementDraft
from tests.factories.goals import GoalFactory
from tests.factories.mentors import AgreementFactory
from tests.mentors.pages import text_of
from tests.mentors.test_agreement_pages import WORDS

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def url(cast):
    return f"/mentorships/{cast.mentorship.pk}/agreement/"


def kept(cast, by="owner", **fields):
    return AgreementDraft.objects.create(
        mentorship=cast.mentorship, author=getattr(cast, by), fields=WORDS | fields, kept_at=NOW
    )


def autosave(client, url, **fields):
    return client.post(f"{url}draft/", WORDS | fields, headers=HTMX)


def test_what_is_typed_comes_back(client, cast, owner, url):
    goal = GoalFactory(owner=owner, title="Learn to say no", shared_with=[cast.mentorship])
    other = GoalFactory(owner=owner, title="Run a study", shared_with=[cast.mentorship])

    answer = autosave(client, url, purpose="Half a sen", goals=[str(other.pk)], minutes="abc", ends_on="3000-02-31")
    page = text_of(client.get(f"{url}edit/"))

    assert "Draft kept" in text_of(answer)
    assert "What you typed is back" in page
    assert "Half a sen" in page
    assert re.search(r'name="minutes"[^>]+value="abc"|value="abc"[^>]+name="minutes"', page)
    assert re.search(rf'name="goals" value="{other.pk}"[^>]+checked', page)
    assert not re.search(rf'name="goals" value="{goal.pk}"[^>]+checked', page)
    assert not Agreement.objects.exists()


def test_of_two_tabs_the_last_one_typed_in_is_kept(client, owner, url):
    for words in ("The first tab.", "The second tab."):
        autosave(client, url, purpose=words)

    assert AgreementDraft.objects.get().fields["purpose"] == "The second tab."


def test_sending_ends_it_and_an_autosave_that_was_on_its_way_does_not_bring_it_back(client, owner, url):
    autosave(client, url)
    sent = client.post(f"{url}edit/", WORDS)
    late = autosave(client, url, purpose="From the other tab")

    assert sent.status_code == 302
    assert "You have sent a version meanwhile." in text_of(late)
    assert not AgreementDraft.objects.exists()

    autosave(client, url, purpose="A change of mind", seen="1-proposed")
    assert AgreementDraft.objects.get().fields["purpose"] == "A change of mind"


def test_a_form_sent_with_mistakes_is_kept_without_a_script(client, owner, url):
    refused = client.post(f"{url}edit/", WORDS | {"minutes": "-5", "purpose": "Lead a study"})

    assert refused.status_code == 200
    assert "Draft kept" in text_of(refused)
    assert "Lead a study" in text_of(client.get(f"{url}edit/"))


def test_words_typed_on_an_older_version_meet_the_new_one_before_they_are_sent(client, cast, owner, url):
    autosave(client, url, purpose="Mine")
    AgreementFactory(mentorship=cast.mentorship, proposed=True, author=cast.mentor, purpose="Theirs")

    page = text_of(client.get(f"{url}edit/"))
    typed_upon = AgreementDraft.objects.get().seen
    met = client.post(f"{url}edit/", WORDS | {"purpose": "Mine", "seen": typed_upon})

    assert "Something came in between" in page
    assert "Mine" in page
    assert met.status_code == 409
    assert "Theirs" in text_of(met)
    assert "Mine" in text_of(met)
    assert AgreementDraft.objects.get().fields["purpose"] == "Mine"


def test_each_has_their_own(client, cast, owner, url):
    kept(cast, "mentor", purpose="SECRET of the mentor")

    assert "SECRET" not in text_of(client.get(f"{url}edit/"))
    autosave(client, url, purpose="Of the mentee")
    assert AgreementDraft.objects.count() == 2


def test_starting_afresh_asks_first(client, cast, owner, url):
    kept(cast, purpose="Half a sentence")

    asked = text_of(client.get(f"{url}draft/drop/"))
    assert "Start afresh?" in asked
    assert AgreementDraft.objects.exists()

    for _ in range(2):
        assert client.post(f"{url}draft/drop/").status_code == 302
    assert not AgreementDraft.objects.exists()
    assert "What you typed is back" not in text_of(client.get(f"{url}edit/"))


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("purpose", "x" * 20_001, 413),
        ("purpose", "y" * 5_000, 200),
        ("minutes", "9" * 5_000, 200),
        ("rhythm", "never", 200),
        ("goals", ["x", "-1", "9" * 400], 200),
        ("seen", "z" * 5_000, 200),
        ("seen", "99999999999-proposed", 200),
    ],
)
def test_bad_input_is_kept_as_typed_or_refused_with_a_sentence(client, owner, url, field, value, status):
    answer = autosave(client, url, **{field: value})

    assert answer.status_code == status
    assert AgreementDraft.objects.exists() == (status == 200)
    assert client.get(f"{url}edit/").status_code == 200
    if status == 413:
        assert "Too long to keep: more than 20,000 characters." in text_of(answer)


def test_nothing_is_kept_for_what_has_ended(cast):
    kept(cast)
    services.end_with_words(mentorship=cast.mentorship, by=cast.mentor, words="", now=NOW)

    assert not AgreementDraft.objects.exists()
    with pytest.raises(PermissionDenied):
        services.keep_agreement_draft(mentorship=cast.mentorship, fields={}, seen="", by=cast.owner, now=NOW)


def test_forgotten_drafts_are_erased(cast):
    kept(cast)
    AgreementDraft.objects.update(kept_at=NOW - timedelta(days=59))
    tasks.housekeeping()
    assert AgreementDraft.objects.exists()

    AgreementDraft.objects.update(kept_at=NOW - timedelta(days=61))
    tasks.housekeeping()
    assert not AgreementDraft.objects.exists()


def test_one_draft_for_each_person_and_relation(cast):
    kept(cast)

    with pytest.raises(IntegrityError, match="mentors_agreementdraft_once_per_form"), transaction.atomic():
        kept(cast)
