from datetime import UTC, date, datetime

import pytest

from mail import registry
from mentors import services
from mentors.models import Agreement
from sharing.services import withdraw as unshare
from tests.factories.goals import GoalFactory
from tests.factories.mentors import AgreementFactory
from tests.mentors.letters import letter

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 12, 10, tzinfo=UTC)


def propose(cast, *, seen="", goals=(), **fields):
    given = {"purpose": "PRIVATE purpose.", "confidentiality": "All.", "stopping": "So.", "review_on": date(2199, 5, 1)}
    return services.propose_agreement(
        mentorship=cast.mentorship,
        agreement=Agreement(**given | fields),
        goals=goals,
        seen=seen,
        by=cast.mentor,
        now=NOW,
    )


def test_first_version(cast):
    propose(cast)

    mail = letter("agreement_proposed", now=NOW)

    assert mail.to == "owner@example.org"
    assert mail.subject == "Mina Mentor proposes an agreement"
    for body in (mail.text, mail.html):
        assert "It holds once you say yes." in body
        assert f"http://waymark.test/mentorships/{cast.mentorship.pk}/agreement/" in body
        assert "PRIVATE" not in body
    assert "List-Unsubscribe" in mail.headers


def test_a_change_names_what_changes_and_why(cast):
    goal = GoalFactory(owner=cast.owner, title="PRIVATE goal", shared_with=[cast.mentorship])
    AgreementFactory(mentorship=cast.mentorship)
    propose(cast, seen="1-agreed", goals=[goal], rhythm=30, reason="Twice a month is <much>.\nFor both.")

    mail = letter("agreement_proposed", now=NOW)

    assert mail.subject == "Mina Mentor proposes a change to your agreement"
    for body in (mail.text, mail.html):
        assert "version 2 of your agreement. Until you say yes, version 1 holds." in body
        assert "What it is for, what stays between you" in body
        assert "goals, how often" in body
        assert "PRIVATE" not in body
        assert "Mina says why:" in body
    assert "Twice a month is <much>.\nFor both." in mail.text
    assert "Twice a month is &lt;much&gt;.<br>For both." in mail.html


def test_without_private_text(cast):
    cast.owner.mails_hide_text = True
    cast.owner.save()
    AgreementFactory(mentorship=cast.mentorship)
    propose(cast, seen="1-agreed", reason="Because.")

    mail = letter("agreement_proposed", now=NOW)

    for body in (mail.text, mail.html):
        assert "Because." not in body
        assert "it waits for you on the page" in body


def test_goals_no_longer_shown_are_not_counted_for_the_mentor(cast):
    goal = GoalFactory(owner=cast.owner, shared_with=[cast.mentorship])
    AgreementFactory(mentorship=cast.mentorship, number=1, author=cast.owner)
    version = AgreementFactory(
        mentorship=cast.mentorship,
        number=2,
        base=Agreement.objects.get(),
        proposed=True,
        author=cast.owner,
        goals=[goal],
    )
    services.agreement._tell("agreement_proposed", version, cast.mentor)
    assert "goals" in letter("agreement_proposed", now=NOW).text.lower()

    unshare(item=goal, mentorship=cast.mentorship, by=cast.owner)

    assert "What would change" not in letter("agreement_proposed", now=NOW).text


@pytest.mark.parametrize("what", ["withdrawn", "answered", "ended", "blocked"])
def test_a_proposal_that_no_longer_waits_is_not_told(cast, what):
    propose(cast)
    if what == "withdrawn":
        services.withdraw_agreement(mentorship=cast.mentorship, number=1, by=cast.mentor, now=NOW)
    elif what == "answered":
        services.accept_agreement(mentorship=cast.mentorship, number=1, by=cast.owner, now=NOW)
    elif what == "ended":
        services.end_with_words(mentorship=cast.mentorship, by=cast.mentor, words="", now=NOW)
    else:
        services.block_person(mentorship=cast.mentorship, by=cast.owner, now=NOW)

    assert letter("agreement_proposed", now=NOW) is None


def test_agreed(cast):
    propose(cast)
    services.accept_agreement(mentorship=cast.mentorship, number=1, by=cast.owner, now=NOW)

    mail = letter("agreement_answered", now=NOW)

    assert mail.to == "mentor@example.org"
    assert mail.subject == "Olive Owner agreed to version 1"
    for body in (mail.text, mail.html):
        assert "Olive said yes. Version 1 of your agreement holds from now on." in body
        assert "PRIVATE" not in body


@pytest.mark.parametrize("note", ["", "Ask me in <May>."])
def test_declined(cast, note):
    propose(cast)
    services.decline_agreement(mentorship=cast.mentorship, number=1, note=note, by=cast.owner, now=NOW)

    mail = letter("agreement_answered", now=NOW)

    assert mail.subject == "Olive Owner would leave your agreement as it is"
    for body in (mail.text, mail.html):
        assert "Nothing is agreed yet; you can propose something else." in body
        assert ("Olive wrote you a line" in body) is bool(note)
    assert note in mail.text
    assert "<May>" not in mail.html


def test_a_former_mentor_is_not_told_of_an_answer(cast):
    propose(cast)
    services.decline_agreement(mentorship=cast.mentorship, number=1, note="No.", by=cast.owner, now=NOW)
    services.end_with_words(mentorship=cast.mentorship, by=cast.owner, words="", now=NOW)

    assert letter("agreement_answered", now=NOW) is None


@pytest.mark.parametrize("kind", ["agreement_proposed", "agreement_answered"])
def test_people_can_switch_these_off(kind):
    assert registry.find(kind).preference == "mentoring"
