from datetime import UTC, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from mentors.models import INTRODUCTION_OPEN_FOR, Introduction, Offer, Thanks
from tests.factories.sharing import MentorshipFactory


class OfferFactory(DjangoModelFactory):
    class Meta:
        model = Offer

    mentorship = factory.SubFactory(MentorshipFactory)
    words = "Italian, on Fridays."
    changed_at = factory.LazyFunction(lambda: datetime.now(UTC))


class ThanksFactory(DjangoModelFactory):
    """Thanks from the mentee of a relation to its mentor."""

    class Meta:
        model = Thanks

    mentorship = factory.SubFactory(MentorshipFactory)
    recipient = factory.SelfAttribute("mentorship.mentor")
    sender = factory.SelfAttribute("mentorship.mentee")
    words = "Your question about silence changed the interview."
    sent_at = factory.LazyFunction(lambda: datetime.now(UTC) - timedelta(hours=1))


class IntroductionFactory(DjangoModelFactory):
    """An introduction that waits for the mentee; `asked` waits for the other person, `made` was made."""

    class Meta:
        model = Introduction

    class Params:
        asked = factory.Trait(state="asked")
        made = factory.Trait(state="made", closed_at=factory.LazyFunction(lambda: datetime.now(UTC)))

    mentorship = factory.SubFactory(MentorshipFactory)
    email = factory.Sequence(lambda n: f"other{n}@example.net")
    who = "Hannah Weiss, runs a research team"
    words = "You both ask before you answer."
    created_at = factory.LazyFunction(lambda: datetime.now(UTC) - timedelta(hours=2))
    expires_at = factory.LazyAttribute(lambda o: o.created_at + INTRODUCTION_OPEN_FOR)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        row = model_class(*args, **kwargs)
        row.new_token()
        row.save()
        return row
