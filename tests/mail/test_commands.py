from io import StringIO

import pytest
from django.core import mail as django_mail
from django.core.management import call_command
from django.urls import reverse

from mail import outbox
from mail.admin import MessageAdmin
from mail.models import Message, OutboxState
from mail.services import Draft, queue_many

pytestmark = pytest.mark.django_db


def said(*command):
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def test_test_mail_is_queued_and_arrives():
    assert "Queued as <" in said("mail_test", "ann@example.org")

    outbox.deliver()

    assert django_mail.outbox[0].to == ["ann@example.org"]
    assert django_mail.outbox[0].subject == "Mail from Waymark arrives"


def test_status_counts_by_state():
    said("mail_test", "ann@example.org")
    outbox.sweep()
    said("mail_test", "bob@example.org")

    status = said("mail_status")

    assert "Mail flows." in status
    assert "queued        1" in status
    assert "sent        1" in status
    assert "ann@" not in status


def test_status_before_anything():
    assert "Last sweep: never" in said("mail_status")


def test_pause_and_resume():
    said("mail_pause", "restored")
    said("mail_test", "ann@example.org")
    assert outbox.sweep() == 0
    assert "Paused since" in said("mail_status")
    assert "restored" in said("mail_status")

    said("mail_resume")

    assert outbox.sweep() == 1
    assert OutboxState.objects.get().paused_at is None


def test_status_tells_of_a_broken_server():
    said("mail_pause")
    said("mail_resume")
    outbox.Sender(outbox.configured_transport())._break("no such host")

    assert "no such host" in said("mail_status")
    said("mail_resume")
    assert "Mail flows." in said("mail_status")


def test_admin_shows_no_text_and_changes_nothing(rf):
    (row,) = queue_many("account", [Draft(to="ann@example.org", dedupe="1", context='{"code": "A1B-2C3"}')])
    from django.contrib import admin

    page = MessageAdmin(Message, admin.site)

    assert not {"context", "ids", "dedupe"} & {*page.fields, *page.list_display, *page.search_fields}
    assert not page.has_add_permission(rf.get("/"))
    assert not page.has_change_permission(rf.get("/"), row)
    assert not page.has_delete_permission(rf.get("/"), row)
    assert reverse("admin:mail_message_changelist")
