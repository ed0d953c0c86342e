import smtplib
import time
from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mail import outbox, services
from mail.leases import Lease
from mail.models import Message, OutboxState, Suppression, address_hash
from mail.registry import Content
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("says")]


def queue(kind="test_note", dedupe="1", **to):
    to = to or {"user": UserFactory()}
    return services.queue(kind, ids={}, dedupe=dedupe, **to)


def only_message():
    return Message.objects.get()


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
                address_hash=address_hash(user.email), bounces=2, paused_at=timezone.now()
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


def test_paused_outbox_sends_nothing():
    queue()
    outbox.pause("a test")

    assert outbox.deliver() == 0
    assert only_message().state == "queued"
    outbox.resume()
    assert outbox.deliver() == 1


def test_sweep_after_a_restore_pauses():
    outbox.sweep()
    OutboxState.objects.update(cluster="7000000000000000001")
    queue()

    assert outbox.sweep() == 0

    assert "restored" in OutboxState.objects.get().pause_reason
    outbox.resume()
    assert outbox.sweep() == 1


def test_sweep_notes_its_time():
    outbox.sweep()

    assert timezone.now() - OutboxState.objects.get().swept_at < timedelta(seconds=5)


def hold(deaths=0):
    """Claim what is due as a worker would that then dies, and let its lease end."""
    lease = Lease()
    count = lease.claim(limit=100, suspects=deaths > 0)
    Message.objects.filter(lease=lease.key).update(lease_until=timezone.now() - timedelta(seconds=1))
    return count


def test_sweep_takes_back_what_a_dead_worker_held():
    queue()
    assert hold() == 1
    assert outbox.deliver() == 0

    assert outbox.sweep() == 1

    assert (only_message().state, only_message().deaths) == ("sent", 1)


def test_three_deaths_are_the_end(caplog):
    queue()
    outbox._note_sweep()
    for deaths in range(3):
        assert hold(deaths=deaths) == 1
        outbox.free_abandoned()

    assert (only_message().state, only_message().deaths) == ("dead", 3)
    assert only_message().finished_at is not None
    assert "is dead" in caplog.text
    assert outbox.sweep() == 0


def test_suspect_is_claimed_alone():
    for number in range(3):
        queue(dedupe=str(number))
    hold()
    outbox.free_abandoned()

    lease = Lease()

    assert lease.claim(limit=100) == 0
    assert lease.claim(limit=1, suspects=True) == 1


def test_lease_that_is_not_ours_does_not_send():
    queue()
    lease = Lease()
    lease.claim(limit=1)
    row = Message.objects.get()
    lease.ids = {row.pk}
    Message.objects.update(lease="00000000-0000-0000-0000-000000000000")

    lease.renew()

    with pytest.raises(outbox.LeaseLostError):
        lease.check(row)


def test_expired_mail_is_emptied_by_the_sweep():
    services.queue_many(
        "account",
        [services.Draft(to="a@example.org", dedupe="1", context='{"code": 1}', expires_at=timezone.now())],
    )
    outbox.pause("a test")

    outbox.sweep()

    assert (only_message().state, only_message().reason, only_message().context) == ("skipped", "expired", "")


def test_context_is_stored_encrypted():
    services.queue_many("account", [services.Draft(to="a@example.org", dedupe="1", context="code 123456")])

    with connection.cursor() as cursor:
        cursor.execute("SELECT context FROM mail_message")
        stored = cursor.fetchone()[0]
    assert "123456" not in stored
    assert only_message().context == "code 123456"


def test_housekeeping_forgets_old_mail():
    queue(dedupe="1")
    queue(dedupe="2")
    outbox.deliver()
    Message.objects.filter(dedupe="1").update(finished_at=timezone.now() - timedelta(days=91))
    queue(dedupe="3")
    Message.objects.filter(dedupe="3").update(queued_at=timezone.now() - timedelta(days=400))

    outbox.housekeeping()

    assert {row.dedupe for row in Message.objects.all()} == {"2", "3"}


def refuse_with(monkeypatch, error):
    def send_messages(self, messages):
        raise error

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", send_messages)


def test_refused_mail_fails_and_counts(monkeypatch):
    user = UserFactory()
    refuse_with(monkeypatch, smtplib.SMTPResponseException(550, b"no such user"))
    queue(user=user, dedupe="1")
    outbox.deliver()

    assert only_message().state == "failed"
    assert not services.is_paused(user.email)
    queue(user=user, dedupe="2")
    outbox.deliver()
    assert services.is_paused(user.email)


def test_accepted_mail_forgets_bounces():
    user = UserFactory()
    Suppression.objects.create(address_hash=address_hash(user.email), bounces=1)
    queue(user=user)

    outbox.deliver()

    assert Suppression.objects.get().bounces == 0


def test_later_backs_off(monkeypatch):
    refuse_with(monkeypatch, smtplib.SMTPResponseException(451, b"greylisted"))
    queue()

    before = timezone.now()
    outbox.deliver()

    row = only_message()
    assert (row.state, row.tries) == ("queued", 1)
    assert 50 < (row.not_before - before).total_seconds() < 80
    assert "451" in row.reason


def test_later_is_given_up_after_a_day(monkeypatch, caplog):
    refuse_with(monkeypatch, smtplib.SMTPResponseException(451, b"greylisted"))
    queue()
    waited = timedelta()
    tries = 0
    while only_message().state == "queued":
        begun = timezone.now()
        outbox.deliver()
        tries += 1
        waited += only_message().not_before - begun
        Message.objects.filter(state="queued").update(not_before=timezone.now() - timedelta(seconds=1))

    assert only_message().state == "dead"
    assert tries >= 8
    assert waited > timedelta(hours=24)
    assert "given up" in caplog.text


def test_broken_server_burns_nothing(monkeypatch):
    refuse_with(monkeypatch, ConnectionRefusedError())
    queue(dedupe="1")
    queue(dedupe="2")

    outbox.deliver()

    state = OutboxState.objects.get()
    assert state.failures == 1
    assert "ConnectionRefusedError" in state.broken_reason
    assert set(Message.objects.values_list("state", "tries", "deaths", "lease")) == {("queued", 0, 0, None)}


def test_broken_server_is_left_alone_longer_each_time(monkeypatch):
    refuse_with(monkeypatch, ConnectionRefusedError())
    queue()
    pauses = []
    for _ in range(8):
        OutboxState.objects.update(broken_until=None)
        begun = timezone.now()
        outbox.deliver()
        pauses.append(round((OutboxState.objects.get().broken_until - begun).total_seconds(), -1))

    assert pauses == sorted(pauses)
    assert pauses[0] in {10, 20}
    assert pauses[-1] == 600
    monkeypatch.undo()


def test_mended_server_is_used_again(monkeypatch):
    with monkeypatch.context() as patch:
        refuse_with(patch, ConnectionRefusedError())
        queue()
        outbox.deliver()
    assert outbox.deliver() == 0

    OutboxState.objects.update(broken_until=timezone.now())
    assert outbox.sweep() == 1

    assert OutboxState.objects.get().failures == 0


@pytest.mark.django_db(transaction=True)
def test_endless_loop_is_cut_short(says, monkeypatch):
    monkeypatch.setattr(outbox, "RENDER_SECONDS", 0.2)
    rows = [queue(dedupe=str(n)) for n in range(2)]

    def loop():
        while True:
            pass

    says.by_pk[rows[0].pk] = loop

    assert outbox.deliver() == 1
    assert Message.objects.get(pk=rows[0].pk).reason == "TimeoutError while writing it"


def test_what_a_slow_batch_says_is_asked_again(says, monkeypatch):
    monkeypatch.setattr(outbox, "STALE_SECONDS", 0)
    for number in range(4):
        queue("test_weekly", dedupe=str(number))

    assert outbox.deliver() == 4
    assert len(says.asked) > 1


def test_statements_for_many_scheduled_mails():
    people = UserFactory.create_batch(40)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        services.queue_many("test_weekly", [services.Draft(user=user, dedupe=str(user.pk)) for user in people])
        assert outbox.deliver() == 40

    assert len(queries) <= 1.1 * 40 + 4  # one mark each; the rest is shared by batches of 200


def test_statements_for_one_event_mail():
    user = UserFactory()

    with CaptureQueriesContext(connection) as queries:
        queue(user=user)
        assert outbox.deliver() == 1

    assert len(queries) == 4  # insert, claim, load, mark: two are left for the kind itself


def test_lease_is_renewed_while_it_is_old(monkeypatch):
    queue()
    lease = Lease()
    lease.claim(limit=1)
    first = Message.objects.get().lease_until

    lease.keep()
    assert Message.objects.get().lease_until == first
    monkeypatch.setattr("mail.leases._now", lambda: lease._ends - lease.seconds / 2)
    lease.keep()

    assert Message.objects.get().lease_until > first


def test_lease_is_long_enough_for_the_slowest_answer(settings):
    settings.EMAIL_TIMEOUT = 60
    settings.MAIL_LEASE_SECONDS = 60

    lease = Lease()

    assert lease.seconds == 120
    assert lease.margin == 60


def test_run_ends_in_time_and_rings_for_the_next(monkeypatch):
    rung = []
    monkeypatch.setattr(outbox, "ring", lambda: rung.append(1))
    for number in range(3):
        queue(dedupe=str(number))
    monkeypatch.setattr(outbox, "RUN_SECONDS", 0.5)
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", lambda *args: time.sleep(0.6))

    assert outbox.deliver() == 1

    assert rung == [1]
    assert Message.objects.filter(state="queued", lease=None).count() == 2
