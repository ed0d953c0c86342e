import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from mail import registry
from mail.letters import compose
from mail.models import Message
from mentors.models import Invitation
from sharing.models import Mentorship
from tests.accounts.postman import Postman
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalCommentFactory, GoalFactory, MilestoneFactory
from tests.factories.journal import ReflectionFactory
from tests.factories.mentors import InvitationFactory
from tests.factories.sharing import MentorshipFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def amara(transactional_db):
    amara = UserFactory(email="amara@example.org", name="Amara Osei")
    GoalFactory(owner=amara, title="Move into a user research role")
    return amara


def link_in_the_mail(kind):
    """The address a mail leads to, as its reader would see it."""
    message = Message.objects.filter(kind=kind).order_by("-pk")[0]
    now = timezone.now()
    mail = compose(message, registry.find(kind).function(message, now=now), now=now)
    return re.search(r"https?://\S+/(?:mentors|mentorships)/\S*", mail.text)[0]


def test_invite_by_mail_sign_up_accept(live_server, page, phone, sign_in, check_page, amara):
    sign_in(page, amara)
    page.goto(f"{live_server.url}/mentors/")
    check_page(page)
    with page.expect_navigation():
        page.get_by_role("link", name="Invite somebody").first.click()
    check_page(page)
    page.get_by_label("Their email address").fill("ruth@example.org")
    page.get_by_label("What would you like help with?").fill("How do you prepare an interview?")
    page.get_by_text("Move into a user research role").click()
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_text("ruth@example.org").first).to_be_visible()
    check_page(page)

    phone.goto(link_in_the_mail("mentor_invitation"))
    expect(phone.get_by_role("heading", name="Would you be my mentor?")).to_be_visible()
    expect(phone.get_by_text("How do you prepare an interview?")).to_be_visible()
    expect(phone.get_by_text("Move into a user research role")).to_have_count(0)
    check_page(phone)
    phone.get_by_role("link", name="I am new here").click()
    expect(phone.get_by_label("Email").first).to_have_value("ruth@example.org")
    phone.locator("main form button[type=submit], main form button.btn-primary").first.click()
    phone.get_by_label("Code").fill(Postman().code())
    phone.keyboard.press("Enter")
    phone.get_by_label("Your name").fill("Ruth Lindqvist")
    phone.keyboard.press("Enter")

    expect(phone.get_by_text("Move into a user research role")).to_be_visible()
    check_page(phone)
    phone.get_by_role("button", name="Say yes to Amara").click()
    expect(phone.get_by_role("heading", name="Amara Osei")).to_be_visible()
    check_page(phone)
    assert Mentorship.objects.get().mentor.name == "Ruth Lindqvist"

    phone.goto(f"{live_server.url}/mentees/")
    expect(phone.get_by_role("link", name="Amara shared Move into a user research role", exact=True)).to_be_visible()
    check_page(phone)
    page.goto(link_in_the_mail("mentor_accepted"))
    expect(page.get_by_text("Your mentor since")).to_be_visible()
    check_page(page)


def test_decline_without_an_account(live_server, any_page, check_page, amara):
    invitation = InvitationFactory(sender=amara, email="ruth@example.org")
    any_page.goto(live_server.url + invitation.answer_path)

    any_page.get_by_text("I would rather not").click()
    any_page.get_by_label("A word for them").fill("Not this year, but good luck.")
    check_page(any_page)
    any_page.get_by_role("button", name="Decline").click()

    expect(any_page.get_by_role("heading", name="Thank you for answering")).to_be_visible()
    check_page(any_page)
    assert Invitation.objects.get().decline_note == "Not this year, but good luck."
    any_page.goto(live_server.url + f"/mentors/invitations/{invitation.token}/")
    expect(any_page.get_by_role("heading", name="This invitation was declined")).to_be_visible()
    check_page(any_page)


def test_signed_in_with_another_address(live_server, any_page, sign_in, check_page, amara):
    sign_in(any_page, UserFactory())

    any_page.goto(live_server.url + InvitationFactory(sender=amara, email="ruth@example.org").answer_path)

    expect(any_page.get_by_text("r•••@e•••.org")).to_be_visible()
    check_page(any_page)


def test_desk_rest_and_end(live_server, any_page, sign_in, check_page, amara):
    leo = MentorshipFactory(mentor=amara, mentee__name="Leo Marchetti")
    goal = GoalFactory(owner=leo.mentee, title="Train two new colleagues by April", shared_with=[leo])
    MilestoneFactory.create_batch(3, goal=goal)
    GoalCommentFactory(item=goal, mentorship=leo, author=leo.mentee, text="How do you cut someone short?")
    ReflectionFactory(owner=leo.mentee, shared_with=[leo])
    MentorshipFactory(mentor=amara, mentee__name="Sofia Almeida", kind="colleague")
    sign_in(any_page, amara)
    any_page.goto(f"{live_server.url}/mentees/")
    check_page(any_page)

    any_page.get_by_label(re.compile("Later, or seen: Leo asked you something about Train two")).click()
    check_page(any_page)
    any_page.get_by_role("button", name="Seen", exact=True).click()
    expect(any_page.get_by_role("link", name=re.compile("asked you something about"))).to_have_count(0)
    any_page.get_by_label("Later, or seen: Leo shared a reflection").click()
    any_page.get_by_role("button", name="Tomorrow").click()
    expect(any_page.get_by_text("1 set aside")).to_be_visible()
    any_page.get_by_role("button", name="Undo").click()
    expect(any_page.get_by_text("1 set aside")).to_have_count(0)
    any_page.get_by_text("Your private notes").first.click()
    check_page(any_page)
    any_page.get_by_role("link", name="Leo Marchetti", exact=True).click()
    expect(any_page.get_by_text("How do you cut someone short?")).to_be_visible()
    check_page(any_page)

    any_page.get_by_role("link", name="Pause or end").click()
    any_page.get_by_label("Until").fill("2020-01-01")
    any_page.get_by_role("button", name="Let it rest").click()
    expect(any_page.get_by_text("Choose a day after today.").first).to_be_visible()
    check_page(any_page)
    with any_page.expect_navigation():
        any_page.get_by_role("link", name="End with Leo").click()
    check_page(any_page)
    any_page.get_by_label("Kind words").fill("Thank you for every question.")
    any_page.get_by_role("button", name="End with Leo").click()
    expect(any_page.get_by_text("Thank you for every question.")).to_be_visible()
    check_page(any_page)
    any_page.goto(f"{live_server.url}/mentees/")
    expect(any_page.get_by_text("Train two new colleagues")).to_have_count(0)


def test_block_who_asks(live_server, any_page, sign_in, check_page, amara):
    ruth = UserFactory(email="ruth@example.org")
    InvitationFactory(sender=amara, email=ruth.email)
    sign_in(any_page, ruth)
    any_page.goto(f"{live_server.url}/mentees/")
    with any_page.expect_navigation():
        any_page.get_by_role("link", name="Amara Osei would like you as a mentor", exact=True).click()
    check_page(any_page)

    any_page.get_by_text("Block Amara").first.click()
    any_page.get_by_role("button", name="Block Amara").click()
    expect(any_page.get_by_text("would like you as a mentor")).to_have_count(0)
    with any_page.expect_navigation():
        any_page.get_by_role("link", name="People you have blocked").click()
    check_page(any_page)
    any_page.get_by_role("button", name="Unblock Amara Osei").click()

    expect(any_page.get_by_text("Nobody.")).to_be_visible()
    check_page(any_page)
