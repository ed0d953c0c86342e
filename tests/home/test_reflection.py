import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core import signing
from django.urls import reverse

from home.views.reflection import HINT_HIDDEN
from journal.models import Entry, Intention, Period
from journal.questions import LAST_QUESTION, choose
from mail.models import Message
from tests.factories.accounts import UserFactory
from tests.factories.journal import EntryFactory, IntentionFactory, PeriodFactory, ReflectionFactory

URL = "/journal/write/"
SUNDAY = datetime(2026, 11, 15, 18, 30, tzinfo=UTC)  # week 46, in London
WEEK = "2026-W46"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(SUNDAY, tick=False):
        yield


@pytest.fixture
def owner(cast, client):
    client.force_login(cast.owner)
    return cast.owner


def sent_from(page, **words):
    """Return what the form of a page sends, with these words typed into it."""
    form = page.context["form"]
    data = {name: form[name].value() for name in ["version", "page", "asked"]}
    return {**data, **words}


def test_reflection_asks_the_four_questions_of_the_week(client, owner):
    page = client.get(URL)

    html = page.content.decode()
    assert page.status_code == 200
    assert "Week 46, 9 to 15 November" in html
    assert "Sunday reflection" in html
    for question in choose(WEEK):
        assert question in html
    assert "appears in your weekly mail" in html


def test_reflection_get_writes_nothing(client, owner, django_assert_num_queries):
    client.get(URL)
    client.get(f"{URL}?mood=4&week={WEEK}")

    assert not Period.objects.exists()
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("query", "checked"), [("4", "4"), ("9", None), ("x", None), ("", None), ("4" * 5000, None), ("-1", None)]
)
def test_reflection_mood_from_a_mail_is_only_preselected(client, owner, query, checked):
    html = client.get(URL, {"mood": query}).content.decode()

    found = re.findall(r'name="mood" value="(\d)"[^>]*checked', html)
    assert found == ([checked] if checked else [])


def test_reflection_finish_stores_what_was_asked_and_said(client, owner):
    page = client.get(URL)

    response = client.post(
        URL,
        sent_from(page, answer_1="The interview.", answer_3="Leo.", intention="Ask Hannah.", mood=4, energy=2,
                  title="Good week", action="finish"),
    )  # fmt: skip

    entry = Entry.objects.get()
    assert response.status_code == 302
    assert response["Location"] == entry.get_absolute_url()
    first, second, third, _ = choose(WEEK)
    assert entry.answers == {first: "The interview.", second: "", third: "Leo."}
    assert (entry.title, entry.mood, entry.energy, entry.entry_on) == ("Good week", 4, 2, date(2026, 11, 15))
    assert entry.finished_at == SUNDAY
    assert entry.period.state == "written"
    assert entry.period.questions == choose(WEEK)
    intention = Intention.objects.get()
    assert (intention.text, intention.key, intention.owner) == ("Ask Hannah.", "2026-W47", owner)
    assert not Message.objects.exists()


def test_reflection_without_javascript_later_keeps_a_draft(client, owner):
    response = client.post(URL, sent_from(client.get(URL), answer_1="Half a thought", action="later"))

    entry = Entry.objects.get()
    assert response["Location"] == reverse("journal:entry_list")
    assert entry.finished_at is None
    assert entry.period.state == "written"
    assert "Half a thought" in client.get(URL).content.decode()


def test_reflection_autosave_answers_with_the_next_version(client, owner):
    page = client.get(URL)
    data = sent_from(page, answer_1="First words")

    first = client.post(URL, data, headers={"hx-request": "true"})
    html = first.content.decode()
    second = client.post(URL, {**data, "answer_1": "First words, more", "version": 1}, headers={"hx-request": "true"})

    assert first.status_code == second.status_code == 200
    assert "Saved 18:30" in html
    assert re.search(r'name="version" value="1"', html)
    assert re.search(r'name="version" value="2"', second.content.decode())
    assert "<form" not in html
    assert Entry.objects.get().answers[choose(WEEK)[0]] == "First words, more"
    assert Entry.objects.get().finished_at is None


def test_reflection_autosave_that_arrives_late_does_not_replace_newer_text(client, owner):
    data = sent_from(client.get(URL))
    autosave = {"headers": {"hx-request": "true"}}
    client.post(URL, {**data, "answer_1": "First", "number": 1}, **autosave)
    client.post(URL, {**data, "answer_1": "First, second, third", "number": 3}, **autosave)

    late = client.post(URL, {**data, "answer_1": "First, second", "number": 2}, **autosave)

    assert late.status_code == 200
    assert Entry.objects.get().excerpt == "First, second, third"
    client.post(URL, {**data, "answer_1": "And on", "number": 4}, **autosave)
    client.post(URL, {**data, "answer_1": "No script any more", "action": "later"})
    assert Entry.objects.get().excerpt == "No script any more"


def test_reflection_autosave_that_arrives_after_finish_changes_nothing(client, owner):
    data = sent_from(client.get(URL))
    client.post(URL, {**data, "answer_1": "Done", "number": 2, "action": "finish"})

    for number in (1, 3, ""):
        late = client.post(URL, {**data, "answer_1": "Do", "number": number}, headers={"hx-request": "true"})
        assert late.status_code == 409
        assert "no longer saves by itself" in late.content.decode()

    assert Entry.objects.get().excerpt == "Done"
    client.post(URL, {**data, "answer_1": "Done twice", "number": 4, "action": "save"})
    assert Entry.objects.get().excerpt == "Done twice"


def test_reflection_autosave_of_an_empty_page_stores_nothing(client, owner):
    response = client.post(URL, sent_from(client.get(URL)), headers={"hx-request": "true"})

    assert response.status_code == 200
    assert not Entry.objects.exists()
    assert not Period.objects.exists()


def test_reflection_autosave_whose_answer_was_lost_may_be_repeated(client, owner):
    data = sent_from(client.get(URL), answer_1="Typed on a train")
    client.post(URL, data, headers={"hx-request": "true"})

    again = client.post(URL, {**data, "answer_1": "Typed on a train, and on"}, headers={"hx-request": "true"})

    assert again.status_code == 200
    assert Entry.objects.get().answers[choose(WEEK)[0]] == "Typed on a train, and on"


def test_reflection_second_tab_sees_both_versions_and_loses_none(client, owner):
    one, two = client.get(URL), client.get(URL)
    client.post(URL, sent_from(one, answer_1="From the first tab", title="One"), headers={"hx-request": "true"})
    late = sent_from(two, answer_1="From the second tab", answer_2="Only here", intention="Mine")

    autosave = client.post(URL, late, headers={"hx-request": "true"})
    shown = client.post(URL, {**late, "action": "save"})

    assert autosave.status_code == 409
    assert "Changed in another tab" in autosave.content.decode()
    html = shown.content.decode()
    assert shown.status_code == 409
    assert "From the first tab" in html
    assert "From the second tab" in html
    assert "Only here" in html
    assert Entry.objects.get().answers[choose(WEEK)[0]] == "From the first tab"
    merged = client.post(URL, {**late, "version": shown.context["form"]["version"].value(), "answer_1": "Both"})
    assert merged.status_code == 302
    assert Entry.objects.get().answers[choose(WEEK)[0]] == "Both"


def test_reflection_stale_finish_finishes_nothing(client, owner):
    one, two = client.get(URL), client.get(URL)
    client.post(URL, sent_from(one, answer_1="First"), headers={"hx-request": "true"})

    response = client.post(URL, sent_from(two, answer_1="Second", action="finish"))

    assert response.status_code == 409
    assert Entry.objects.get().finished_at is None


def test_reflection_first_save_without_a_page_token_is_not_taken_for_the_same_page(client, owner):
    client.post(URL, {"answer_1": "One"})

    assert client.post(URL, {"answer_1": "Two"}).status_code == 409


def test_reflection_keeps_the_questions_it_showed_even_if_a_mail_asked_others_meanwhile(client, owner):
    page = client.get(URL)
    PeriodFactory(owner=owner, key=WEEK, questions=["Another?", "And another?", "A third?", LAST_QUESTION])

    client.post(URL, sent_from(page, answer_1="An answer", action="finish"))

    assert Entry.objects.get().answers[choose(WEEK)[0]] == "An answer"
    assert choose(WEEK)[0] in client.get(f"{URL}?week={WEEK}").content.decode()


def test_reflection_shows_the_questions_of_the_mail(client, owner):
    PeriodFactory(owner=owner, key=WEEK, questions=["Asked by mail?", "B?", "C?", LAST_QUESTION])

    html = client.get(URL).content.decode()

    assert "Asked by mail?" in html
    assert html.count(LAST_QUESTION) == 1


def test_reflection_never_drops_an_answer_whose_question_the_page_does_not_show(client, owner):
    entry = ReflectionFactory(owner=owner, answers={"Old?": "kept"}, draft=True)
    asked = signing.dumps([WEEK, ["New?"]], salt="journal.questions")

    client.post(URL, {"asked": asked, "version": entry.version, "answer_1": "new"})

    assert Entry.objects.get().answers == {"New?": "new", "Old?": "kept"}


# Named, because a signature holds the time, and xdist's processes must collect the same tests.
@pytest.mark.parametrize(
    "asked",
    ["", "garbage", "x" * 5000, signing.dumps([WEEK, ["Forged?"]], salt="other")],
    ids=["empty", "garbage", "long", "other salt"],
)
def test_reflection_forged_questions_fall_back_to_those_of_the_week(client, owner, asked):
    client.post(URL, {"asked": asked, "answer_1": "An answer"})

    assert Entry.objects.get().answers[choose(WEEK)[0]] == "An answer"


def test_reflection_questions_of_another_week_are_not_taken(client, owner):
    asked = signing.dumps(["2026-W40", ["Elsewhere?"]], salt="journal.questions")

    client.post(URL, {"asked": asked, "answer_1": "An answer"})

    assert "Elsewhere?" not in Entry.objects.get().answers


def test_reflection_finish_with_nothing_says_so(client, owner):
    response = client.post(URL, sent_from(client.get(URL), action="finish"))

    assert response.status_code == 422
    assert "One line is enough, or skip this week." in response.content.decode()
    assert not Entry.objects.exists()


def test_reflection_a_mood_alone_may_be_kept_but_does_not_count_as_written(client, owner):
    client.post(URL, sent_from(client.get(URL), mood=2))

    assert Entry.objects.get().mood == 2
    assert Period.objects.get().state == "open"


@pytest.mark.parametrize(
    "words",
    [{"mood": "6"}, {"mood": "nine"}, {"energy": "-1"}, {"energy": "9" * 400}, {"intention": "x" * 201},
     {"title": "x" * 121}, {"answer_1": "x" * 10_001}, {"version": "9" * 30}, {"version": "x"}, {"page": "<script>"},
     {"came_true": "maybe"}, {"readers": "1e9"}, {"readers": "9" * 30}, {"readers": "-1"}, {"readers": "٣"}],
)  # fmt: skip
def test_reflection_bad_input_keeps_what_was_typed(client, owner, words):
    data = {**sent_from(client.get(URL), answer_2="Typed with care"), **words, "action": "finish"}

    response = client.post(URL, data)
    autosave = client.post(URL, data, headers={"hx-request": "true"})

    assert response.status_code == autosave.status_code == 422
    assert "Typed with care" in response.content.decode()
    assert "Not saved" in autosave.content.decode()
    assert not Entry.objects.exists()


def test_reflection_cleans_controls_away(client, owner):
    client.post(URL, sent_from(client.get(URL), answer_1="a\x07b\u202ec\x00d", intention="one\r\ntwo"))

    assert Entry.objects.get().answers[choose(WEEK)[0]] == "abcd"
    assert Intention.objects.get().text == "one two"


@pytest.mark.parametrize("action", ["", "delete", "x" * 5000])
def test_reflection_unknown_action_only_saves(client, owner, action):
    response = client.post(URL, sent_from(client.get(URL), answer_1="Words", action=action))

    assert response.status_code == 302
    assert Entry.objects.get().finished_at is None


# Which week ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "week"),
    [(13, "Week 46"), (16, "Week 46"), (19, "Week 46"), (20, "Week 47")],
    ids=["Fri", "Mon", "Thu", "Fri"],
)
def test_reflection_opens_the_week_a_prompt_would_ask_about(client, owner, day, week):
    with time_machine.travel(datetime(2026, 11, day, 12, tzinfo=UTC)):
        assert client.get(URL).context["week_name"] == week


def test_reflection_after_last_week_was_finished_or_skipped_opens_the_present_one(client, owner):
    with time_machine.travel(datetime(2026, 11, 17, 12, tzinfo=UTC)):
        period = PeriodFactory(owner=owner, key=WEEK, state="skipped")
        assert client.get(URL).context["week_name"] == "Week 47"
        period.delete()
        ReflectionFactory(owner=owner)
        assert client.get(URL).context["week_name"] == "Week 47"


def test_reflection_week_turns_at_the_owners_midnight(client, db):
    person = UserFactory(time_zone="Pacific/Auckland")
    client.force_login(person)

    with time_machine.travel(datetime(2026, 11, 12, 11, 30, tzinfo=UTC)):  # Friday 00:30 there, Thursday here
        assert client.get(URL).context["week_name"] == "Week 46"


def test_reflection_of_a_missed_week_stands_in_that_week(client, owner):
    PeriodFactory(owner=owner, key="2026-W44", state="missed")
    url = f"{URL}?week=2026-W44"

    client.post(url, sent_from(client.get(url), answer_1="Late, and fine", action="finish"))

    entry = Entry.objects.get()
    assert entry.entry_on == date(2026, 11, 1)
    assert entry.period.state == "written"


def test_reflection_future_week_is_refused_kindly(client, owner):
    url = f"{URL}?week=2026-W48"

    shown = client.get(url)
    posted = client.post(url, sent_from(shown, answer_1="From the future"))

    assert shown.status_code == 200
    assert "Week 48 begins on Monday, 23 November 2026. Here is the latest one." in shown.content.decode()
    assert posted.status_code == 422
    assert "From the future" in posted.content.decode()
    assert not Entry.objects.exists()


@pytest.mark.parametrize("week", ["x", "2026-W99", "2026-W00", "0001-W01", "9999-W52", "1" * 5000, "2026-W46 ", "%00"])
def test_reflection_unreadable_week_shows_the_latest(client, owner, week):
    response = client.get(f"{URL}?week={week}")

    assert response.status_code in {200, 400}
    if response.status_code == 200:
        assert "Here is the latest one." in response.content.decode()


def test_reflection_skip(client, owner):
    response = client.post(f"{URL}?week={WEEK}", {"action": "skip"}, follow=True)

    assert Period.objects.get().state == "skipped"
    assert "skipped. You can still write it any time." in response.content.decode()
    client.post(f"{URL}?week={WEEK}", {"answer_1": "After all"})
    assert Period.objects.get().state == "written"


def test_reflection_skip_leaves_a_written_week_alone(client, owner):
    ReflectionFactory(owner=owner)

    response = client.post(f"{URL}?week={WEEK}", {"action": "skip"}, follow=True)

    assert Period.objects.get().state == "written"
    assert "has words in it already" in response.content.decode()


def test_reflection_emptied_week_is_open_again(client, owner):
    entry = ReflectionFactory(owner=owner, draft=True)

    client.post(f"{URL}?week={WEEK}", {"version": entry.version})

    assert Period.objects.get().state == "open"


# Intention -----------------------------------------------------------------------------------------------------------


def test_reflection_asks_whether_the_last_intention_came_true(client, owner):
    IntentionFactory(entry__owner=owner, entry__entry_on=date(2026, 11, 8), text="Finish the guide")
    page = client.get(URL)

    client.post(URL, sent_from(page, answer_1="Words", came_true="partly"))

    assert "This week you wanted to" in page.content.decode()
    assert "Finish the guide" in page.content.decode()
    assert Intention.objects.get(key=WEEK).came_true == "partly"
    client.post(URL, sent_from(client.get(URL), answer_1="More words"))
    assert Intention.objects.get(key=WEEK).came_true == "partly"


def test_reflection_intention_taken_out_is_gone(client, owner):
    client.post(URL, sent_from(client.get(URL), answer_1="Words", intention="Later"))

    client.post(URL, sent_from(client.get(URL), answer_1="Words", intention=""))

    assert not Intention.objects.exists()


def test_reflection_says_that_mails_hide_the_intention(client, owner):
    owner.mails_hide_text = True
    owner.save()

    assert HINT_HIDDEN in client.get(URL).content.decode()


# Who may read --------------------------------------------------------------------------------------------------------


def test_reflection_is_private_unless_somebody_is_chosen(client, owner, cast):
    client.post(URL, sent_from(client.get(URL), answer_1="Mine", action="finish"))

    assert not Entry.objects.get().shared_with.exists()
    assert not Entry.objects.visible_to(cast.mentor).exists()


def test_reflection_finish_shares_with_those_chosen_and_tells_them(client, owner, cast):
    page = client.get(URL)
    chosen = [cast.mentorship.pk, cast.colleagueship.pk]

    client.post(URL, sent_from(page, answer_1="For you two", action="finish", readers=chosen))

    entry = Entry.objects.get()
    assert Entry.objects.visible_to(cast.mentor).get() == Entry.objects.visible_to(cast.colleague).get() == entry
    assert not Entry.objects.visible_to(cast.second_mentor).exists()
    assert {message.user for message in Message.objects.filter(kind="entry_shared")} == {cast.mentor, cast.colleague}


def test_reflection_draft_is_not_shared_whatever_was_chosen(client, owner, cast):
    client.post(URL, sent_from(client.get(URL), answer_1="Not yet", action="later", readers=[cast.mentorship.pk]))

    assert not Entry.objects.visible_to(cast.mentor).exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize("which", ["former_mentorship", "foreign", "as_mentor"])
def test_reflection_cannot_be_shared_with_anybody_else(client, owner, cast, which):
    from tests.factories.sharing import MentorshipFactory

    relations = {
        "former_mentorship": cast.former_mentorship,
        "foreign": MentorshipFactory(),
        "as_mentor": MentorshipFactory(mentor=owner),
    }

    response = client.post(
        URL, sent_from(client.get(URL), answer_1="Careful", action="finish", readers=[relations[which].pk])
    )

    assert response.status_code == 422
    assert "Choose again who may." in response.content.decode()
    assert not Entry.objects.exists()


def test_reflection_readers_named_only_if_active(client, owner, cast):
    html = client.get(URL).content.decode()

    assert "Mina Mentor" in html
    assert "Farid Former" not in html


def test_reflection_of_somebody_else_is_another_page(client, cast):
    ReflectionFactory(owner=cast.owner, title="Not yours", answers={"Q?": "Nor this"})
    client.force_login(cast.mentor)

    html = client.get(f"{URL}?week={WEEK}").content.decode()

    assert "Not yours" not in html
    assert "Nor this" not in html


def test_reflection_says_when_it_was_saved(client, owner):
    ReflectionFactory(owner=owner, draft=True, updated_at=datetime(2026, 11, 13, 9, tzinfo=UTC))

    assert "Saved 13 November" in client.get(URL).content.decode()


def test_finished_reflection_is_edited_without_autosave(client, owner, cast):
    entry = ReflectionFactory(owner=owner, shared_with=[cast.mentorship])
    page = client.get(f"{URL}?week={WEEK}")
    html = page.content.decode()

    response = client.post(f"{URL}?week={WEEK}", sent_from(page, answer_1="Corrected", action="save"))

    assert "data-autosave" not in html
    assert "Mina Mentor can read this, also what you change now." in html
    assert response["Location"] == entry.get_absolute_url()
    entry.refresh_from_db()
    assert "Corrected" in entry.answers.values()
    assert entry.finished_at
    assert entry.shared_with.get() == cast.mentorship


def test_expired_session_sends_htmx_to_sign_in_and_back_to_the_week(client, db):
    response = client.post(f"{URL}?week={WEEK}", {"answer_1": "x"}, headers={"hx-request": "true"})

    assert "next=/journal/write/%3Fweek%3D2026-W46" in response["HX-Redirect"]


@pytest.mark.parametrize("entries", [1, 3])
def test_reflection_query_count(client, owner, cast, entries, django_assert_num_queries):
    for back in range(entries):
        IntentionFactory(
            entry__owner=owner, entry__entry_on=date(2026, 11, 15 - 7 * back) if back < 2 else date(2026, 10, 25)
        )
    EntryFactory(owner=owner)
    client.get(URL)

    with django_assert_num_queries(10):
        client.get(URL)
