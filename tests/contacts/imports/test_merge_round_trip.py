"""Whoever two contacts become goes out whole, comes back the same in an empty account, and changes nothing in this one."""

import random
from copy import copy

import pytest

from contacts.cards.extra import EXTRA_LENGTH, EXTRA_LINES
from contacts.cards.vcard import CARD_BYTES
from contacts.forms import ContactForm, WayRows
from contacts.models import Contact, Way
from contacts.models.contact import NOTES_TOGETHER, TAGS_TOGETHER, WAYS_TOGETHER
from contacts.services.contact import add_contact, change_contact
from contacts.services.export import table, vcards
from contacts.services.merge import CHOSEN, merge, undo
from tests.contacts.cards.test_round_trip import FILES, PIECES, as_vcards, person
from tests.contacts.imports.files import apply, read
from tests.factories.accounts import UserFactory
from tests.factories.contacts import ADDED_AT, ContactFactory, FollowUpFactory, InteractionFactory, WayFactory
from tests.factories.goals import GoalFactory

pytestmark = pytest.mark.django_db
FIELDS = [
    "uid", "name", "name_parts", "organisation", "role", "how_met", "why", "hoped_for", "offer", "notes", "topics", "tags",
    "birthday", "circle", "own_every", "own_unit", "is_archived",
]  # fmt: skip
FOUR = "🧗"  # a character of four bytes
EXAMPLES = [path for path in sorted(FILES.iterdir()) if path.name not in {"empty.vcf", "columns.csv"}]


def said(contact):
    return {name: getattr(contact, name) for name in FIELDS}


def ways(contact):
    return [(way.kind, way.value, way.label) for way in contact.ways.all()]


def file_of(contact, kind):
    chosen = Contact.objects.filter(pk=contact.pk)
    return b"".join(vcards(chosen, at=ADDED_AT) if kind == "vcf" else table(chosen))


def from_file(owner, data, name="people.vcf"):
    """Everybody of a file, whoever of them is here already."""
    before = set(Contact.objects.values_list("pk", flat=True))
    source = read(owner, data, name=name)
    source.rows.exclude(finding="bad").update(decision="add", contact=None, twin=None, finding="look")
    apply(source)
    return list(Contact.objects.owned_by(owner).exclude(pk__in=before).order_by("pk"))


def check_comes_back(contact):
    """Export and import, as either kind of file, here and elsewhere."""
    contact = Contact.objects.get(pk=contact.pk)
    fields, reached, card = said(contact), ways(contact), file_of(contact, "vcf")
    for kind, order in (("vcf", reached), ("csv", sorted(reached, key=lambda way: Way.Kind.values.index(way[0])))):
        data = file_of(contact, kind)

        again = read(contact.owner, data, name=f"people.{kind}")
        found = [(row.finding, row.problem) for row in again.rows.all()]
        apply(again)
        [other] = from_file(UserFactory(), data, name=f"people.{kind}")

        contact = Contact.objects.get(pk=contact.pk)
        assert found == [("same", "")]
        assert (said(contact), ways(contact), file_of(contact, "vcf")) == (fields, reached, card)
        assert (said(other), ways(other)) == (fields, order)
        if kind == "vcf":
            assert file_of(other, kind) == card


# Two at random -------------------------------------------------------------------------------------------------------


def from_form(owner, dice):
    def words(most):
        return "".join(dice.choices(PIECES, k=dice.randint(0, most)))

    data = {name: words(6) for name in ("organisation", "role", "how_met")}
    data |= {name: words(60) for name in ("why", "offer", "hoped_for", "notes", "topics", "tags")}
    data |= {
        "name": "n" + words(6),
        "circle": dice.choice(["close", "none", "own"]),
        "own_every": "6",
        "own_unit": "weeks",
    }
    data |= {"birthday": dice.choice(["", "12 April", "29 February", "1980-04-12", "1604-04-12"])}
    number = dice.randint(0, 6)
    data |= {"ways-TOTAL_FORMS": str(number), "ways-INITIAL_FORMS": "0"}
    values = {
        "email": ["a@example.org", "A@Example.org", "mailto:b@example.org"],
        "phone": ["030 901820", "+49 30 901820", "tel:+4930901820;ext=7"],
    }
    for each in range(number):
        kind = dice.choice(Way.Kind.values)
        label = dice.choice(["", "home", "fax work", "_$!<HomePage>!$_", words(3)[:40]])
        data |= {f"ways-{each}-kind": kind, f"ways-{each}-label": label}
        data[f"ways-{each}-value"] = dice.choice(values.get(kind, [words(8)]))
    form, rows = ContactForm(data), WayRows(data)
    if not all([form.is_valid(), rows.is_valid()]):
        return from_form(owner, dice)
    return add_contact(contact=form.save(commit=False), ways=rows.typed, by=owner, at=ADDED_AT)


def as_apple(dice):
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{dice.choice(['Hannah Vogel', 'H. Vogel'])}", "N:Vogel;Hannah;;;"]
    for group in range(1, dice.randint(2, 6)):
        name = dice.choice(["TEL", "EMAIL;TYPE=WORK", "URL", "ADR", "X-ABDATE", "X-ABRELATEDNAMES"])
        number = dice.randint(1, 3)
        value = f";;Street {number};Berlin;;10117;Germany" if name == "ADR" else f"{number}@example.org"
        lines.append(f"item{group}.{name}:{value}")
        if dice.random() < 0.8:
            lines.append(f"item{group}.X-ABLabel:{dice.choice(['_$!<HomePage>!$_', 'Secret', 'Home'])}")
    more = ["ROLE:Nurse", "TITLE:Head", "ORG:A;B", "ORG:C", "BDAY:1980", "BDAY:--0412", f"CATEGORIES:{'t' * 41}"]
    lines += dice.sample(more, k=4)
    return "\r\n".join([*lines, "END:VCARD", ""])


def edited(contact, dice):
    """The same person with some of it taken out by hand."""
    before = copy(contact)
    for name in ("organisation", "role", "birthday", "notes", "why"):
        if dice.random() < 0.5:
            setattr(contact, name, "")
    contact.tags = contact.tags[: dice.randint(0, 3)]
    contact.name += dice.choice(["", "x"])
    stay = [way for way in contact.ways.all() if dice.random() < 0.7]
    change_contact(contact=contact, before=before, ways=stay, by=contact.owner, expected=contact.version)


def somebody(owner, dice, number):
    path = dice.choice(EXAMPLES)
    contact = {
        "form": lambda: from_form(owner, dice),
        "apple": lambda: from_file(owner, as_apple(dice))[0],
        "card": lambda: from_file(owner, as_vcards([person(dice, number)]))[0],
        "example": lambda: dice.choice(from_file(owner, path.read_bytes(), name=path.name) or [from_form(owner, dice)]),
    }[dice.choice(["form", "apple", "card", "example"])]()
    if dice.random() < 0.4:
        edited(contact, dice)
    return Contact.objects.get(pk=contact.pk)


@pytest.mark.same_statements
@pytest.mark.parametrize("seed", range(20))
def test_two_who_were_made_one_come_back(seed):
    dice, owner = random.Random(seed), UserFactory()
    kept, gone = somebody(owner, dice, 1), somebody(owner, dice, 2)
    chosen = frozenset(name for name in CHOSEN if dice.random() < 0.5)

    merge(kept=kept, gone=gone, versions=(kept.version, gone.version), from_gone=chosen, at=ADDED_AT)

    check_comes_back(kept)


def whole(contact):
    """All there is of a contact: their file, the rows of their ways, and what names them."""
    contact = Contact.objects.get(pk=contact.pk)
    linked = [
        sorted(rows.values_list("pk", flat=True)) for rows in (contact.interactions, contact.follow_ups, contact.goals)
    ]
    stored = list(contact.ways.order_by("pk").values_list("pk", "kind", "value", "compared", "label", "position"))
    dates = (contact.last_contact_on, contact.archived_at, contact.deleted_at, contact.sort_name)
    return said(contact), contact.extra, stored, linked, dates, file_of(contact, "vcf"), file_of(contact, "csv")


def with_a_past(contacts, dice):
    """Conversations, promises and goals, of one of them or of both."""
    for _ in range(dice.randint(0, 4)):
        people = dice.sample(contacts, k=dice.randint(1, 2))
        InteractionFactory(owner=people[0].owner, people=people)
        FollowUpFactory(contact=people[0])
        GoalFactory(owner=people[0].owner).contacts.add(*people)


@pytest.mark.parametrize("seed", range(20, 40))
def test_two_who_were_taken_apart_are_as_they_were(seed):
    dice, owner = random.Random(seed), UserFactory()
    kept, gone = somebody(owner, dice, 1), somebody(owner, dice, 2)
    with_a_past([kept, gone], dice)
    before = [whole(kept), whole(gone)]
    chosen = frozenset(name for name in CHOSEN if dice.random() < 0.5)
    versions = tuple(Contact.objects.get(pk=each.pk).version for each in (kept, gone))
    made = merge(kept=kept, gone=gone, versions=versions, from_gone=chosen, at=ADDED_AT)
    for kind in ("vcf", "csv"):  # a file that brings nothing new is no change either
        apply(read(owner, file_of(kept, kind), name=f"people.{kind}"))

    undo(merge=made, at=ADDED_AT)

    assert [whole(kept), whole(gone)] == before


@pytest.mark.parametrize("kind", ["vcf", "csv"])
@pytest.mark.parametrize("seed", range(40, 50))
def test_files_of_two_who_were_made_one_add_nobody(seed, kind):
    """Their phone still has both: its file is about the one they are now."""
    dice, owner = random.Random(seed), UserFactory()
    kept, gone = somebody(owner, dice, 1), somebody(owner, dice, 2)
    files = [file_of(kept, kind), file_of(gone, kind)]
    chosen = frozenset(name for name in CHOSEN if dice.random() < 0.5)
    merge(kept=kept, gone=gone, versions=(kept.version, gone.version), from_gone=chosen, at=ADDED_AT)
    before, people = whole(kept), Contact.objects.owned_by(owner).count()

    for data in files:
        source = read(owner, data, name=f"people.{kind}")
        row = source.rows.get()
        assert (row.contact, row.decision) == (kept, "skip"), (row.finding, row.why, row.problem)
        apply(source)

    assert whole(kept) == before
    assert Contact.objects.owned_by(owner).count() == people


# Two who are as much as there is room for ----------------------------------------------------------------------------


def full_half(owner, side, character, number):
    """Half of what one contact has room for, and as many lines of an address book as one may have: `number`, at their longest."""
    text, line = f"X{character * 3998}X", f"X{character * 198}X"
    words = [
        f"{side}{each:02}".ljust(40, "木" if character == ";" else character) for each in range(TAGS_TOGETHER // 2)
    ]
    room = EXTRA_LENGTH // number - 60
    extra = [
        {"name": f"X-{each}-{side}", "value": character * (room // len(repr(character)[1:-1]))}
        for each in range(number)
    ]
    contact = ContactFactory(
        owner=owner, name=line, organisation=line, role=line, how_met=line, name_parts=[line] * 5, why=text, offer=text,
        hoped_for=text, notes=f"{side}{character * (NOTES_TOGETHER // 2 - 40_000)}{side}", tags=words, topics=words, extra=extra,
    )  # fmt: skip
    for each in range(WAYS_TOGETHER // 2):
        value = f"{side}{each}{character * 900}X"
        WayFactory(contact=contact, kind="other", value=value, compared="", label=words[each], position=each)
    return contact


@pytest.mark.same_statements
@pytest.mark.parametrize("character", [FOUR, '"', "\\", ";", "木"])
@pytest.mark.parametrize("number", [1, EXTRA_LINES])
def test_two_at_every_limit_come_back(character, number):
    owner = UserFactory()
    kept, gone = (full_half(owner, side, character, number) for side in "AB")

    merge(kept=kept, gone=gone, versions=(1, 1), from_gone=frozenset(), at=ADDED_AT)

    kept = Contact.objects.get(pk=kept.pk)
    assert (len(kept.tags), len(kept.topics), kept.ways.count()) == (TAGS_TOGETHER, TAGS_TOGETHER, WAYS_TOGETHER)
    assert {row["name"] for row in kept.extra} == {f"X-{each}-A" for each in range(number)}
    assert all(f"X-{each}-B:" in kept.notes for each in range(number))
    check_comes_back(kept)


def test_longest_card_fits():
    most = NOTES_TOGETHER + WAYS_TOGETHER * 1100 + 3 * 4000 + 10 * 300 + 2 * TAGS_TOGETHER * 42 + EXTRA_LENGTH
    assert most * len(FOUR.encode()) < CARD_BYTES
