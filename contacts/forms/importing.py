"""What is uploaded, and what the columns of a table mean."""

from collections.abc import Iterable
from typing import Any

from django import forms

from contacts.cards.headings import FIELDS
from contacts.cards.read import Headings, TooMuch, csv_headings, kind_of
from contacts.imports import files
from contacts.imports.regions import regions
from contacts.services.importing import names_people

COLUMNS_SHOWN = 200
NO_FILE = "Choose a file first: a vCard file (.vcf) or a table saved as CSV."
NO_NAME = "Say which column holds the name. An organisation or an email address will do where nobody is named."


class UploadForm(forms.Form):
    """A file of contacts. What it is is told by its content; `kind` and `headings` are known once it is valid."""

    file = forms.FileField(
        label="File",
        allow_empty_file=True,
        error_messages={"required": NO_FILE, "invalid": NO_FILE},
        help_text="A vCard file (.vcf) or a table saved as CSV, up to 5 MB and 20,000 people.",
        widget=forms.FileInput(attrs={"accept": ".vcf,.csv,.txt,.tsv,text/vcard,text/csv"}),
    )
    region = forms.ChoiceField(
        label="Phone numbers without a country code are from",
        required=False,
        help_text="Only to recognise a number you already have. Numbers stay as they are written.",
        widget=forms.Select(attrs={"data-look": "plain"}),
    )

    def __init__(self, *args: Any, is_too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_too_large = is_too_large
        self.kind = ""
        self.headings: Headings | None = None
        self.fields["region"].choices = [("", "I do not know"), *regions()]  # type: ignore[attr-defined]
        if is_too_large:  # it was not stored, so there is no file to be missed
            self.fields["file"].required = False

    def clean_file(self) -> Any:
        if self.is_too_large:
            raise forms.ValidationError(files.TOO_LARGE, code="large")
        file = self.cleaned_data["file"]
        head = file.read(files.HEAD_BYTES)
        if problem := files.refusal(head):
            raise forms.ValidationError(problem, code="kind")
        self.kind = kind_of(head, file.name) or ""
        if not self.kind:
            raise forms.ValidationError(files.UNKNOWN, code="kind")
        if self.kind == "csv":
            self.headings = self._read_headings(file)
        return file

    @staticmethod
    def _read_headings(file: Any) -> Headings:
        try:
            headings = csv_headings(file)
        except TooMuch as error:
            raise forms.ValidationError(str(error), code="large") from None
        if not headings.names:
            raise forms.ValidationError(files.EMPTY, code="empty")
        return headings


class ColumnsForm(forms.Form):
    """What each column of a table holds, said by hand where it was not recognised."""

    def __init__(self, *args: Any, headings: Headings, mapping: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = headings.names[:COLUMNS_SHOWN]
        for number, name in enumerate(self.names):
            field = mapping.get(name, "")
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=name, choices=_choices(field), initial=field, required=False,
                help_text=_examples(sample[number] for sample in headings.samples if number < len(sample)),
                widget=forms.Select(attrs={"data-look": "plain"}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not names_people(self.mapping().values()):
            raise forms.ValidationError(NO_NAME, code="nameless")
        return cleaned

    def mapping(self) -> dict[str, str]:
        """Return heading to field, as `read_cards` takes it."""
        return {name: self.cleaned_data.get(f"column-{number}", "") for number, name in enumerate(self.names)}


def _choices(recognised: str) -> list[tuple[str, str]]:
    """Return what a column can hold; finer, such as a city of a second address, where that was recognised."""
    rest = [each for each in FIELDS.items() if each[0]]
    kind, _, part = recognised.partition(".")
    finer = [(recognised, f"{FIELDS[kind]}: {part.replace('.', ', ')}")] if part and kind in FIELDS else []
    return [("", FIELDS[""]), *finer, *rest]


def _examples(values: Iterable[str]) -> str:
    shown = [value if len(value) <= 40 else f"{value[:39]}…" for value in dict.fromkeys(values) if value][:3]
    return f"For example {'; '.join(shown)}" if shown else "Empty in the first rows"
