from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from mail.models import Message
from mentors import services
from mentors.contact import with_contact
from mentors.models import Agreement, Review
from mentors.services import AgreementMoved
from sharing.models import Mentorship
from tests.factories.goals import GoalFactory
from tests.factories.mentors import AgreementFactory
from tests.factories.sharing import MentorshipFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 12, 10, tzinfo=UTC)


def words(**fields):
    given = {"purpose": "Another.", "confidentiality": "All.", "stopping": "Any time.", "review_on": date(2199, 5, 1)}
    return Agreement(**given | fields)


def propose(mentorship, by, *, seen="", goals=(), **fields):
    return services.propose_agreement(
        mentorship=mentorship, agreement=words(**fields), goals=goals, seen=seen, by=by, now=NOW
    )


def test_first_version_waits_for_the_other(cast):
    version = propose(cast.mentorship, cast.owner)

    assert (version.number, version.state, version.base) == (1, "proposed", None)
    message = Message.objects.get()
    assert (message.kind, message.user) == ("agreement_proposed", cast.mentor)
    assert message.not_before == NOW + timedelta(minutes=10)


def test_accept_replaces_what_held(cast):
    old = AgreementFactory(mentorship=cast.mentorship)
    new = propose(cast.mentorship, cast.mentor, seen="1-agreed")

    assert services.accept_agreement(mentorship=cast.mentorship, number=2, by=cast.owner, now=NOW)
    assert not services.accept_agreement(mentorship=cast.mentorship, number=2, by=cast.owner, now=NOW)

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, new.state, new.base) == ("replaced", "agreed", old)
    assert [row.user for row in Message.objects.filter(kind="agreement_answered")] == [cast.mentor]


def test_decline_leaves_what_holds(cast):
    old = AgreementFactory(mentorship=cast.mentorship)
    new = propose(cast.mentorship, cast.mentor, seen="1-agreed")

    services.decline_agreement(mentorship=cast.mentorship, number=2, note="Not yet.", by=cast.owner, now=NOW)

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, new.state, new.decline_note) == ("agreed", "declined", "Not yet.")


@pytest.mark.parametrize("verb", ["accept", "decline"])
def test_nobody_answers_their_own_proposal(cast, verb):
    propose(cast.mentorship, cast.owner)
    note = {"note": ""} if verb == "decline" else {}

    with pytest.raises(PermissionDenied):
        getattr(services, f"{verb}_agreement")(mentorship=cast.mentorship, number=1, by=cast.owner, now=NOW, **note)


def test_only_its_author_takes_a_proposal_back(cast):
    propose(cast.mentorship, cast.owner)

    with pytest.raises(PermissionDenied):
        services.withdraw_agreement(mentorship=cast.mentorship, number=1, by=cast.mentor, now=NOW)
    services.withdraw_agreement(mentorship=cast.mentorship, number=1, by=cast.owner, now=NOW)

    assert Agreement.objects.get().state == "withdrawn"


def test_what_was_taken_back_cannot_be_accepted(cast):
    propose(cast.mentorship, cast.owner)
    services.withdraw_agreement(mentorship=cast.mentorship, number=1, by=cast.owner, now=NOW)

    with pytest.raises(AgreementMoved, match="Olive took this version back in the meantime."):
        services.accept_agreement(mentorship=cast.mentorship, number=1, by=cast.mentor, now=NOW)


def test_what_was_accepted_cannot_be_taken_back(cast):
    propose(cast.mentorship, cast.owner)
    services.accept_agreement(mentorship=cast.mentorship, number=1, by=cast.mentor, now=NOW)

    with pytest.raises(AgreementMoved, match="You two agreed on this version in the meantime."):
        services.withdraw_agreement(mentorship=cast.mentorship, number=1, by=cast.owner, now=NOW)


def test_a_proposal_against_what_no_longer_stands_there_is_refused(cast):
    propose(cast.mentorship, cast.mentor)

    with pytest.raises(AgreementMoved, match="Mina proposed version 1 in the meantime."):
        propose(cast.mentorship, cast.owner, seen="")

    assert Agreement.objects.count() == 1


def test_a_proposal_that_knows_of_the_others_answers_it(cast):
    propose(cast.mentorship, cast.mentor)
    propose(cast.mentorship, cast.owner, seen="1-proposed", purpose="Mine.")

    assert list(Agreement.objects.order_by("number").values_list("state", flat=True)) == ["declined", "proposed"]


def test_another_proposal_of_ones_own_takes_the_first_back(cast):
    propose(cast.mentorship, cast.owner)
    propose(cast.mentorship, cast.owner, seen="1-proposed", purpose="Mine.")

    assert list(Agreement.objects.order_by("number").values_list("state", flat=True)) == ["withdrawn", "proposed"]


def test_nothing_new_is_no_proposal(cast):
    propose(cast.mentorship, cast.owner)

    with pytest.raises(ValidationError, match="Nothing is different"):
        propose(cast.mentorship, cast.owner, seen="1-proposed")


def test_goals_not_shown_now_are_left_out(cast):
    shown, private = GoalFactory.create_batch(2, owner=cast.owner)
    shown.shared_with.add(cast.mentorship)
    elsewhere = GoalFactory(owner=cast.owner, shared_with=[cast.second_mentorship])

    version = propose(cast.mentorship, cast.owner, goals=[shown, private, elsewhere])

    assert list(version.goals.all()) == [shown]


@pytest.mark.parametrize("relation", ["former_mentorship", "colleagueship"])
def test_only_active_mentorships_agree(cast, relation):
    with pytest.raises(PermissionDenied):
        propose(getattr(cast, relation), cast.owner)


def test_strangers_agree_on_nothing(cast):
    with pytest.raises(PermissionDenied):
        propose(cast.mentorship, cast.second_mentor)


def test_an_end_closes_what_was_proposed(cast):
    propose(cast.mentorship, cast.owner)
    services.end_with_words(mentorship=cast.mentorship, by=cast.owner, words="", now=NOW)

    with pytest.raises(PermissionDenied):
        services.accept_agreement(mentorship=cast.mentorship, number=1, by=cast.mentor, now=NOW)


def test_keep_going_counts_once_and_only_when_it_is_time(cast):
    early = AgreementFactory(mentorship=cast.mentorship, review_on=NOW.date() + timedelta(days=1))
    with pytest.raises(AgreementMoved):
        services.keep_going(mentorship=cast.mentorship, by=cast.owner, now=NOW)

    for _ in range(2):
        services.keep_going(mentorship=cast.mentorship, by=cast.owner, now=NOW + timedelta(days=1))

    review = Review.objects.get()
    assert (review.agreement, review.author, review.answer) == (early, cast.owner, "keep")


def test_a_change_answers_the_review(cast):
    AgreementFactory(mentorship=cast.mentorship, review_on=NOW.date())

    propose(cast.mentorship, cast.mentor, seen="1-agreed")

    assert [(row.author, row.answer) for row in Review.objects.all()] == [(cast.mentor, "change")]


def test_extend_proposes_the_same_with_a_later_end(cast):
    goal = GoalFactory(owner=cast.owner, shared_with=[cast.mentorship])
    AgreementFactory(mentorship=cast.mentorship, review_on=NOW.date(), ends_on=NOW.date(), goals=[goal], minutes=70)

    longer = services.extend_agreement(
        mentorship=cast.mentorship, ends_on=date(2026, 6, 12), seen="1-agreed", by=cast.mentor, now=NOW
    )

    assert (longer.state, longer.ends_on, longer.review_on) == ("proposed", date(2026, 6, 12), date(2026, 4, 27))
    assert (longer.minutes, list(longer.goals.all())) == (70, [goal])


@pytest.mark.parametrize("ends_on", [date(2026, 6, 12), date(2026, 6, 1)])
def test_extend_refuses_an_end_that_is_no_later(cast, ends_on):
    AgreementFactory(mentorship=cast.mentorship, review_on=NOW.date(), ends_on=date(2026, 6, 12))

    with pytest.raises(ValidationError, match="Choose a day after 12 June"):
        services.extend_agreement(mentorship=cast.mentorship, ends_on=ends_on, seen="1-agreed", by=cast.mentor, now=NOW)

    assert not Agreement.objects.proposed().exists()


def test_nothing_to_extend():
    mentorship = MentorshipFactory()

    with pytest.raises(AgreementMoved):
        services.extend_agreement(
            mentorship=mentorship, ends_on=date(2026, 6, 12), seen="", by=mentorship.mentee, now=NOW
        )


def test_how_quiet_it_is_follows_the_agreed_rhythm(cast):
    AgreementFactory(mentorship=cast.mentorship, number=1, state="replaced", rhythm=91)
    AgreementFactory(mentorship=cast.mentorship, number=2, rhythm=7)
    AgreementFactory(mentorship=cast.mentorship, number=3, proposed=True, rhythm=30)

    row = with_contact(Mentorship.objects.filter(pk=cast.mentorship.pk), NOW.date()).get()

    assert (row.agreed_every, row.agreed_at) == (7, datetime(2026, 1, 7, 9, tzinfo=UTC))
