"""Written words of a journal, planted through its pages, looked for everywhere else they could have got to."""

import logging

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.test import Client

from core.encrypted import EncryptedTextField
from journal.models import Entry, EntryComment, EntryGoal, Intention
from journal.tagging import filter_path, key_of
from mail.letters import compose
from mail.models import Message
from mail.registry import find
from tests.factories.goals import GoalFactory
from tests.journal.clock import NOW

pytestmark = pytest.mark.usefixtures("saturday")
# One for each place that takes words. No other text of a test holds them, nor does any key or token.
PLANTED = {name: f"zq{name}zq" for name in ("title", "text", "answer", "tag", "intention", "draft", "focus", "named")}
COMMENT = "zqcommentzq"
# What a person writes about another's entry is a comment like any other, and not text of the journal.
ALLOWED = {"journal_entrycomment.text": {COMMENT}, "goals_goal.title": {PLANTED["named"]}}


def in_database(words):
    """Return where in the database these words stand, in any column of any table."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
            for column in columns:
                # As text, whatever its type: JSON, arrays and bytes show their content too.
                cursor.execute(f'SELECT count(*) FROM "{table}" WHERE position(%s in "{column}"::text) > 0', [words])  # noqa: S608
                if cursor.fetchone()[0]:
                    found.append(f"{table}.{column}")
    return found


@pytest.fixture
def planted(client, owner, cast, caplog):
    """A journal whose every field was filled in on its page, shared, commented on, previewed, searched and starred."""
    caplog.set_level(logging.DEBUG)
    GoalFactory(owner=owner, title=PLANTED["named"])
    write = "/journal/write/?week=2026-W45"
    page = client.get(write)
    sent = {
        "asked": page.context["form"]["asked"].value(), "page": "p" * 16, "version": 0, "number": 1,
        "title": PLANTED["title"], "answer_1": f"{PLANTED['answer']} for #{PLANTED['named']}", "tags": PLANTED["tag"],
        "intention": PLANTED["intention"],
    }  # fmt: skip
    client.post(write, sent, headers={"hx-request": "true"})
    client.post(write, sent | {"action": "finish", "readers": [cast.mentorship.pk], "number": 2})
    entry = Entry.objects.get()
    note = {"entry_on": "2026-11-20", "text": PLANTED["text"], "tags": PLANTED["tag"], "page": "q" * 16}
    client.post("/journal/new/", note)
    client.post("/journal/new/", {"entry_on": "2026-11-20", "text": PLANTED["draft"], "action": "later"})
    client.post("/journal/preview/?of=text", {"text": PLANTED["text"]})
    client.post("/journal/new/", {"entry_on": "no day", "text": PLANTED["text"], "tags": PLANTED["tag"]})
    client.post(f"/journal/{entry.pk}/star/", {"starred": "1"})
    client.post("/week/focus/", {"text": PLANTED["focus"]})
    client.get(filter_path(owner, PLANTED["tag"]))
    client.post(f"/journal/tags/{key_of(owner, PLANTED['tag'])}/", {"name": PLANTED["tag"] + ", two"})
    reader = Client()
    reader.force_login(cast.mentor, backend="accounts.backends.AuthenticationBackend")
    reader.get(entry.get_absolute_url())
    reader.post(f"/journal/{entry.pk}/comments/?thread={cast.mentorship.pk}", {"text": COMMENT})
    reader.get("/mentees/")
    return entry


def test_planting_reached_its_places(planted, owner):
    assert set(Entry.objects.values_list("title", flat=True)) == {PLANTED["title"], ""}
    assert {PLANTED["text"], PLANTED["draft"]} <= set(Entry.objects.values_list("text", flat=True))
    assert PLANTED["answer"] in "".join(planted.answers.values())
    assert planted.tags == [PLANTED["tag"]]
    assert [row.text for row in Intention.objects.filter(entry=planted)] == [PLANTED["intention"]]
    assert [link.names for link in planted.goal_links.all()] == [[PLANTED["named"]]]
    assert [row.text for row in Intention.objects.filter(owner=owner, entry=None)] == [PLANTED["focus"]]
    assert EntryComment.objects.get().text == COMMENT


def test_no_column_but_encrypted_ones_holds_a_written_word(planted):
    for words in [*PLANTED.values(), COMMENT]:
        assert {place for place in in_database(words) if words not in ALLOWED.get(place, set())} == set()
    assert in_database(COMMENT) == ["journal_entrycomment.text"]  # the search does find what is there


def test_no_log_line_holds_a_written_word(planted, caplog):
    logged = "\n".join(
        record.getMessage()
        for record in caplog.records
        if not record.name.startswith(("django.db", "factory", "faker"))
    )

    assert not [words for words in [*PLANTED.values(), COMMENT] if words in logged]


def test_no_mail_about_the_journal_holds_a_written_word(planted):
    rows = list(Message.objects.with_recipient())

    assert {"entry_shared", "entry_comment"} <= {row.kind for row in rows}
    for row in rows:
        content = find(row.kind).contents([row], now=NOW)[row.pk]
        letter = compose(row, content, now=NOW)
        said = f"{row.ids} {row.dedupe} {letter.subject} {letter.text} {letter.html} {letter.headers}"
        assert not [words for words in [*PLANTED.values(), COMMENT] if words in said], row.kind


def test_no_staff_page_holds_a_written_word(planted, cast):
    staff = Client()
    staff.force_login(cast.staff, backend="accounts.backends.AuthenticationBackend")
    pages = ["/admin/"]
    for model in admin.site._registry:
        pages.append(f"/admin/{model._meta.app_label}/{model._meta.model_name}/")
        pages.append(f"{pages[-1]}?q={PLANTED['text']}")

    for page in pages:
        html = (
            staff.get(page)
            .content.decode()
            .replace(f"q={PLANTED['text']}", "")
            .replace(f'value="{PLANTED["text"]}"', "")
        )
        assert not [words for words in [*PLANTED.values(), COMMENT] if words in html], page


# Keys ---------------------------------------------------------------------------------------------------------------


def test_every_written_column_of_the_journal_is_encrypted():
    words = {f"{model.__name__}.{name}" for model, names in (
        (Entry, ("title", "text", "answers", "tags")), (Intention, ("text",)), (EntryGoal, ("words",)),
    ) for name in names if isinstance(model._meta.get_field(name), EncryptedTextField)}  # fmt: skip

    assert words == {"Entry.title", "Entry.text", "Entry.answers", "Entry.tags", "Intention.text", "EntryGoal.words"}


def test_journal_is_read_with_the_new_key_alone_after_rotation(planted, settings):
    new = "q" * 43 + "="
    settings.FIELD_KEYS = [new, *settings.FIELD_KEYS]

    call_command("rotate_field_keys", verbosity=0)

    settings.FIELD_KEYS = [new]
    entry = Entry.objects.get(pk=planted.pk)
    assert entry.title == PLANTED["title"]
    assert entry.tags == [PLANTED["tag"]]
    assert PLANTED["answer"] in "".join(entry.answers.values())
    assert [link.names for link in entry.goal_links.all()] == [[PLANTED["named"]]]
    assert Intention.objects.get(entry=entry).text == PLANTED["intention"]
