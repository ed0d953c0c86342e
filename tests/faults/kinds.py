"""Mails for the workers of these tests (`celery worker -I tests.faults.kinds`): harmless ones, and poison."""

import os
import uuid
from datetime import timedelta

from django.utils import timezone

from config.celery import app
from mail import leases, outbox
from mail.registry import Content, kind, reply
from mail.services import queue

# The tests' database may have started a moment ago; waiting for its other clients is tried in test_database.py.
leases.REPORT_SECONDS = int(os.environ.get("REPORT_SECONDS", "0"))
outbox.RENDER_SECONDS = 1
app.conf.beat_schedule = {
    name: {**entry, "schedule": float(os.environ.get("SWEEP_SECONDS", "3600"))}
    for name, entry in app.conf.beat_schedule.items()
    if name == "mail"
}


def content():
    return Content("mail/emails/test", {"asked_at": "noon"}, "Why.")


@kind("fault_fine", preference=None)
def fine(message, *, now):
    return content()


@reply("fault_fine", about="a mail of these tests")
def answered(message, answer, *, at):
    """Leave a row for each time an answer counts."""
    later = timezone.now() + timedelta(days=1)
    queue("fault_batch", user=message.user, ids={}, dedupe=f"answer:{uuid.uuid4()}", not_before=later)


@kind("fault_batch", preference="weekly", batch=True)
def batch(messages, *, now):
    return {message.pk: content() for message in messages}


@kind("fault_exit", preference=None)
def exits(message, *, now):
    os._exit(1)


@kind("fault_loop", preference=None)
def loops(message, *, now):
    while True:
        pass


@kind("fault_raise", preference=None)
def raises(message, *, now):
    raise RuntimeError("poison")


@kind("fault_memory", preference=None)
def eats(message, *, now):
    # What the kernel does to a process that took all memory, without taking it all.
    os.kill(os.getpid(), 9)
