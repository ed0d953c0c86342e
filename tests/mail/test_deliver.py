from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.utils import timezone

from mail import outbox, services
from mail.models import Message, Suppression, address_hash
from mail.registry import Content
from tests.factories.accounts import UserFactory
from tests.mail.queued import only_message, queue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("says")]


def test_deliver_sends_once():
    message = queue(user=UserFactory(email="amara@example.org"))

    assert outbox.deliver() == 1
    assert outbox.deliver() == 0

    assert [m.to for m in django_mail.outbox] == [["amara@example.org"]]
    row = only_message()
    assert (row.state, row.lease, row.lease_until, row.reason) == ("sent", None, None, "")
    assert row.finished_at is not None
    assert django_mail.outbox[0].extra_headers["Message-ID"] == message.message_id


def test_deliver_writes_headers_of_list_mail():
    queue(user=UserFactory())
    outbox.deliver()

    sent = django_mail.outbox[0].message()
    assert sent["From"] == "Waymark <waymark@waymark.test>"
    assert sent["Subject"] == "Mail from Waymark arrives"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["X-Auto-Response-Suppress"] == "All"
    assert sent["Date"]
    assert sent["List-Unsubscribe"].startswith("<http://waymark.test/mail/unsubscribe/comments.")
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_deliver_mail_without_switch_has_no_list_headers():
    queue("test_letter", user=UserFactory())
    outbox.deliver()

    sent = django_mail.outbox[0].message()
    assert sent["List-Unsubscribe"] is None
    assert sent["List-Unsubscribe-Post"] is None
    assert "Stop these emails" not in django_mail.outbox[0].body


def test_deliver_mail_to_a_stranger_can_be_stopped():
    queue("test_letter", to="ann@example.org")
    outbox.deliver()

    link = django_mail.outbox[0].message()["List-Unsubscribe"]
    assert link.startswith("<http://waymark.test/mail/unsubscribe/all.")
    assert "ann" not in link
    assert "Stop all mail from here to this address: http" in django_mail.outbox[0].body


def test_deliver_text_and_html_say_the_same():
    queue(user=UserFactory())
    outbox.deliver()

    text = django_mail.outbox[0].body
    html = django_mail.outbox[0].alternatives[0].content
    for part in (text, html):
        assert "This mail was asked for on noon. There is nothing to do." in part
        assert "Why." in part
        assert "http://waymark.test/settings/mails/" in part
        assert "http://waymark.test/mail/unsubscribe/" in part
        assert "operator@waymark.test" in part
    assert "<" not in text.replace("<waymark", "")
    assert "\n\n\n" not in text


def test_deliver_escapes_html_only(says):
    says.anything = Content("mail/emails/test", {"asked_at": "<b>Q&A</b>"}, "Why.")
    queue()
    outbox.deliver()

    assert "<b>Q&A</b>" in django_mail.outbox[0].body
    assert "&lt;b&gt;Q&amp;A&lt;/b&gt;" in django_mail.outbox[0].alternatives[0].content


def test_deliver_uses_the_address_of_now():
    user = UserFactory(email="old@example.org")
    queue(user=user)
    user.email = "new@example.org"
    user.save()

    outbox.deliver()

    assert django_mail.outbox[0].to == ["new@example.org"]
    assert only_message().to == "new@example.org"


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda user: services.set_preference(user=user, kind="comments", on=False), "switched off"),
        (lambda user: user.emailaddress_set.update(verified=False), "the recipient has no verified address"),
        (lambda user: type(user).objects.update(is_active=False), "the recipient has no verified address"),
        (lambda user: type(user).objects.update(deletion_asked_at=timezone.now()), "the recipient has no verified"),
        (lambda user: Message.objects.update(expires_at=timezone.now()), "expired"),
        (
            lambda user: Suppression.objects.create(
                address_hash=address_hash(user.email), bounces=2, paused_at=timezone.now(), cause="refused"
            ),
            "the address keeps refusing mail",
        ),
    ],
)
def test_deliver_skips_with_a_reason(spoil, reason):
    user = UserFactory()
    queue(user=user)
    spoil(user)

    assert outbox.deliver() == 0

    assert not django_mail.outbox
    assert only_message().state == "skipped"
    assert only_message().reason.startswith(reason)


def test_deliver_other_switch_does_not_matter():
    user = UserFactory()
    queue(user=user)
    services.set_preference(user=user, kind="weekly", on=False)

    assert outbox.deliver() == 1


def test_deliver_skips_what_the_reader_may_no_longer_see(says):
    says.anything = None
    queue()

    outbox.deliver()

    assert (only_message().state, only_message().reason) == ("skipped", "no longer visible to the reader")


def test_deliver_skips_strangers_who_stopped_all_mail():
    queue("test_letter", to="Ann@example.org")
    services.set_stopped(to_hash=address_hash("ann@example.org"), stopped=True)

    outbox.deliver()

    assert only_message().state == "skipped"


def test_deleted_account_takes_its_mail_along():
    user = UserFactory()
    queue(user=user)

    user.delete()

    assert outbox.deliver() == 0
    assert not Message.objects.exists()


def test_not_before_waits():
    services.queue(
        "test_letter", to="a@example.org", ids={}, dedupe="1", not_before=timezone.now() + timedelta(minutes=10)
    )

    assert outbox.deliver() == 0
    Message.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    assert outbox.deliver() == 1


def test_urgent_mail_goes_first():
    queue("test_weekly", dedupe="1", user=UserFactory(email="weekly@example.org"))
    queue("test_note", dedupe="2", user=UserFactory(email="note@example.org"))

    outbox.deliver()

    assert [m.to[0] for m in django_mail.outbox] == ["note@example.org", "weekly@example.org"]


def test_batch_kind_is_asked_once(says):
    rows = [queue("test_weekly", dedupe=str(n)) for n in range(3)]

    outbox.deliver()

    assert says.asked == [[row.pk for row in rows]]
    assert len(django_mail.outbox) == 3


def test_batch_kind_failing_over_one_row_sends_the_others(says):
    rows = [queue("test_weekly", dedupe=str(n)) for n in range(3)]
    says.by_pk[rows[1].pk] = RuntimeError("boom")

    assert outbox.deliver() == 2

    bad = Message.objects.get(pk=rows[1].pk)
    assert (bad.state, bad.deaths, bad.reason) == ("queued", 1, "RuntimeError while writing it")


def test_error_over_a_row_three_times_is_its_end(says):
    row = queue()
    says.by_pk[row.pk] = RuntimeError("boom")
    for _ in range(3):
        Message.objects.update(not_before=timezone.now() - timedelta(seconds=1))
        outbox.sweep()

    assert (only_message().state, only_message().deaths) == ("dead", 3)


def test_unknown_kind_is_not_sent():
    queue()
    Message.objects.update(kind="of_an_app_that_is_gone")

    assert outbox.deliver() == 0
    assert only_message().reason == "ValueError while writing it"


def test_broken_template_harms_only_its_mail(says):
    rows = [queue(dedupe=str(n)) for n in range(2)]
    says.by_pk[rows[0].pk] = Content("mail/emails/no_such_mail", {}, "Why.")

    assert outbox.deliver() == 1
