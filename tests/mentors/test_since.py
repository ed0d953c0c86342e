"""What changed since last time: of shared things only, and what is erased with an account."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from mentors import services
from mentors.models import Note
from mentors.since import changes_since
from tests.factories.goals import GoalFactory, MilestoneFactory, ProgressUpdateFactory
from tests.factories.journal import EntryFactory
from tests.factories.mentors import CheckInFactory, NoteFactory
from tests.factories.wins import WinFactory

pytestmark = pytest.mark.django_db
THEN = datetime(2026, 11, 5, 17, tzinfo=UTC)


def words(mentorship):
    return [change.words for change in changes_since(mentorship, THEN)]


def lived(owner, *relations, title="Run 12 interviews"):
    goal = GoalFactory(
        owner=owner, shared_with=relations, title=title, measure="number", unit="interviews",
        start_value=Decimal(0), target_value=Decimal(12),
    )  # fmt: skip
    before, after = THEN - timedelta(days=2), THEN + timedelta(days=2)
    ProgressUpdateFactory(goal=goal, value=Decimal(3), happened_on=date(2026, 11, 3), created_at=before)
    ProgressUpdateFactory(
        goal=goal, value=Decimal(5), hours=Decimal("2.67"), happened_on=date(2026, 11, 7), created_at=after
    )
    MilestoneFactory(goal=goal, title=f"The guide of {title}", done_at=after)
    MilestoneFactory(goal=goal, title="Reached before", done_at=before)
    return goal


def test_it_says_what_moved(cast):
    lived(cast.owner, cast.mentorship)
    entry = EntryFactory(owner=cast.owner, finished_at=THEN + timedelta(days=1))
    entry.shared_with.add(cast.mentorship)
    WinFactory(owner=cast.owner, text="Spoke up", created_at=THEN + timedelta(days=1), shared_with=[cast.mentorship])
    WinFactory(owner=cast.owner, text="Before", created_at=THEN - timedelta(days=1), shared_with=[cast.mentorship])

    assert words(cast.mentorship) == [
        "Run 12 interviews: 2 more, now 5 of 12 interviews",
        "2 h 40 on Run 12 interviews",
        "Reached: The guide of Run 12 interviews",
        "One shared entry of the journal",
        "A win: Spoke up",
    ]


def test_what_was_written_is_told_however_much_moved(cast):
    for number in range(9):
        lived(cast.owner, cast.mentorship, title=f"Goal {number}")
    WinFactory(owner=cast.owner, text="Spoke up", created_at=THEN + timedelta(days=1), shared_with=[cast.mentorship])

    assert len(words(cast.mentorship)) == 8
    assert words(cast.mentorship)[-1] == "A win: Spoke up"


def test_only_of_what_this_relation_shows_now(cast):
    lived(cast.owner, cast.second_mentorship, title="SECRET-OF-ANOTHER")
    lived(cast.owner, cast.former_mentorship, title="SECRET-OF-LONG-AGO")
    goal = lived(cast.owner, cast.mentorship, title="Withdrawn")
    EntryFactory(owner=cast.owner, finished_at=THEN + timedelta(days=1))
    for share in ([], [cast.second_mentorship], [cast.former_mentorship]):
        WinFactory(owner=cast.owner, text="SECRET-WIN", created_at=THEN + timedelta(days=1), shared_with=share)
    goal.shared_with.clear()

    assert words(cast.mentorship) == words(cast.former_mentorship) == []


def test_private_notes_go_with_their_author_and_shared_ones_stay(cast):
    held = CheckInFactory(mentorship=cast.mentorship, held=True)
    NoteFactory(check_in=held, author=cast.mentor, text="Mine alone")
    NoteFactory(check_in=held, author=cast.mentor, text="For both", is_shared=True)
    NoteFactory(check_in=held, author=cast.owner, text="Of the mentee")

    services.forget_own_notes(user=cast.mentor, at=THEN)

    assert sorted(note.text for note in Note.objects.all()) == ["For both", "Of the mentee"]
