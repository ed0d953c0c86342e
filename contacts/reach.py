"""Addresses and numbers: how they are compared, and where a click on one leads."""

import re
from urllib.parse import urlsplit

from contacts.cards.compare import way_key


def compared(kind: str, value: str) -> str:
    """Return what two ways of reaching somebody are compared by: an address in small letters, a number in E.164.

    Empty where it cannot be told: a number without the code of its country may be anybody's.
    """
    return way_key(kind, value, region="")


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
