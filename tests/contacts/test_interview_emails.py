"""The mails to somebody one asked to talk: what they say, when they are sent, and when not."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from icalendar import Calendar

from contacts.models import InterviewMail
from contacts.services.interview import Plan, agree_on_time, call_off, invite_by_mail
from mail import registry
from mail.letters import compose
from mail.models import Message, address_hash
from mail.services import set_stopped
from mail.strangers import BETWEEN_TWO_MAILS, turn_for
from tests.factories.contacts import ContactFactory, InterviewFactory, InterviewMailFactory, WayFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)  # Friday
STARTS_AT = datetime(2026, 12, 1, 15, tzinfo=UTC)
PRIVATE = {
    "why": "SECRETWHY",
    "asking": "SECRETASKING",
    "notes": "SECRETNOTES",
    "questions": ["SECRETQUESTION?"],
    "outcome": "SECRETOUTCOME",
}


@pytest.fixture(autouse=True)
def _friday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def interview(cast):
    cast.owner.time_zone = "Europe/Berlin"
    cast.owner.save()
    contact = ContactFactory(owner=cast.owner, name="Hannah Vogel", notes="SECRETCONTACTNOTES")
    WayFactory(contact=contact, value="Hannah@Example.org", compared="hannah@example.org")
    return InterviewFactory(contact=contact, agreed=True, place="Café, upstairs", **PRIVATE)


def send(interview, *, words="Looking forward to it.", now=NOW, to="hannah@example.org"):
    return invite_by_mail(interview=interview, by=interview.owner, to=to, words=words, now=now)


def letter(kind="interview_invitation", now=NOW):
    message = Message.objects.filter(kind=kind).order_by("-pk")[0]
    content = registry.find(kind).contents([message], now=now)[message.pk]
    return None if content is None else compose(message, content, now=now)


def event_in(mail):
    parsed = message_from_bytes(mail.as_bytes(), policy=policy.default)
    alternatives, file = parsed.iter_parts()
    *_, part = alternatives.iter_parts()
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    (event,) = calendar.walk("VEVENT")
    assert file.get_filename() == "invite.ics"
    assert file.get_payload(decode=True) == part.get_payload(decode=True)
    assert part["Content-Type"].params["method"] == calendar["METHOD"]
    return parsed, calendar, event


def test_invitation_says_when_where_from_whom_and_nothing_private(interview):
    send(interview)

    mail = letter()
    parsed, calendar, event = event_in(mail)
    assert parsed["To"] == "hannah@example.org"
    assert parsed["Subject"] == "Conversation with Olive Owner, Tuesday 1 December, 16:00 (Europe/Berlin, UTC+01:00)"
    assert parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/mail/unsubscribe/" in parsed["List-Unsubscribe"]
    for body in (mail.text, mail.html):
        assert "Tuesday 1 December, 16:00 (Europe/Berlin, UTC+01:00)" in body
        assert "Café, upstairs" in body
        assert "Looking forward to it." in body
        assert "owner@example.org" in body
        assert "typed your address into Waymark" in body
    raw = mail.as_bytes().decode(errors="replace") + str(event) + mail.text + mail.html
    assert "SECRET" not in raw
    assert (calendar["METHOD"], event["SEQUENCE"], event["UID"]) == ("REQUEST", 0, str(interview.uid))
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (STARTS_AT, STARTS_AT + timedelta(minutes=30))
    assert event["LOCATION"] == "Café, upstairs"
    assert event["ATTENDEE"] == "mailto:hannah@example.org"
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"


def test_a_moved_time_goes_out_with_a_higher_sequence_and_the_old_mail_not_at_all(interview):
    send(interview)
    old = Message.objects.get()
    moved = agree_on_time(interview=interview, plan=Plan(STARTS_AT + timedelta(days=1), 30, "By phone"))

    assert letter() is None, "the first was overtaken"

    send(moved, now=NOW + timedelta(minutes=5))
    mail = letter()
    _, _, event = event_in(mail)
    assert (event["SEQUENCE"], event["UID"]) == (1, str(interview.uid))
    assert mail.text.startswith("Olive Owner (owner@example.org) sends you the time anew.")
    assert "This is another time than the one before." in mail.html
    assert registry.find(old.kind).contents([old], now=NOW)[old.pk] is None


def test_calling_off_cancels_it_in_the_calendar(interview):
    send(interview)

    call_off(interview=interview, by=interview.owner, tells=True, now=NOW + timedelta(minutes=1))

    assert letter() is None, "an invitation that waits is not sent any more"
    mail = letter("interview_cancelled")
    parsed, calendar, event = event_in(mail)
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    assert event["UID"] == str(interview.uid)
    assert parsed["Subject"].startswith("Called off: conversation with Olive Owner")
    assert "has called off the conversation of Tuesday 1 December, 16:00" in mail.text
    assert "has called it off" in mail.html
    assert "SECRET" not in mail.as_bytes().decode(errors="replace") + mail.text + mail.html


def test_calling_off_names_the_time_that_calendars_hold(interview):
    """The owner agreed on another time and sent no mail about it."""
    send(interview)
    moved = Plan(starts_at=STARTS_AT + timedelta(days=2), minutes=45, place="Café, upstairs")
    agree_on_time(interview=interview, plan=moved)

    call_off(interview=interview, by=interview.owner, tells=True, now=NOW + timedelta(minutes=1))

    mail = letter("interview_cancelled")
    _, _, event = event_in(mail)
    assert event["DTSTART"].dt == STARTS_AT
    assert event["SEQUENCE"] == 2
    assert "Tuesday 1 December, 16:00" in mail.text


def test_calling_off_tells_every_address_that_holds_an_invitation(client, owner, interview):
    send(interview)
    send(interview, to="work@example.org", now=NOW + timedelta(minutes=5))
    client.force_login(owner)
    page = client.get(f"{interview.get_absolute_url()}cancel/").content.decode()
    assert "Tell hannah@example.org and work@example.org by mail" in page
    assert page.count("has called it off") == 1

    call_off(interview=interview, by=interview.owner, tells=True, now=NOW + timedelta(minutes=6))
    agree_on_time(interview=interview, plan=Plan(starts_at=STARTS_AT, minutes=30, place=""))
    send(interview, to="work@example.org", now=NOW + timedelta(minutes=15))
    call_off(interview=interview, by=interview.owner, tells=True, now=NOW + timedelta(minutes=20))

    told = Message.objects.filter(kind="interview_cancelled").order_by("pk").values_list("to", flat=True)
    assert list(told) == ["hannah@example.org", "work@example.org", "work@example.org"]


def test_calling_off_tells_nobody_of_a_time_that_has_passed(interview):
    send(interview)
    agree_on_time(interview=interview, plan=Plan(starts_at=STARTS_AT + timedelta(days=9), minutes=30, place=""))

    call_off(interview=interview, by=interview.owner, tells=True, now=STARTS_AT + timedelta(hours=1))

    assert not Message.objects.filter(kind="interview_cancelled").exists()


@pytest.mark.parametrize("tells", [True, False])
def test_nobody_who_was_not_invited_is_told(interview, tells):
    call_off(interview=interview, by=interview.owner, tells=tells, now=NOW)

    assert not Message.objects.exists()


def test_calling_off_without_telling_sends_nothing(interview):
    send(interview)

    call_off(interview=interview, by=interview.owner, tells=False, now=NOW)

    assert not Message.objects.filter(kind="interview_cancelled").exists()


def _delete(interview):
    interview.put_in_bin(at=NOW)


def _delete_contact(interview):
    interview.contact.put_in_bin(at=NOW)


def _leave(interview):
    interview.owner.deletion_asked_at = NOW
    interview.owner.save()


def _hold(interview):
    interview.state, interview.held_on = "held", NOW.date()
    interview.save()


@pytest.mark.parametrize("change", [_delete, _delete_contact, _leave, _hold])
def test_invitation_is_not_sent_once_it_is_no_longer_true(interview, change):
    send(interview)
    change(interview)

    assert letter() is None


def test_invitation_is_not_sent_once_the_time_has_passed(interview):
    send(interview)

    assert letter(now=STARTS_AT) is None
    assert Message.objects.get().expires_at == STARTS_AT


def test_an_address_that_stopped_all_mail_gets_none(interview):
    set_stopped(to_hash=address_hash("hannah@example.org"), stopped=True)

    send(interview)  # and its sender is not told

    assert Message.objects.with_recipient().get().is_stopped


# The page ------------------------------------------------------------------------------------------------------------


def test_nothing_is_sent_before_the_text_was_shown_and_send_pressed(client, owner, interview):
    url = f"{interview.get_absolute_url()}invite/"
    assert client.get(url).status_code == 200
    assert 'name="send"' not in client.get(url).content.decode()

    shown = client.post(url, {"to": "hannah@example.org", "words": "See <you>"}).content.decode()

    assert not Message.objects.exists()
    assert 'name="send"' in shown
    assert "See &lt;you&gt;" in shown
    assert "Tuesday 1 December, 16:00 (Europe/Berlin, UTC+01:00)" in shown

    response = client.post(url, {"to": "hannah@example.org", "words": "See <you>", "send": "1"}, follow=True)

    assert "Sent to hannah@example.org" in response.content.decode()
    assert InterviewMail.objects.get().words == "See <you>"
    assert "See <you>" in letter().text
    assert "See &lt;you&gt;" in letter().html


@pytest.mark.parametrize("to", ["", "other@example.org", "hannah@example.org\nBcc: x@example.org", "x" * 5000])
def test_only_an_address_of_the_contact_is_written_to(client, owner, interview, to):
    response = client.post(f"{interview.get_absolute_url()}invite/", {"to": to, "send": "1"})

    assert response.status_code == 422
    assert not Message.objects.exists()


def test_without_an_address_the_page_says_so(client, owner):
    interview = InterviewFactory(contact__owner=owner, agreed=True)

    assert "You have noted no email address" in client.get(f"{interview.get_absolute_url()}invite/").content.decode()


@pytest.mark.parametrize("state", ["wanted", "asked", "held", "closed"])
def test_only_an_agreed_one_is_sent(client, owner, interview, state):
    interview.state, interview.held_on = state, NOW.date()
    interview.save()

    response = client.post(f"{interview.get_absolute_url()}invite/", {"to": "hannah@example.org", "send": "1"})

    assert response.status_code == 409
    assert not Message.objects.exists()


def test_cancel_page_shows_the_text_and_tells(client, owner, interview):
    send(interview)
    url = f"{interview.get_absolute_url()}cancel/"
    assert "Tell hannah@example.org by mail" in client.get(url).content.decode()

    client.post(url, {"tells": "on"})

    assert Message.objects.filter(kind="interview_cancelled").count() == 1


# Limits --------------------------------------------------------------------------------------------------------------


def sent_before(owner, number, *, to, ago=timedelta(hours=1)):
    for _ in range(number):
        InterviewMailFactory(interview__contact__owner=owner, to=to, sent_at=NOW - ago)


@pytest.mark.parametrize(
    ("number", "to", "ago", "said"),
    [
        (10, "somebody@example.com", timedelta(hours=23), "You have sent ten of these in a day."),
        (1, "hannah@example.org", timedelta(minutes=1), "Give the mail three minutes to arrive."),
        (4, "hannah@example.org", timedelta(days=20), "You have written to this address four times this month."),
    ],
)
def test_limit_is_told_to_the_sender(client, owner, interview, number, to, ago, said):
    sent_before(owner, number, to=to, ago=ago)

    response = client.post(
        f"{interview.get_absolute_url()}invite/", {"to": "hannah@example.org", "words": "Kept", "send": "1"}
    )

    assert response.status_code == 422
    assert said in response.content.decode()
    assert "Kept" in response.content.decode()
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("number", "to", "ago"),
    [
        (9, "somebody@example.com", timedelta(hours=23)),
        (10, "somebody@example.com", timedelta(hours=25)),
        (1, "hannah@example.org", BETWEEN_TWO_MAILS),
        (3, "hannah@example.org", timedelta(days=20)),
    ],
)
def test_below_the_limits_it_is_sent(owner, interview, number, to, ago):
    sent_before(owner, number, to=to, ago=ago)

    send(interview)

    assert Message.objects.count() == 1


def test_an_address_gets_two_a_day_from_whomever(cast, interview):
    for person in (cast.mentor, cast.stranger):
        sent_before(person, 1, to="hannah@example.org", ago=timedelta(hours=2))

    send(interview)

    assert Message.objects.get().not_before == NOW + timedelta(hours=22)
    assert turn_for("somebody@example.org", NOW) == NOW


@pytest.mark.django_db(transaction=True)
def test_quick_clicks_send_one(interview):
    results = at_once(*[lambda: send(interview)] * 3)

    assert sum(isinstance(result, InterviewMail) for result in results) == 1
    assert Message.objects.count() == 1


@pytest.mark.parametrize("noted", [f"{'a' * 290}@example.org", "a(b@example.org", "hannah@office", "..@example.org"])
def test_what_is_no_address_of_mail_is_not_written_to(client, interview, noted):
    interview.contact.ways.update(value=noted, compared=noted)
    client.force_login(interview.owner)
    url = f"{interview.get_absolute_url()}invite/"

    response = client.post(url, {"to": noted, "words": "", "send": "1"})

    assert response.status_code == 422
    assert not Message.objects.exists()
    assert client.get(url).status_code == 200


def test_cancellation_goes_out_where_the_record_was_deleted_since(interview):
    send(interview)
    call_off(interview=interview, by=interview.owner, tells=True, now=NOW + timedelta(minutes=5))

    interview.put_in_bin(at=NOW)
    interview.contact.put_in_bin(at=NOW)

    assert letter("interview_cancelled") is not None
    assert letter("interview_invitation") is None
