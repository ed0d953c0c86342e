"""Looking at the rows of a file, and choosing."""

import pytest

from contacts.reach import compared
from contacts.services import importing
from contacts.services.country import compare_numbers, set_country
from tests.contacts.imports.files import ANNA, AT, BEN, BROKEN, apply, card, read
from tests.contacts.imports.pages import choose, page_of
from tests.factories.contacts import ContactFactory, WayFactory
from tests.factories.importing import ImportRowFactory

pytestmark = pytest.mark.django_db


def test_preview_shows_the_reason_and_each_difference(client, owner):
    contact = ContactFactory(owner=owner, name="Ben Okafor", role="Lead")
    WayFactory(contact=contact, value="ben@example.org")

    text = page_of(client, read(owner, BEN.replace("TITLE", "ORG:Northmoor\r\nTITLE")))

    assert f'The same email address as <a href="/contacts/{contact.pk}/">Ben Okafor</a>' in text
    assert "<dt>Organisation</dt><dd" in text
    assert "Role: take “Designer” in place of yours, “Lead”" in text


@pytest.mark.parametrize(
    ("show", "names"),
    [
        ("new", ["Ben Okafor"]),
        ("change", ["Anna Becker"]),
        ("bad", ["Line 10"]),
        ("same", []),
        ("look", []),
        ("odd", None),
    ],
)
def test_preview_shows_one_kind_of_rows(client, owner, show, names):
    ContactFactory(owner=owner, name="Anna Becker", uid="anna-1")
    source = read(owner, ANNA + BROKEN + BEN)

    text = page_of(client, source, f"?show={show}")

    for name in ("Anna Becker", "Ben Okafor", "Line 10"):
        assert (f'<div class="t text-break">{name}</div>' in text) == (names is None or name in names)


def test_preview_goes_page_by_page(client, owner, monkeypatch):
    monkeypatch.setattr("contacts.views.importing.ROWS_SHOWN", 2)
    source = read(owner, "".join(card(f"Anna {n}") for n in range(5)))

    first = client.get(source.get_absolute_url())
    second = client.get(f"{source.get_absolute_url()}{first.context['older']}")

    assert [each.row.number for each in first.context["rows"]] == [1, 2]
    assert [each.row.number for each in second.context["rows"]] == [3, 4]


def test_choices_of_a_page_are_stored_without_script(client, owner):
    source = read(owner, ANNA + BEN)
    here = f"{source.get_absolute_url()}?show=new"

    response = choose(client, source, source.rows.all(), here=here)

    assert response.headers["Location"] == here
    assert set(source.rows.values_list("decision", flat=True)) == {"skip"}


def test_choice_of_a_row_answers_the_row_and_the_numbers(client, owner):
    source = read(owner, ANNA + BEN)
    row = source.rows.first()

    text = choose(client, source, [row], fragment=True).content.decode()

    assert f'id="row-{row.pk}"' in text
    assert "Ben" not in text
    assert "1 person to add" in text
    assert 'hx-swap-oob="true"' in text


def test_value_that_is_taken_makes_the_row_count(client, owner):
    ContactFactory(owner=owner, name="Ben Okafor", uid="ben-1", role="Lead")
    source = read(owner, card("Ben Okafor", uid="ben-1", more="TITLE:Designer"))

    choose(client, source, source.rows.all(), theirs=["role"])

    row = source.rows.get()
    assert (row.decision, row.theirs) == ("update", ["role"])


def test_choice_after_an_edit_counts_for_what_was_seen(client, owner):
    contact = ContactFactory(owner=owner, name="Anna Becker", uid="anna-1")
    source = read(owner, ANNA)
    contact.save_version(expected=1, update_fields=["role"])
    row = source.rows.get()
    assert "You edited them since" in page_of(client, source)
    assert f'name="seen-{row.pk}" value="2"' in page_of(client, source)

    choose(client, source, [row], "update", **{f"seen-{row.pk}": "2"})

    assert "You edited them since" not in page_of(client, source)
    apply(source)
    contact.refresh_from_db()
    assert contact.organisation == "Northmoor"


@pytest.mark.parametrize(
    ("mine", "theirs", "said"),
    [
        ("0171 2345678", "+49 171 2345678", "0171 2345678 was taken as +49 171 2345678, Germany."),
        ("+41 44 668 18 00", "044 668 18 00", "044 668 18 00 was taken as +41 44 668 18 00, Switzerland."),
        ("+49 171 2345678", "0049 171 2345678", ""),
    ],
)
def test_preview_says_which_country_a_number_was_taken_to_be_from(client, owner, mine, theirs, said):
    """One's own numbers are from the country that was chosen, those of a file from that of the file."""
    set_country(owner=owner, code="DE")
    contact = ContactFactory(owner=owner, name="Anna Becker")
    way = WayFactory.build(contact=contact, owner=owner, kind="phone", value=mine, compared=compared("phone", mine))
    compare_numbers([way], owner)
    way.save()

    text = page_of(client, read(owner, card("Anna Becker", phone=theirs), region="CH"))

    assert f'The same phone number as <a href="/contacts/{contact.pk}/">Anna Becker</a>. {said}' in text
    assert ("was taken as" in text) is bool(said)


def test_row_about_somebody_of_the_file_is_no_change_of_somebody_one_has(client, owner):
    ContactFactory(owner=owner, name="Anna Becker", uid="anna-1")
    more = card("Ben Okafor-Lind", email="ben@example.org", phone="+49 30 901820")
    source = read(owner, ANNA + BEN + more)

    told = {kind: number for kind, _, number in client.get(source.get_absolute_url()).context["filters"]}
    text = page_of(client, source, "?show=again")

    assert told == {"new": 1, "change": 1, "again": 1}
    assert "The same email address as Ben Okafor in line 10." in text
    assert "Name: take “Ben Okafor-Lind” in place of “Ben Okafor”" in text
    assert "Add all to the rows before" in text
    client.post(f"{source.get_absolute_url()}choose-all/", {"finding": "again", "decision": "skip"})
    assert list(source.rows.order_by("number").values_list("decision", flat=True)) == ["update", "add", "skip"]


def test_preview_folds_what_is_long_and_says_what_is_not_kept(client, owner):
    more = (
        "".join(f"EMAIL:a{n}@example.org\r\n" for n in range(6))
        + "NOTE:from the fair\r\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/4A=="
    )

    text = page_of(client, read(owner, card("Anna Becker", more=more)))

    assert "<summary>4 more</summary>" in text
    assert "from the fair" in text
    assert "Photo" in text


def test_preview_says_birthdays_in_words(client, owner):
    ContactFactory(owner=owner, name="Ben Okafor", uid="b", birthday="1980-04-12")
    ContactFactory(owner=owner, name="Cleo Kim", uid="c")
    days = {"a": ("Ada Lind", "--0229"), "b": ("Ben Okafor", "19810413"), "c": ("Cleo Kim", "19790101")}
    source = read(owner, "".join(card(name, uid=uid, more=f"BDAY:{day}") for uid, (name, day) in days.items()))

    page = page_of(client, source)

    assert "29 February<" in page
    assert "take “13 April 1981” in place of yours, “12 April 1980”" in page
    assert "1 January 1979<" in page


def test_choices_with_one_foreign_row_are_refused_whole(client, owner):
    source = read(owner, ANNA + BEN)
    foreign = ImportRowFactory(source__owner=owner)  # of another file

    response = choose(client, source, [*source.rows.all(), foreign])

    assert response.status_code == 404
    assert set(source.rows.values_list("decision", flat=True)) == {"add"}


@pytest.mark.parametrize("decision", ["update", "nonsense", ""])
def test_choice_that_is_none_is_refused(client, owner, decision):
    source = read(owner, ANNA)

    assert choose(client, source, source.rows.all(), decision).status_code in {400, 409}
    assert source.rows.get().decision == "add"


@pytest.mark.parametrize("row", ["x", "9" * 30, "-1", "\u0661"])
def test_row_that_is_no_number_is_refused(client, owner, row):
    source = read(owner, ANNA)

    assert client.post(f"{source.get_absolute_url()}choose/", {"row": row}).status_code == 400


def test_field_that_is_none_is_refused(client, owner):
    source = read(owner, ANNA)

    assert choose(client, source, source.rows.all(), theirs=["owner"]).status_code == 400


@pytest.mark.parametrize("here", ["//evil.example/", "https://evil.example/", "/contacts/"])
def test_way_back_leads_to_this_import_only(client, owner, here):
    source = read(owner, ANNA)

    assert choose(client, source, source.rows.all(), here=here).headers["Location"] == source.get_absolute_url()


def test_all_rows_of_a_kind_are_chosen_at_once(client, owner):
    source = read(owner, ANNA + BEN)

    response = client.post(
        f"{source.get_absolute_url()}choose-all/", {"finding": "new", "decision": "skip"}, follow=True
    )

    assert "Chosen for 2 rows" in response.content.decode()
    assert set(source.rows.values_list("decision", flat=True)) == {"skip"}


@pytest.mark.parametrize(("finding", "decision"), [("new", "update"), ("bad", "add"), ("x", "add"), ("new", "x")])
def test_choice_for_all_that_makes_no_sense_is_refused(client, owner, finding, decision):
    source = read(owner, ANNA + BROKEN)

    response = client.post(f"{source.get_absolute_url()}choose-all/", {"finding": finding, "decision": decision})

    assert response.status_code == 400


def test_choice_in_a_tab_that_is_behind_is_told_so(client, owner):
    source = read(owner, ANNA)
    importing.start(source=source, at=AT)

    response = choose(client, source, source.rows.all())

    assert response.status_code == 409
    assert "went on meanwhile" in response.content.decode()
    assert client.post(f"{source.get_absolute_url()}discard/").status_code == 409


def test_row_says_what_of_it_is_left_out(client, owner):
    table = "First Name,E-mail Address,Spouse\r\nAnna,anna@example.org,Bo\r\n"
    card_of_outlook = card("Ben", more="X-MS-CARDPICTURE;ENCODING=b:QUFB\r\nPHOTO;ENCODING=b:QUFB")

    pages = [page_of(client, read(owner, table, name="people.csv")), page_of(client, read(owner, card_of_outlook))]

    for page, words in zip(pages, ("Spouse", "Photo, X-MS-CARDPICTURE"), strict=True):
        assert f'<dt>Not kept</dt><dd class="text-break">{words}</dd>' in page
