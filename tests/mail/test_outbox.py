import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mail import outbox, services
from mail.leases import Lease
from mail.models import Message, OutboxState
from mail.transport import DJANGO_SMTP
from tests.factories.accounts import UserFactory
from tests.mail.queued import only_message, queue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("says")]


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


def test_mail_that_cannot_be_written_down_holds_up_no_other(smtp_sink, settings):
    settings.EMAIL_BACKEND = DJANGO_SMTP
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_sink.port
    bad = queue(dedupe="1", to=f"x@{'ü' * 64}.example")  # a name longer than the net knows
    queue(dedupe="2")

    assert outbox.deliver() == 1

    assert Message.objects.get(pk=bad.pk).reason == "UnicodeError while writing it"
    assert len(smtp_sink.accepted) == 1


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
