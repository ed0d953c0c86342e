import re
from datetime import UTC, date, datetime, timedelta

import pytest

from mentors.models import Agreement, Review
from mentors.terms import months_after
from tests.factories.goals import GoalFactory
from tests.factories.mentors import AgreementFactory, InvitationFactory, RequestFactory
from tests.mentors.pages import text_of

pytestmark = pytest.mark.django_db
TODAY = datetime.now(UTC).date()
WORDS = {
    "purpose": "Lead my first study.",
    "rhythm": "30",
    "channel": "phone",
    "minutes": "30",
    "answers_within": "2",
    "confidentiality": "All of it.",
    "mentor_gets": "A note.",
    "stopping": "Say so.",
    "seen": "",
}


def url(cast, verb=""):
    return f"/mentorships/{cast.mentorship.pk}/agreement/{verb}"


def test_empty(client, cast, owner):
    text = text_of(client.get(url(cast)))

    assert "Nothing is written down yet." in text
    assert url(cast, "edit/") in text


def test_first_form_is_filled_in(client, cast, owner):
    goal = GoalFactory(owner=owner, title="Learn to say no", shared_with=[cast.mentorship])
    GoalFactory(owner=owner, title="For Sefa", shared_with=[cast.second_mentorship])
    InvitationFactory(sender=owner, mentorship=cast.mentorship, accepted=True, message="How do you prepare?")

    text = text_of(client.get(url(cast, "edit/")))

    assert "How do you prepare?" in text
    assert "What we tell each other stays between us." in text
    assert "Either of us can stop at any time, without a reason." in text
    assert re.search(rf'<input[^>]+name="goals" value="{goal.pk}"[^>]+checked', text)
    assert re.search(r'name="rhythm" value="14"[^>]+checked', text)
    assert re.search(r'name="minutes" value="45"', text)
    assert "For Sefa" not in text
    assert "Why this change?" not in text


def test_first_form_takes_over_what_was_asked_for(client, cast, owner):
    RequestFactory(
        asker=owner,
        mentor=cast.mentor,
        accepted=True,
        mentorship=cast.mentorship,
        help_wanted="Ask <better> questions.",
        offer="A note.",
        rhythm=7,
        channel="phone",
        term=6,
    )

    text = text_of(client.get(url(cast, "edit/")))

    assert "Ask &lt;better&gt; questions." in text
    assert "A note." in text
    assert re.search(r'value="7"[^>]+checked', text)
    assert re.search(r'value="phone"[^>]+checked', text)
    assert f'value="{months_after(TODAY, 6)}"' in text


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 15), 3, date(2026, 4, 15)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
    ],
)
def test_months_after(day, months, later):
    assert months_after(day, months) == later


def test_propose_and_agree(client, cast, owner):
    sent = client.post(url(cast, "edit/"), WORDS, follow=True)
    assert "Sent to Mina" in text_of(sent)
    assert "What you wrote waits for Mina’s yes." in text_of(sent)
    version = Agreement.objects.get()
    assert version.review_on == TODAY + timedelta(days=91)
    client.force_login(cast.mentor)
    assert "Olive wrote a first version for you to look at." in text_of(client.get(url(cast)))

    agreed = client.post(url(cast, "accept/"), {"number": 1}, follow=True)

    assert "Version 1 holds since" in text_of(agreed)
    assert "Lead my first study." in text_of(agreed)
    assert "Every month" in text_of(agreed)


def test_form_asks_each_in_their_own_person_what_the_mentor_gets(client, cast, owner):
    assert "What does Mina get?" in text_of(client.get(url(cast, "edit/")))

    client.force_login(cast.mentor)

    assert "What do you get?" in text_of(client.get(url(cast, "edit/")))


def test_review_is_half_way_to_the_end(client, cast, owner):
    client.post(url(cast, "edit/"), WORDS | {"ends_on": TODAY + timedelta(days=100)})

    assert Agreement.objects.get().review_on == TODAY + timedelta(days=50)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("purpose", "", "This is still empty."),
        ("purpose", "x" * 1001, "at most 1000 characters"),
        ("rhythm", "8", "That choice is not there any more."),
        ("channel", "smoke", "That choice is not there any more."),
        ("minutes", "5", "Give yourselves 15 minutes at least."),
        ("minutes", "an hour", "Use a whole number of minutes, like 45."),
        ("minutes", "9" * 40, "Nobody talks well for longer than 4 hours."),
        ("answers_within", "0", "One day is the shortest anybody can promise."),
        ("ends_on", "2020-01-01", "The end must lie ahead."),
        ("ends_on", "2199-01-01", "more than three years away"),
        ("ends_on", "soon", "Use a date, like 2027-03-15."),
        ("review_on", TODAY, "Choose a day after today, or leave it empty."),
        ("goals", "999999", "One of these goals is no longer shown between you two."),
        ("goals", "x", "One of these goals is no longer shown between you two."),
        ("stopping", "\x00", "This is still empty."),
    ],
)
def test_bad_input_comes_back(client, cast, owner, field, value, says):
    response = client.post(url(cast, "edit/"), WORDS | {"confidentiality": "Typed <words>.", field: value})

    assert response.status_code == 200
    assert says in text_of(response)
    assert "Typed &lt;words&gt;." in text_of(response)
    assert not Agreement.objects.exists()


def test_a_look_after_the_end_is_refused(client, cast, owner):
    days = {"ends_on": TODAY + timedelta(days=10), "review_on": TODAY + timedelta(days=11)}

    assert "Look at it before it ends" in text_of(client.post(url(cast, "edit/"), WORDS | days))


def test_a_goal_unshared_while_typing(client, cast, owner):
    goal = GoalFactory(owner=owner, title="Learn to say no", shared_with=[cast.mentorship])
    goal.shared_with.clear()
    client.force_login(cast.mentor)

    text = text_of(client.post(url(cast, "edit/"), WORDS | {"goals": [goal.pk]}))

    assert "One of these goals is no longer shown between you two." in text
    assert "Learn to say no" not in text


def test_the_other_was_quicker(client, cast, owner):
    AgreementFactory(mentorship=cast.mentorship, proposed=True, author=cast.mentor, purpose="Mina’s words.")

    late = client.post(url(cast, "edit/"), WORDS)

    text = text_of(late)
    assert late.status_code == 409
    assert "Mina proposed version 1 in the meantime." in text
    assert "Mina’s words." in text
    assert "Lead my first study." in text
    assert 'name="seen" value="1-proposed"' in text
    again = client.post(url(cast, "edit/"), WORDS | {"seen": "1-proposed"}, follow=True)
    assert "Sent to Mina" in text_of(again)
    assert list(Agreement.objects.order_by("number").values_list("state", flat=True)) == ["declined", "proposed"]


def test_nothing_different(client, cast, owner):
    client.post(url(cast, "edit/"), WORDS)

    same = client.post(url(cast, "edit/"), WORDS | {"seen": "1-proposed"})

    assert "Nothing is different from what stands there already." in text_of(same)


def test_a_change_shows_which_words(client, cast, owner):
    first = AgreementFactory(mentorship=cast.mentorship, purpose="Move into research by autumn.")
    AgreementFactory(
        mentorship=cast.mentorship,
        number=2,
        base=first,
        proposed=True,
        author=cast.mentor,
        purpose="Move into research by winter.",
        rhythm=30,
        reason="Autumn is <close>.",
    )

    text = text_of(client.get(url(cast)))

    assert "Mina proposes version 2" in text
    assert '<del><span class="visually-hidden">taken out: </span>autumn<' in text
    assert '<ins class="instead"><span class="visually-hidden">put in: </span>winter<' in text
    assert "Every month instead of every 2 weeks" in text
    assert "Autumn is &lt;close&gt;." in text
    assert "Agree to version 2" in text
    assert "Take it back" not in text


@pytest.mark.parametrize(("verb", "state"), [("accept", "withdrawn"), ("decline", "withdrawn")])
def test_an_answer_that_comes_too_late(client, cast, owner, verb, state):
    AgreementFactory(mentorship=cast.mentorship, author=cast.mentor, state=state, purpose="What she took back.")

    late = client.post(url(cast, f"{verb}/"), {"number": 1, "note": "Hm."})

    assert late.status_code == 409
    assert "Mina took this version back in the meantime." in text_of(late)
    assert "What she took back." in text_of(late)


def test_decline_with_too_many_words(client, cast, owner):
    AgreementFactory(mentorship=cast.mentorship, proposed=True, author=cast.mentor)

    back = client.post(url(cast, "decline/"), {"number": 1, "note": "n" * 1001})

    assert "at most 1000 characters" in text_of(back)
    assert "n" * 1001 in text_of(back)
    assert Agreement.objects.get().state == "proposed"


def test_decline_and_withdraw(client, cast, owner):
    AgreementFactory(mentorship=cast.mentorship, proposed=True, author=cast.mentor)
    declined = client.post(url(cast, "decline/"), {"number": 1, "note": "Ask me in May."}, follow=True)
    assert "Left as it is." in text_of(declined)
    assert "Ask me in May." in text_of(declined)
    client.post(url(cast, "edit/"), WORDS | {"seen": "1-declined"})

    back = client.post(url(cast, "withdraw/"), {"number": 2}, follow=True)

    assert "Taken back" in text_of(back)
    assert Agreement.objects.get(number=2).state == "withdrawn"


@pytest.mark.parametrize("number", ["", "x", "3", "-1", "9" * 30, "²", "\x00"])
def test_unknown_version(client, cast, owner, number):
    AgreementFactory(mentorship=cast.mentorship, proposed=True, author=cast.mentor)

    assert client.post(url(cast, "accept/"), {"number": number}).status_code == 404


def test_history_is_paged(client, cast, owner):
    for number in range(1, 14):
        AgreementFactory(mentorship=cast.mentorship, number=number, state="replaced")

    first = text_of(client.get(url(cast)))
    assert "Version 13" in first
    assert "Version 3<" not in first
    token = first.partition("?earlier=")[2].partition('"')[0]

    assert "Version 3<" in text_of(client.get(url(cast) + "?earlier=" + token))
    assert client.get(url(cast) + "?earlier=" + "x" * 900).status_code == 200


@pytest.mark.parametrize("page", ["", "edit/"])
@pytest.mark.parametrize("number", [1, 3])
def test_queries(client, cast, owner, number, page, django_assert_num_queries):
    goals = GoalFactory.create_batch(number, owner=owner, shared_with=[cast.mentorship])
    base = None
    for each in range(1, number + 1):
        base = AgreementFactory(mentorship=cast.mentorship, number=each, state="replaced", base=base, goals=goals)
    holds = AgreementFactory(mentorship=cast.mentorship, number=number + 1, base=base, goals=goals)
    Review.objects.create(agreement=holds, author=cast.mentor, said_at=datetime.now(UTC))
    AgreementFactory(mentorship=cast.mentorship, number=number + 2, base=holds, goals=goals, proposed=True)
    client.get(url(cast, page))

    with django_assert_num_queries(7):
        client.get(url(cast, page))


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_a_first_version(client, cast, owner, number, django_assert_num_queries):
    GoalFactory.create_batch(number, owner=owner, shared_with=[cast.mentorship])
    client.get(url(cast, "edit/"))

    with django_assert_num_queries(8):
        client.get(url(cast, "edit/"))


def test_relation_page_leads_to_it(client, cast, owner):
    detail = cast.mentorship.get_absolute_url()
    assert "Write it down" in text_of(client.get(detail))
    AgreementFactory(mentorship=cast.mentorship, proposed=True, author=cast.mentor)

    assert "Mina proposes version 1 and waits for your answer." in text_of(client.get(detail))
    assert "Mina proposes a version of your agreement" in text_of(client.get("/mentors/"))
    assert "Agreement" not in text_of(client.get(cast.colleagueship.get_absolute_url()))


def test_after_the_end_the_mentee_reads_it_and_nobody_changes_it(client, cast, owner):
    goal = GoalFactory(owner=owner, title="Learn to say no", shared_with=[cast.former_mentorship])
    AgreementFactory(mentorship=cast.former_mentorship, goals=[goal])
    page = f"{cast.former_mentorship.get_absolute_url()}agreement/"

    text = text_of(client.get(page))

    assert "Only you can still read it." in text
    assert "Learn to say no" in text
    assert "Propose a change" not in text
    assert "can propose another version" not in text
    assert "End with" not in text
    client.force_login(cast.former_mentor)
    assert client.get(page).status_code == 404
    assert "agreed" not in text_of(client.get(cast.former_mentorship.get_absolute_url()))


def test_a_goal_no_longer_shown_is_gone_from_the_mentors_page(client, cast):
    goal = GoalFactory(owner=cast.owner, title="Learn to say no", shared_with=[cast.mentorship])
    AgreementFactory(mentorship=cast.mentorship, goals=[goal])
    client.force_login(cast.mentor)
    assert "Learn to say no" in text_of(client.get(url(cast)))

    goal.shared_with.clear()

    assert "Learn to say no" not in text_of(client.get(url(cast)))
