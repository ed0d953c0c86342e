"""Addresses and numbers: how they are compared, and where a click on one leads."""

import re
from urllib.parse import urlsplit

# "+44 (0)20": the zero is dialled at home only, and never after the code of the country.
_ZERO_AT_HOME = re.compile(r"^(\+\d{1,3})\s*\(0\)")
_INTERNATIONAL = re.compile(r"\+[1-9]\d{6,14}")


def compared(kind: str, value: str) -> str:
    """Return what two ways of reaching somebody are compared by: an address in small letters, a number in E.164.

    Empty where it cannot be told: a number without the code of its country may be anybody's.
    """
    value = value.strip()
    if kind == "email":
        return value.lower()[:320] if "@" in value else ""
    if kind == "phone":
        digits = re.sub(r"[^\d+]", "", _ZERO_AT_HOME.sub(r"\1", value))
        digits = f"+{digits[2:]}" if digits.startswith("00") else digits
        return digits if _INTERNATIONAL.fullmatch(digits) else ""
    return ""


def link(kind: str, value: str) -> str:
    """Return the address a click leads to; empty where there is none that is safe to follow."""
    if kind == "email":
        return f"mailto:{value}" if re.fullmatch(r"[^\s?&@]+@[^\s?&@]+", value) else ""
    if kind == "phone":
        digits = compared(kind, value) or re.sub(r"[^\d]", "", value)
        return f"tel:{digits}" if digits else ""
    if kind == "web":
        address = value if "://" in value else f"https://{value}"
        try:
            return address if urlsplit(address).scheme in {"http", "https"} and urlsplit(address).netloc else ""
        except ValueError:
            return ""
    return ""
