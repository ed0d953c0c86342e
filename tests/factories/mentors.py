from datetime import UTC, date, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from mentors.match import keys_of_topics
from mentors.models import (
    OPEN_FOR,
    Action,
    Advice,
    AgendaPoint,
    Agreement,
    CheckIn,
    Farewell,
    Handover,
    Invitation,
    LookBack,
    Note,
    PrivateNote,
    Profile,
    ProposedTime,
    Request,
    Seen,
)
from tests.factories.accounts import UserFactory
from tests.factories.sharing import MentorshipFactory

CLOSED = datetime(2026, 11, 21, 9, tzinfo=UTC)


class InvitationFactory(DjangoModelFactory):
    """An open invitation; `accepted`, `declined`, `withdrawn` and `overdue` give the others."""

    class Meta:
        model = Invitation

    class Params:
        accepted = factory.Trait(state="accepted", closed_at=CLOSED)
        declined = factory.Trait(state="declined", closed_at=CLOSED)
        withdrawn = factory.Trait(state="withdrawn", closed_at=CLOSED)
        overdue = factory.Trait(created_at=datetime(2026, 10, 1, 9, tzinfo=UTC))

    sender = factory.SubFactory(UserFactory)
    email = factory.Sequence(lambda n: f"asked{n}@example.org")
    kind = "mentor"
    message = "I would like to learn how you prepare an interview."
    # Real time: views ask the clock themselves.
    created_at = factory.LazyFunction(lambda: datetime.now(UTC) - timedelta(hours=2))
    expires_at = factory.LazyAttribute(lambda o: o.created_at + OPEN_FOR)
    mailed_at = factory.LazyAttribute(lambda o: [o.created_at])

    @classmethod
    def _build(cls, model_class, *args, **kwargs):
        invitation = model_class(*args, **kwargs)
        if not invitation.token_hash:
            invitation.new_token()
        if invitation.state != "sent":
            invitation.token = ""
        return invitation

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        invitation = cls._build(model_class, *args, **kwargs)
        invitation.save()
        return invitation


class FarewellFactory(DjangoModelFactory):
    class Meta:
        model = Farewell

    mentorship = factory.SubFactory(MentorshipFactory, ended=True)
    author = factory.SelfAttribute("mentorship.mentor")
    words = "Thank you for every question you asked."


class SeenFactory(DjangoModelFactory):
    class Meta:
        model = Seen

    mentorship = factory.SubFactory(MentorshipFactory)
    goal = None
    entry = None
    at = factory.LazyFunction(lambda: datetime.now(UTC))


class ProfileFactory(DjangoModelFactory):
    """Somebody's offer to be a mentor, listed and with places free."""

    class Meta:
        model = Profile

    owner = factory.SubFactory(UserFactory)
    is_listed = True
    headline = "Research lead, 14 years in"
    helps_with = "I read drafts, and I ask why three times."
    topics = ("Interviewing", "Changing careers")
    keys = factory.LazyAttribute(lambda o: keys_of_topics(o.topics))
    languages = ("en",)
    capacity = 2
    created_at = factory.LazyFunction(lambda: datetime.now(UTC) - timedelta(days=30))
    updated_at = factory.SelfAttribute("created_at")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        profile = super()._create(model_class, *args, **kwargs)
        profile.refresh_from_db()  # triggers filled in the owner's name and zone
        return profile


class AgreementFactory(DjangoModelFactory):
    """A version that the mentee proposed and the mentor said yes to; `proposed` gives one that waits."""

    class Meta:
        model = Agreement
        skip_postgeneration_save = True

    class Params:
        proposed = factory.Trait(state="proposed", answered_at=None)

    mentorship = factory.SubFactory(MentorshipFactory)
    number = 1
    author = factory.SelfAttribute("mentorship.mentee")
    state = "agreed"
    purpose = "Move from the support desk into research by autumn."
    confidentiality = "What we tell each other stays between us."
    mentor_gets = "A note after each talk."
    stopping = "Either of us, at any time."
    review_on = date(2199, 3, 1)
    created_at = datetime(2026, 1, 6, 9, tzinfo=UTC)
    answered_at = datetime(2026, 1, 7, 9, tzinfo=UTC)

    @factory.post_generation
    def goals(self, create, extracted, **kwargs):
        if extracted:
            self.goals.add(*extracted)


class RequestFactory(DjangoModelFactory):
    """A request that waits for its mentor; `draft`, `question`, `declined`, `withdrawn` and `expired` give the others."""

    class Meta:
        model = Request

    class Params:
        draft = factory.Trait(state="draft", sent_at=None, runs_out_at=None, acts_at=None)
        question = factory.Trait(state="question", runs_out_at=None, acts_at=None, left=timedelta(days=9))
        declined = factory.Trait(state="declined", runs_out_at=None, acts_at=None, closed_at=CLOSED)
        withdrawn = factory.Trait(state="withdrawn", runs_out_at=None, acts_at=None, closed_at=CLOSED)
        expired = factory.Trait(state="expired", runs_out_at=None, acts_at=None, closed_at=CLOSED)
        accepted = factory.Trait(
            state="accepted",
            runs_out_at=None,
            acts_at=None,
            closed_at=CLOSED,
            mentorship=factory.SubFactory(
                MentorshipFactory, mentee=factory.SelfAttribute("..asker"), mentor=factory.SelfAttribute("..mentor")
            ),
        )

    asker = factory.SubFactory(UserFactory)
    mentor = factory.LazyFunction(lambda: ProfileFactory().owner)
    state = "sent"
    help_wanted = "I do not know which parts of my years at a support desk to show."
    why_you = "You moved from nursing into research."
    about_me = "I answer calls, and I interview on Fridays."
    offer = "Something written before each call."
    # Real time: views ask the clock themselves.
    created_at = factory.LazyFunction(lambda: datetime.now(UTC) - timedelta(hours=2))
    changed_at = factory.SelfAttribute("created_at")
    sent_at = factory.SelfAttribute("created_at")
    runs_out_at = factory.LazyAttribute(lambda o: o.created_at + timedelta(days=14))
    acts_at = factory.LazyAttribute(lambda o: o.created_at + timedelta(days=4))


class CheckInFactory(DjangoModelFactory):
    """A planned check-in in three days; `proposed`, `held`, `missed` and `cancelled` give the others."""

    class Meta:
        model = CheckIn

    class Params:
        proposed = factory.Trait(state="proposed", starts_at=None)
        held = factory.Trait(
            state="held", starts_at=factory.LazyFunction(lambda: datetime.now(UTC) - timedelta(days=14))
        )
        missed = factory.Trait(
            state="missed", starts_at=factory.LazyFunction(lambda: datetime.now(UTC) - timedelta(days=7))
        )
        cancelled = factory.Trait(state="cancelled")

    mentorship = factory.SubFactory(MentorshipFactory)
    state = "planned"
    proposer = factory.SelfAttribute("mentorship.mentor")
    starts_at = factory.LazyFunction(lambda: (datetime.now(UTC) + timedelta(days=3)).replace(microsecond=0))
    created_at = factory.LazyFunction(lambda: datetime.now(UTC) - timedelta(days=1))


class ProposedTimeFactory(DjangoModelFactory):
    class Meta:
        model = ProposedTime

    check_in = factory.SubFactory(CheckInFactory, proposed=True)
    place = 1
    starts_at = factory.LazyAttribute(
        lambda o: (datetime.now(UTC) + timedelta(days=o.place + 1)).replace(microsecond=0)
    )


class AgendaPointFactory(DjangoModelFactory):
    class Meta:
        model = AgendaPoint

    mentorship = factory.SubFactory(MentorshipFactory)
    author = factory.SelfAttribute("mentorship.mentee")
    text = "How do I know when I have heard enough?"
    created_at = factory.LazyFunction(lambda: datetime.now(UTC))


class NoteFactory(DjangoModelFactory):
    class Meta:
        model = Note

    check_in = factory.SubFactory(CheckInFactory)
    author = factory.SelfAttribute("check_in.mentorship.mentee")
    is_shared = False
    text = "For my eyes."
    updated_at = factory.LazyFunction(lambda: datetime.now(UTC))


class ActionFactory(DjangoModelFactory):
    class Meta:
        model = Action

    check_in = factory.SubFactory(CheckInFactory, held=True)
    owner = factory.SelfAttribute("check_in.mentorship.mentee")
    text = "Send one page of raw notes"


class AdviceFactory(DjangoModelFactory):
    """Advice noted in a check-in; with `comment`, kept from a mentor's comment."""

    class Meta:
        model = Advice

    check_in = factory.SubFactory(CheckInFactory, held=True)
    mentorship = factory.SelfAttribute("check_in.mentorship")
    text = "See what silence gives you."
    created_at = factory.LazyFunction(lambda: datetime.now(UTC))


class PrivateNoteFactory(DjangoModelFactory):
    class Meta:
        model = PrivateNote

    mentorship = factory.SubFactory(MentorshipFactory)
    author = factory.SelfAttribute("mentorship.mentor")
    text = "Ask how the move went."
    updated_at = factory.LazyFunction(lambda: datetime.now(UTC))


class LookBackFactory(DjangoModelFactory):
    """What the mentee says came of a mentorship that ended."""

    class Meta:
        model = LookBack

    mentorship = factory.SubFactory(MentorshipFactory, ended=True)
    author = factory.SelfAttribute("mentorship.mentee")
    words = "I ask better questions now."
    written_at = datetime(2026, 10, 2, 9, tzinfo=UTC)


class HandoverFactory(DjangoModelFactory):
    """What a mentee tells the next mentor; private unless `shared_with` names relations."""

    class Meta:
        model = Handover
        skip_postgeneration_save = True

    mentorship = factory.SubFactory(MentorshipFactory, ended=True)
    owner = factory.SelfAttribute("mentorship.mentee")
    worked_on = "Interviews, from the first call to the notes."
    created_at = datetime(2026, 10, 3, 9, tzinfo=UTC)
    updated_at = datetime(2026, 10, 3, 9, tzinfo=UTC)

    @factory.post_generation
    def shared_with(self, create, extracted, **kwargs):
        if extracted:
            self.shared_with.add(*extracted)
