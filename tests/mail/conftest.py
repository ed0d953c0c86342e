from dataclasses import dataclass, field

import pytest

from mail import registry
from mail.registry import Content
from tests.mail.coming_in import DOMAIN
from tests.mail.queued import queue


@dataclass
class Says:
    """What the kinds of these tests say: by message pk, else `anything`; `asked` lists the pks of each question."""

    anything: Content | None = field(default_factory=lambda: Content("mail/emails/test", {"asked_at": "noon"}, "Why."))
    by_pk: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)

    def __call__(self, pk):
        said = self.by_pk.get(pk, self.anything)
        if isinstance(said, Exception):
            raise said
        return said() if callable(said) else said


@pytest.fixture
def says(monkeypatch):
    """Registers test_note (switch: comments), test_letter (no switch) and test_weekly (switch: weekly, in batches)."""
    says = Says()
    # The tests' database started a moment ago, which is not what they are about.
    monkeypatch.setattr("mail.leases.REPORT_SECONDS", 0)
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))

    def one(message, *, now):
        says.asked.append([message.pk])
        return says(message.pk)

    def many(messages, *, now):
        says.asked.append([message.pk for message in messages])
        return {message.pk: says(message.pk) for message in messages}

    registry.kind("test_note", preference="comments")(one)
    registry.kind("test_letter", preference=None)(one)
    registry.kind("test_weekly", preference="weekly", batch=True)(many)
    return says


@pytest.fixture
def taken(settings, says, monkeypatch):
    """The answers that were used, as (pk of the mail answered, text); a mail that can be answered is in the outbox."""
    settings.REPLY_DOMAIN = DOMAIN
    taken = []
    take = lambda message, answer, *, at: taken.append((message.pk, answer.text))  # noqa: E731
    monkeypatch.setattr(registry, "_replies", {"test_note": (take, "a note")})
    queue()
    return taken
