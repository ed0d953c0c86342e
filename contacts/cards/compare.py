"""What two ways of writing the same have in common: addresses, numbers and names to be compared by."""

import re
import unicodedata

import phonenumbers

from contacts.models import Way

_EMAIL = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+")
_KEY_LENGTH = 320  # what Way.compared holds, and the longest address there can be
_NUMBER_LENGTH = 60  # longer is no number; the parser would search it for one
_BEFORE_NAMES = {"dr", "prof", "mr", "mrs", "ms", "mx", "herr", "frau", "ing", "dipl", "phd", "mba", "med"}
_WORD = re.compile(r"\w+")
# What the kind of a way says already.
_SCHEMES: dict[str, re.Pattern[str]] = {
    Way.Kind.PHONE: re.compile(r"(?:tel:\s*)+", re.IGNORECASE),
    Way.Kind.EMAIL: re.compile(r"(?:mailto:\s*)+", re.IGNORECASE),
}
_OTHER_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)


def plain_way(kind: str, value: str) -> tuple[str, str]:
    """Return kind and value of a way as they are stored, whatever they come from: "tel:+49 30" of a phone is "+49 30", and
    an address of another scheme ("skype:anna") is no web page.
    """
    if kind in _SCHEMES and (scheme := _SCHEMES[kind].match(value)):
        value = value[scheme.end() :].replace(";ext=", " ext. ")
    if kind == Way.Kind.WEB and _OTHER_SCHEME.match(value):
        kind = Way.Kind.OTHER.value
    return kind, value


def email_key(value: str) -> str:
    """Return an address of mail in small letters, its domain as the name service has it; "" if it is none."""
    value = value.strip().removeprefix("mailto:").casefold()
    if not _EMAIL.fullmatch(value):
        return ""
    local, domain = value.split("@")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode()
        except UnicodeError:
            return ""
    key = f"{local}@{domain}"
    return key if len(key) <= _KEY_LENGTH else ""


def phone_key(value: str, region: str) -> str:
    """Return a number in E.164, with `;ext=` behind it if it has an extension; "" if it cannot be told.

    `region` is the country (ISO 3166) a number without a country code is taken to be from; "" if none is known.
    """
    value = value.strip().removeprefix("tel:")
    value = f"+{value[2:]}" if value.startswith("00") else value
    if not value or len(value) > _NUMBER_LENGTH:
        return ""
    try:
        number = phonenumbers.parse(value, region or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    # People of one firm share a number and differ in the extension.
    extension = f";ext={number.extension}" if number.extension else ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) + extension


def way_key(kind: str, value: str, region: str) -> str:
    """Return what a way is compared by, as `Way.compared` holds it."""
    if kind == Way.Kind.EMAIL:
        return email_key(value)
    return phone_key(value, region) if kind == Way.Kind.PHONE else ""


def name_key(value: str) -> str:
    """Return the words of a name without case, accents, titles and order: "Dr. Vogel, Hánnah" is "hannah vogel"."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", value.casefold()) if not unicodedata.combining(c))
    words = _WORD.findall(plain)
    return " ".join(sorted(set(words) - _BEFORE_NAMES) or sorted(words))
