from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from journal.models import Entry, EntryComment, Intention, Period, WeeklyAim
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory
from tests.factories.journal import (
    WRITTEN_AT,
    EntryCommentFactory,
    EntryFactory,
    IntentionFactory,
    PeriodFactory,
    ReflectionFactory,
)

pytestmark = pytest.mark.django_db


def breaks(constraint, make):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()


def test_period_constraints(cast):
    period = PeriodFactory(owner=cast.owner)

    breaks("journal_period_once_per_owner", lambda: PeriodFactory(owner=cast.owner, key=period.key))
    breaks("journal_period_key_fits_kind", lambda: PeriodFactory(kind="month", key="2026-W46", questions=[]))
    breaks("journal_period_key_fits_kind", lambda: PeriodFactory(kind="week", key="2026-11", questions=[]))
    breaks("journal_period_known_state", lambda: PeriodFactory(state="lost"))


def test_entry_constraints(cast):
    reflection = ReflectionFactory(owner=cast.owner)

    breaks("reflection_has_a_period", lambda: EntryFactory(kind="reflection"))
    breaks("reflection_has_a_period", lambda: EntryFactory(period=reflection.period))
    breaks("mood_from_1_to_5", lambda: EntryFactory(mood=6))
    breaks("energy_from_1_to_5", lambda: EntryFactory(energy=0))
    breaks("one_reflection_a_period", lambda: ReflectionFactory(owner=cast.owner, period=reflection.period))


@pytest.mark.parametrize("days", [0, 8])
def test_weekly_aim_constraint(cast, days):
    breaks("weeklyaim_from_1_to_7", lambda: WeeklyAim.objects.create(owner=cast.owner, days=days))


def test_entry_goal_constraint(cast):
    goal = GoalFactory(owner=cast.owner)
    entry = EntryFactory(owner=cast.owner, goals=[goal])

    breaks("entrygoal_once", lambda: entry.goal_links.create(goal=goal, words="the goal"))


def test_erased_goal_leaves_the_entry_and_its_words(cast):
    goal = GoalFactory(owner=cast.owner)
    entry = EntryFactory(owner=cast.owner, goals=[goal])

    goal.delete()

    assert list(Entry.objects.get(pk=entry.pk).goals.all()) == []
    assert entry.goal_links.get().goal is None


def test_entries_about_a_goal(cast):
    goal, other = GoalFactory(owner=cast.owner), GoalFactory(owner=cast.owner)
    both = EntryFactory(owner=cast.owner, goals=[goal, other])
    EntryFactory(owner=cast.owner, goals=[other])
    EntryFactory(owner=cast.owner)

    assert list(Entry.objects.owned_by(cast.owner).about_goal(goal.pk)) == [both]


def test_star_keeps_its_first_moment():
    entry = EntryFactory()
    later = WRITTEN_AT + timedelta(days=1)

    entry.star(at=WRITTEN_AT)
    entry.star(at=later)

    assert list(Entry.objects.starred()) == [entry]
    assert Entry.objects.get().starred_at == WRITTEN_AT
    entry.unstar()
    assert not Entry.objects.starred().exists()


def test_entry_beside_one_in_the_bin_is_allowed(cast):
    old = ReflectionFactory(owner=cast.owner)
    old.put_in_bin(at=WRITTEN_AT)

    new = ReflectionFactory(owner=cast.owner, period=old.period)

    assert list(Entry.objects.owned_by(cast.owner).of_period(old.period.key)) == [new]


def test_period_and_entry_of_a_month_are_called_by_it():
    entry = ReflectionFactory(period__key="2026-11", entry_on=date(2026, 12, 2))

    assert entry.period.days == (date(2026, 11, 1), date(2026, 11, 30))
    assert entry.period.get_absolute_url() == "/journal/write/?month=2026-11"
    assert entry.plain_name == entry.heading == "November 2026"


def test_intention_constraints():
    intention = IntentionFactory()

    for key in ("soon", "2026-13", "2026-00", "2026-W60", "2026-1"):
        breaks("intention_key_is_a_period", lambda key=key: IntentionFactory(key=key))
    breaks("intention_known_outcome", lambda: IntentionFactory(came_true="maybe"))
    breaks("entry_id", lambda: IntentionFactory(entry=intention.entry))


def test_comment_needs_words(cast):
    breaks("entrycomment_has_words", lambda: EntryCommentFactory(mentorship=cast.mentorship, text=""))


@pytest.mark.parametrize(
    ("viewer", "sees"),
    [("owner", True), ("mentor", True), ("second_mentor", False), ("former_mentor", False), ("colleague", False),
     ("stranger", False), ("staff", False), ("anonymous", False)],
)  # fmt: skip
def test_visible_to_shared_entry(cast, viewer, sees):
    entry = ReflectionFactory(owner=cast.owner, shared_with=[cast.mentorship, cast.former_mentorship])
    IntentionFactory(entry=entry)
    EntryCommentFactory(item=entry, mentorship=cast.mentorship)
    user = getattr(cast, viewer)

    assert Entry.objects.visible_to(user).exists() is sees
    assert Intention.objects.visible_to(user).exists() is sees
    assert EntryComment.objects.visible_to(user).exists() is sees


def test_draft_is_never_visible_to_readers(cast):
    EntryFactory(owner=cast.owner, draft=True, shared_with=[cast.mentorship])

    assert not Entry.objects.visible_to(cast.mentor).exists()
    assert not Entry.objects.shared_through(cast.mentorship).exists()
    assert Entry.objects.visible_to(cast.owner).count() == 1


def test_bin_hides_entry_and_intention_and_unshares(cast):
    intention = IntentionFactory(entry__owner=cast.owner)
    intention.entry.shared_with.add(cast.mentorship)

    intention.entry.put_in_bin(at=WRITTEN_AT)

    assert not Entry.objects.visible_to(cast.mentor).exists()
    assert not Intention.objects.owned_by(cast.owner).exists()
    intention.entry.take_from_bin()
    assert not Entry.objects.visible_to(cast.mentor).exists()
    assert Intention.objects.owned_by(cast.owner).for_period(intention.key).get() == intention


def test_written_between_counts_local_days_and_leaves_drafts_out(cast):
    inside = EntryFactory(owner=cast.owner, entry_on=date(2026, 11, 9))
    EntryFactory(owner=cast.owner, entry_on=date(2026, 11, 8))
    EntryFactory(owner=cast.owner, entry_on=date(2026, 11, 10), draft=True)

    found = Entry.objects.owned_by(cast.owner).written_between(date(2026, 11, 9), date(2026, 11, 15))

    assert list(found) == [inside]


def test_moved_between_counts_when_it_was_finished(cast):
    entry = EntryFactory(owner=cast.owner, entry_on=date(2020, 1, 1))

    assert Entry.objects.moved_between(WRITTEN_AT, datetime(2026, 11, 16, tzinfo=UTC)).get() == entry
    assert not Entry.objects.moved_between(datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 17, tzinfo=UTC))


def test_shared_is_what_somebody_can_read_now(cast):
    EntryFactory(owner=cast.owner)
    EntryFactory(owner=cast.owner, shared_with=[cast.former_mentorship])
    shared = EntryFactory(owner=cast.owner, shared_with=[cast.mentorship])

    assert list(Entry.objects.owned_by(cast.owner).shared()) == [shared]


@pytest.mark.parametrize(
    ("before", "has_words", "after"),
    [("open", True, "written"), ("skipped", True, "written"), ("away", True, "written"), ("missed", True, "written"),
     ("written", False, "open"), ("skipped", False, "skipped"), ("missed", False, "missed")],
)  # fmt: skip
def test_period_settles_by_its_words(before, has_words, after):
    period = PeriodFactory(state=before)

    period.settle(has_words=has_words)

    assert Period.objects.get().state == after


def test_skip_never_hides_what_was_written():
    period = PeriodFactory(state="written")

    period.skip()

    assert Period.objects.get().state == "written"


def test_words_are_encrypted_at_rest():
    IntentionFactory(entry__title="Quiet gannets", entry__answers={"What?": "Gannets dive"}, text="Count gannets")
    EntryFactory(text="More gannets", title="Gannets again")

    with connection.cursor() as cursor:
        cursor.execute("SELECT title, text, answers FROM journal_entry")
        stored = repr(cursor.fetchall()).lower()
        cursor.execute("SELECT text FROM journal_intention")
        stored += repr(cursor.fetchall()).lower()

    assert "gannet" not in stored
    assert "'2." in stored
    assert Entry.objects.reflections().get().answers == {"What?": "Gannets dive"}
    assert Intention.objects.get().text == "Count gannets"


def test_answers_survive_validation_and_keep_their_order():
    answers = {"Zebra?": "z", "Apple?": "a", "Mood?": ""}
    entry = ReflectionFactory(answers=answers)

    entry.full_clean()
    entry.save()

    assert list(Entry.objects.get().answers.items()) == list(answers.items())


def test_names_say_nothing_of_the_words():
    entry = ReflectionFactory(title="Secret", answers={"Q?": "Secret"})

    assert "Secret" not in f"{entry} {entry!r} {entry.period} {IntentionFactory(entry=entry, text='Secret')!r}"


def test_deleting_the_owner_takes_everything(cast):
    IntentionFactory(entry__owner=cast.owner)

    cast.owner.delete()

    assert not Entry.objects.exists()
    assert not Period.objects.exists()


def test_heading_falls_back_to_the_week():
    assert ReflectionFactory().heading == "Week 46, 9 to 15 November"
    assert EntryFactory(owner=UserFactory()).heading == "Note"
    assert EntryFactory(owner=UserFactory(), title="On the train").heading == "On the train"
