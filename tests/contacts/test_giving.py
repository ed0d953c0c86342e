"""What one gives: noted in a line, both asked before two people are introduced, and how it stands over a year."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from contacts.balance import balance_of
from contacts.models import INTRODUCTION_STEPS, Interaction, Introduction
from contacts.services.giving import begin_introduction, take_step
from contacts.services.housekeeping import erase_deleted
from tests.factories.contacts import ADDED_AT, ContactFactory, InteractionFactory, IntroductionFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)  # Friday
TODAY = NOW.date()
ARTICLE = {"to": "Hannah Vogel", "what": "article", "words": "On queues"}


@pytest.fixture(autouse=True)
def _friday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def hannah(owner):
    return ContactFactory(owner=owner, name="Hannah Vogel", organisation="St Anne's")


def text_of(response):
    return response.content.decode()


# Noting --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "gave"),
    [("article", "Shared something to read: On queues"), ("help", "Offered help: On queues"), ("other", "On queues")],
)
def test_a_gift_is_a_conversation_with_its_person(client, owner, hannah, what, gave):
    client.post("/contacts/giving/new/", ARTICLE | {"what": what})

    talk = Interaction.objects.get()
    assert (talk.owner, talk.kind, talk.state, talk.gave, talk.happened_on) == (owner, "gave", "held", gave, TODAY)
    assert list(talk.people.all()) == [hannah]
    hannah.refresh_from_db()
    assert hannah.last_contact_on == TODAY
    assert gave.replace("'", "&#x27;") in text_of(client.get("/contacts/giving/"))


@pytest.mark.parametrize("name", ["Hannah", "hannah vogel", "Hannah Vogel, St Anne's"])
def test_a_contact_is_recognised_by_name(client, owner, hannah, name):
    assert client.post("/contacts/giving/new/", ARTICLE | {"to": name}).status_code == 302


def test_two_whom_nothing_tells_apart_are_said_to_be_so(client, owner, hannah):
    ContactFactory(owner=owner, name="Hannah Vogel", organisation=hannah.organisation)

    response = client.post("/contacts/giving/new/", ARTICLE)

    assert response.status_code == 422
    assert "Hannah Vogel is among your contacts more than once" in text_of(response)


def test_two_of_one_name_are_told_apart(client, owner, hannah):
    other = ContactFactory(owner=owner, name="Hannah Vogel", organisation="Easton")

    response = client.post("/contacts/giving/new/", ARTICLE)

    assert response.status_code == 422
    assert "Who of these?" in text_of(response)
    client.post("/contacts/giving/new/", ARTICLE | {"to": "Hannah Vogel, easton"})
    assert list(Interaction.objects.get().people.all()) == [other]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"to": ""}, "Write the name of a contact."),
        ({"to": "Nobody"}, "Nobody among your contacts is called so."),
        ({"to": "x" * 601}, "at most 600 characters"),
        ({"to": "\x00"}, "Write the name of a contact."),
        ({"what": "gold"}, "Choose one of these."),
        ({"words": ""}, "Say in a few words what it was."),
        ({"day": "2026-11-28"}, "That day has not come yet."),
        ({"day": "0001-01-01"}, "Use a date between 1900 and 2200."),
    ],
)
def test_a_gift_with_bad_input_says_what_to_do(client, owner, hannah, data, said):
    response = client.post("/contacts/giving/new/", ARTICLE | data)

    assert response.status_code == 422
    assert said in text_of(response)
    assert not Interaction.objects.exists()


# Introductions -------------------------------------------------------------------------------------------------------

VERBS = sorted({verb for verbs in INTRODUCTION_STEPS.values() for verb in verbs})
PAIRS = [(state, verb) for state in INTRODUCTION_STEPS for verb in VERBS]


def in_state(owner, state):
    closed = NOW if state in {"made", "declined"} else None
    return IntroductionFactory(first__owner=owner, second__owner=owner, state=state, closed_at=closed)


@pytest.mark.parametrize(("state", "verb"), [pair for pair in PAIRS if pair[1] in INTRODUCTION_STEPS[pair[0]]])
def test_step_of_the_table_is_taken(client, owner, state, verb):
    row = in_state(owner, state)

    assert client.post(f"/contacts/introductions/{row.pk}/step/", {"step": verb}).status_code == 302

    row.refresh_from_db()
    assert row.state == INTRODUCTION_STEPS[state][verb]
    assert (row.closed_at is None) is row.is_open


@pytest.mark.same_statements
@pytest.mark.parametrize(("state", "verb"), [pair for pair in PAIRS if pair[1] not in INTRODUCTION_STEPS[pair[0]]])
def test_step_outside_the_table_is_refused_with_a_sentence(client, owner, state, verb):
    row = in_state(owner, state)

    response = client.post(f"/contacts/introductions/{row.pk}/step/", {"step": verb})

    assert response.status_code == 409
    assert 'role="alert"' in text_of(response)
    row.refresh_from_db()
    assert row.state == state
    assert not Interaction.objects.exists()


def test_both_are_asked_before_it_is_made_and_then_it_is_a_conversation_with_both(client, owner, hannah):
    ayo = ContactFactory(owner=owner, name="Ayo Bello")
    client.post("/contacts/introductions/new/", {"first": "Hannah", "second": "Ayo Bello", "why": "Both plan shifts"})
    row = Introduction.objects.get()
    assert "I have asked Hannah" in text_of(client.get("/contacts/giving/"))

    for verb in ("ask", "agree", "ask", "agree", "make"):
        client.post(f"/contacts/introductions/{row.pk}/step/", {"step": verb})

    row.refresh_from_db()
    talk = Interaction.objects.get()
    assert (row.state, row.talk) == ("made", talk)
    assert (talk.kind, talk.gave) == ("introduced", "Introduced Hannah Vogel and Ayo Bello")
    assert set(talk.people.all()) == {hannah, ayo}


def test_nobody_is_introduced_to_themselves(client, owner, hannah):
    response = client.post("/contacts/introductions/new/", {"first": "Hannah Vogel", "second": "hannah vogel"})

    assert response.status_code == 422
    assert "Choose two different people." in text_of(response)


@pytest.mark.parametrize(
    ("fields", "name"),
    [({"state": "lost"}, "state_known"), ({"state": "made"}, "closed_has_a_time"), ({"closed_at": NOW}, "closed_has")],
)
def test_constraint_holds(cast, fields, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        IntroductionFactory(first__owner=cast.owner, second__owner=cast.owner, **fields)


def test_constraint_of_two_people_holds(cast):
    one = ContactFactory(owner=cast.owner)

    with pytest.raises(IntegrityError, match="of_two_people"), transaction.atomic():
        IntroductionFactory(first=one, second=one)


@pytest.mark.django_db(transaction=True)
def test_two_quick_clicks_begin_one_and_make_it_once(cast):
    first, second = (ContactFactory(owner=cast.owner) for _ in range(2))

    at_once(
        *[
            lambda both=both: begin_introduction(by=cast.owner, first=both[0], second=both[1], why="", now=NOW)
            for both in ((first, second), (second, first), (first, second))
        ]
    )
    row = Introduction.objects.get()
    Introduction.objects.update(state="both_agreed")
    at_once(*[lambda: take_step(introduction=row, verb="make", now=NOW)] * 3)

    assert Interaction.objects.count() == 1


def test_deleted_introduction_comes_back_or_is_erased(client, owner):
    row = in_state(owner, "wanted")
    client.post(f"/contacts/introductions/{row.pk}/delete/")
    assert row.first.name not in text_of(client.get("/contacts/giving/"))
    assert row.first.name in text_of(client.get("/contacts/introductions/bin/"))
    for _ in range(2):
        assert client.post(f"/contacts/introductions/{row.pk}/restore/").status_code == 302
    client.post(f"/contacts/introductions/{row.pk}/delete/")

    assert erase_deleted(now=NOW + timedelta(days=31)) == 1


# The balance ---------------------------------------------------------------------------------------------------------


def talks(owner, number, *, day=TODAY, **fields):
    somebody = ContactFactory(owner=owner)
    for _ in range(number):
        InteractionFactory(owner=owner, happened_on=day, people=[somebody], **fields)


def test_balance_counts_what_passed_in_either_direction(cast):
    owner = cast.owner
    talks(owner, 2, kind="gave")
    talks(owner, 1, kind="introduced", day=date(2026, 10, 31))
    talks(owner, 1, gave="A book", received="A name", day=date(2025, 12, 1))
    talks(owner, 1, kind="asked")
    talks(owner, 1)  # a talk in which nothing was noted
    talks(owner, 1, kind="gave", day=date(2025, 11, 30))  # a year ago
    talks(owner, 1, kind="gave", state="planned")
    talks(owner, 1, kind="gave", deleted_at=ADDED_AT)
    talks(cast.stranger, 1, kind="gave")

    balance = balance_of(owner, TODAY)

    assert len(balance.months) == 12
    assert [(month.name, month.gave, month.received) for month in balance.months if month.gave or month.received] == [
        ("December 2025", 1, 1),
        ("October 2026", 1, 0),
        ("November 2026", 2, 1),
    ]
    assert balance.numbers == "In the last twelve months you gave 4 times and received twice."


@pytest.mark.parametrize(
    ("gave", "asked", "said"),
    [
        (1, 3, ""),
        (1, 4, "People have been generous to you. Is there somebody you could give something back?"),
        (0, 5, "People have been generous to you. Is there somebody you could give something back?"),
        (5, 0, "You give a good deal. Asking is fine, too: most people like to be asked."),
        (3, 3, "It goes both ways."),
    ],
)
def test_a_sentence_is_said_only_where_the_numbers_carry_it(cast, gave, asked, said):
    talks(cast.owner, gave, kind="gave")
    talks(cast.owner, asked, kind="asked")

    assert balance_of(cast.owner, TODAY).says == said


def test_the_picture_has_words_and_a_table(client, owner):
    talks(owner, 4, kind="gave")
    talks(owner, 2, kind="asked", day=date(2026, 10, 2))

    html = text_of(client.get("/contacts/giving/"))

    assert 'role="img" aria-label="In the last twelve months you gave 4 times and received twice.' in html
    assert '<th scope="row">October 2026</th><td>0</td><td>2</td>' in html
    assert len(re.findall('class="bal-g"', html)) == 1
    assert len(re.findall('class="bal-r"', html)) == 1
    assert "style=" not in html[html.index('<svg class="bal"') :].split("</svg>")[0]


def test_without_anything_noted_there_is_no_picture(client, owner):
    assert 'class="bal"' not in text_of(client.get("/contacts/giving/"))


def test_page_asks_the_same_at_one_and_three_rows(client, owner, asked):
    def add():
        InteractionFactory(owner=owner, kind="gave", people=[ContactFactory(owner=owner)])
        in_state(owner, "wanted")

    add()
    assert asked("/contacts/giving/") == 4
    add()
    add()
    assert asked("/contacts/giving/") == 4
