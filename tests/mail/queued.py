"""Mails of the test kinds (conftest.py) in the outbox."""

from mail import services
from mail.models import Message
from tests.factories.accounts import UserFactory


def queue(kind="test_note", dedupe="1", **to):
    to = to or {"user": UserFactory()}
    return services.queue(kind, ids={}, dedupe=dedupe, **to)


def only_message():
    return Message.objects.get()
