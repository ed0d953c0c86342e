"""An uploaded file: how much of it is taken, what it is told to be, and how it is stored and read in pieces."""

import io
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload

from contacts.cards.files import FILE_BYTES
from contacts.models import Import, ImportPart

PART_BYTES = 256 * 1024
# More than this is not even read to the end: the connection is closed.
MAX_REQUEST_BYTES = 10 * FILE_BYTES
HEAD_BYTES = 4096

TOO_LARGE = "This file is larger than 5 MB. Photos are often why: export without them, or in two halves."
EMPTY = "This file is empty. Export it once more, then choose it again."
UNKNOWN = "This does not look like contacts. Choose a vCard file (.vcf) or a table saved as CSV."
# What people choose by mistake, by how such files begin.
OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "This is a PDF. Choose a vCard file (.vcf) or a table saved as CSV."),
    (b"\xd0\xcf\x11\xe0", "This is an Excel or Outlook file. Open it there and save it as CSV, then choose that file."),
    (b"{", "This is JSON. Choose a vCard file (.vcf) or a table saved as CSV."),
    (b"\x1f\x8b", "This is a packed file. Unpack it first, then choose the file inside."),
    (b"\x89PNG", "This is a picture. Choose a vCard file (.vcf) or a table saved as CSV."),
    (b"\xff\xd8\xff", "This is a picture. Choose a vCard file (.vcf) or a table saved as CSV."),
)
EXCEL = "This is an Excel file. Open it there and save it as CSV, then choose that file."
ZIP = "This is a ZIP file. Unpack it first, then choose the file inside."


class UploadLimit(FileUploadHandler):
    """Stops storing a file of contacts that is too large; stands before Django's own handlers.

    The view finds out by `is_too_large(request)`, so that the answer is a page with words and not an error.
    """

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None) -> None:  # noqa: N803 - Django's name  # fmt: skip
        # Django asks its handlers about every request; a mail that comes by webhook brings larger files along.
        self.is_ours = self.request is not None and self.request.path.startswith("/contacts/")
        self.taken = 0
        self.is_far_too_large = content_length > MAX_REQUEST_BYTES

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.taken += len(raw_data)
        if not self.is_ours or self.taken <= FILE_BYTES:
            return raw_data
        self.request.upload_is_too_large = True  # type: ignore[union-attr]
        if self.is_far_too_large:
            raise StopUpload(connection_reset=True)
        raise SkipFile

    def file_complete(self, file_size: int) -> None:
        return None


def is_too_large(request: Any) -> bool:
    """Tell whether a file of this request was larger than what is taken."""
    return getattr(request, "upload_is_too_large", False)


def refusal(head: bytes) -> str:
    """Say why a file that begins like this cannot be contacts, or return "" where it may be."""
    if not head.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        return EMPTY
    if head.startswith(b"PK"):
        return EXCEL if b"xl/" in head or b"[Content_Types]" in head else ZIP
    stripped = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return next((words for begin, words in OTHERS if stripped.startswith(begin)), "")


def store(source: Import, file: UploadedFile) -> None:
    """Store the file in pieces, of which one at a time is in memory."""
    file.seek(0)
    number = 0
    while piece := file.read(PART_BYTES):
        ImportPart.objects.create(source=source, number=number, content=piece.decode("latin-1"))
        number += 1


class StoredFile(io.RawIOBase):
    """The stored pieces as one file that can be read and sought in; holds one piece at a time."""

    def __init__(self, source: Import) -> None:
        self.source = source
        self.place = 0
        self._number, self._piece = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self.place, io.SEEK_END: self.source.size}[whence]
        self.place = max(0, base + offset)
        return self.place

    def readinto(self, buffer: Any) -> int:
        number, start = divmod(self.place, PART_BYTES)
        if number != self._number:
            part = self.source.parts.filter(number=number).first()
            self._number, self._piece = number, part.content.encode("latin-1") if part else b""
        piece = self._piece[start : start + len(buffer)]
        buffer[: len(piece)] = piece
        self.place += len(piece)
        return len(piece)


def opened(source: Import) -> io.BufferedReader:
    """Return the stored file for reading."""
    return io.BufferedReader(StoredFile(source), buffer_size=64 * 1024)
