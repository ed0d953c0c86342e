from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from sharing.models import Block, Mentorship
from tests.factories.accounts import UserFactory
from tests.factories.sharing import BlockFactory, MentorshipFactory

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m: setattr(m, "mentor", m.mentee), "You cannot be your own mentor."),
        (lambda m: setattr(m, "ended_at", NOW), "An ended relation needs the time of its end."),
        (lambda m: setattr(m, "status", "ended"), "An ended relation needs the time of its end."),
        (lambda m: setattr(m, "mentor", None), "An active relation needs both people."),
    ],
)
def test_mentorship_constraints(db, change, message):
    mentorship = MentorshipFactory()
    change(mentorship)

    with pytest.raises(ValidationError, match=message):
        mentorship.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        mentorship.save()


def test_one_active_relation_per_pair_and_direction(db):
    first = MentorshipFactory()
    MentorshipFactory(mentee=first.mentor, mentor=first.mentee)  # the other direction is another row

    with pytest.raises(IntegrityError), transaction.atomic():
        MentorshipFactory(mentee=first.mentee, mentor=first.mentor, kind="colleague")
    first.end(at=NOW)
    again = MentorshipFactory(mentee=first.mentee, mentor=first.mentor)

    assert list(Mentorship.objects.active().involving(first.mentor).of_mentee(first.mentee)) == [again]


def test_deleted_mentor_leaves_a_former_member(db):
    mentorship = MentorshipFactory(ended=True)

    mentorship.mentor.delete()

    mentorship.refresh_from_db()
    assert mentorship.mentor_name == "former member"
    assert mentorship.other(mentorship.mentee) is None


def test_block_constraints(db):
    block = BlockFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        BlockFactory(blocker=block.blocker, blocked=block.blocked)
    with pytest.raises(IntegrityError), transaction.atomic():
        BlockFactory(blocker=block.blocker, blocked=block.blocker)
    assert Block.between(block.blocked, block.blocker)
    assert not Block.between(block.blocked, UserFactory())
