from datetime import timedelta

import pytest

from journal.models import MAX_OWN, OwnQuestion, Period, QuestionWish
from journal.questions.library import QUESTIONS
from journal.services import KEPT_IN_BIN, erase_deleted
from tests.factories.journal import WRITTEN_AT, OwnQuestionFactory, PeriodFactory, QuestionWishFactory
from tests.journal.clock import NOW

pytestmark = pytest.mark.usefixtures("saturday")
URL = "/journal/questions/"
SENT = {"text": "What did I do for my back?", "kind": "week", "fits": ["late", "quiet"]}


def text_of(response):
    return response.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_question_list_query_count(client, owner, rows, django_assert_num_queries):
    for number in range(rows):
        OwnQuestionFactory(owner=owner, text=f"Question {number}?")
        OwnQuestionFactory(owner=owner, text=f"Gone {number}?", deleted_at=NOW)
        QuestionWishFactory(owner=owner, question=QUESTIONS[number].id)
        PeriodFactory(owner=owner, key=f"2026-W4{number}")
    client.get(URL)

    with django_assert_num_queries(5):
        client.get(URL)


def test_question_list_shows_when_each_fits_was_asked_and_what_was_wished(client, owner):
    OwnQuestionFactory(owner=owner, text="To whom did I listen?", fits=["late", "quiet"])
    QuestionWishFactory(owner=owner, question="energy")
    PeriodFactory(owner=owner, key="2026-W46", questions=["When did you forget the time?"])

    html = text_of(client.get(URL))

    assert "To whom did I listen?" in html
    assert "Something is late, a quiet week" in html
    assert "<b>Comes next.</b>" in html
    assert "Asked in week 46" in html


def test_question_list_says_what_ones_own_are_for_while_there_is_none(client, owner):
    assert "No question of your own yet" in text_of(client.get(URL))


@pytest.mark.parametrize(
    ("query", "holds", "lacks"),
    [
        ("about=3", "Which piece of advice did you use?", "What gave you energy?"),
        ("fits=late", "What would help with what is past its date?", "What gave you energy?"),
        ("fits=month&about=2", "Which goal stood still, and what does it need?", "half done"),
        ("show=left", "When did you laugh?", "What gave you energy?"),
        ("from=20", "From the first", "What gave you energy?"),
    ],
)
def test_question_list_is_filtered(client, owner, query, holds, lacks):
    QuestionWishFactory(owner=owner, question="laughed", wish="leave")

    html = text_of(client.get(f"{URL}?{query}"))

    assert holds in html
    assert lacks not in html


@pytest.mark.parametrize(
    "query", ["about=x", "about=99", "fits=weather", "show=all", "from=-1", "from=99999", "about=²", "from=²"]
)
def test_question_list_ignores_what_is_no_filter(client, owner, query):
    response = client.get(f"{URL}?{query}")

    assert response.status_code == 200
    assert "What gave you energy?" in text_of(response)


def test_question_list_past_its_end_says_so(client, owner):
    assert "No question fits all of that" in text_of(client.get(f"{URL}?from=900"))


def test_question_new_is_stored(client, owner):
    response = client.post(f"{URL}new/", SENT)

    question = OwnQuestion.objects.get()
    assert response["Location"] == URL
    assert (question.owner, question.text, question.kind) == (owner, SENT["text"], "week")
    assert question.fits == ["late", "quiet"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"text": ""}, "Write the question first."),
        ({"text": "\x00\u200b"}, "Write the question first."),
        ({"text": "a" * 201}, "at most 200"),
        ({"text": "what gave you ENERGY?"}, "Waymark asks this one already."),
        ({"text": "What matters most next week?"}, "Waymark asks this one already."),
        ({"text": "have I this?"}, "You have this question already."),
        ({"fits": ["weather"]}, "Choose from the list when the question fits."),
        ({"kind": "year"}, "That choice is not there any more."),
        ({"kind": "month"}, "A question of a month fits every month."),
    ],
)
def test_question_new_with_mistakes_keeps_what_was_typed(client, owner, changed, words):
    OwnQuestionFactory(owner=owner, text="Have I this?")

    response = client.post(f"{URL}new/", SENT | changed)

    assert response.status_code == 422
    assert words in text_of(response)
    assert OwnQuestion.objects.count() == 1
    assert "checked" in text_of(response)


def test_question_new_has_a_limit_that_the_bin_does_not_get_around(client, owner):
    OwnQuestion.objects.bulk_create(
        OwnQuestion(owner=owner, text=f"{n}?", created_at=NOW, updated_at=NOW) for n in range(MAX_OWN)
    )
    removed = OwnQuestionFactory(owner=owner, text="Removed?", deleted_at=NOW)

    refused = client.post(f"{URL}new/", SENT)
    client.post(f"{URL}{removed.pk}/restore/")

    assert refused.status_code == 422
    assert "Remove one first." in text_of(refused)
    assert SENT["text"] in text_of(refused)
    assert "Remove one first." in text_of(client.get(URL))
    assert OwnQuestion.objects.owned_by(owner).count() == MAX_OWN


def test_question_edit_saves_and_shows_both_versions_to_the_slower_tab(client, owner):
    question = OwnQuestionFactory(owner=owner)
    path = question.get_absolute_url()

    first = client.post(path, SENT | {"version": 1})
    late = client.post(path, {"text": "My version?", "kind": "week", "version": 1})

    assert first["Location"] == URL
    assert late.status_code == 409
    assert SENT["text"] in text_of(late)
    assert "My version?" in text_of(late)
    version = late.context["form"]["version"].value()
    assert client.post(path, {"text": "Both?", "kind": "week", "version": version}).status_code == 302
    assert OwnQuestion.objects.get().text == "Both?"
    assert client.post(path, {"text": "", "kind": "week", "version": 3}).status_code == 422


def test_question_removed_can_be_brought_back_for_thirty_days(client, owner):
    question = OwnQuestionFactory(owner=owner, text="A heron?")
    QuestionWishFactory(owner=owner, question=question.name)

    client.post(f"{URL}{question.pk}/remove/")
    page = text_of(client.get(URL))
    assert f"/journal/questions/{question.pk}/restore/" in page
    assert "Removed questions" in page
    assert client.get(question.get_absolute_url()).status_code == 404

    for _ in range(2):
        assert client.post(f"{URL}{question.pk}/restore/")["Location"] == URL
    assert OwnQuestion.objects.owned_by(owner).count() == 1

    client.post(f"{URL}{question.pk}/remove/")
    erase_deleted(now=NOW + KEPT_IN_BIN)
    assert OwnQuestion.objects.count() == 1
    erase_deleted(now=NOW + KEPT_IN_BIN + timedelta(seconds=1))
    assert not OwnQuestion.objects.exists()
    assert not QuestionWish.objects.exists()


def test_question_wish_is_kept_changed_and_taken_back(client, owner):
    for sent, kept in [("ask", ["ask"]), ("leave", ["leave"]), ("leave", ["leave"]), ("clear", []), ("clear", [])]:
        response = client.post(f"{URL}wish/?about=1&from=20", {sent: "energy"})

        assert response["Location"] == f"{URL}?about=1&from=20#q-energy"
        assert list(QuestionWish.objects.values_list("wish", flat=True)) == kept


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"ask": "nothing"},
        {"ask": ""},
        {"leave": "own-0"},
        {"leave": "own-x"},
        {"ask": "own-" + "9" * 30},
        {"x": "energy"},
    ],
)
def test_question_wish_for_no_question_is_not_found(client, owner, sent):
    assert client.post(f"{URL}wish/", sent).status_code == 404
    assert not QuestionWish.objects.exists()


def test_question_wish_for_what_is_somebody_elses_or_removed_is_not_found(client, owner):
    for question in (OwnQuestionFactory(), OwnQuestionFactory(owner=owner, deleted_at=WRITTEN_AT)):
        assert client.post(f"{URL}wish/", {"ask": question.name}).status_code == 404


def test_question_wished_for_is_asked_on_the_page_of_the_week(client, owner):
    own = OwnQuestionFactory(owner=owner, text="A heron?")
    client.post(f"{URL}wish/", {"ask": own.name})
    client.post(f"{URL}wish/", {"ask": "energy"})

    page = text_of(client.get("/journal/write/"))

    assert "A heron?" in page
    assert "What gave you energy?" in page
    assert page.count("Because you asked for it.") == 2
    assert not Period.objects.exists()


def test_note_starts_from_a_question(client, owner):
    own = OwnQuestionFactory(owner=owner, text="A heron?")
    other = OwnQuestionFactory(text="A secret pelican?")

    for name, words in [("energy", "What gave you energy?"), (own.name, "A heron?")]:
        assert f'value="{words}"' in text_of(client.get(f"/journal/new/?question={name}"))
    for name in (other.name, "nothing", "own-" + "9" * 30):
        page = client.get(f"/journal/new/?question={name}")
        assert page.status_code == 200
        assert "pelican" not in text_of(page)
