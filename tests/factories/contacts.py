from datetime import UTC, date, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from contacts.models import (
    Association,
    Contact,
    Event,
    FollowUp,
    Interaction,
    Interview,
    InterviewMail,
    Introduction,
    Way,
)
from contacts.services.touch import touch
from tests.factories.accounts import UserFactory

ADDED_AT = datetime(2026, 11, 17, 17, 30, tzinfo=UTC)


class ContactFactory(DjangoModelFactory):
    """Somebody a person knows, with no rhythm; `circle="close"` gives one."""

    class Meta:
        model = Contact

    owner = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"Hannah Vogel {n}")
    created_at = ADDED_AT


class WayFactory(DjangoModelFactory):
    """An address of mail of a contact."""

    class Meta:
        model = Way

    contact = factory.SubFactory(ContactFactory)
    owner = factory.SelfAttribute("contact.owner")
    value = factory.Sequence(lambda n: f"Hannah{n}@example.org")
    compared = factory.LazyAttribute(lambda way: way.value.lower())


class InteractionFactory(DjangoModelFactory):
    """A talk on a Tuesday that took place; `people=[contact]` says with whom, and they were in touch then."""

    class Meta:
        model = Interaction
        skip_postgeneration_save = True

    owner = factory.SubFactory(UserFactory)
    happened_on = date(2026, 11, 17)
    created_at = ADDED_AT

    @factory.post_generation
    def people(self, create, contacts, **kwargs):
        if contacts:
            self.people.add(*contacts)
            touch(contact.pk for contact in contacts)


class FollowUpFactory(DjangoModelFactory):
    """Something to do for a contact by the Friday; `done=True` is closed."""

    class Meta:
        model = FollowUp

    class Params:
        done = factory.Trait(state="done", closed_at=ADDED_AT + timedelta(days=1))

    contact = factory.SubFactory(ContactFactory)
    owner = factory.SelfAttribute("contact.owner")
    text = factory.Sequence(lambda n: f"Send the notes {n}")
    due_on = date(2026, 11, 20)
    created_at = ADDED_AT


class AssociationFactory(DjangoModelFactory):
    """A circle that meets, with nothing to renew."""

    class Meta:
        model = Association

    owner = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"Research Lunches {n}")
    created_at = ADDED_AT


class EventFactory(DjangoModelFactory):
    """A lunch on the Thursday after that, planned; `attended=True` was gone to."""

    class Meta:
        model = Event
        skip_postgeneration_save = True

    class Params:
        attended = factory.Trait(state="attended")

    owner = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"Working with clinics {n}")
    happens_on = date(2026, 11, 26)
    created_at = ADDED_AT

    @factory.post_generation
    def talks(self, create, talks, **kwargs):
        if talks:
            self.talks.add(*talks)


class InterviewFactory(DjangoModelFactory):
    """A wish to talk to a contact; `asked`, `agreed` and `held` are as far along as they say."""

    class Meta:
        model = Interview

    class Params:
        asked = factory.Trait(state="asked", asked_on=date(2026, 11, 17))
        agreed = factory.Trait(
            state="agreed", asked_on=date(2026, 11, 17), starts_at=datetime(2026, 12, 1, 15, tzinfo=UTC)
        )
        held = factory.Trait(state="held", asked_on=date(2026, 11, 17), held_on=date(2026, 11, 24))

    contact = factory.SubFactory(ContactFactory)
    owner = factory.SelfAttribute("contact.owner")
    created_at = ADDED_AT


class InterviewMailFactory(DjangoModelFactory):
    """An invitation that was sent to the contact's address."""

    class Meta:
        model = InterviewMail

    interview = factory.SubFactory(InterviewFactory, agreed=True)
    owner = factory.SelfAttribute("interview.owner")
    to = "hannah@example.org"
    sequence = factory.SelfAttribute("interview.sequence")
    sent_at = ADDED_AT


class IntroductionFactory(DjangoModelFactory):
    """Two people who should meet; nobody was asked yet."""

    class Meta:
        model = Introduction

    first = factory.SubFactory(ContactFactory)
    second = factory.SubFactory(ContactFactory, owner=factory.SelfAttribute("..first.owner"))
    owner = factory.SelfAttribute("first.owner")
    created_at = ADDED_AT
