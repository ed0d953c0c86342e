"""Countries, for telephone numbers that are written without the code of theirs."""

import zoneinfo
from functools import lru_cache
from importlib import resources
from pathlib import Path

import phonenumbers

# Codes that ISO 3166 keeps free for them, and that the table of the zones does not have.
_RESERVED = {"AC": "Ascension Island", "TA": "Tristan da Cunha", "XK": "Kosovo"}


@lru_cache
def regions() -> tuple[tuple[str, str], ...]:
    """Return code (ISO 3166) and English name of every country that has telephone numbers, by name."""
    names = {row[0]: row[1] for row in _table("iso3166.tab")} | _RESERVED
    return tuple(
        sorted(((code, names.get(code, code)) for code in phonenumbers.SUPPORTED_REGIONS), key=lambda each: each[1])
    )


def region_of(zone: str) -> str:
    """Return the country a time zone is of, as the zones' own table has it; "" for UTC and the like."""
    return _zones().get(zone, "")


@lru_cache
def _zones() -> dict[str, str]:
    return {row[2]: row[0] for row in _table("zone.tab")}


def _table(name: str) -> list[list[str]]:
    """Return a table that comes with the zones (https://data.iana.org/time-zones/tzdb/); empty where there is none."""
    found = next((path for folder in zoneinfo.TZPATH if (path := Path(folder) / name).is_file()), None)
    try:
        text = (found or resources.files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8")
    except (ModuleNotFoundError, OSError):
        return []
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
