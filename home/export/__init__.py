"""A plain copy of everything a person wrote or set, as JSON that a program or a patient reader can use.

It holds what is theirs: own things, the bin included, with what others wrote on them, and their own words elsewhere.
It never holds what others share with them. docs/export.md describes the format for people. Beside it the journal alone
can be had to read (`readable.py`).
"""

from home.export import contacts, goals, journal, mentoring, networking, person, wins
from home.export.document import FORMAT, VERSION, copy_of, section
from home.export.readable import journal_in_markdown

__all__ = [
    "FORMAT",
    "VERSION",
    "contacts",
    "copy_of",
    "goals",
    "journal",
    "journal_in_markdown",
    "mentoring",
    "networking",
    "person",
    "section",
    "wins",
]
