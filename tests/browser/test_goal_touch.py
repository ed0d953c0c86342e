"""A goal's page under a thumb: ordering milestones by touch, and words that stay while something else is answered."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from goals.models import GoalComment
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalCommentFactory, GoalFactory, MilestoneFactory, SuggestionFactory
from tests.factories.sharing import MentorshipFactory

pytestmark = pytest.mark.django_db(transaction=True)
THUMB = 44


@pytest.fixture
def goal():
    today = timezone.now().date()
    relation = MentorshipFactory(mentee=UserFactory(name="Amara Osei"), mentor__name="Ruth Lindqvist")
    goal = GoalFactory(
        owner=relation.mentee,
        title="Run 12 user interviews",
        starts_on=today - timedelta(days=59),
        due_on=today + timedelta(days=64),
        shared_with=[relation],
    )
    for place, title in enumerate(("First", "Second", "Third", "Fourth")):
        MilestoneFactory(goal=goal, title=title, position=place)
    return goal


@pytest.fixture
def suggestion(goal):
    comment = GoalCommentFactory(item=goal, mentorship=goal.shared_with.get(), text="Receptionists are who you mean.")
    return SuggestionFactory(comment=comment, kind="title", words="Run 12 interviews with receptionists")


def titles(goal):
    return list(goal.milestones.values_list("title", flat=True))


class Finger:
    """One finger on the glass: real touch events, as a phone sends them."""

    def __init__(self, page):
        self.session = page.context.new_cdp_session(page)

    def _send(self, kind, *points):
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    def drag(self, x, start, end, *, steps=8, lift=True):
        self._send("touchStart", {"x": x, "y": start})
        for step in range(1, steps + 1):
            self._send("touchMove", {"x": x, "y": start + (end - start) * step / steps})
        if lift:
            self._send("touchEnd")


def open_for_ordering(page, goal, sign_in, live_server):
    sign_in(page, goal.owner)
    page.goto(f"{live_server.url}/goals/{goal.pk}/")
    page.get_by_text("Change order").tap()
    handle = page.locator(".ms li", has_text="Fourth").locator("[data-drag]")
    handle.evaluate("handle => handle.scrollIntoView({block: 'center'})")
    return handle


def test_milestones_are_dragged_with_a_finger(phone, goal, sign_in, live_server):
    handle = open_for_ordering(phone, goal, sign_in, live_server)
    scrolled = phone.evaluate("scrollY")
    box, above = handle.bounding_box(), phone.locator(".ms li", has_text="Second").bounding_box()

    Finger(phone).drag(box["x"] + 22, box["y"] + 22, above["y"] + 4)

    expect(phone.locator("#milestones-said")).to_have_text("Moved to 2 of 4")
    expect(phone.locator(".ms .t")).to_have_text(["First", "Fourth", "Second", "Third"])
    assert titles(goal) == ["First", "Fourth", "Second", "Third"]
    assert phone.evaluate("scrollY") == scrolled, "the page stays where it is under the finger"


def test_a_finger_beside_the_grip_scrolls_the_page(phone, goal, sign_in, live_server):
    open_for_ordering(phone, goal, sign_in, live_server)
    scrolled = phone.evaluate("scrollY")
    words = phone.locator(".ms .t", has_text="Fourth").bounding_box()

    Finger(phone).drag(words["x"] + 10, words["y"] + 5, words["y"] - 200, steps=20)

    phone.wait_for_function("before => scrollY > before + 50", arg=scrolled)
    assert titles(goal) == ["First", "Second", "Third", "Fourth"]


def test_buttons_for_the_order_fit_a_thumb(phone, goal, sign_in, live_server, check_page):
    handle = open_for_ordering(phone, goal, sign_in, live_server)
    up = phone.get_by_role("button", name="Move up: Fourth")
    for place in (handle, up, phone.get_by_role("button", name="Move down: First"), phone.locator(".order-l")):
        box = place.bounding_box()
        assert min(box["width"], box["height"]) >= THUMB, box

    up.tap()

    expect(phone.locator("#milestones-said")).to_have_text("Moved to 3 of 4")
    assert titles(goal) == ["First", "Second", "Fourth", "Third"]
    check_page(phone)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
@pytest.mark.parametrize(("button", "said"), [("Take it up", "You took it up."), ("Leave it", "You left it as it is.")])
def test_answering_a_suggestion_keeps_what_is_half_typed(
    browser, browser_context_args, goal, suggestion, sign_in, live_server, button, said, scripts
):
    context = browser.new_context(**browser_context_args | {"java_script_enabled": scripts})
    page = context.new_page()
    sign_in(page, goal.owner)
    page.goto(f"{live_server.url}/goals/{goal.pk}/")
    page.get_by_label("Write to Ruth").fill("I was about to say")
    about = page.locator("select[name=milestone]")
    about.select_option(label="Second")

    page.get_by_role("button", name=button, exact=True).click()

    expect(page.get_by_text(said)).to_be_visible()
    expect(page.get_by_label("Write to Ruth")).to_have_value("I was about to say")
    assert about.locator("option:checked").inner_text() == "Second"
    assert not GoalComment.objects.exclude(pk=suggestion.comment_id).exists(), "nothing is sent by answering"

    page.get_by_role("button", name="Send").click()

    expect(page.locator(".cmt .body", has_text="I was about to say")).to_be_visible()
    assert GoalComment.objects.get(author=goal.owner).milestone.title == "Second"
    context.close()


def test_current_tab_is_in_sight_on_a_phone(phone, goal, sign_in, live_server):
    for state in ("draft", "resting", "reached", "let_go"):
        GoalFactory(owner=goal.owner, **{state: True})
    sign_in(phone, goal.owner)

    phone.goto(f"{live_server.url}/goals/?state=shared")

    current = phone.locator(".tabline [aria-current]")
    expect(current).to_be_in_viewport(ratio=0.9)
    expect(phone.get_by_role("link", name="Active")).not_to_be_in_viewport()
    phone.get_by_role("link", name="Let go").tap()
    expect(phone.locator(".tabline [aria-current]")).to_contain_text("Let go")
    expect(phone.locator(".tabline [aria-current]")).to_be_in_viewport(ratio=0.9)
