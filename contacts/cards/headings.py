"""The headings of tables that other programs write, and what stands below them."""

import re
from collections.abc import Iterable

from contacts.models.contact import TAG_LENGTH

# What a column can be said to hold, by hand; a group and a part may follow (`address.home.city`, `phone.1.label`).
FIELDS = {
    "name": "Full name",
    "given": "Given name",
    "further": "Further names",
    "family": "Family name",
    "before": "Title before the name",
    "after": "Title after the name",
    "organisation": "Organisation",
    "department": "Department",
    "role": "Role",
    "email": "Email",
    "phone": "Phone",
    "web": "Web page",
    "address": "Address",
    "other": "Another way to reach them",
    "birthday": "Birthday",
    "tags": "Tags",
    "note": "Notes",
    "how_met": "How you met",
    "why": "Why they matter",
    "hoped_for": "What I would like to ask",
    "offer": "What I can give",
    "topics": "Topics they care about",
    "circle": "Circle",
    "own_every": "Rhythm: every",
    "own_unit": "Rhythm: unit",
    "is_archived": "Archived",
    "uid": "UID",
    "extra": "Further vCard lines",
    "": "Leave out",
}
WAYS = ("email", "phone", "web", "address", "other")
PARTS = ("label", "street", "extended", "box", "city", "region", "code", "country")

_WAYMARK = {
    "uid": "uid", "name": "name", "family name": "family", "given name": "given", "further names": "further",
    "title before": "before", "title after": "after", "organisation": "organisation", "role": "role",
    "birthday": "birthday", "tags": "tags", "notes": "note", "how you met": "how_met", "why they matter": "why",
    "what i would like to ask": "hoped_for", "what i can give": "offer", "topics": "topics", "circle": "circle",
    "every": "own_every", "unit": "own_unit", "archived": "is_archived", "further vcard lines": "extra",
}  # fmt: skip
_GOOGLE = {
    "name": "name", "given name": "given", "additional name": "further", "family name": "family",
    "name prefix": "before", "name suffix": "after", "first name": "given", "middle name": "further",
    "last name": "family", "birthday": "birthday", "notes": "note", "group membership": "tags", "labels": "tags",
    "organization 1 - name": "organisation", "organization 1 - title": "role", "organization name": "organisation",
    "organization title": "role", "organization 1 - department": "department", "organization department": "department",
}  # fmt: skip
_OUTLOOK = {
    "title": "before", "first name": "given", "middle name": "further", "last name": "family", "suffix": "after",
    "company": "organisation", "department": "department", "job title": "role", "business street": "address.work.street",
    "business street 2": "address.work.extended", "business city": "address.work.city",
    "business state": "address.work.region", "business postal code": "address.work.code",
    "business country": "address.work.country", "business country/region": "address.work.country",
    "home street": "address.home.street", "home street 2": "address.home.extended", "home city": "address.home.city",
    "home state": "address.home.region", "home postal code": "address.home.code",
    "home country": "address.home.country", "home country/region": "address.home.country",
    "other street": "address.other.street", "other city": "address.other.city", "other state": "address.other.region",
    "other postal code": "address.other.code", "other country": "address.other.country",
    "other country/region": "address.other.country",
    "business fax": "phone.work fax", "business phone": "phone.work", "business phone 2": "phone.work 2",
    "company main phone": "phone.main", "home fax": "phone.home fax", "home phone": "phone.home",
    "home phone 2": "phone.home 2", "mobile phone": "phone.mobile", "other phone": "phone.other",
    "pager": "phone.pager", "car phone": "phone.car", "primary phone": "phone", "birthday": "birthday",
    "categories": "tags", "e-mail address": "email.1", "e-mail 2 address": "email.2", "e-mail 3 address": "email.3",
    "email address": "email.1", "notes": "note", "web page": "web", "personal web page": "web.personal",
}  # fmt: skip
_OUTLOOK_GERMAN = {
    "anrede": "before", "titel": "before", "vorname": "given", "weitere vornamen": "further", "nachname": "family",
    "suffix": "after", "firma": "organisation", "abteilung": "department", "position": "role",
    "straße geschäftlich": "address.work.street",
    "ort geschäftlich": "address.work.city", "region geschäftlich": "address.work.region",
    "bundesland geschäftlich": "address.work.region", "bundesland/kanton geschäftlich": "address.work.region",
    "postleitzahl geschäftlich": "address.work.code", "land geschäftlich": "address.work.country",
    "land/region geschäftlich": "address.work.country", "straße privat": "address.home.street",
    "ort privat": "address.home.city", "region privat": "address.home.region",
    "bundesland/kanton privat": "address.home.region", "postleitzahl privat": "address.home.code",
    "land privat": "address.home.country", "land/region privat": "address.home.country",
    "fax geschäftlich": "phone.work fax", "telefon geschäftlich": "phone.work",
    "telefon geschäftlich 2": "phone.work 2", "telefon firma": "phone.main", "fax privat": "phone.home fax",
    "telefon (privat)": "phone.home", "telefon privat": "phone.home", "telefon (privat 2)": "phone.home 2",
    "telefon privat 2": "phone.home 2", "mobiltelefon": "phone.mobile", "weiteres telefon": "phone.other",
    "autotelefon": "phone.car", "pager": "phone.pager", "haupttelefon": "phone", "geburtstag": "birthday",
    "kategorien": "tags", "e-mail-adresse": "email.1", "e-mail 2: adresse": "email.2", "e-mail 3: adresse": "email.3",
    "e-mail-adresse 2": "email.2", "e-mail-adresse 3": "email.3", "notizen": "note", "webseite": "web",
    "private webseite": "web.personal",
}  # fmt: skip
_LINKEDIN = {
    "first name": "given", "last name": "family", "url": "web.LinkedIn", "email address": "email",
    "company": "organisation", "position": "role", "connected on": "note",
}  # fmt: skip
_THUNDERBIRD = {
    "first name": "given", "last name": "family", "display name": "name", "primary email": "email.1",
    "secondary email": "email.2", "work phone": "phone.work", "home phone": "phone.home",
    "fax number": "phone.fax", "pager number": "phone.pager", "mobile number": "phone.mobile",
    "home address": "address.home.street", "home address 2": "address.home.extended", "home city": "address.home.city",
    "home state": "address.home.region", "home zipcode": "address.home.code", "home country": "address.home.country",
    "work address": "address.work.street", "work address 2": "address.work.extended", "work city": "address.work.city",
    "work state": "address.work.region", "work zipcode": "address.work.code", "work country": "address.work.country",
    "job title": "role", "organization": "organisation", "department": "department", "web page 1": "web.work", "web page 2": "web.home",
    "notes": "note",
}  # fmt: skip
# Apple has no table of its own; these are what Numbers and the common converters of iCloud cards write.
_APPLE = {
    "first name": "given", "middle name": "further", "last name": "family", "prefix": "before", "suffix": "after",
    "company": "organisation", "organization": "organisation", "job title": "role", "e-mail (home)": "email.home",
    "e-mail (work)": "email.work", "email (home)": "email.home", "email (work)": "email.work",
    "email (other)": "email.other", "e-mail (other)": "email.other", "home email": "email.home",
    "work email": "email.work", "phone (mobile)": "phone.mobile", "phone (iphone)": "phone.iPhone",
    "phone (home)": "phone.home", "phone (work)": "phone.work", "phone (main)": "phone.main",
    "phone (other)": "phone.other", "mobile": "phone.mobile", "iphone": "phone.iPhone", "home phone": "phone.home",
    "work phone": "phone.work", "address (home)": "address.home", "address (work)": "address.work",
    "home address": "address.home", "work address": "address.work", "homepage": "web", "url": "web",
    "birthday": "birthday", "note": "note", "notes": "note",
}  # fmt: skip
_PLAIN = {
    "full name": "name", "fullname": "name", "contact": "name", "email": "email", "e-mail": "email", "mail": "email",
    "phone": "phone", "phone number": "phone", "telephone": "phone", "mobile": "phone.mobile", "cell": "phone.mobile",
    "firstname": "given", "first name": "given", "lastname": "family", "last name": "family", "surname": "family",
    "company": "organisation", "organization": "organisation", "employer": "organisation", "title": "role",
    "job title": "role", "position": "role", "website": "web", "url": "web", "address": "address",
    "birthday": "birthday", "date of birth": "birthday", "note": "note", "comment": "note", "tag": "tags",
    "vorname": "given", "nachname": "family", "telefon": "phone", "handy": "phone.mobile", "adresse": "address",
    "firma": "organisation", "notiz": "note", "notizen": "note", "geburtsdatum": "birthday", "geburtstag": "birthday",
} | _WAYMARK  # fmt: skip

# Each program with a heading or two that no other writes so, most telling first.
_PROGRAMS = [
    ("Waymark", {"uid", "why they matter", "further vcard lines"}, _WAYMARK),
    ("Google", {"e-mail 1 - value"}, _GOOGLE),
    ("Google", {"group membership", "name"}, _GOOGLE),
    ("Google", {"labels", "organization name"}, _GOOGLE),
    ("LinkedIn", {"first name", "last name", "connected on"}, _LINKEDIN),
    ("Thunderbird", {"display name", "primary email"}, _THUNDERBIRD),
    ("Outlook", {"e-mail address", "first name"}, _OUTLOOK),
    ("Outlook", {"business phone", "first name"}, _OUTLOOK),
    ("Outlook", {"e-mail-adresse", "vorname"}, _OUTLOOK_GERMAN),
    ("Outlook", {"telefon geschäftlich", "vorname"}, _OUTLOOK_GERMAN),
    ("Apple", {"phone (mobile)"}, _APPLE),
    ("Apple", {"first name", "e-mail (home)"}, _APPLE),
    ("Apple", {"first name", "home email"}, _APPLE),
]
_PROGRAMS = [
    (program, {word.casefold() for word in telling}, {word.casefold(): field for word, field in fields.items()})
    for program, telling, fields in _PROGRAMS
]
_WAYMARK_WAY = re.compile(r"(email|phone|web page|address|other way) (\d+)( label)?")
_GOOGLE_WAY = re.compile(r"(e-mail|phone|address|website|im) (\d+) - (\w[\w ]*)")
_GOOGLE_KINDS = {"e-mail": "email", "phone": "phone", "address": "address", "website": "web", "im": "other"}
_GOOGLE_PARTS = {
    "value": "", "label": "label", "type": "label", "formatted": "", "street": "street", "city": "city",
    "po box": "box", "region": "region", "postal code": "code", "country": "country", "extended address": "extended",
    "service": "label",
}  # fmt: skip


def recognise(headings: Iterable[str]) -> tuple[str, dict[str, str]]:
    """Return the program whose headings these are ("" if none) and what each recognised one holds."""
    plain = {heading: heading.strip().casefold() for heading in headings}
    for program, telling, fields in _PROGRAMS:
        if telling <= set(plain.values()):
            found = {heading: _field(program, name, fields) for heading, name in plain.items()}
            return program, {heading: field for heading, field in found.items() if field}
    return "", {heading: _PLAIN[name] for heading, name in plain.items() if name in _PLAIN}


def known_words(cells: Iterable[str]) -> int:
    """Return how many of these cells are headings of any program: a row with many is the heading."""
    words = {cell.strip().casefold() for cell in cells}
    return max((len(words & fields.keys()) for _, _, fields in _PROGRAMS), default=0) + sum(
        bool(_GOOGLE_WAY.fullmatch(word) or _WAYMARK_WAY.fullmatch(word) or word in _PLAIN) for word in words
    )


def is_field(target: str) -> bool:
    """Tell whether a column may be said to hold this: what comes from a form is checked with it."""
    kind, *rest = target.split(".")
    if not rest:
        return kind in FIELDS
    return kind in WAYS and len(rest) <= 2 and 0 < len(rest[0]) <= TAG_LENGTH and (len(rest) == 1 or rest[1] in PARTS)


def _field(program: str, name: str, fields: dict[str, str]) -> str:
    if program == "Google" and (found := _GOOGLE_WAY.fullmatch(name)):
        part = _GOOGLE_PARTS.get(found[3])
        if part is None:
            return ""
        return f"{_GOOGLE_KINDS[found[1]]}.{found[2]}" + (f".{part}" if part else "")
    if program == "Waymark" and (found := _WAYMARK_WAY.fullmatch(name)):
        kind = {"web page": "web", "other way": "other"}.get(found[1], found[1])
        return f"{kind}.{found[2]}" + (".label" if found[3] else "")
    return fields.get(name, "")
