from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from core.timekeeping import week_key
from journal.models import Entry, EntryComment, Intention, Outcome, OwnQuestion, Period, Proposal, QuestionWish
from journal.periods import is_month, next_period
from journal.questions.choosing import choose
from tests.factories.accounts import UserFactory
from tests.factories.goals import MilestoneFactory

WRITTEN_AT = datetime(2026, 11, 15, 18, 30, tzinfo=UTC)


class PeriodFactory(DjangoModelFactory):
    """A week with its questions; `key="2026-11"` makes it a month."""

    class Meta:
        model = Period

    owner = factory.SubFactory(UserFactory)
    kind = factory.LazyAttribute(lambda row: "month" if is_month(row.key) else "week")
    key = "2026-W46"
    questions = factory.LazyAttribute(lambda row: choose(row.key))


class EntryFactory(DjangoModelFactory):
    """A finished note; `draft=True` leaves it unfinished, `shared_with=[mentorship]` shares it, `goals=[goal]` are chosen."""

    class Meta:
        model = Entry
        skip_postgeneration_save = True

    class Params:
        draft = factory.Trait(finished_at=None)

    owner = factory.SubFactory(UserFactory)
    kind = "note"
    entry_on = date(2026, 11, 15)
    text = "The canteen was quiet and I wrote for an hour."
    created_at = WRITTEN_AT
    updated_at = WRITTEN_AT
    finished_at = WRITTEN_AT

    @factory.post_generation
    def shared_with(self, create, mentorships, **kwargs):
        if mentorships:
            self.shared_with.add(*mentorships)

    @factory.post_generation
    def goals(self, create, goals, **kwargs):
        for goal in goals or []:
            self.goal_links.create(goal=goal, is_chosen=True)


class ReflectionFactory(EntryFactory):
    """A finished reflection of the week its day lies in; `answers` may be given by position as a list."""

    kind = "reflection"
    text = ""
    period = factory.SubFactory(
        PeriodFactory,
        owner=factory.SelfAttribute("..owner"),
        key=factory.LazyAttribute(lambda row: week_key(row.factory_parent.entry_on)),
        state="written",
    )
    answers = factory.LazyAttribute(
        lambda row: {row.period.questions[0]: "Tuesday's interview.", row.period.questions[1]: "Too many tickets."}
    )
    mood = 4
    energy = 3


class IntentionFactory(DjangoModelFactory):
    """What the reflection's last answer says about the week or month after it."""

    class Meta:
        model = Intention

    entry = factory.SubFactory(ReflectionFactory)
    owner = factory.SelfAttribute("entry.owner")
    key = factory.LazyAttribute(lambda row: next_period(row.entry.period.key))
    text = "Ask Hannah for an introduction."
    created_at = WRITTEN_AT


class EntryCommentFactory(DjangoModelFactory):
    class Meta:
        model = EntryComment

    item = factory.SubFactory(EntryFactory)
    mentorship = None
    author = factory.SelfAttribute("mentorship.mentor")
    text = "I would like to hear more about this."
    created_at = WRITTEN_AT


class OwnQuestionFactory(DjangoModelFactory):
    class Meta:
        model = OwnQuestion

    owner = factory.SubFactory(UserFactory)
    text = "What did I do for my back this week?"
    created_at = WRITTEN_AT
    updated_at = WRITTEN_AT


class QuestionWishFactory(DjangoModelFactory):
    """That somebody asked for a question; `wish="leave"`: that it is not for them."""

    class Meta:
        model = QuestionWish

    owner = factory.SubFactory(UserFactory)
    question = "energy"
    wish = "ask"
    at = WRITTEN_AT


class ProposalFactory(DjangoModelFactory):
    class Meta:
        model = Proposal

    entry = factory.SubFactory(EntryFactory)
    kind = "win"
    text = "Spoke up before lunch."
    created_at = WRITTEN_AT


class OutcomeFactory(DjangoModelFactory):
    """A task that was made of the entry, unless told."""

    class Meta:
        model = Outcome

    entry = factory.SubFactory(EntryFactory)
    kind = "task"
    milestone = factory.SubFactory(MilestoneFactory, kind="task", goal__owner=factory.SelfAttribute("...entry.owner"))
    created_at = WRITTEN_AT
