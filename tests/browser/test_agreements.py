import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalCommentFactory, GoalFactory
from tests.factories.mentors import AgreementFactory, HandoverFactory, LookBackFactory
from tests.factories.sharing import MentorshipFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pair(transactional_db):
    amara = UserFactory(email="amara@example.org", name="Amara Osei")
    ruth = UserFactory(email="ruth@example.org", name="Ruth Lindqvist")
    return MentorshipFactory(mentee=amara, mentor=ruth)


def test_propose_change_agree(live_server, page, phone, sign_in, check_page, pair):
    GoalFactory(owner=pair.mentee, title="Run 12 user interviews", shared_with=[pair])
    in_a_month = datetime.now(UTC).date() + timedelta(days=30)
    AgreementFactory(mentorship=pair, purpose="Amara runs twelve interviews.", review_on=in_a_month)
    url = f"{live_server.url}/mentorships/{pair.pk}/agreement/"
    sign_in(phone, pair.mentor)
    phone.goto(url)
    check_page(phone)
    with phone.expect_navigation():
        phone.get_by_role("link", name="Propose a change").click()
    check_page(phone)
    phone.get_by_label("What is it for?").fill("Amara runs ten interviews.")
    phone.get_by_label("Every month").check()
    phone.get_by_label("How long is a talk?").fill("5")
    phone.get_by_role("button", name="Send to Amara").click()
    expect(phone.get_by_text("Give yourselves 15 minutes at least.").first).to_be_visible()
    check_page(phone)
    phone.get_by_label("How long is a talk?").fill("30")
    phone.get_by_role("button", name="Send to Amara").click()
    expect(phone.get_by_role("heading", name="You propose version 2")).to_be_visible()
    check_page(phone)

    sign_in(page, pair.mentee)
    page.goto(url)
    expect(page.locator("del")).to_contain_text("twelve")
    expect(page.locator("ins")).to_contain_text("ten")
    expect(page.get_by_text("Every month instead of every 2 weeks")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Agree to version 2").click()
    expect(page.get_by_text("Version 2 holds since")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("link", name="Is it a good fit?").click()
    check_page(page)

    phone.goto(url + "edit/")
    phone.get_by_label("What is it for?").fill("Too late.")
    AgreementFactory(mentorship=pair, number=3, proposed=True, purpose="Amara was quicker.")
    phone.get_by_role("button", name="Send to Amara").click()
    expect(phone.get_by_text("Amara proposed version 3 in the meantime.")).to_be_visible()
    expect(phone.get_by_text("Amara was quicker.").first).to_be_visible()
    expect(phone.get_by_label("What is it for?")).to_have_value("Too late.")


def test_part_look_back_and_hand_over(live_server, page, phone, sign_in, check_page, pair):
    AgreementFactory(mentorship=pair, purpose="Amara runs twelve interviews.")
    before = MentorshipFactory(mentee=pair.mentee, ended=True)
    handover = HandoverFactory(mentorship=before, shared_with=[pair])
    sign_in(phone, pair.mentor)
    phone.goto(f"{live_server.url}{pair.get_absolute_url()}")
    phone.get_by_role("link", name="A handover").click()
    expect(phone.get_by_role("heading", name="Amara’s handover")).to_be_visible()
    check_page(phone)

    sign_in(page, pair.mentee)
    page.goto(f"{live_server.url}{handover.get_absolute_url()}")
    check_page(page)
    with page.expect_navigation():
        page.get_by_role("link", name="Choose who can read it").click()
    check_page(page)
    page.goto(f"{live_server.url}{pair.get_absolute_url()}end/")
    with page.expect_navigation():
        page.get_by_role("button", name="End with Ruth").click()
    check_page(page)
    LookBackFactory(mentorship=pair, author=pair.mentor, words="She asks why now.")
    page.get_by_role("link", name="Look back at the start").click()
    expect(page.get_by_text("Amara runs twelve interviews.")).to_be_visible()
    expect(page.get_by_text("She asks why now.")).to_have_count(0)
    check_page(page)
    page.get_by_label("What came of it?").fill("I can wait.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("She asks why now.")).to_be_visible()
    page.get_by_role("link", name="Ruth Lindqvist").click()
    with page.expect_navigation():
        page.get_by_role("link", name="A handover for your next mentor").click()
    check_page(page)
    page.get_by_label("What helped you, and what did not?").fill("Silence.")
    page.get_by_role("button", name="Save handover").click()
    expect(page).to_have_url(re.compile(r"/mentors/handovers/\d+/$"))

    assert phone.goto(f"{live_server.url}{handover.get_absolute_url()}").status == 404


def test_a_draft_comes_back_in_another_tab_and_ends_with_its_sending(
    live_server, page, phone, sign_in, check_page, pair
):
    url = f"{live_server.url}/mentorships/{pair.pk}/agreement/edit/"
    sign_in(page, pair.mentee)
    page.goto(url)
    page.get_by_label("What is it for?").fill("Amara runs twelve inter")
    expect(page.get_by_text("Draft kept")).to_be_visible(timeout=10_000)

    sign_in(phone, pair.mentee)
    phone.goto(url)
    expect(phone.get_by_text("What you typed is back")).to_be_visible()
    expect(phone.get_by_label("What is it for?")).to_have_value("Amara runs twelve inter")
    check_page(phone)
    phone.get_by_label("What is it for?").fill("Amara runs twelve interviews.")
    phone.get_by_role("button", name="Send to Ruth").click()
    expect(phone.get_by_role("heading", name="You propose version 1")).to_be_visible()

    page.get_by_label("What is it for?").fill("Amara runs twelve interviews on her own.")
    expect(page.get_by_text("You have sent a version meanwhile.")).to_be_visible(timeout=10_000)
    check_page(page)


def test_advice_is_kept_where_it_was_given(live_server, any_page, sign_in, check_page, pair):
    goal = GoalFactory(owner=pair.mentee, title="Run 12 user interviews", shared_with=[pair])
    comment = GoalCommentFactory(item=goal, mentorship=pair, author=pair.mentor, text="Count to five.")
    sign_in(any_page, pair.mentee)
    any_page.goto(f"{live_server.url}/goals/{goal.pk}/")
    said = any_page.locator(f"#comment-{comment.pk}")

    said.get_by_role("button", name="Keep as advice").click()
    expect(said.get_by_role("link", name="Kept as advice")).to_be_visible()
    said.get_by_role("button", name="Thanks").click()
    expect(said.get_by_role("button", name="Thanks")).to_have_attribute("aria-pressed", "true")
    expect(said.get_by_role("link", name="Kept as advice")).to_be_visible()

    any_page.reload()
    expect(said.get_by_role("link", name="Kept as advice")).to_be_visible()
    any_page.keyboard.press("End")
    expect(any_page.get_by_text("Advice you keep, from Ruth Lindqvist")).to_be_visible()
    check_page(any_page)
    said.get_by_role("link", name="Kept as advice").click()
    expect(any_page.get_by_text("Count to five.")).to_be_visible()


def test_words_from_right_to_left_and_the_page_on_paper(live_server, page, sign_in, pair):
    AgreementFactory(mentorship=pair, purpose="أريد أن أتكلم أمام الناس.", stopping="Either of us.")
    sign_in(page, pair.mentee)
    page.goto(f"{live_server.url}/mentorships/{pair.pk}/agreement/")

    free = page.locator("p.quote").evaluate_all(
        """all => all.map(one => {
            const range = document.createRange(), box = one.getBoundingClientRect()
            range.selectNodeContents(one)
            const words = range.getBoundingClientRect()
            return [Math.round(words.left - box.left), Math.round(box.right - words.right)]
        })"""
    )
    on_the_left, on_the_right = [left <= 1 < right for left, right in free], [right <= 1 < left for left, right in free]
    assert on_the_right == [True, False, False, False]
    assert on_the_left == [False, True, True, True]

    expect(page.get_by_role("heading", name="How this works")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_text("Either of us.")).to_be_visible()
    expect(page.get_by_role("heading", name="How this works")).to_be_hidden()
    expect(page.get_by_role("link", name="End with Ruth")).to_be_hidden()
