"""Contacts who help with a goal: named by its owner, told to nobody else."""

import pytest

from goals.models import Goal
from goals.services import people
from tests.factories.contacts import ADDED_AT, ContactFactory
from tests.factories.goals import GoalFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def owner(client, cast):
    client.force_login(cast.owner)
    return cast.owner


@pytest.fixture
def goal(owner, cast):
    return GoalFactory(owner=owner, title="Run 12 interviews", shared_with=[cast.mentorship])


def text_of(response):
    return response.content.decode()


def test_goal_names_a_contact_and_leaves_them(client, goal, owner):
    hannah = ContactFactory(owner=owner, name="Hannah Vogel", role="Manager")
    ContactFactory(owner=owner, name="Owen Price")
    url = f"/goals/{goal.pk}/people/"

    assert "Add Hannah Vogel" in text_of(client.get(f"{url}?q=han"))
    assert "Owen" not in text_of(client.get(f"{url}?q=han"))
    for _ in range(2):
        page = client.post(url, {"contact": hannah.pk}, follow=True)
    assert "Hannah Vogel added" in text_of(page)
    assert list(goal.contacts.all()) == [hannah]
    assert "Take out Hannah Vogel" in text_of(client.get(url))
    assert "Add Hannah" not in text_of(client.get(url))
    assert "Hannah Vogel" in text_of(client.get(f"/around/goal/{goal.pk}/", headers=HTMX))

    client.post(url, {"contact": hannah.pk, "remove": "1"})

    assert not goal.contacts.exists()


@pytest.mark.parametrize("value", ["", "x", "9" * 30, "theirs", "gone"])
def test_goal_names_nobody_who_is_not_ones_own(client, goal, owner, value):
    others = {"theirs": ContactFactory(name="NOTMINE").pk, "gone": ContactFactory(owner=owner, deleted_at=ADDED_AT).pk}

    response = client.post(f"/goals/{goal.pk}/people/", {"contact": others.get(value, value)})

    assert response.status_code == 422
    assert "no longer among your contacts" in text_of(response)
    assert "NOTMINE" not in text_of(response)
    assert not goal.contacts.exists()


def test_goal_names_a_hundred_people_at_most(client, goal, owner, monkeypatch):
    monkeypatch.setattr(people, "MOST_PEOPLE", 1)
    first, second = ContactFactory.create_batch(2, owner=owner)
    goal.contacts.add(first)

    response = client.post(f"/goals/{goal.pk}/people/", {"contact": second.pk})

    assert response.status_code == 422
    assert "1 people are enough for one goal." in text_of(response)
    assert client.post(f"/goals/{goal.pk}/people/", {"contact": first.pk}).status_code == 302


def test_service_refuses_a_contact_of_somebody_else(goal, owner):
    with pytest.raises(ValueError, match="is not of the owner"):
        people.name_contact(goal=goal, contact=ContactFactory(), by=owner)


def test_contact_helps_with_the_goals_that_are_ticked(client, goal, owner):
    hannah = ContactFactory(owner=owner, name="Hannah Vogel")
    other = GoalFactory(owner=owner, title="Give a talk")
    closed = GoalFactory(owner=owner, title="Closed already", status="dropped", closed_at=ADDED_AT)
    named = GoalFactory(owner=owner, title="Reached with her", status="achieved", closed_at=ADDED_AT)
    for each in (other, named):
        each.contacts.add(hannah)
    url = f"/contacts/{hannah.pk}/goals/"

    page = text_of(client.get(url))

    assert closed.title not in page
    assert f'value="{named.pk}"' in page
    response = client.post(url, {"goals": [goal.pk, named.pk]}, follow=True)
    assert "Goals saved" in text_of(response)
    assert set(Goal.objects.filter(contacts=hannah)) == {goal, named}
    part = text_of(client.get(f"/around/contact/{hannah.pk}/", headers=HTMX))
    assert "Run 12 interviews" in part
    assert '<svg class="trail' in part
    assert "Give a talk" not in part


@pytest.mark.parametrize("value", ["x", "9" * 30, "theirs"])
def test_contact_helps_with_no_goal_of_somebody_else(client, goal, owner, value):
    hannah = ContactFactory(owner=owner)
    theirs = GoalFactory(title="NOTMINE")

    response = client.post(f"/contacts/{hannah.pk}/goals/", {"goals": [theirs.pk if value == "theirs" else value]})

    assert response.status_code == 422
    assert "NOTMINE" not in text_of(response)
    assert not Goal.objects.filter(contacts=hannah).exists()


def test_reader_of_a_goal_is_told_of_no_contact(client, goal, owner, cast):
    goal.contacts.add(ContactFactory(owner=owner, name="SECRETCONTACT"))
    pages = [f"/goals/{goal.pk}/", f"/around/goal/{goal.pk}/", f"/goals/{goal.pk}/history/", f"/goals/{goal.pk}/print/"]

    seen = [text_of(client.get(f"/goals/{goal.pk}/?as={cast.mentorship.pk}"))]
    client.force_login(cast.mentor)
    seen += [text_of(client.get(page)) for page in pages]

    assert not [page for page in seen if "SECRETCONTACT" in page]
    assert client.get(f"/goals/{goal.pk}/people/").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_as_much_for_many(client, owner, django_assert_num_queries, count):
    hannah = ContactFactory(owner=owner)
    for goal in GoalFactory.create_batch(count, owner=owner):
        goal.contacts.add(hannah, *ContactFactory.create_batch(count, owner=owner))
    pages = {
        f"/goals/{goal.pk}/people/": 5,  # the person, the goal, whom it names, whom it could, the frame
        f"/contacts/{hannah.pk}/goals/": 6,  # the person, the contact, goals there are, and named, ticked, the frame
        f"/around/contact/{hannah.pk}/": 4,  # the person, the contact, its goals, the frame
    }
    for page, queries in pages.items():
        client.get(page)
        with django_assert_num_queries(queries):
            client.get(page)


def test_deleted_contact_stands_around_nothing(client, goal, owner):
    hannah = ContactFactory(owner=owner, name="Hannah Vogel", deleted_at=ADDED_AT)
    goal.contacts.add(hannah)

    assert "Hannah" not in text_of(client.get(f"/around/goal/{goal.pk}/"))
    assert "Hannah" not in text_of(client.get(f"/goals/{goal.pk}/people/"))
