import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from playwright.sync_api import expect

from devstack import mailbox


@pytest.fixture
def letter(tmp_path, monkeypatch):
    monkeypatch.setattr(mailbox, "FOLDER", tmp_path / "mail")
    sink = mailbox.MailSink(tmp_path / "mail")
    sink.start()
    connection = get_connection("django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=sink.port)
    mail = EmailMultiAlternatives(
        "How was your week, Amara?", "In words", "Waymark <w@example.org>", ["amara@example.org"], connection=connection
    )
    mail.attach_alternative('<p style="color: rgb(1, 2, 3)">In <a href="/healthz">colour</a></p>', "text/html")
    mail.send()
    yield next(mailbox.newest_letters())
    sink.stop()


def test_mail_is_found_and_read(live_server, any_page, letter, check_page):
    any_page.goto(f"{live_server.url}/dev/mail/")
    check_page(any_page)

    any_page.get_by_role("link", name="How was your week, Amara?").click()

    expect(any_page.get_by_text("In words")).to_be_visible()
    body = any_page.frame_locator("iframe").get_by_text("In colour")
    expect(body).to_have_css("color", "rgb(1, 2, 3)")
    check_page(any_page)


def test_link_in_a_mail_opens_an_ordinary_page(live_server, page, letter):
    page.goto(f"{live_server.url}/dev/mail/{letter.key}/")

    with page.context.expect_page() as opened:
        page.frame_locator("iframe").get_by_role("link", name="colour").click()

    expect(opened.value.get_by_text("ok")).to_be_visible()
