"""The five-minute tour of the README, on real parts: Chromium, a Celery worker, an SMTP server, the local mailbox."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from config.celery import app
from devstack import mailbox
from devstack.faults import wait_until
from reminders import services
from reminders.models import Schedule

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]


CODE = r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$"


class Post:
    """The local mailbox as a person uses it: waits for the mail, opens it, follows its links."""

    def __init__(self, live_server):
        self.base = live_server.url

    def newest(self, recipient, subject):
        """Return the newest mail to this address with this in its subject, once it is there."""
        found = []

        def look():
            letters = mailbox.newest_letters(recipient=recipient)
            found[:] = [letter for letter in letters if re.search(subject, letter.subject)][:1]
            return found

        if not wait_until(look, patience=60):
            arrived = [f"{letter.recipients}: {letter.subject}" for letter in mailbox.newest_letters()]
            raise AssertionError(f"no mail {subject!r} to {recipient}; there are {arrived}")
        return found[0]

    def code(self, recipient):
        """The sign-in or confirmation code of the newest mail that has one, once it is there."""
        found = []

        def look():
            texts = [letter.text for letter in mailbox.newest_letters(recipient=recipient)]
            found[:] = filter(None, (re.search(CODE, text, re.MULTILINE) for text in texts))
            return found

        assert wait_until(look, patience=60), f"no mail with a code to {recipient}"
        return found[0][1]

    def follow(self, page, recipient, subject, link):
        """Open the mail at /dev/mail/ and go where a link of its HTML leads; returns the new tab."""
        page.goto(f"{self.base}/dev/mail/{self.newest(recipient, subject).key}/")
        href = page.frame_locator("iframe").get_by_role("link", name=link).first.get_attribute("href")
        tab = page.context.new_page()
        tab.goto(href)
        return tab


@pytest.fixture
def post(live_server, celery_worker_process, tmp_path, monkeypatch, settings):
    """A mailbox that a real worker delivers to."""
    monkeypatch.setattr(mailbox, "FOLDER", tmp_path / "mail")
    sink = mailbox.MailSink(tmp_path / "mail")
    sink.start()
    celery_worker_process(env={"EMAIL_URL": sink.url, "BASE_URL": live_server.url})
    yield Post(live_server)
    sink.stop()


def sign_up(page, post, email, name):
    """Sign up by code alone, from the page one is on to the first page inside."""
    page.get_by_label("Email").first.fill(email)
    page.get_by_role("button", name="Create account").click()
    page.get_by_label("Code").fill(post.code(email))
    page.keyboard.press("Enter")
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Go on").click()


def make_the_hour_come(user):
    """Let the person's weekly hour be the minute that has just passed."""
    due_at = (timezone.now() - timedelta(minutes=1)).astimezone(user.time_zone).replace(second=0, microsecond=0)
    hour = {"weekday": due_at.weekday(), "local_time": due_at.time(), "next_due_at": due_at}
    services.give_rows(now=timezone.now())
    Schedule.objects.filter(user=user).update(**hour)


def test_from_sign_up_to_a_reflection_that_a_mail_asked_for(live_server, page, phone, post, check_page):
    soon = timezone.now().date() + timedelta(days=3)

    # Somebody arrives, and writes down what they want.
    page.goto(f"{live_server.url}/account/signup/")
    sign_up(page, post, "amina@example.org", "Amina Diallo")
    page.goto(f"{live_server.url}/goals/new/")
    page.get_by_label("What do you want to reach?").fill("Lead a project of my own")
    page.get_by_label("Why does it matter to you?").fill("I want to decide once.")
    page.get_by_role("radio", name="Milestones").check()
    page.get_by_label("By when?").fill(str(timezone.now().date() + timedelta(days=120)))
    page.get_by_label("Milestone 1", exact=True).fill("Find a sponsor")
    page.get_by_label("Date for milestone 1").fill(str(soon))
    page.get_by_role("button", name="Save goal").click()
    expect(page.get_by_role("heading", name="Lead a project of my own")).to_be_visible()
    check_page(page)

    # A mentor without an account is asked, and says yes.
    page.goto(f"{live_server.url}/mentors/")
    page.get_by_role("link", name="Invite somebody").first.click()
    page.get_by_label("Their email address").fill("rosa@example.org")
    page.get_by_label("What would you like help with?").fill("How did you find your first sponsor?")
    page.get_by_role("checkbox", name=re.compile("Lead a project")).check()
    page.get_by_role("button", name="Send invitation").click()
    invitation = post.follow(phone, "rosa@example.org", "Amina", re.compile("."))
    expect(invitation.get_by_text("How did you find your first sponsor?")).to_be_visible()
    invitation.get_by_role("link", name="I am new here").click()
    sign_up(invitation, post, "rosa@example.org", "Rosa Marín")
    invitation.get_by_role("button", name="Say yes to Amina").click()
    expect(invitation.get_by_role("heading", name="Amina Diallo")).to_be_visible()

    # She reads the goal, and writes.
    invitation.get_by_role("link", name="Lead a project of my own").first.click()
    expect(invitation.get_by_role("heading", name="Lead a project of my own")).to_be_visible()
    invitation.get_by_role("textbox").fill("Ask **Ines**; she owes me one.")
    invitation.get_by_role("button", name="Send").click()
    expect(invitation.locator("strong", has_text="Ines")).to_be_visible()
    check_page(invitation)

    # The owner is told by mail, and answers on the page it leads to.
    answer = post.follow(page, "amina@example.org", "Rosa", re.compile("Answer|Read|Open"))
    expect(answer.locator("strong", has_text="Ines")).to_be_visible()
    answer.get_by_role("textbox").last.fill("I will, thank you.")
    answer.get_by_role("button", name="Send").click()
    expect(answer.get_by_text("I will, thank you.")).to_be_visible()

    # Her hour of the week comes: the mail carries her own week, and its link opens the four questions.
    make_the_hour_come(User.objects.get(email="amina@example.org"))
    app.send_task("reminders.tasks.send_due")  # as beat does every minute
    letter = post.newest("amina@example.org", "your week")
    for part in ("Lead a project of my own", "Ines", "Find a sponsor"):
        assert part in letter.text
        assert part in letter.html
    week = post.follow(page, "amina@example.org", "your week", re.compile("Write this week"))
    questions = week.locator("#reflection textarea")
    for index in range(4):
        questions.nth(index).fill(f"My answer {index + 1}.")
    expect(week.get_by_text(re.compile("Saved"))).to_be_visible()  # by itself
    check_page(week)
    week.get_by_role("button", name="Finish").click()
    expect(week.get_by_text("My answer 4.")).to_be_visible()
    check_page(week)

    # One click ends the mails; the link alone changes nothing.
    stop = post.follow(page, "amina@example.org", "your week", re.compile("stop these"))
    expect(stop.get_by_role("heading", name=re.compile("^Stop"))).to_be_visible()
    check_page(stop)
    stop.get_by_role("button", name="Stop these mails").click()
    expect(stop.get_by_role("heading", name=re.compile("are stopped"))).to_be_visible()
