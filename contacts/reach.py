"""Addresses and numbers: how they are compared, and where a click on one leads."""

import re
from urllib.parse import urlsplit

import phonenumbers

from contacts.cards.compare import phone_key, way_key
from contacts.imports.regions import regions


def compared(kind: str, value: str) -> str:
    """Return what two ways of reaching somebody are compared by: an address in small letters, a number in E.164.

    Empty where it cannot be told: a number without the code of its country may be anybody's.
    """
    return way_key(kind, value, region="")


def assumed(value: str, key: str) -> str:
    """Say what a number without the code of its country was taken to be, to be compared by `key`; empty if it has one."""
    if not key.startswith("+") or phone_key(value, ""):
        return ""
    try:
        number = phonenumbers.parse(key.partition(";")[0])
    except phonenumbers.NumberParseException:
        return ""
    code = phonenumbers.region_code_for_number(number) or phonenumbers.region_code_for_country_code(
        number.country_code or 0
    )
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return f"{value} was taken as {written}, {dict(regions()).get(code, code)}"


def link(kind: str, value: str) -> str:
    """Return the address a click leads to; empty where there is none that is safe to follow."""
    if kind == "email":
        return f"mailto:{value}" if re.fullmatch(r"[^\s?&@]+@[^\s?&@]+", value) else ""
    if kind == "phone":
        digits = compared(kind, value).partition(";")[0] or re.sub(r"[^\d]", "", value)
        return f"tel:{digits}" if digits else ""
    if kind == "web":
        address = value if "://" in value else f"https://{value}"
        try:
            return address if urlsplit(address).scheme in {"http", "https"} and urlsplit(address).netloc else ""
        except ValueError:
            return ""
    return ""
