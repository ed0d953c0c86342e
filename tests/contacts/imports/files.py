"""Files as people upload them, and the way from one to contacts."""

from datetime import UTC, datetime
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile

from contacts.cards.read import csv_headings, kind_of
from contacts.imports.work import work
from contacts.services import importing

AT = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
ANNA = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:anna-1\r\nFN:Anna Becker\r\nN:Becker;Anna;;;\r\nORG:Northmoor\r\nEMAIL:anna@example.org\r\nTEL:030 123456\r\nEND:VCARD\r\n"
BEN = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:ben-1\r\nFN:Ben Okafor\r\nTITLE:Designer\r\nEMAIL:ben@example.org\r\nEND:VCARD\r\n"
BROKEN = "BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n"
TABLE = "Name,Email,Phone\r\nAnna Becker,anna@example.org,030 123456\r\nBen Okafor,ben@example.org,\r\n"


def as_file(text, name="people.vcf"):
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


def upload(owner, text, *, name="people.vcf", region="DE"):
    """Store a file as the page does."""
    file = as_file(text, name)
    content = file.read()
    kind = kind_of(content, name)
    headings = csv_headings(BytesIO(content)) if kind == "csv" else None
    return importing.upload(by=owner, file=file, kind=kind, region=region, headings=headings, at=AT)


def read(owner, text, **options):
    """Store a file and let a worker read it."""
    source = upload(owner, text, **options)
    work()
    source.refresh_from_db()
    return source


def apply(source):
    """Let a worker apply what is chosen."""
    importing.start(source=source, at=AT)
    work()
    source.refresh_from_db()
    return source


def undo(source):
    importing.start_undo(source=source, at=AT)
    work()
    source.refresh_from_db()
    return source


def card(name, *, uid="", email="", phone="", more=""):
    """Return one vCard."""
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{name}"]
    lines += [f"UID:{uid}"] if uid else []
    lines += [f"EMAIL:{email}"] if email else []
    lines += [f"TEL:{phone}"] if phone else []
    return "\r\n".join([*lines, *([more] if more else []), "END:VCARD", ""])
