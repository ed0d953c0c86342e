"""Ways to reach a person, from vCard lines and back into them."""

from collections.abc import Sequence

from contacts.cards.card import CardWay
from contacts.cards.compare import way_key
from contacts.cards.fit import fit_label, fit_way
from contacts.cards.lines import Property, escape, split_escaped, unescape
from core.text import clean_line

_KINDS = {
    "EMAIL": "email", "TEL": "phone", "URL": "web", "ADR": "address", "X-SOCIALPROFILE": "web", "SOCIALPROFILE": "web",
    "IMPP": "other", "X-WAYMARK-WAY": "other",
}  # fmt: skip
# Messengers as programs wrote them before there was IMPP.
_MESSENGERS = {"X-JABBER", "X-SKYPE", "X-SKYPE-USERNAME", "X-AIM", "X-ICQ", "X-QQ", "X-MSN", "X-YAHOO", "X-GOOGLE-TALK"}
_NAMES = {"email": "EMAIL", "phone": "TEL", "web": "URL", "address": "ADR", "other": "X-WAYMARK-WAY"}
# Types of vCard that say what a way is for, in the order they are said, and the words for them here.
_WORDS = {"home": "home", "work": "work", "cell": "mobile", "fax": "fax", "pager": "pager", "car": "car"}
_TYPES = {word: kind for kind, word in _WORDS.items()}
LABEL = "X-ABLABEL"


def is_way(row: Property) -> bool:
    return row.name in _KINDS or row.name in _MESSENGERS


def read_way(row: Property, beside: Sequence[Property], *, region: str) -> CardWay | None:
    """Return the way a line tells of, with the lines of its group beside it; None if it is empty. Raises Unfit."""
    kind, value = fit_way(_KINDS.get(row.name, "other"), _address(row) if row.name == "ADR" else row.line)
    return CardWay(kind, value, _label(row, beside), way_key(kind, value, region)) if value else None


def write_way(way: CardWay, *, group: str = "") -> list[Property]:
    """Return the lines of vCard 4.0 for a way; a label that is no type of vCard needs a `group` of its own."""
    name = _NAMES[way.kind]
    value = f";;{escape(way.value)};;;;" if name == "ADR" else escape(way.value)
    types = tuple(_TYPES.get(word, "") for word in way.label.split(" "))
    if not way.label:
        return [Property(name, value)]
    if all(types) and _say(types) == way.label:
        return [Property(name, value, (("TYPE", types),))]
    return [Property(name, value, group=group), Property(LABEL, escape(way.label), group=group)]


def _say(types: Sequence[str]) -> str:
    return " ".join(word for kind, word in _WORDS.items() if kind in types)


def _label(row: Property, beside: Sequence[Property]) -> str:
    for other in beside:
        if other.name == LABEL and other.line:
            return fit_label(other.line)
    if row.name in _MESSENGERS:
        return fit_label(row.name.removeprefix("X-").split("-")[0].title())
    if row.name in ("IMPP", "X-SOCIALPROFILE", "SOCIALPROFILE"):
        service = row.param("X-SERVICE-TYPE") or row.param("SERVICE-TYPE") or next(iter(row.types), "")
        return fit_label(service)
    return fit_label(row.param("X-CUSTOM")) or _say(row.types)


def _address(row: Property) -> str:
    """Return an address as one line: street, box, code and city, region, country."""
    components = [unescape(part) for part in split_escaped(row.value, ";")]
    parts = [clean_line(part.replace("\n", ", ")) for part in [*components, *[""] * 7][:7]]
    box, extended, street, city, region, code, country = parts
    town = " ".join(part for part in (code, city) if part)
    return ", ".join(part for part in (street, extended, box, town, region, country) if part)
