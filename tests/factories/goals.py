from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from goals.models import Goal, GoalComment, Milestone, ProgressUpdate, Rest, Revision, Seen, Suggestion
from tests.factories.accounts import UserFactory
from tests.factories.sharing import MentorshipFactory

NOW = datetime(2026, 3, 12, 10, tzinfo=UTC)


class GoalFactory(DjangoModelFactory):
    """A goal on the way that counts 0 to 12 interviews; traits give the other states and measures."""

    class Meta:
        model = Goal
        skip_postgeneration_save = True

    class Params:
        draft = factory.Trait(status="draft", due_on=None)
        resting = factory.Trait(status="paused", paused_on=date(2026, 3, 1))
        reached = factory.Trait(status="achieved", closed_at=datetime(2026, 3, 1, 9, tzinfo=UTC))
        let_go = factory.Trait(status="dropped", closed_at=datetime(2026, 3, 1, 9, tzinfo=UTC))
        by_milestones = factory.Trait(measure="milestones", unit="", start_value=None, target_value=None)
        yes_no = factory.Trait(measure="yes_no", unit="", start_value=None, target_value=None)

    owner = factory.SubFactory(UserFactory)
    title = factory.Sequence(lambda n: f"Run {n + 2} user interviews")
    why = "I want to stop guessing what receptionists struggle with."
    measure = "number"
    unit = "interviews"
    start_value = Decimal(0)
    target_value = Decimal(12)
    starts_on = date(2026, 1, 12)
    due_on = date(2026, 5, 15)
    status = "active"
    created_at = datetime(2026, 1, 12, 9, tzinfo=UTC)
    updated_at = datetime(2026, 1, 12, 9, tzinfo=UTC)

    @factory.post_generation
    def shared_with(self, create, extracted, **kwargs):
        if extracted:
            self.shared_with.add(*extracted)


class MilestoneFactory(DjangoModelFactory):
    class Meta:
        model = Milestone

    class Params:
        done = factory.Trait(done_at=datetime(2026, 2, 14, 9, tzinfo=UTC))

    goal = factory.SubFactory(GoalFactory)
    title = factory.Sequence(lambda n: f"Milestone {n}")
    due_on = date(2026, 4, 3)
    position = factory.Sequence(lambda n: n % 1000)


class ProgressUpdateFactory(DjangoModelFactory):
    class Meta:
        model = ProgressUpdate

    goal = factory.SubFactory(GoalFactory)
    value = Decimal(5)
    happened_on = date(2026, 3, 10)
    note = "Phone desk at St Anne's."
    created_at = datetime(2026, 3, 10, 18, tzinfo=UTC)


class RevisionFactory(DjangoModelFactory):
    class Meta:
        model = Revision

    goal = factory.SubFactory(GoalFactory)
    field = "due_on"
    old = "2026-04-30"
    new = "2026-05-15"
    reason = "Two clinics only have time in May."
    changed_at = datetime(2026, 2, 20, 9, tzinfo=UTC)


class GoalCommentFactory(DjangoModelFactory):
    """Written by the reader of its thread unless told."""

    class Meta:
        model = GoalComment

    item = factory.SubFactory(GoalFactory)
    mentorship = factory.SubFactory(MentorshipFactory)
    author = factory.LazyAttribute(lambda comment: comment.mentorship.mentor)
    text = "Five in is when it clicks."
    created_at = datetime(2026, 3, 11, 17, 20, tzinfo=UTC)


class SuggestionFactory(DjangoModelFactory):
    """Another wording, unless told."""

    class Meta:
        model = Suggestion

    comment = factory.SubFactory(GoalCommentFactory)
    kind = "title"
    words = "Run 12 user interviews with clinic receptionists"


class SeenFactory(DjangoModelFactory):
    class Meta:
        model = Seen

    update = factory.SubFactory(ProgressUpdateFactory)
    mentorship = factory.SubFactory(MentorshipFactory)
    seen_at = datetime(2026, 3, 11, 8, tzinfo=UTC)


class RestFactory(DjangoModelFactory):
    class Meta:
        model = Rest

    goal = factory.SubFactory(GoalFactory)
    starts_on = date(2026, 2, 2)
    ends_on = date(2026, 2, 9)
