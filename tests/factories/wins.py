from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from tests.factories.accounts import UserFactory
from wins.models import Win, WinComment

ADDED_AT = datetime(2026, 11, 17, 17, 30, tzinfo=UTC)


class WinFactory(DjangoModelFactory):
    """Something that went well on a Tuesday; `starred=True` makes it large, `shared_with=[mentorship]` shares it."""

    class Meta:
        model = Win
        skip_postgeneration_save = True

    class Params:
        starred = factory.Trait(starred_at=ADDED_AT)

    owner = factory.SubFactory(UserFactory)
    text = factory.Sequence(lambda n: f"Ran interview {n} without my notes.")
    happened_on = date(2026, 11, 17)
    created_at = ADDED_AT

    @factory.post_generation
    def shared_with(self, create, mentorships, **kwargs):
        if mentorships:
            self.shared_with.add(*mentorships)


class WinCommentFactory(DjangoModelFactory):
    class Meta:
        model = WinComment

    item = factory.SubFactory(WinFactory)
    mentorship = None
    author = factory.SelfAttribute("mentorship.mentor")
    text = "Well done. What made it easy?"
    created_at = ADDED_AT
