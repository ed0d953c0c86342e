from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from factory import SubFactory

from goals.models import FormDraft, Goal, GoalComment, Milestone, ProgressUpdate, Rest, Revision, Seen, Suggestion
from tests.factories.accounts import UserFactory
from tests.factories.goals import (
    NOW,
    GoalCommentFactory,
    GoalFactory,
    MilestoneFactory,
    ProgressUpdateFactory,
    RestFactory,
    RevisionFactory,
    SeenFactory,
    SuggestionFactory,
)
from tests.factories.sharing import MentorshipFactory

TODAY = date(2026, 3, 12)

BROKEN_GOALS = {
    "has_title": {"title": ""},
    "status_known": {"status": "asleep"},
    "measure_known": {"measure": "feeling", "unit": "", "start_value": None, "target_value": None},
    "counts_from_to": {"target_value": None},
    "start_is_not_target": {"target_value": Decimal(0)},
    "numbers_only_when_counting": {"measure": "yes_no"},
    "due_after_start": {"due_on": date(2026, 1, 12)},
    "has_date_unless_draft": {"due_on": None},
    "days_in_reach": {"due_on": date(9999, 12, 31)},
    "resting_has_a_day": {"status": "paused"},
    "closed_has_a_time": {"status": "achieved"},
    "note_only_when_closed": {"closing_note": "It was good."},
    "evidence_only_when_yes_no": {"evidence": "The signed offer"},
    "hours_of_a_week": {"hours_a_week": Decimal(0)},
    "importance_known": {"importance": 4},
}


@pytest.mark.django_db
@pytest.mark.parametrize(("constraint", "values"), BROKEN_GOALS.items(), ids=BROKEN_GOALS)
def test_goal_constraint_refuses(constraint, values):
    with pytest.raises(IntegrityError, match=f"goals_goal_{constraint}"), transaction.atomic():
        GoalFactory(**values)


@pytest.mark.django_db
@pytest.mark.parametrize("constraint", Goal._meta.constraints, ids=lambda constraint: constraint.name)
def test_every_goal_constraint_is_broken_above_and_has_words(constraint):
    assert constraint.name.removeprefix("goals_goal_") in BROKEN_GOALS
    assert constraint.violation_error_message.endswith((".", "?"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"status": "active", "paused_on": date(2026, 3, 1)},
        {"status": "active", "closed_at": NOW},
        {"starts_on": date(1, 1, 1)},
        {"closing_helped": "Ruth"},
        {"closing_differently": "Start earlier"},
        {"hours_a_week": Decimal(101)},
    ],
    ids=["rest-of-active", "closing-of-active", "year-1", "helped", "differently", "101-hours"],
)
def test_goal_pairs_hold_in_the_other_direction(values):
    with pytest.raises(IntegrityError), transaction.atomic():
        GoalFactory(**values)


@pytest.mark.django_db
def test_draft_needs_only_a_title():
    goal = GoalFactory(draft=True, why="", start_value=None, target_value=None, unit="")

    goal.full_clean()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("factory", "values", "constraint"),
    [
        (MilestoneFactory, {"title": ""}, "milestone_has_title"),
        (MilestoneFactory, {"due_on": date(9999, 12, 31)}, "milestone_day_in_reach"),
        (ProgressUpdateFactory, {"value": None, "note": ""}, "progressupdate_says_something"),
        (ProgressUpdateFactory, {"happened_on": date(1, 1, 1)}, "progressupdate_day_in_reach"),
        (MilestoneFactory, {"kind": "wish"}, "milestone_kind_known"),
        (MilestoneFactory, {"kind": "task", "at_value": Decimal(3)}, "milestone_task_has_no_number"),
        (ProgressUpdateFactory, {"confidence": 11}, "progressupdate_confidence_on_scale"),
        (ProgressUpdateFactory, {"hours": Decimal(-1)}, "progressupdate_hours_not_negative"),
        (RestFactory, {"ends_on": date(2026, 2, 2)}, "rest_ends_after_start"),
        (RestFactory, {"starts_on": date(1, 1, 1)}, "rest_days_in_reach"),
        (SuggestionFactory, {"kind": "due_on"}, "suggestion_fits_kind"),
        (SuggestionFactory, {"words": ""}, "suggestion_fits_kind"),
        (SuggestionFactory, {"state": "accepted"}, "suggestion_answered_has_a_time"),
        (SuggestionFactory, {"kind": "due_on", "words": "", "day": date(9999, 1, 1)}, "suggestion_day_in_reach"),
        (RevisionFactory, {"old": "x", "new": "x"}, "revision_changes_something"),
        (RevisionFactory, {"suggested_by": SubFactory(UserFactory)}, "revision_suggestion_is_marked"),
        (RevisionFactory, {"field": "mood"}, "revision_field_known"),
        (GoalCommentFactory, {"text": ""}, "goalcomment_has_words"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_constraint_refuses(factory, values, constraint):
    with pytest.raises(IntegrityError, match=f"goals_{constraint}"), transaction.atomic():
        factory(**values)


@pytest.mark.django_db
def test_violated_constraint_says_what_to_do():
    goal = GoalFactory.build(owner=UserFactory(), target_value=Decimal(0))

    with pytest.raises(ValidationError, match="Where do you stand now"):
        goal.validate_constraints()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "model", [FormDraft, Goal, GoalComment, Milestone, ProgressUpdate, Rest, Revision, Seen, Suggestion]
)
def test_str_shows_no_private_text(model):
    comment = SuggestionFactory(words="SECRET", comment__text="SECRET").comment
    FormDraft.objects.create(owner=comment.item.owner, fields={"title": "SECRET"}, kept_at=NOW)
    RestFactory(goal=comment.item)
    SeenFactory(update__goal=comment.item, update__note="SECRET", mentorship=comment.mentorship)
    goal = comment.item
    Goal.objects.filter(pk=goal.pk).update(title="SECRET")
    MilestoneFactory(goal=goal, title="SECRET")
    RevisionFactory(goal=goal, new="SECRET", reason="SECRET")

    assert "SECRET" not in str(model.objects.get())


@pytest.mark.django_db
def test_verbs_move_between_states():
    goal = GoalFactory(draft=True, due_on=date(2026, 5, 15))

    goal.start(at=NOW)
    assert goal.is_active
    goal.pause(on=date(2026, 3, 1), at=NOW)
    assert goal.is_resting
    goal.resume(on=date(2026, 3, 11), at=NOW)
    assert (goal.is_active, goal.rested_days, goal.paused_on) == (True, 10, None)
    goal.close(outcome="dropped", note="The clinic closed.", on=TODAY, at=NOW)
    assert (goal.is_closed, goal.closed_at, goal.closing_note) == (True, NOW, "The clinic closed.")
    goal.reopen(at=NOW)

    goal.refresh_from_db()
    assert (goal.status, goal.closed_at, goal.closing_note, goal.rested_days) == ("active", None, "", 10)


@pytest.mark.django_db
def test_close_counts_a_rest_that_was_going_on():
    goal = GoalFactory(resting=True)

    goal.close(outcome="achieved", note="", on=date(2026, 3, 5), at=NOW)

    goal.refresh_from_db()
    assert (goal.status, goal.rested_days, goal.paused_on) == ("achieved", 4, None)


def test_close_refuses_an_outcome_that_does_not_close():
    with pytest.raises(ValueError, match="'active' does not close"):
        GoalFactory.build().close(outcome="active", note="", on=TODAY, at=NOW)


@pytest.mark.django_db
def test_draft_is_never_for_readers(cast):
    draft = GoalFactory(owner=cast.owner, draft=True, shared_with=[cast.mentorship])
    shared = GoalFactory(owner=cast.owner, shared_with=[cast.mentorship])

    assert set(Goal.objects.visible_to(cast.owner)) == {draft, shared}
    assert set(Goal.objects.visible_to(cast.mentor)) == {shared}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("viewer", "sees"),
    [
        ("owner", True),
        ("mentor", True),
        ("second_mentor", False),
        ("former_mentor", False),
        ("colleague", False),
        ("stranger", False),
        ("staff", False),
        ("anonymous", False),
    ],
)
@pytest.mark.parametrize("model", [Goal, Milestone, ProgressUpdate, Revision, GoalComment])
def test_visible_to(cast, viewer, sees, model):
    goal = GoalFactory(owner=cast.owner, shared_with=[cast.mentorship, cast.former_mentorship])
    for factory in (MilestoneFactory, ProgressUpdateFactory, RevisionFactory):
        factory(goal=goal)
    GoalCommentFactory(item=goal, mentorship=cast.mentorship)

    assert model.objects.visible_to(getattr(cast, viewer)).exists() is sees


@pytest.mark.django_db
def test_goal_in_bin_shows_nothing_to_anybody(cast):
    goal = GoalFactory(owner=cast.owner, shared_with=[cast.mentorship])
    MilestoneFactory(goal=goal)

    goal.put_in_bin(at=NOW)

    assert not Goal.objects.visible_to(cast.owner).exists()
    assert not Milestone.objects.owned_by(cast.owner).exists()
    assert not Milestone.objects.visible_to(cast.mentor).exists()
    assert Goal.objects.in_bin_of(cast.owner).get() == goal


@pytest.mark.django_db
def test_due_by_lists_only_what_is_on_the_way():
    owner = UserFactory()
    later = GoalFactory(owner=owner, due_on=TODAY + timedelta(days=1))
    due = GoalFactory(owner=owner, due_on=TODAY)
    late = GoalFactory(owner=owner, due_on=TODAY - timedelta(days=6))
    GoalFactory(owner=owner, due_on=TODAY, resting=True)
    GoalFactory(owner=owner, due_on=TODAY, reached=True)

    assert list(Goal.objects.owned_by(owner).due_by(TODAY)) == [late, due]
    assert later in Goal.objects.owned_by(owner).due_by(TODAY + timedelta(days=7))


@pytest.mark.django_db
def test_milestones_due_by():
    goal = GoalFactory()
    due = MilestoneFactory(goal=goal, due_on=TODAY)
    MilestoneFactory(goal=goal, due_on=TODAY, done=True)
    MilestoneFactory(goal=goal, due_on=None)
    MilestoneFactory(goal=GoalFactory(resting=True), due_on=TODAY)

    assert list(Milestone.objects.due_by(TODAY)) == [due]


@pytest.mark.django_db
def test_needs_a_look():
    owner = UserFactory()
    fine = GoalFactory(owner=owner)
    MilestoneFactory(goal=fine, due_on=TODAY)
    late_milestone = GoalFactory(owner=owner)
    MilestoneFactory(goal=late_milestone, due_on=TODAY - timedelta(days=1))
    late = GoalFactory(owner=owner, due_on=TODAY - timedelta(days=1))

    assert list(Goal.objects.owned_by(owner).needs_a_look(TODAY)) == [late, late_milestone]


@pytest.mark.django_db
def test_moved_between_counts_days_where_the_owner_lives(django_assert_num_queries):
    # 23:30 UTC on Sunday 8 March is still Sunday in London, already Monday in Auckland.
    moment = datetime(2026, 3, 8, 23, 30, tzinfo=UTC)
    london, auckland = UserFactory(time_zone="Europe/London"), UserFactory(time_zone="Pacific/Auckland")
    in_london, in_auckland = GoalFactory(owner=london), GoalFactory(owner=auckland)
    MilestoneFactory(goal=in_london, done_at=moment)
    MilestoneFactory(goal=in_auckland, done_at=moment)
    closed = GoalFactory(owner=london, status="achieved", closed_at=moment)
    logged = GoalFactory(owner=auckland)
    ProgressUpdateFactory(goal=logged, happened_on=date(2026, 3, 8))
    GoalFactory(owner=london)

    with django_assert_num_queries(1):
        moved = set(Goal.objects.owned_by_any([london, auckland]).moved_between(date(2026, 3, 2), date(2026, 3, 8)))

    assert moved == {in_london, closed, logged}
    assert Milestone.objects.moved_between(date(2026, 3, 9), date(2026, 3, 9)).get().goal == in_auckland
    assert ProgressUpdate.objects.moved_between(date(2026, 3, 8), date(2026, 3, 8)).get().goal == logged


@pytest.mark.django_db
def test_with_progress_brings_what_a_trail_needs(django_assert_num_queries):
    goal = GoalFactory()
    MilestoneFactory(goal=goal, title="Second", position=2, at_value=Decimal(7))
    MilestoneFactory(goal=goal, title="First", position=1, done=True)
    ProgressUpdateFactory(goal=goal, value=Decimal(4), happened_on=date(2026, 2, 25))
    ProgressUpdateFactory(goal=goal, value=Decimal(5), happened_on=date(2026, 3, 10))
    ProgressUpdateFactory(goal=goal, value=None, happened_on=date(2026, 3, 11), note="Nothing new.")
    ProgressUpdateFactory(goal=goal, value=Decimal(1), happened_on=date(2026, 1, 20))

    with django_assert_num_queries(1):
        row = Goal.objects.with_progress().get()

    assert (row.latest_value, row.logged_on) == (Decimal(5), date(2026, 3, 11))
    assert [step[0] for step in row.milestone_rows] == ["First", "Second"]


@pytest.mark.django_db
def test_with_reader_names_leaves_out_who_no_longer_reads():
    owner = UserFactory()
    ruth = MentorshipFactory(mentee=owner, mentor__name="Ruth Lindqvist")
    kenji = MentorshipFactory(mentee=owner, mentor__name="Kenji Mori", ended=True)
    GoalFactory(owner=owner, shared_with=[ruth, kenji])

    assert Goal.objects.with_reader_names().get().reader_names == ["Ruth Lindqvist"]


@pytest.mark.django_db
def test_one_draft_per_person_and_form():
    goal = GoalFactory()
    FormDraft.objects.create(owner=goal.owner, kept_at=NOW)
    FormDraft.objects.create(owner=goal.owner, goal=goal, kept_at=NOW)

    for form in (None, goal):
        with pytest.raises(IntegrityError, match="goals_formdraft_once_per_form"), transaction.atomic():
            FormDraft.objects.create(owner=goal.owner, goal=form, kept_at=NOW)


@pytest.mark.django_db
def test_update_is_seen_once_per_reader():
    seen = SeenFactory()

    with pytest.raises(IntegrityError, match="goals_seen_once"), transaction.atomic():
        SeenFactory(update=seen.update, mentorship=seen.mentorship)


@pytest.mark.django_db
def test_rest_keeps_its_days():
    goal = GoalFactory()

    goal.pause(on=date(2026, 3, 1), at=NOW)
    goal.resume(on=date(2026, 3, 8), at=NOW)
    goal.pause(on=date(2026, 3, 9), at=NOW)
    goal.resume(on=date(2026, 3, 9), at=NOW)

    assert [(rest.starts_on, rest.ends_on, rest.days) for rest in goal.rests.all()] == [
        (date(2026, 3, 1), date(2026, 3, 8), 7)
    ]
    assert Goal.objects.get().rested_days == 7
