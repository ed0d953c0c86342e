import pytest

from journal.models import Entry, Period
from journal.questions.choosing import choose
from tests.factories.contacts import EventFactory, InterviewFactory
from tests.factories.journal import OwnQuestionFactory, PeriodFactory, ReflectionFactory
from tests.factories.sharing import MentorshipFactory
from tests.home.reflection import SUNDAY, URL, WEEK, sent_from

pytestmark = pytest.mark.usefixtures("sunday")


def text_of(response):
    return response.content.decode()


def test_reflection_says_why_each_question_is_asked(client, owner):
    PeriodFactory(owner=owner, key=WEEK, questions=choose(WEEK, ["late", "comment"]))

    page = text_of(client.get(URL))

    assert "Because something is past its date." in page
    assert "Because somebody wrote to you." in page
    assert "It fits any time, and you were not asked it lately." in page


def test_reflection_asks_about_the_people_of_the_week_without_a_name(client, owner):
    EventFactory(owner=owner, name="SECRETEVENING", attended=True, happens_on=SUNDAY.date())
    InterviewFactory(contact__owner=owner, contact__name="SECRETNAME", state="held", held_on=SUNDAY.date())

    page = text_of(client.get(URL))

    assert "Because you went to an event." in page
    assert "Because somebody told you about their work." in page
    assert "SECRETNAME" not in page


def test_reflection_of_before_reasons_were_kept_says_none(client, owner):
    PeriodFactory(owner=owner, key=WEEK, questions=["An old one?", "Another?"])

    assert "Because" not in text_of(client.get(URL))


def test_another_question_is_stored_and_keeps_what_was_typed(client, owner):
    page = client.get(URL)
    first, second, third = page.context["form"].questions

    response = client.post(URL, sent_from(page, answer_1="Walking.", intention="Rest.", mood=4, another="2"))

    period, entry = Period.objects.get(), Entry.objects.get()
    assert response["Location"] == f"{URL}?week={WEEK}#question_2"
    assert [period.questions[0], period.questions[2]] == [first, third]
    assert period.questions[1] not in {first, second, third}
    assert period.aside == [second.id]
    assert entry.answers == {first: "Walking.", period.questions[1]: "", third: ""}
    assert entry.finished_at is None
    shown = text_of(client.get(URL))
    assert "Walking." in shown
    assert "In place of another one." in shown
    assert second not in shown


def test_another_question_on_an_empty_page_writes_no_entry(client, owner):
    for _ in range(3):
        client.post(URL, sent_from(client.get(URL), another="1"))

    period = Period.objects.get()
    assert not Entry.objects.exists()
    assert (period.state, len(set(period.aside)), len(period.questions)) == ("open", 3, 4)
    assert period.questions[0].id not in period.aside


def test_another_question_keeps_who_was_chosen_to_read(client, owner):
    mentorship = MentorshipFactory(mentee=owner)

    response = client.post(URL, sent_from(client.get(URL), another="1", readers=[mentorship.pk]))

    assert client.get(response["Location"]).context["form"]["readers"].value() == [mentorship.pk]


@pytest.mark.parametrize("query", ["reader={}", "readers={}", "readers=[{}]"])
def test_no_link_of_somebody_else_chooses_who_reads(client, owner, query):
    mentorship = MentorshipFactory(mentee=owner)

    page = client.get(f"{URL}?{query.format(mentorship.pk)}")

    assert not page.context["form"]["readers"].value()


def test_readers_chosen_on_the_page_of_one_person_are_not_those_of_another(client, owner):
    mentorship = MentorshipFactory(mentee=owner)
    response = client.post(URL, sent_from(client.get(URL), another="1", readers=[mentorship.pk]))
    client.force_login(mentorship.mentor, backend="accounts.backends.AuthenticationBackend")

    assert not client.get(response["Location"]).context["form"]["readers"].value()


def test_another_question_in_place_of_an_answered_one_is_refused(client, owner):
    page = client.get(URL)

    client.post(URL, sent_from(page, answer_1="Walking.", another="1"))

    assert Period.objects.get().questions[0] == page.context["form"].questions[0]
    assert "That question has an answer." in text_of(client.get(URL))


def test_another_question_of_a_finished_reflection_is_neither_offered_nor_given(client, owner):
    ReflectionFactory(owner=owner)
    page = client.get(URL)

    client.post(URL, sent_from(page, another="3"))

    assert 'name="another"' not in text_of(page)
    assert Period.objects.get().aside == []


@pytest.mark.parametrize("number", ["0", "4", "9", "x", "", "²", "9" * 5000])
def test_another_question_of_no_number_says_so_and_keeps_the_words(client, owner, number):
    response = client.post(URL, sent_from(client.get(URL), answer_1="Walking.", another=number))

    assert response.status_code == 422
    assert "We could not tell which question you meant." in text_of(response)
    assert "Walking." in text_of(response)


def test_another_question_from_a_stale_tab_shows_both_versions_first(client, owner):
    one, two = client.get(URL), client.get(URL)
    client.post(URL, sent_from(one, answer_1="First", action="later"))

    late = client.post(URL, sent_from(two, answer_1="Second", another="2"))

    assert late.status_code == 409
    assert Period.objects.get().aside == []


def test_another_question_may_bring_what_is_left_until_nothing_is(client, owner, monkeypatch):
    monkeypatch.setattr("journal.questions.choosing.choose_another", lambda *_: None)

    client.post(URL, sent_from(client.get(URL), another="1"))

    assert "No other question fits this time." in text_of(client.get(URL))


def test_own_question_is_answered_and_stays_even_if_it_is_removed(client, owner):
    own = OwnQuestionFactory(owner=owner, text="What did the heron do?")
    page = client.get(URL)
    assert "One of your own." in text_of(page)

    client.post(URL, sent_from(page, answer_3="It flew.", action="later"))
    own.put_in_bin(at=Entry.objects.get().created_at)

    shown = text_of(client.get(URL))
    assert "What did the heron do?" in shown
    assert "It flew." in shown
