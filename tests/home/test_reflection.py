import re
from datetime import UTC, date, datetime

import pytest
from django.core import signing
from django.urls import reverse

from home.views.reflection import HINT_HIDDEN
from journal.models import Entry, Intention, Period
from journal.questions.choosing import LAST_QUESTION
from mail.models import Message
from tests.factories.journal import EntryFactory, IntentionFactory, OwnQuestionFactory, PeriodFactory, ReflectionFactory
from tests.home.reflection import SUNDAY, URL, WEEK, asked_of, sent_from

pytestmark = pytest.mark.usefixtures("sunday")


def test_reflection_asks_the_four_questions_of_the_week(client, owner):
    page = client.get(URL)

    html = page.content.decode()
    assert page.status_code == 200
    assert "Week 46, 9 to 15 November" in html
    assert "Sunday reflection" in html
    for question in asked_of(owner):
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
    asked, page = asked_of(owner), client.get(URL)

    response = client.post(
        URL,
        sent_from(page, answer_1="The interview.", answer_3="Leo.", intention="Ask Hannah.", mood=4, energy=2,
                  title="Good week", action="finish"),
    )  # fmt: skip

    entry = Entry.objects.get()
    assert response.status_code == 302
    assert response["Location"] == entry.get_absolute_url()
    first, second, third, _ = asked
    assert entry.answers == {first: "The interview.", second: "", third: "Leo."}
    assert (entry.title, entry.mood, entry.energy, entry.entry_on) == ("Good week", 4, 2, date(2026, 11, 15))
    assert entry.finished_at == SUNDAY
    assert entry.period.state == "written"
    assert entry.period.questions == asked
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


def test_reflection_keeps_the_questions_it_showed_even_if_a_mail_asked_others_meanwhile(client, owner):
    asked, page = asked_of(owner), client.get(URL)
    PeriodFactory(owner=owner, key=WEEK, questions=["Another?", "And another?", "A third?", LAST_QUESTION])

    client.post(URL, sent_from(page, answer_1="An answer", action="finish"))

    assert Entry.objects.get().excerpt == "An answer"
    assert asked[0] in client.get(f"{URL}?week={WEEK}").content.decode()


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

    assert Entry.objects.get().excerpt == "An answer"


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


@pytest.mark.same_statements
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

    assert Entry.objects.get().excerpt == "abcd"
    assert Intention.objects.get().text == "one two"


@pytest.mark.parametrize("action", ["", "delete", "x" * 5000])
def test_reflection_unknown_action_only_saves(client, owner, action):
    response = client.post(URL, sent_from(client.get(URL), answer_1="Words", action=action))

    assert response.status_code == 302
    assert Entry.objects.get().finished_at is None


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

    assert HINT_HIDDEN.format("week") in client.get(URL).content.decode()


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
    here = {"hx-request": "true", "hx-current-url": f"http://testserver{URL}?week={WEEK}"}
    response = client.post(f"{URL}?week={WEEK}", {"answer_1": "x"}, headers=here)

    assert "next=/journal/write/%3Fweek%3D2026-W46" in response["HX-Redirect"]
    assert "it opens again with what you typed" in client.get(response["HX-Redirect"]).content.decode()
    assert "Pick up where you left off" in client.get("/account/login/").content.decode()


@pytest.mark.parametrize("entries", [1, 3])
def test_reflection_query_count(client, owner, cast, entries, django_assert_num_queries):
    for back in range(entries):
        IntentionFactory(
            entry__owner=owner, entry__entry_on=date(2026, 11, 15 - 7 * back) if back < 2 else date(2026, 10, 25)
        )
    EntryFactory(owner=owner)
    client.get(URL)

    with django_assert_num_queries(12):
        client.get(URL)


@pytest.mark.parametrize("rows", [1, 3])
def test_reflection_query_count_while_its_questions_are_chosen(client, owner, rows, django_assert_num_queries):
    OwnQuestionFactory.create_batch(rows, owner=owner)
    for number in range(rows):
        PeriodFactory(owner=owner, key=f"2026-W4{number}")
    client.get(URL)

    with django_assert_num_queries(15):
        client.get(URL)
