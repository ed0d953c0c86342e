"""The invitation as a calendar program takes it: read by a strict parser, against RFC 5545, 5546 and 6047."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from icalendar import Calendar

from mail import registry
from mail.letters import compose
from mail.models import Message
from mentors import services
from mentors.events import CANCEL, REQUEST, event_of
from mentors.services import Terms
from tests.factories.accounts import UserFactory
from tests.factories.mentors import CheckInFactory
from tests.factories.sharing import MentorshipFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)


@pytest.fixture
def check_in():
    relation = MentorshipFactory(
        mentee=UserFactory(name="Amara Osei", email="amara@example.org", time_zone="Europe/London"),
        mentor=UserFactory(name="Ruth Lindqvist", email="ruth@example.org", time_zone="Europe/Stockholm"),
    )
    return CheckInFactory(
        mentorship=relation, starts_at=datetime(2026, 3, 17, 17, 30, tzinfo=UTC), place="Café, upstairs; room 2"
    )


def read(file):
    assert file.endswith(b"\r\n")
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    calendar = Calendar.from_ical(file)
    assert not calendar.errors
    assert not [error for component in calendar.walk() for error in component.errors]
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_request(check_in, settings):
    settings.DEFAULT_FROM_EMAIL = "Waymark <hello@waymark.example>"
    calendar, event = read(event_of(check_in, recipient=check_in.mentorship.mentee, method=REQUEST, now=NOW).file)

    assert calendar["METHOD"] == "REQUEST"
    assert calendar["VERSION"] == "2.0"
    assert event["UID"] == str(check_in.uid)
    assert event["SEQUENCE"] == 0
    assert event["DTSTAMP"].dt == NOW
    assert event["DTSTART"].dt == check_in.starts_at
    assert event["DTEND"].dt == check_in.starts_at + timedelta(minutes=45)
    assert event["SUMMARY"] == "Check-in with Ruth"
    assert event["LOCATION"] == "Café, upstairs; room 2"
    assert event["ORGANIZER"] == "mailto:hello@waymark.example"
    assert event["ATTENDEE"] == "mailto:amara@example.org"
    assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"
    assert event["STATUS"] == "CONFIRMED"
    assert "ruth@example.org" not in str(event.to_ical())


def test_each_side_reads_the_others_name(check_in):
    _, event = read(event_of(check_in, recipient=check_in.mentorship.mentor, method=REQUEST, now=NOW).file)

    assert event["SUMMARY"] == "Check-in with Amara"
    assert event["ATTENDEE"] == "mailto:ruth@example.org"


def test_cancel_has_the_same_uid_and_a_higher_sequence(check_in):
    check_in.sequence = 1
    _, asked = read(event_of(check_in, recipient=check_in.mentorship.mentor, method=REQUEST, now=NOW).file)
    services.cancel_check_in(check_in=check_in, by=check_in.mentorship.mentee, now=NOW)
    check_in.refresh_from_db()

    calendar, event = read(event_of(check_in, recipient=check_in.mentorship.mentor, method=CANCEL, now=NOW).file)

    assert calendar["METHOD"] == "CANCEL"
    assert event["STATUS"] == "CANCELLED"
    assert event["UID"] == asked["UID"]
    assert event["SEQUENCE"] > 0
    assert event["ORGANIZER"] == asked["ORGANIZER"]
    assert event["ATTENDEE"] == asked["ATTENDEE"]


@pytest.mark.parametrize(
    "name",
    ['A"; X=1:mailto:evil@x', "Æ" * 79, "a\r\nEND:VEVENT", "家族 👩‍👩‍👧", "x^n;,:\\"],
)
def test_hostile_names_and_places_stay_values(check_in, name):
    check_in.mentorship.mentee.name = check_in.mentorship.mentor.name = name
    check_in.place = name
    file = event_of(check_in, recipient=check_in.mentorship.mentee, method=REQUEST, now=NOW).file

    calendar, event = read(file)

    assert len(calendar.walk("VEVENT")) == 1
    assert event["ATTENDEE"] == "mailto:amara@example.org"
    assert event["SUMMARY"].startswith("Check-in with ")


def test_a_caret_in_a_name_is_no_line_break(check_in):
    """ical.js, the parser of Thunderbird, reads "^n" in a parameter as RFC 6868 says."""
    check_in.mentorship.mentee.name = "Ann^n Osei"

    file = event_of(check_in, recipient=check_in.mentorship.mentee, method=REQUEST, now=NOW).file

    assert b'CN="Ann^^n Osei"' in file.replace(b"\r\n ", b"")


def letter_of(message, now=NOW):
    content = registry.find(message.kind).contents([message], now=now)[message.pk]
    return None if content is None else compose(message, content, now=now)


def planned(check_in):
    """Propose for this relation and pick; return the two mails."""
    relation = check_in.mentorship
    offer = services.propose_check_in(
        mentorship=relation, by=relation.mentee, times=[check_in.starts_at], terms=Terms(45, "video", ""), now=NOW
    )
    services.pick_time(check_in=offer, by=relation.mentor, time=offer.times.get().pk, now=NOW)
    return Message.objects.filter(kind="checkin_planned").order_by("pk")


def test_the_mail_carries_it_and_agrees_with_it(check_in):
    for message in planned(check_in):
        mail = message_from_bytes(letter_of(message).as_bytes(), policy=policy.default)
        alternatives, file = mail.iter_parts()
        text, html, part = alternatives.iter_parts()

        assert part["Content-Type"].params["method"] == "REQUEST"
        assert file.get_payload(decode=True) == part.get_payload(decode=True)
        calendar, event = read(part.get_payload(decode=True))
        assert calendar["METHOD"] == "REQUEST"
        assert event["ORGANIZER"] == f"mailto:{mail['From'].addresses[0].addr_spec}"
        assert event["ATTENDEE"] == f"mailto:{mail['To'].addresses[0].addr_spec}"
        assert "Check-in with" in mail["Subject"]
        assert "17 March" in text.get_content()
        assert "17 March" in html.get_content()


def test_each_reads_the_time_of_their_own_clock(check_in):
    amara, ruth = planned(check_in)

    assert "Tuesday 17 March, 17:30" in letter_of(amara).text
    assert "Tuesday 17 March, 18:30" in letter_of(ruth).text


def test_what_itip_asks_of_each_method(check_in):
    """RFC 5546, 3.2.2 and 3.2.5; times in UTC need no VTIMEZONE (RFC 5545, 3.6.5)."""
    for method in (REQUEST, CANCEL):
        file = event_of(check_in, recipient=check_in.mentorship.mentee, method=method, now=NOW).file
        calendar, event = read(file)

        assert [item.name for item in calendar.walk()] == ["VCALENDAR", "VEVENT"]
        for name in ("PRODID", "VERSION", "METHOD"):
            assert file.count(b"\r\n" + name.encode() + b":") == 1
        for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "ORGANIZER", "ATTENDEE", "SUMMARY", "STATUS"):
            assert not isinstance(event[name], list)
        assert all(event[name].to_ical().endswith(b"Z") for name in ("DTSTAMP", "DTSTART", "DTEND"))


def test_the_sequence_grows_with_each_change_and_the_uid_stays(check_in):
    planned(check_in)
    row = check_in.mentorship.check_ins.get(sequence=1)
    mentee, mentor = row.mentorship.mentee, row.mentorship.mentor
    seen = []

    def note(method=REQUEST):
        row.refresh_from_db()
        _, event = read(event_of(row, recipient=mentee, method=method, now=NOW).file)
        seen.append((event["UID"], event["SEQUENCE"]))

    note()
    services.propose_other_times(check_in=row, by=mentee, times=[], terms=Terms(60, "video", ""), now=NOW)
    note()
    services.propose_other_times(
        check_in=row, by=mentor, times=[NOW + timedelta(days=9)], terms=Terms(60, "video", ""), now=NOW
    )
    note()  # proposed only: what stands in calendars stays
    services.pick_time(check_in=row, by=mentee, time=row.times.get().pk, now=NOW)
    note()
    services.cancel_check_in(check_in=row, by=mentee, now=NOW)
    note(CANCEL)

    assert len({uid for uid, _ in seen}) == 1
    assert [sequence for _, sequence in seen] == [1, 2, 2, 3, 4]


def test_the_next_of_a_row_says_when_it_was_changed(check_in):
    check_in.repeats_every = 14
    check_in.save()
    later = check_in.starts_at + timedelta(hours=2)
    services.mark_missed(check_in=check_in, by=check_in.mentorship.mentee, now=later)
    following = check_in.mentorship.check_ins.get(follows=check_in)
    new = Message.objects.filter(kind="checkin_planned").latest("pk")
    assert "Changed" not in letter_of(new, now=later).subject

    services.propose_other_times(
        check_in=following, by=check_in.mentorship.mentor, times=[], terms=Terms(30, "phone", ""), now=later
    )

    changed = Message.objects.filter(kind="checkin_planned").latest("pk")
    assert "Changed" in letter_of(changed, now=later).subject


def test_an_overtaken_invitation_is_not_sent(check_in):
    first, _ = planned(check_in)
    row = check_in.mentorship.check_ins.get(sequence=1)
    services.propose_other_times(
        check_in=row, by=row.mentorship.mentee, times=[], terms=Terms(60, "phone", ""), now=NOW
    )

    assert letter_of(first) is None
    assert "Changed" in letter_of(Message.objects.filter(kind="checkin_planned").order_by("pk").last()).subject


def test_nothing_is_sent_after_the_end_but_the_cancel(check_in):
    messages = planned(check_in)
    check_in.mentorship.end(at=NOW)
    services.settle_check_ins(mentorship=check_in.mentorship, by=check_in.mentorship.mentee, now=NOW)

    assert [letter_of(message) for message in messages] == [None, None]
    cancels = Message.objects.filter(kind="checkin_cancelled", user=check_in.mentorship.mentor)
    for message in cancels:
        letter = letter_of(message)
        assert letter.calendar.method == "CANCEL"
        assert "no longer work together" in letter.text
        assert "check-ins" not in letter.text
    assert cancels.count() == 2


def test_the_proposal_lists_the_times_that_are_still_ahead(check_in):
    relation = check_in.mentorship
    times = [NOW + timedelta(days=1), NOW + timedelta(days=2)]
    services.propose_check_in(
        mentorship=relation, by=relation.mentee, times=times, terms=Terms(45, "phone", ""), now=NOW
    )
    message = Message.objects.get(kind="checkin_proposed")

    both, one = letter_of(message), letter_of(message, now=NOW + timedelta(days=1, hours=1))

    assert "Wednesday 11 March, 10:00" in both.text
    assert "Wednesday 11 March" not in one.text
    assert "Thursday 12 March, 10:00" in one.html
    assert letter_of(message, now=NOW + timedelta(days=3)) is None
    assert both.calendar is None


def test_the_mail_of_a_proposal_is_dropped_with_the_relation_and_with_new_times(check_in):
    relation = check_in.mentorship
    offer = services.propose_check_in(
        mentorship=relation, by=relation.mentee, times=[NOW + timedelta(days=1)], terms=Terms(45, "phone", ""), now=NOW
    )
    first = Message.objects.get(kind="checkin_proposed")
    services.propose_other_times(
        check_in=offer, by=relation.mentee, times=[NOW + timedelta(days=2)], terms=Terms(45, "phone", ""), now=NOW
    )

    assert letter_of(first) is None
    second = Message.objects.filter(kind="checkin_proposed").order_by("pk").last()
    assert letter_of(second) is not None
    relation.end(at=NOW)
    assert letter_of(second) is None
