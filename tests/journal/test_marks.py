"""Stars, tags, filters and previews: for the owner alone, and nothing of them in an address."""

import pytest

from journal.models import Entry
from journal.tagging import filter_path, key_of, rename_tag, tags_of
from tests.factories.goals import GoalFactory
from tests.factories.journal import WRITTEN_AT, EntryFactory, ReflectionFactory

pytestmark = pytest.mark.usefixtures("saturday")
HTMX = {"hx-request": "true"}


def titles(html):
    return [title for title in ("Draft one", "Starred one", "Shared one", "Plain one") if title in html]


@pytest.fixture
def four(owner, cast):
    ReflectionFactory(owner=owner, title="Shared one", shared_with=[cast.mentorship])
    EntryFactory(owner=owner, title="Starred one", starred_at=WRITTEN_AT, tags=["sql", "books"])
    EntryFactory(owner=owner, title="Draft one", draft=True, tags=["books"])
    EntryFactory(owner=owner, title="Plain one")
    EntryFactory(owner=cast.mentor, title="Theirs", tags=["books"], starred_at=WRITTEN_AT)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["Draft one", "Starred one", "Shared one", "Plain one"]),
        ("?show=reflections", ["Shared one"]),
        ("?show=notes", ["Draft one", "Starred one", "Plain one"]),
        ("?show=starred", ["Starred one"]),
        ("?show=shared", ["Shared one"]),
        ("?show=nonsense", ["Draft one", "Starred one", "Shared one", "Plain one"]),
    ],
)
def test_list_is_narrowed_to_one_kind(client, four, query, shown):
    html = client.get(f"/journal/{query}").content.decode()

    assert titles(html) == shown
    assert "Theirs" not in html


def test_list_by_tag(client, owner, four):
    path = filter_path(owner, "books")

    html = client.get(path).content.decode()

    assert "books" not in path
    assert titles(html) == ["Draft one", "Starred one"]


def test_list_by_goal(client, owner):
    goal = GoalFactory(owner=owner)
    EntryFactory(owner=owner, title="Plain one", goals=[goal])
    EntryFactory(owner=owner, title="Draft one")

    assert titles(client.get(f"/journal/?goal={goal.pk}").content.decode()) == ["Plain one"]


def test_tag_and_goal_of_somebody_else_are_not_there(client, cast, four):
    goal = GoalFactory(owner=cast.mentor, shared_with=[])

    assert client.get(filter_path(cast.mentor, "books")).status_code == 404
    assert client.get(f"/journal/?goal={goal.pk}").status_code == 404
    assert client.get(f"/journal/tags/{key_of(cast.mentor, 'books')}/").status_code == 404


@pytest.mark.parametrize(
    "query", ["tag=x", "tag=" + "a" * 24, "tag=" + "9" * 5000, "goal=abc", "goal=" + "9" * 30, "goal=٣"]
)
def test_tag_or_goal_that_is_none_is_not_found(client, owner, query):
    assert client.get(f"/journal/?{query}").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("by", ["tag", "goal"])
def test_narrowed_list_query_count(client, owner, by, count, django_assert_num_queries):
    goal = GoalFactory(owner=owner)
    EntryFactory.create_batch(count, owner=owner, tags=["books"], goals=[goal])
    path = filter_path(owner, "books") if by == "tag" else f"/journal/?goal={goal.pk}"
    client.get(path)

    with django_assert_num_queries(5):
        html = client.get(path).content.decode()

    assert html.count('class="entry"') == count


def test_tagged_list_goes_on_page_by_page(client, owner):
    EntryFactory.create_batch(27, owner=owner, tags=["books"])
    path = filter_path(owner, "books")
    html = client.get(path).content.decode()
    older = html.split('hx-get="')[-1].split('"')[0].replace("&amp;", "&")

    assert html.count('class="entry"') == 25
    assert key_of(owner, "books") in older
    assert client.get(older, headers=HTMX).content.decode().count('class="entry"') == 2


# Stars --------------------------------------------------------------------------------------------------------------


def test_star_and_unstar(client, owner):
    note = EntryFactory(owner=owner)

    fragment = client.post(f"/journal/{note.pk}/star/?from=list", {"starred": "1"}, headers=HTMX).content.decode()
    assert 'aria-pressed="true"' in fragment
    assert 'value="0"' in fragment
    assert Entry.objects.get().is_starred
    assert client.post(f"/journal/{note.pk}/star/", {"starred": "0"})["Location"] == note.get_absolute_url()
    assert not Entry.objects.get().is_starred


def test_star_makes_no_open_page_stale(client, owner):
    note = EntryFactory(owner=owner)

    client.post(f"/journal/{note.pk}/star/", {"starred": "1"})

    assert Entry.objects.get().version == note.version


# Tags ---------------------------------------------------------------------------------------------------------------


def test_rename_tag_everywhere_also_in_the_bin(cast, owner, four):
    binned = EntryFactory(owner=owner, tags=["books"], deleted_at=WRITTEN_AT)
    both = EntryFactory(owner=owner, tags=["reading", "books"])

    assert rename_tag(owner=owner, tag="books", to="reading") == 4

    assert tags_of(owner) == {"reading": 3, "sql": 1}
    assert Entry.objects.get(pk=binned.pk).tags == ["reading"]
    assert Entry.objects.get(pk=both.pk).tags == ["reading"]
    assert tags_of(cast.mentor) == {"books": 1}


def test_tag_page_renames_and_removes(client, owner, four):
    path = f"/journal/tags/{key_of(owner, 'books')}/"
    assert "“books” is on 2 entries" in client.get(path).content.decode()

    renamed = client.post(path, {"name": " #Reading "})
    assert renamed["Location"] == filter_path(owner, "reading")
    removed = client.post(f"/journal/tags/{key_of(owner, 'reading')}/", {"action": "remove"})

    assert removed["Location"] == "/journal/tags/"
    assert tags_of(owner) == {"sql": 1}
    assert "reading" not in "".join(str(message) for message in client.get("/journal/").context["messages"])


@pytest.mark.parametrize("name", ["", "a, b", " # ", "x" * 41, "\u200b"])
def test_tag_page_refuses_what_is_no_tag(client, owner, four, name):
    response = client.post(f"/journal/tags/{key_of(owner, 'books')}/", {"name": name})

    assert response.status_code == 422
    assert tags_of(owner)["books"] == 2


@pytest.mark.parametrize("count", [1, 3])
def test_tag_list_query_count(client, owner, count, django_assert_num_queries):
    for number in range(count):
        EntryFactory(owner=owner, tags=[f"tag {number}"], goals=[GoalFactory(owner=owner)])
    client.get("/journal/tags/")

    with django_assert_num_queries(4):
        html = client.get("/journal/tags/").content.decode()

    assert html.count('class="row-w"') == 2 * count


def test_tag_list_says_what_tags_are_for_when_there_are_none(client, owner):
    assert "No tags yet" in client.get("/journal/tags/").content.decode()


@pytest.mark.parametrize(
    ("tags", "said"),
    [(", ".join(map(str, range(13))), "That is 13 tags"), ("x" * 41, "A tag has at most 40 characters")],
)
def test_tags_of_a_note_are_bounded(client, owner, tags, said):
    response = client.post("/journal/new/", {"entry_on": "2026-11-20", "text": "Words.", "tags": tags})

    assert response.status_code == 422
    assert said in response.content.decode()


# Previews -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        '<div hx-get="/x" hx-trigger="load">x</div>',
        '#Read "two" <b>books</b>',
    ],
)
def test_preview_is_as_safe_as_the_page(client, owner, hostile):
    GoalFactory(owner=owner, title='Read "two" <b>books</b>')

    html = client.post("/journal/preview/?of=text", {"text": hostile}).content.decode()

    for active in ("<script", "<img", 'href="javascript', "<div hx-get", "<b>"):
        assert active not in html
    assert "hx-disable" in html


@pytest.mark.parametrize(("query", "data"), [("", {}), ("?of=other", {"text": "x"}), ("?of=text", {"text": ""})])
def test_preview_of_nothing(client, owner, query, data):
    assert "Nothing to show yet" in client.post(f"/journal/preview/{query}", data).content.decode()


def test_preview_wants_the_token(owner):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(owner, backend="accounts.backends.AuthenticationBackend")

    assert client.post("/journal/preview/?of=text", {"text": "x"}).status_code == 403


@pytest.mark.parametrize(("path", "field"), [("/journal/new/", "text"), ("/journal/write/?week=2026-W46", "answer_1")])
def test_preview_without_script_keeps_the_form_and_stores_nothing(client, owner, path, field):
    data = {"entry_on": "2026-11-20", field: "**Bold** <i>x</i>", "tags": "books", "action": "preview"}

    html = client.post(path, data).content.decode()

    assert "<strong>Bold</strong>" in html
    assert "**Bold** &lt;i&gt;x&lt;/i&gt;</textarea>" in html
    assert 'value="books"' in html
    assert not Entry.objects.exists()
