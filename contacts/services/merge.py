"""Making one person of two contacts, and two of them again. Nothing of either is lost."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import F

from accounts.models import User
from contacts.birthdays import say
from contacts.cards.contact import card_from
from contacts.cards.extra import Row, is_too_long, lines_of, together, with_room
from contacts.cards.write import said_by
from contacts.models import Apart, Contact, Merge, Way
from contacts.models.contact import TAGS_TOGETHER, WAYS_TOGETHER, WORDS_LENGTH
from contacts.rows import say_rhythm
from contacts.services.conversations import hold
from contacts.services.touch import touch

# One of two values stands, and the other goes into the notes.
CHOSEN = ("name", "organisation", "role", "how_met", "birthday", "circle")
# Both stand, one below the other.
JOINED = ("why", "offer", "hoped_for", "notes")
# Each thing of both stands once.
UNITED = ("topics", "tags")
# Under which a merge remembers the ways of the one who stayed that are labelled since.
LABELS = "labels"


class Changed(Exception):
    """One of the two was changed since they were shown side by side."""


class TooMuch(Exception):
    """Together they would have more than one contact holds; the text says of what, and what to do."""


def merged_values(kept: Contact, gone: Contact, *, from_gone: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return what the fields of the two become. `from_gone` names those of CHOSEN in which the other's value stands.

    Asks each for its ways: of one that both have the word for what it is may differ.
    """
    values: dict[str, Any] = {}
    left: list[str] = []
    for name in CHOSEN:
        ours, theirs = getattr(kept, name), getattr(gone, name)
        if name == "circle":  # three fields that say one thing
            values |= _rhythm(kept, gone, takes_theirs=name in from_gone, left=left)
            continue
        stands, other = (theirs, ours) if theirs and (name in from_gone or not ours) else (ours, theirs)
        values[name] = stands
        if other and other != stands:
            left.append(f"{_label(name)}: {_words(name, other)}")
    values["name_parts"] = (gone if values["name"] != kept.name else kept).name_parts
    for name in JOINED:
        ours, theirs = getattr(kept, name), getattr(gone, name)
        values[name] = ours if theirs in ours else theirs if ours in theirs else f"{ours}\n\n{theirs}"
        if name != "notes" and len(values[name]) > WORDS_LENGTH:  # the notes have room for what has none here
            values[name] = ours
            left.append(f"{_label(name)}: {theirs}")
    for name in UNITED:
        ours, known = list(getattr(kept, name)), {each.lower() for each in getattr(kept, name)}
        values[name] = ours + [each for each in getattr(gone, name) if each.lower() not in known]
    ways = ways_together(kept, gone)
    left += _other_labels(ways, gone)
    values["extra"], more = _lines_together(values, ways, kept.extra, gone.extra)
    left += [str(line) for row in more for line in lines_of(row)]
    if left:
        noted = "Also noted:  \n" + "  \n".join(left)
        values["notes"] = "\n\n".join(part for part in (values["notes"], noted.rstrip()) if part)
    return values


def ways_together(kept: Contact, gone: Contact) -> list[Way]:
    """Return the ways of both, as they would be; one that both have is that of `kept`, with what it is for if only the
    other says so.
    """
    ours, theirs = list(kept.ways.all()), list(gone.ways.all())
    known = {way_key(way) for way in ours}
    labels = {way_key(way): way.label for way in reversed(theirs) if way.label}
    for way in ours:
        way.label = way.label or labels.get(way_key(way), "")
    return ours + [way for way in theirs if way_key(way) not in known]


def _other_labels(ways: list[Way], gone: Contact) -> list[str]:
    """Return what ways that both have are for, where the one who goes says something else."""
    labels = {(way_key(way), way.label) for way in ways}
    theirs = [way for way in gone.ways.all() if way.label and (way_key(way), way.label) not in labels]
    return [f"{way.value}: {way.label}" for way in theirs]


def _lines_together(
    values: dict[str, Any], ways: list[Way], ours: list[Row], theirs: list[Row]
) -> tuple[list[Row], list[Row]]:
    """Return the further lines of both, and those that have no room: they go into the notes, as they are.

    Where not all have room, the lines behind a field that says something else by now are not kept.
    """
    rows = together(ours, theirs)
    if is_too_long(rows):
        told = [{"kind": way.kind, "value": way.value, "label": way.label} for way in ways]
        said = said_by(card_from(Contact(**values), told))
        rows = [row for row in rows if "as" not in row or tuple(row["as"]) in said]
    return with_room(rows)


def too_much(values: dict[str, Any], ways: int) -> str:
    """Say of what two would have more together than one contact holds, and what to do; empty if all has room.

    With more than that, their page could no longer be read, nor a file of them.
    """
    most = Contact._meta.get_field("notes").max_length
    if len(values["notes"]) > (most or 0):
        return f"Together their notes have more than {most:,} characters. Shorten the notes of one of them first."
    for name in ("tags", "topics"):
        if len(values[name]) > TAGS_TOGETHER:
            return f"Together they have more than {TAGS_TOGETHER} {name}. Take some out of one of them first."
    if ways > WAYS_TOGETHER:
        return (
            f"Together they have more than {WAYS_TOGETHER} addresses and numbers. Take some out of one of them first."
        )
    return ""


def _rhythm(kept: Contact, gone: Contact, *, takes_theirs: bool, left: list[str]) -> dict[str, Any]:
    """Return circle and own rhythm as they become; one that does not stand is said in `left`. Any says more than none."""
    none = Contact.Circle.NONE
    stands, other = (gone, kept) if gone.circle != none and (takes_theirs or kept.circle == none) else (kept, gone)
    if other.circle != none and say_rhythm(other) != say_rhythm(stands):
        left.append(f"Circle: {say_rhythm(other)}")
    return {name: getattr(stands, name) for name in ("circle", "own_every", "own_unit")}


@transaction.atomic
def merge(*, kept: Contact, gone: Contact, versions: tuple[int, int], from_gone: frozenset[str], at: datetime) -> Merge:
    """Let `gone` become part of `kept`: their fields, ways, conversations, promises, and what other apps link to them.

    Raises Changed if one of them is no longer at the version it was shown with, TooMuch if one has no room for both.
    """
    hold(User(pk=kept.owner_id))
    rows = (
        Contact.objects.alive()
        .filter(owner_id=kept.owner_id)
        .select_for_update()
        .order_by("pk")
        .prefetch_related("ways")
        .in_bulk([kept.pk, gone.pk])
    )
    if {pk: row.version for pk, row in rows.items()} != {kept.pk: versions[0], gone.pk: versions[1]}:
        raise Changed
    kept, gone = rows[kept.pk], rows[gone.pk]
    values = merged_values(kept, gone, from_gone=from_gone)
    before = {name: getattr(kept, name) for name in values}
    if problem := too_much(values, len(ways_together(kept, gone))):
        raise TooMuch(problem)
    Contact.objects.filter(pk=kept.pk).update(**values, version=F("version") + 1)
    moved: dict[str, list[Any]] = {label: _move(model, column, gone, kept) for label, model, column in _links()}
    moved[LABELS] = _take_labels(kept, gone)
    Contact.objects.filter(pk=gone.pk).update(deleted_at=at, version=F("version") + 1)
    touch([kept.pk, gone.pk])
    return Merge.objects.create(
        owner_id=kept.owner_id,
        kept=kept,
        gone=gone,
        merged_at=at,
        changed={name: [before[name], value] for name, value in values.items() if before[name] != value},
        moved={label: keys for label, keys in moved.items() if keys},
    )


@transaction.atomic
def undo(*, merge: Merge, at: datetime) -> Contact:
    """Take two contacts apart again and return the one who comes back.

    What was written since stays with the one who was there: a field that was changed since the merge is left alone.
    """
    hold(User(pk=merge.owner_id))
    rows = Contact.objects.select_for_update().order_by("pk").in_bulk([merge.kept_id, merge.gone_id])
    kept, gone = rows[merge.kept_id], rows[merge.gone_id]
    back = {name: was for name, (was, became) in merge.changed.items() if getattr(kept, name) == became}
    if not _fits(kept, back):  # the rhythm was changed since: it is left alone as a whole
        back = {name: was for name, was in back.items() if name not in {"circle", "own_every", "own_unit"}}
    Contact.objects.filter(pk=kept.pk).update(**back, version=F("version") + 1)
    for label, model, column in _links():
        model._default_manager.filter(pk__in=merge.moved.get(label, []), **{column: kept}).update(**{column: gone})
    for pk, label in merge.moved.get(LABELS, []):
        kept.ways.filter(pk=pk, label=label).update(label="")
    Contact.objects.filter(pk=gone.pk).update(deleted_at=None, version=F("version") + 1)
    touch([kept.pk, gone.pk])
    merge.delete()
    Apart.say(kept, gone, at=at)
    return gone


def _fits(kept: Contact, back: dict[str, Any]) -> bool:
    """Tell whether circle and own rhythm go together once these values are back."""
    circle = back.get("circle", kept.circle)
    return circle != Contact.Circle.OWN or bool(
        back.get("own_every", kept.own_every) and back.get("own_unit", kept.own_unit)
    )


def _take_labels(kept: Contact, gone: Contact) -> list[tuple[int, str]]:
    """Store what a way is for that only the one who goes says so; return which ways, and what was stored."""
    without = set(Way.objects.filter(contact=kept, label="").values_list("pk", flat=True))
    taken = [way for way in ways_together(kept, gone) if way.pk in without and way.contact_id == kept.pk and way.label]
    Way.objects.bulk_update(taken, ["label"])
    return [(way.pk, way.label) for way in taken]


def _links() -> Iterator[tuple[str, Any, str]]:
    """Return every column that names a contact, in whatever app: its label, its model and its name."""
    for relation in Contact._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or relation.related_model in {Merge, Apart}:
            continue
        model: Any = relation.related_model
        yield f"{model._meta.label_lower}.{relation.field.name}", model, relation.field.name


def _move(model: Any, column: str, gone: Contact, kept: Contact) -> list[int]:
    """Let rows name `kept` instead of `gone`, and return their ids. What `kept` has already stays where it is."""
    rows = model._default_manager.filter(**{column: gone})
    if model is Way:
        keys = [way.pk for way in ways_together(kept, gone) if way.contact_id == gone.pk]
    else:
        keys = list(rows.values_list("pk", flat=True))
        for others in _unique_with(model, column):
            taken = set(model._default_manager.filter(**{column: kept}).values_list(*others))
            keys = [pk for pk, *rest in rows.filter(pk__in=keys).values_list("pk", *others) if tuple(rest) not in taken]
    try:
        with transaction.atomic():
            model._default_manager.filter(pk__in=keys).update(**{column: kept})
    except (
        IntegrityError
    ):  # a rule of another table that one of the rows would break, such as an introduction of the two
        return [pk for pk in keys if _fits_there(model, pk, column, kept)]
    return keys


def _fits_there(model: Any, pk: int, column: str, kept: Contact) -> bool:
    """Let one row name `kept` if its table allows that."""
    try:
        with transaction.atomic():
            model._default_manager.filter(pk=pk).update(**{column: kept})
    except IntegrityError:
        return False
    return True


def _unique_with(model: Any, column: str) -> list[list[str]]:
    """Return the other fields of each rule by which a row is there only once for a contact."""
    rules = [list(rule) for rule in model._meta.unique_together]
    rules += [list(rule.fields) for rule in model._meta.constraints if isinstance(rule, models.UniqueConstraint)]
    return [[name for name in rule if name != column] for rule in rules if column in rule]


def way_key(way: Way) -> tuple[str, str]:
    """Return what tells whether two ways are the same one."""
    return way.kind, way.compared or way.value.strip().lower()


def _label(name: str) -> str:
    said = str(Contact._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return said[0].upper() + said[1:]


def _words(name: str, value: str) -> str:
    return say(value) if name == "birthday" else value
