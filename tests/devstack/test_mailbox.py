import re
import smtplib
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from mailbox import Maildir

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.urls import reverse
from django.utils import timezone

from devstack import mailbox
from tests.factories.accounts import UserFactory


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(mailbox, "FOLDER", tmp_path / "mail")
    return tmp_path / "mail"


@pytest.fixture
def sink(folder):
    sink = mailbox.MailSink(folder)
    sink.start()
    yield sink
    sink.stop()


def post(
    sink, *, subject="How was your week, Amara?", to="amara@example.org", text="Café", html="<p style='color:red'>Café"
):
    connection = get_connection("django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=sink.port)
    mail = EmailMultiAlternatives(subject, text, "Waymark <waymark@example.org>", [to], connection=connection)
    mail.attach_alternative(html, "text/html")
    mail.send()


def post_raw(sink, raw: bytes):
    with smtplib.SMTP("127.0.0.1", sink.port) as connection:
        connection.sendmail("waymark@example.org", ["amara@example.org"], raw)


@pytest.mark.django_db
def test_mail_list_shows_newest_first_and_narrows(client, sink):
    post(sink, subject="First")
    post(sink, subject="Zweite: Grüße", to="ruth@example.org")

    page = client.get(reverse("devstack:mail_list")).content.decode()
    of_ruth = client.get(reverse("devstack:mail_list"), {"to": "RUTH@"}).content.decode()

    assert page.index("Zweite: Grüße") < page.index("First")
    assert "Zweite" in of_ruth
    assert "First" not in of_ruth


def test_mails_of_one_second_are_in_the_order_they_came(folder):
    Maildir(folder, create=True)
    for key, subject in [("1.M99999P7Q1.host", "First"), ("1.M100000P7Q2.host", "Second")]:
        (folder / "new" / key).write_text(f"Subject: {subject}\n\nHello")

    assert [letter.subject for letter in mailbox.newest_letters()] == ["Second", "First"]


@pytest.mark.django_db
def test_mail_says_when_it_came_in_utc_to_a_reader_elsewhere(client, sink):
    client.force_login(UserFactory(time_zone="Asia/Tokyo"))
    post(sink)

    listed = client.get(reverse("devstack:mail_list")).content.decode()
    opened = client.get(re.search(r'href="(/dev/mail/[^"]+)"', listed)[1]).content.decode()

    for page in (listed, opened):
        said = re.search(r"(\d\d):\d\d:\d\d UTC", page)[1]
        assert int(said) in {(timezone.now() - timedelta(minutes=minutes)).hour for minutes in (0, 5)}


@pytest.mark.django_db
def test_mail_list_before_the_first_mail(client):
    response = client.get(reverse("devstack:mail_list"))

    assert "No mail yet" in response.content.decode()
    assert "nobody\0" not in client.get(reverse("devstack:mail_list"), {"to": "nobody\0"}).content.decode()


@pytest.mark.django_db
def test_mail_list_fragment_is_only_the_list(client, sink):
    post(sink)

    fragment = client.get(reverse("devstack:mail_list"), headers={"HX-Request": "true"}).content.decode()

    assert fragment.startswith("<ul")
    assert "How was your week, Amara?" in fragment


@pytest.mark.django_db
def test_mail_detail_shows_text_headers_and_a_frame(client, sink):
    post(sink, text="<b>not bold</b>")
    letter = next(mailbox.newest_letters())

    page = client.get(reverse("devstack:mail_detail", kwargs={"key": letter.key})).content.decode()

    assert "&lt;b&gt;not bold&lt;/b&gt;" in page
    assert "Message-ID" in page
    assert f'src="/dev/mail/{letter.key}/html/"' in page
    assert 'sandbox="allow-popups' in page


def test_mail_html_may_do_nothing_but_look(client, sink):
    post(sink, html="<p style='color:red'>Hi<script>alert(1)</script>")
    letter = next(mailbox.newest_letters())

    response = client.get(reverse("devstack:mail_html", kwargs={"key": letter.key}))

    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "style='color:red'" in response.content.decode()


@pytest.mark.parametrize("key", ["nothing", "..", ".", "new", "1.2.3", "%00", "%2e%2e%2fsecrets"])
@pytest.mark.django_db
def test_mail_detail_of_an_unknown_key(client, sink, key):
    post(sink)

    assert client.get(f"/dev/mail/{key}/").status_code in {400, 404}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"Subject: =?x-unknown?q?=FF?=\r\nContent-Type: text/plain; charset=x-nobody\r\n\r\n\xff\xfe",
        b"Subject: a\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nbroken",
        b"From: <<>>@\r\nTo: a@@b\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
        b"Subject: a\r\nContent-Type: application/pdf\r\n\r\n%PDF",
        b"Message-ID: <>\r\nDate: never\r\nSubject: a\0b\r\n\r\nx\0y",
    ],
)
@pytest.mark.django_db
def test_mailbox_shows_even_broken_mails(client, sink, raw):
    post_raw(sink, raw)
    letter = next(mailbox.newest_letters())

    assert client.get("/dev/mail/").status_code == 200
    assert client.get(f"/dev/mail/{letter.key}/").status_code == 200
    assert client.get(f"/dev/mail/{letter.key}/html/").status_code == 200


def test_mailbox_keeps_only_so_many(folder, monkeypatch):
    monkeypatch.setattr(mailbox, "KEPT_MAILS", 3)
    keeper = mailbox.KeepInMaildir(folder)
    for number in range(5):
        mail = EmailMessage()
        mail["Subject"] = str(number)
        keeper.handle_message(mail)

    assert len(list(mailbox.newest_letters())) == 3


@pytest.fixture
def answers(folder):
    """What was handed in, as (mail, sender, recipient); a sink that takes answers posts there."""
    handed = []
    sink = mailbox.MailSink(folder, hand_in=lambda *mail: handed.append(mail) is None)
    sink.start()
    yield sink, handed
    sink.stop()


def post_answerable(sink, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    connection = get_connection("django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=sink.port)
    headers = {"Reply-To": f"reply+{'a' * 26}@reply.example.org", "Message-ID": "<asked@example.org>"}
    EmailMultiAlternatives(
        "How was it?",
        "Tell me.",
        "Waymark <w@example.org>",
        ["amara@example.org"],
        headers=headers,
        connection=connection,
    ).send()
    (letter,) = mailbox.newest_letters()
    return letter


@pytest.mark.django_db
def test_answer_goes_by_smtp_to_the_reply_address(client, answers, settings):
    sink, handed = answers
    letter = post_answerable(sink, settings)

    page = client.get(f"/dev/mail/{letter.key}/").content.decode()
    response = client.post(f"/dev/mail/{letter.key}/answer/", {"words": "Grüße!"})

    assert "Send the answer" in page
    assert response.status_code == 302
    ((mail, sender, recipient),) = handed
    parsed = message_from_bytes(mail, policy=policy.default)
    assert (sender, recipient) == ("amara@example.org", f"reply+{'a' * 26}@reply.example.org")
    assert parsed["In-Reply-To"] == "<asked@example.org>"
    assert parsed.get_content().split()[:2] == ["Grüße!", "On"]
    assert "> Tell me." in parsed.get_content()
    assert len(list(mailbox.newest_letters())) == 1


@pytest.mark.django_db
def test_answer_that_is_not_taken_stays_in_the_box(client, folder, settings):
    sink = mailbox.MailSink(folder, hand_in=lambda *mail: False)
    sink.start()
    try:
        letter = post_answerable(sink, settings)
        response = client.post(f"/dev/mail/{letter.key}/answer/", {"words": "Keep me."})
    finally:
        sink.stop()

    assert response.status_code == 422
    assert "Keep me." in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["", " \x00 "])
def test_empty_answer_is_asked_for_words(client, answers, settings, words):
    letter = post_answerable(answers[0], settings)

    response = client.post(f"/dev/mail/{letter.key}/answer/", {"words": words})

    assert response.status_code == 422
    assert not answers[1]


@pytest.mark.django_db
def test_mail_without_a_reply_address_has_no_box(client, sink):
    post(sink)
    (letter,) = mailbox.newest_letters()

    assert "Send the answer" not in client.get(f"/dev/mail/{letter.key}/").content.decode()
    assert client.post(f"/dev/mail/{letter.key}/answer/", {"words": "x"}).status_code == 422
    assert client.get(f"/dev/mail/{letter.key}/answer/").status_code == 405
