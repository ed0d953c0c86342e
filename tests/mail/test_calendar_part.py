"""An event that comes with a mail: the same bytes after the way, with the parameters programs look for."""

from email import message_from_bytes, policy

import pytest
from anymail.exceptions import AnymailUnsupportedFeature

from mail.mime import Letter, dotted
from mail.registry import CalendarPart
from mail.transport import BackendTransport, BrokenError

FILE = (
    b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Gespr\xc3\xa4ch\r\n"
    + b"X-LONG:"
    + b"x" * 60
    + b"\r\nEND:VCALENDAR\r\n"
)


EVENT = CalendarPart("REQUEST", FILE)


def letter(calendar=EVENT):
    return Letter("Waymark", "waymark@example.org", "leo@example.org", "Hello", "Text", "<p>x</p>", calendar=calendar)


def parts_of(raw):
    mail = message_from_bytes(raw, policy=policy.default)
    assert not mail.defects
    return mail.get_content_type(), list(mail.iter_parts())


@pytest.mark.parametrize(
    "raw", [letter().as_bytes(), letter().as_django().message().as_bytes()], ids=["ours", "django"]
)
def test_the_event_is_the_last_alternative_and_a_file(raw):
    whole, (alternatives, file) = parts_of(raw)
    parts = list(alternatives.iter_parts())

    assert whole == "multipart/mixed"
    assert alternatives.get_content_type() == "multipart/alternative"
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "invite.ics")
    assert file.get_content_disposition() == "attachment"
    assert file.get_payload(decode=True) == FILE
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html", "text/calendar"]
    assert parts[2]["Content-Type"].params == {"method": "REQUEST", "charset": "utf-8"}
    assert parts[2].get_content().replace("\r\n", "\n") == FILE.decode().replace("\r\n", "\n")


def test_our_form_is_legal_on_the_wire_and_keeps_every_octet():
    raw = dotted(letter().as_bytes())[:-3]

    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    alternatives, file = parts_of(raw)[1]
    assert list(alternatives.iter_parts())[2].get_payload(decode=True) == file.get_payload(decode=True) == FILE


def test_a_mail_without_an_event_has_two_parts():
    assert len(parts_of(letter(calendar=None).as_bytes())[1]) == 2


class Picky:
    """A provider whose interface knows text and HTML only, like some that django-anymail speaks to."""

    def __init__(self):
        self.sent = []

    def send_messages(self, mails):
        for mail in mails:
            if any(part.mimetype != "text/html" for part in mail.alternatives):
                raise AnymailUnsupportedFeature("alternative part")
            if "refused" in mail.subject:
                raise AnymailUnsupportedFeature("subject")
        self.sent += mails


def test_a_provider_that_knows_no_alternatives_gets_the_event_as_a_file(monkeypatch):
    provider = Picky()
    monkeypatch.setattr("mail.transport.get_connection", lambda: provider)

    BackendTransport().send(letter(), before_body=lambda: None)

    whole, parts = parts_of(provider.sent[0].message().as_bytes())
    assert whole == "multipart/mixed"
    assert parts[1].get_content_type() == "text/calendar"
    assert parts[1].get_filename() == "invite.ics"
    assert parts[1]["Content-Type"].params["method"] == "REQUEST"


def test_what_else_a_provider_does_not_know_is_no_fault_of_the_event(monkeypatch):
    monkeypatch.setattr("mail.transport.get_connection", Picky)
    plain = Letter("W", "w@example.org", "leo@example.org", "refused", "Text", "<p>x</p>")

    with pytest.raises(BrokenError):
        BackendTransport().send(plain, before_body=lambda: None)
