"""What the summary of a preview promises is what the import then does."""

import pytest

from contacts.services import importing
from tests.contacts.imports.files import apply, card, read
from tests.contacts.imports.pages import choose, page_of
from tests.factories.contacts import ContactFactory, WayFactory

pytestmark = pytest.mark.django_db
ADA = card("Ada Lind", uid="ada-1", email="ada@example.org")


def promised(client, source):
    """People to add and to update, as the page says."""
    context = client.get(source.get_absolute_url()).context
    return context["adds"], context["updates"]


def done(source):
    apply(source)
    return source.added, source.updated


def test_second_row_about_a_new_person_is_no_update(client, owner):
    source = read(owner, ADA + card("Ada Lind", email="ada@example.org", phone="+49 30 901820"))

    page = page_of(client, source)

    assert promised(client, source) == (1, 0)
    assert "1 row is about somebody of these, and adds to them." in page
    assert "Import 1 person<" in page
    assert "The same email address as Ada Lind in line 1." in page
    assert "Add to line 1" in page
    assert done(source) == (1, 0)


def test_row_goes_with_the_first_that_is_left_out(client, owner):
    source = read(owner, ADA + card("Ada Lind", email="ada@example.org", phone="+49 30 901820"))
    choose(client, source, [source.rows.get(number=1)])

    page = page_of(client, source)

    assert promised(client, source) == (0, 0)
    assert "1 row is about somebody who is left out, and is left out with them." in page
    assert "in line 1, which is left out, so this is too" in page
    assert "Import " not in page.split("<h1")[1].split("<nav")[0]
    assert done(source) == (0, 0)
    assert source.rows.get(number=2).problem == "Line 1 of the file is about the same person and was left out."


def test_row_that_stands_in_the_file_twice_is_said_to(client, owner):
    source = read(owner, ADA + ADA)

    page = page_of(client, source)

    assert promised(client, source) == (1, 0)
    assert "1 row only repeats an earlier one, and is left out." in page
    assert "here already" not in page
    assert done(source) == (1, 0)


def test_several_rows_about_a_person_one_has_are_one_update(client, owner):
    ContactFactory(owner=owner, name="Ada Lind", uid="ada-1")
    source = read(owner, ADA + card("Ada Lind", uid="ada-1", phone="+49 30 901820"))

    assert promised(client, source) == (0, 1)
    assert done(source) == (0, 1)


@pytest.mark.parametrize(("theirs", "updated"), [([], 0), (["role"], 1)])
def test_what_differs_counts_where_it_is_taken(client, owner, theirs, updated):
    ContactFactory(owner=owner, name="Ada Lind", uid="ada-1", role="Nurse", name_parts=["Lind", "Ada", "", "", ""])
    source = read(owner, card("Ada Lind", uid="ada-1", more="TITLE:Researcher"))
    importing.choose_all(source=source, finding="look", decision="update")
    if theirs:
        choose(client, source, source.rows.all(), "update", theirs=theirs)

    assert promised(client, source) == (0, updated)
    assert done(source) == (0, updated)
    said = "" if theirs else "Nothing in it is new, and you took nothing of what differs."
    assert source.rows.get().problem == said


def test_rows_that_follow_one_about_a_person_one_has_are_one_update(client, owner):
    contact = WayFactory(contact__owner=owner, contact__name="Board of Directors", value="ada@example.org").contact
    source = read(owner, ADA + card("Ada Lind", uid="ada-1", phone="+49 30 901820"))
    rows = list(source.rows.order_by("number"))
    assert [(row.contact_id, row.twin) for row in rows] == [(contact.pk, None), (None, 1)]

    assert promised(client, source) == (0, 0)
    choose(client, source, rows[:1], "update")
    assert promised(client, source) == (0, 1)
    assert done(source) == (0, 1)


def test_update_is_not_offered_where_all_of_it_is_there(client, owner):
    apply(read(owner, ADA))

    page = page_of(client, read(owner, ADA))

    assert "Everybody in this file is here already" in page
    assert 'value="update"' not in page


def test_update_after_an_edit_counts_again(client, owner):
    apply(read(owner, ADA))
    source = read(owner, ADA)
    contact = source.rows.get().contact
    contact.ways.all().delete()
    contact.version += 1
    contact.save()

    assert 'value="update"' in page_of(client, source)
    choose(client, source, source.rows.all(), "update", **{f"seen-{source.rows.get().pk}": contact.version})

    assert promised(client, source) == (0, 1)
    assert done(source) == (0, 1)
