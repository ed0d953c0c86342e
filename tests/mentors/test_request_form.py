import re
from datetime import UTC, date, datetime, timedelta

import pytest

from mail.models import Message
from mentors.models import Request
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory, MilestoneFactory
from tests.factories.mentors import ProfileFactory, RequestFactory
from tests.factories.sharing import BlockFactory, MentorshipFactory
from tests.mentors.pages import text_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
ASKED = {
    "help_wanted": "Which parts of my years at the desk do I show?",
    "why_you": "You came from nursing.",
    "about_me": "I answer calls.",
    "offer": "Two hours a week.",
    "rhythm": "30",
    "channel": "writing",
    "term": "0",
}


@pytest.fixture
def profile():
    return ProfileFactory(
        owner__name="Daniel Okafor",
        headline="Research lead at a hospital group",
        helps_with="I came from nursing.\nI ask why <three> times.",
        asks_for="- Send something to read\n\n- Say when it is not working",
    )


@pytest.fixture
def url(profile):
    return f"/mentors/{profile.pk}/request/"


def test_form(client, owner, url):
    goal = GoalFactory(owner=owner, title="Move into research", by_milestones=True, due_on=date(2199, 9, 30))
    MilestoneFactory(goal=goal)
    GoalFactory(owner=owner, title="Resting one", resting=True)
    GoalFactory(owner=owner, title="A draft", draft=True)
    GoalFactory(title="Somebody else’s")

    text = text_of(client.get(url))

    assert "Ask Daniel to be your mentor" in text
    assert "Daniel can read the ones you tick after a yes, and nothing else." in text
    assert "Move into research</b><small>0 of 1 milestone, by 30 September 2199" in text
    assert "Resting one</b>" in text
    assert ", resting</small>" in text
    assert "A draft" not in text
    assert "Somebody else’s" not in text
    assert "Every 2 weeks" in text
    assert text.index(">A year<") < text.index(">Open<")
    assert "I came from nursing.<br>I ask why &lt;three&gt; times." in text
    assert "<li>Send something to read</li>" in text
    assert "Draft kept" not in text
    assert not Request.objects.exists()


def test_form_of_somebody_without_goals(client, owner, url):
    assert "Which goals is this about?" not in text_of(client.get(url))


def test_send(client, owner, profile, url):
    goal = GoalFactory(owner=owner)

    answer = client.post(url, ASKED | {"goals": [goal.pk], "send": "1"})

    row = Request.objects.get()
    assert answer.url == row.get_absolute_url()
    assert (row.state, row.asker, row.mentor) == ("sent", owner, profile.owner)
    assert (row.rhythm, row.channel, row.term) == (30, "writing", 0)
    assert list(row.goals.all()) == [goal]
    assert "Sent to Daniel Okafor" in text_of(client.get(answer.url))
    assert Message.objects.get().kind == "mentor_request"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("help_wanted", " ", "This is still empty."),
        ("why_you", "", "This is still empty."),
        ("about_me", "", "This is still empty."),
        ("offer", "", "This is still empty."),
        ("help_wanted", "x" * 1001, "1000 characters"),
        ("rhythm", "2", "That choice is not there any more."),
        ("channel", "", "Choose one of these."),
        ("goals", "999999", "That choice is not there any more."),
        ("goals", "one", "That choice is not there any more."),
    ],
)
def test_mistakes_come_back_with_what_was_typed(client, owner, url, field, value, says):
    GoalFactory(owner=owner)

    answer = client.post(url, ASKED | {field: value, "send": "1"})

    text = text_of(answer)
    assert answer.status_code == 422
    assert says in text
    assert "This has not been sent yet" in text
    assert "Draft kept" in text
    typed = [ASKED[name] for name in ("help_wanted", "why_you", "about_me", "offer") if name != field]
    assert all(words in text for words in typed)
    assert Request.objects.get().is_draft


def test_goal_of_somebody_else_is_refused(client, owner, url):
    GoalFactory(owner=owner)
    foreign = GoalFactory(title="Foreign")

    answer = client.post(url, ASKED | {"goals": [foreign.pk], "send": "1"})

    assert answer.status_code == 422
    assert "Foreign" not in text_of(answer)
    assert not Request.objects.get().goals.exists()


def test_draft_is_kept_as_typed_and_comes_back(client, owner, url):
    goal = GoalFactory(owner=owner)
    typed = {"help_wanted": "I am ti", "offer": "x" * 1500, "rhythm": "7", "goals": [goal.pk]}

    said = client.post(f"{url}draft/", typed, headers=HTMX)

    assert "Draft kept" in text_of(said)
    draft = Request.objects.get()
    assert (draft.help_wanted, len(draft.offer), draft.rhythm, draft.channel) == ("I am ti", 1500, 7, "video")
    page = text_of(client.get(url))
    assert "I am ti" in page
    assert "x" * 1500 in page
    assert f'value="{goal.pk}" id="id_goals_0" checked' in page
    assert re.search('value="7"[^>]+checked', page)
    assert not Message.objects.exists()


def test_draft_judges_nothing(client, owner, url):
    answer = client.post(f"{url}draft/", {"rhythm": "x", "channel": "9", "goals": ["²", "9" * 40]}, headers=HTMX)

    assert answer.status_code == 200
    assert Request.objects.get().rhythm == 14


def test_too_long_to_keep(client, owner, url):
    answer = client.post(f"{url}draft/", {"offer": "x" * 20_001}, headers=HTMX)

    assert answer.status_code == 413
    assert "Too long to keep: more than 20,000 characters" in text_of(answer)
    assert not Request.objects.exists()
    sent = client.post(url, ASKED | {"offer": "x" * 20_001, "send": "1"})
    assert sent.status_code == 422
    assert "x" * 20_001 in text_of(sent)


def test_autosave_after_it_was_sent(client, owner, url):
    client.post(url, ASKED | {"send": "1"})

    said = client.post(f"{url}draft/", ASKED | {"offer": "Late"}, headers=HTMX)

    assert "This was sent already" in text_of(said)
    assert Request.objects.get().offer == "Two hours a week."


def test_preview_then_send(client, owner, profile, url):
    answer = client.post(url, ASKED | {"preview": "1"})

    draft = Request.objects.get()
    page = text_of(client.get(answer.url))
    assert answer.url == draft.get_absolute_url()
    assert "This is what Daniel will read" in page
    assert "Nothing has been sent yet." in page
    assert ASKED["help_wanted"] in page
    assert f'href="{url}"' in page  # keep writing
    assert not Message.objects.exists()

    client.post(f"{draft.get_absolute_url()}send/")

    assert Request.objects.get().state == "sent"


def test_sending_half_a_draft_shows_the_form(client, owner, profile):
    draft = RequestFactory(asker=owner, mentor=profile.owner, draft=True, why_you="")

    answer = client.post(f"/mentors/requests/{draft.pk}/send/")

    assert answer.status_code == 422
    assert "This has not been sent yet" in text_of(answer)
    assert f'action="/mentors/{profile.pk}/request/"' in text_of(answer)


def test_sending_to_somebody_who_left_the_list(client, owner, profile):
    draft = RequestFactory(asker=owner, mentor=profile.owner, draft=True)
    profile.is_listed = False
    profile.save()

    answer = client.post(f"/mentors/requests/{draft.pk}/send/")

    assert answer.status_code == 409
    assert "not in the list of mentors any more" in text_of(answer)
    assert "not in the list of mentors any more" in text_of(client.get(draft.get_absolute_url()))


def test_discard(client, owner, profile):
    draft = RequestFactory(asker=owner, mentor=profile.owner, draft=True)

    answer = client.post(f"/mentors/requests/{draft.pk}/discard/")

    assert answer.url == "/mentors/"
    assert not Request.objects.exists()


def test_discard_of_what_was_sent(client, owner):
    row = RequestFactory(asker=owner)

    answer = client.post(f"/mentors/requests/{row.pk}/discard/")

    assert answer.status_code == 409
    assert "You can take it back." in text_of(answer)


@pytest.mark.parametrize("why", ["unlisted", "own", "blocked", "blocking", "leaving"])
def test_no_page_for_who_cannot_be_asked(client, owner, profile, url, why):
    if why == "unlisted":
        profile.is_listed = False
        profile.save()
    elif why == "own":
        url = f"/mentors/{ProfileFactory(owner=owner).pk}/request/"
    elif why == "blocked":
        BlockFactory(blocker=profile.owner, blocked=owner)
    elif why == "blocking":
        BlockFactory(blocker=owner, blocked=profile.owner)
    else:
        profile.owner.deletion_asked_at = datetime.now(UTC)
        profile.owner.save()

    assert client.get(url).status_code == 404
    assert client.post(url, ASKED).status_code == 404
    assert client.post(f"{url}draft/", ASKED).status_code == 404


@pytest.mark.parametrize("why", ["full", "paused", "together"])
def test_page_says_why_not_now(client, owner, profile, url, why):
    RequestFactory(asker=owner, mentor=profile.owner, draft=True)
    if why == "full":
        MentorshipFactory.create_batch(2, mentor=profile.owner)
    elif why == "paused":
        profile.paused_until = datetime.now(UTC).date() + timedelta(days=9)
        profile.save()
    else:
        MentorshipFactory(mentor=profile.owner, mentee=owner)

    page = text_of(client.get(url))

    says = {"full": "has no free place now", "paused": "takes nobody new until", "together": "reads with you already"}
    assert says[why] in page
    assert "Your draft is kept, in case that changes." in page
    assert "<textarea" not in page


def test_full_since_the_page_was_opened(client, owner, profile, url):
    MentorshipFactory.create_batch(2, mentor=profile.owner)

    answer = client.post(url, ASKED | {"send": "1"})

    assert answer.status_code == 422
    assert "Daniel has no free place now." in text_of(answer)
    assert ASKED["offer"] in text_of(answer)


def test_who_has_asked_is_led_there(client, owner, profile, url):
    row = RequestFactory(asker=owner, mentor=profile.owner, question=True)

    for answer in (client.get(url), client.post(url, ASKED)):
        assert answer.url == row.get_absolute_url()


@pytest.mark.parametrize("number", [1, 3])
def test_form_queries(client, owner, profile, url, number, django_assert_num_queries):
    draft = RequestFactory(asker=owner, mentor=profile.owner, draft=True)
    for goal in GoalFactory.create_batch(number, owner=owner):
        MilestoneFactory(goal=goal)
        draft.goals.add(goal)
    client.get(url)

    with django_assert_num_queries(7):
        client.get(url)


def test_nothing_of_the_form_needs_a_name(client, url):
    client.force_login(UserFactory(name=""))

    assert client.get(url).status_code == 200
