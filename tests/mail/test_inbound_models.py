import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mail.models import Inbound, Message
from tests.mail.queued import queue

pytestmark = pytest.mark.django_db


def inbound(**fields):
    now = timezone.now()
    return Inbound.objects.create(**{"key": "k" * 64, "via": "command", "received_at": now, "not_before": now} | fields)


def breaks(constraint, make):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()


def test_one_row_for_one_mail():
    inbound()

    breaks("key", lambda: inbound())


def test_end_has_a_time():
    now = timezone.now()

    breaks("mail_inbound_end_has_a_time", lambda: inbound(state="used"))
    breaks("mail_inbound_end_has_a_time", lambda: inbound(finished_at=now))


def test_says_why_not():
    now = timezone.now()

    breaks("mail_inbound_says_why_not", lambda: inbound(state="refused", finished_at=now))
    breaks("mail_inbound_says_why_not", lambda: inbound(state="used", finished_at=now, reason="empty"))


@pytest.mark.parametrize("kept", [{"raw": "words"}, {"envelope": "words"}, {"raw_size": 5}])
def test_is_not_kept_once_used(kept):
    now = timezone.now()

    breaks("mail_inbound_is_not_kept", lambda: inbound(state="used", finished_at=now, **kept))


def test_raw_text_is_encrypted_at_rest():
    row = inbound(raw="a private thought", raw_size=17, envelope='{"sender": "ann@example.org"}')

    stored = str(Inbound.objects.extra(select={"cipher": "raw || envelope"}).values_list("cipher").get(pk=row.pk))

    assert "private" not in stored
    assert "ann" not in stored
    assert Inbound.objects.get().raw == "a private thought"


def test_one_reply_token(says):
    queue(dedupe="1")
    queue(dedupe="2")

    breaks("mail_message_one_reply_token", lambda: Message.objects.update(reply_hash="h" * 64))


def test_counts_what_was_dropped():
    now = timezone.now()

    for fields in ({"reason": "too_many"}, {"reason": "empty", "dropped": 1}):
        breaks(
            "mail_inbound_counts_what_was_dropped",
            lambda fields=fields: inbound(state="refused", finished_at=now, **fields),
        )
