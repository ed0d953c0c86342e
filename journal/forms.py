"""Forms of the journal: input rules only."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.core import signing
from django.forms.boundfield import BoundWidget
from django.http import QueryDict

from accounts.models import User
from core.compiled import CompiledQuery
from core.forms import DayField, LineField, TextField
from journal.models import INTENTION_LENGTH, Entry, Intention
from journal.notes import NoteWords
from journal.periods import is_month
from journal.questions.asked import Asked, as_asked
from journal.questions.choosing import LAST_QUESTION, LAST_QUESTION_OF_MONTH, last_question
from journal.scales import ENERGY_ICONS, MOOD_ICONS
from journal.services import Words
from journal.tags import TAG_LENGTH, split
from journal.writing import WritingForm
from sharing.models import Mentorship, MentorshipQuerySet

TITLE_LENGTH = 120
ANSWER_LENGTH = 10_000
TEXT_LENGTH = 40_000
NOTE_LENGTH = 20_000
# What the page of a month calls differently.
MONTHLY_LABELS = {"title": "A title for this month", "mood": "Mood this month", "energy": "Energy this month"}
# Three questions of one's own in an alphabet that JSON writes in six letters each.
MAX_SIGNED = 8_000
_SALT = "journal.questions"


class ScaleField(forms.TypedChoiceField):
    """One of five, or nothing."""

    widget = forms.RadioSelect(attrs={"data-look": "scale"})

    def __init__(self, scale: type[Entry.Mood] | type[Entry.Energy], **kwargs: Any) -> None:
        super().__init__(choices=scale.choices, coerce=int, empty_value=None, required=False, **kwargs)


def readers_of(owner: User) -> MentorshipQuerySet:
    """Return the relations through which `owner` can show things now."""
    return Mentorship.objects.active().of_mentee(owner).with_people().order_by("started_at", "pk")


_READERS = CompiledQuery(lambda owner: readers_of(User(pk=owner)), owner=int)


def present_readers(owner: User) -> list[Mentorship]:
    """Return the same as `readers_of`, for a page to show."""
    return _READERS.objects(owner=owner.pk)


def drawn(field: forms.BoundField, icons: Sequence[str]) -> list[tuple[BoundWidget, str]]:
    """Return the radios of a scale with their icons."""
    return list(zip(field.subwidgets, icons, strict=True))


class ReadersField(forms.ModelMultipleChoiceField):
    """People to share with, by their mentorship; the empty value of "Only you" means nobody."""

    default_error_messages = {
        "invalid_choice": "One of the people you chose cannot read with you any more. Choose again who may.",
        "invalid_pk_value": "One of the people you chose cannot read with you any more. Choose again who may.",
    }

    def clean(self, value: Any) -> Any:
        chosen = [str(pk) for pk in value or [] if pk != ""]
        # A number beyond bigint would reach Postgres as an error and not as "no such row".
        if any(not (pk.isascii() and pk.isdigit() and len(pk) <= 18) for pk in chosen):
            raise forms.ValidationError(self.error_messages["invalid_pk_value"], code="invalid_pk_value")
        return super().clean(chosen)


def sent_questions(data: Mapping[str, Any], key: str) -> list[Asked]:
    """Return the questions of the page of this week or month that was sent; none for a page that is not ours."""
    try:
        about, rows = signing.loads(str(data.get("asked", ""))[:MAX_SIGNED], salt=_SALT)
    except (signing.BadSignature, ValueError):
        return []
    return [Asked(row) if isinstance(row, str) else Asked(*row) for row in rows] if about == key else []


class ReflectionForm(WritingForm):
    """The page of one week or month: a field for each question, how it felt, what matters next, and who may read it.

    The questions travel signed with the page: they are stored only when something is saved, so opening the page
    changes nothing, and what was answered is always what was asked.
    """

    title = LineField(
        label="A title for this week",
        max_length=TITLE_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    mood = ScaleField(Entry.Mood, label="Mood this week")
    energy = ScaleField(Entry.Energy, label="Energy this week")
    intention = LineField(
        label=LAST_QUESTION,
        max_length=INTENTION_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"class": "paper", "rows": 2, "placeholder": "One sentence is enough"}),
    )
    # What came by mail and answers none of the questions; shown only where there is some.
    text = TextField(
        label="What you wrote by email",
        max_length=TEXT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"class": "paper", "rows": 5}),
    )
    came_true = forms.ChoiceField(
        label="Did it come true?", choices=Intention.CameTrue, required=False, widget=forms.RadioSelect
    )
    readers = ReadersField(queryset=Mentorship.objects.none(), required=False, label="Who can read this?")
    asked = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, owner: User, key: str, questions: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner, self.key = owner, key
        self.questions = [one for one in as_asked(questions) if one != last_question(key)]
        self.fields["intention"].label = last_question(key)
        if is_month(key):
            for name, label in MONTHLY_LABELS.items():
                self.fields[name].label = label
        for number, question in enumerate(self.questions, 1):
            self.fields[f"answer_{number}"] = TextField(
                label=question,
                required=False,
                max_length=ANSWER_LENGTH,
                widget=forms.Textarea(attrs={"class": "paper", "rows": 3}),
            )
        self.fields["readers"].queryset = readers_of(owner)  # type: ignore[attr-defined]
        if not self.is_bound:
            rows = [[one, one.id, one.why] for one in self.questions]
            self.initial["asked"] = signing.dumps([key, rows], salt=_SALT)

    @property
    def answer_fields(self) -> list[forms.BoundField]:
        return [self[f"answer_{number}"] for number in range(1, len(self.questions) + 1)]

    @property
    def moods(self) -> list[tuple[BoundWidget, str]]:
        return drawn(self["mood"], MOOD_ICONS)

    @property
    def energies(self) -> list[tuple[BoundWidget, str]]:
        return drawn(self["energy"], ENERGY_ICONS)

    @property
    def word_count(self) -> int:
        """How many words stand in the fields, sent or shown."""
        fields = [*self.answer_fields, self["intention"], *([self["text"]] if self.shows_text else [])]
        return sum(len(str(field.value() or "").split()) for field in fields)

    @property
    def shows_text(self) -> bool:
        """Whether the page has a field for what answers none of the questions."""
        return "text" in self.data if self.is_bound else bool(self.initial.get("text"))

    def bring_text(self, text: str) -> None:
        """Give the page that is shown again a field for what came by mail meanwhile, so that its next save keeps it."""
        if text and "text" not in self.data:
            data = cast(QueryDict, self.data).copy()
            data["text"] = text
            self.data = data

    @property
    def words(self) -> Words:
        """What was written; only of a valid form."""
        data = self.cleaned_data
        answers = {str(question): data[f"answer_{number}"] for number, question in enumerate(self.questions, 1)}
        return Words(
            answers=answers,
            intention=data["intention"],
            title=data["title"],
            mood=data["mood"],
            energy=data["energy"],
            tags=data["tags"] if self.has_marks else None,
            goals=data["about"] if self.has_marks else None,
            text=data["text"] if self.shows_text else None,
        )


def initial_of(entry: Entry | None, questions: Sequence[str]) -> dict[str, Any]:
    """Return what the page of a week or month starts with."""
    if entry is None:
        return {}
    shown = [question for question in questions if question not in {LAST_QUESTION, LAST_QUESTION_OF_MONTH}]
    answers = {f"answer_{number}": entry.answers.get(question, "") for number, question in enumerate(shown, 1)}
    intention = getattr(entry, "intention", None)
    return answers | {
        "title": entry.title,
        "text": entry.text,
        "mood": entry.mood,
        "energy": entry.energy,
        "tags": entry.tags,
        "intention": intention.text if intention else "",
        "version": entry.version,
    }


class NoteForm(WritingForm):
    """A free note of one day; a draft (`is_draft`) may still be without words."""

    entry_on = DayField(label="Day")
    title = LineField(
        label="Title",
        max_length=TITLE_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    text = TextField(
        label="What is on your mind?",
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"class": "paper", "rows": 10}),
        error_messages={"required": "Write a line first. One is enough."},
    )
    mood = ScaleField(Entry.Mood, label="Mood")
    energy = ScaleField(Entry.Energy, label="Energy")
    # Which draft the page of a new note has saved by itself.
    note = forms.IntegerField(min_value=1, max_value=2**53, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, is_draft: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["text"].required = not is_draft

    def clean_entry_on(self) -> date:
        day: date = self.cleaned_data["entry_on"]
        if day > self.today:
            raise forms.ValidationError("That day has not come yet. Choose today or one before.", code="future")
        return day

    @property
    def words(self) -> NoteWords:
        """What was written; only of a valid form."""
        names = ("entry_on", "title", "text", "mood", "energy", "tags")
        return NoteWords(**{name: self.cleaned_data[name] for name in names}, goals=self.cleaned_data["about"])


class TagForm(forms.Form):
    """What a tag is called."""

    name = LineField(label="Name", max_length=TAG_LENGTH, error_messages={"required": "Give the tag a name."})

    def clean_name(self) -> str:
        tags = split(self.cleaned_data["name"])
        if len(tags) != 1:
            raise forms.ValidationError("A tag is one name, without commas.", code="one")
        return tags[0]


class ShareForm(forms.Form):
    """Who can read an entry, as the share panel sends it."""

    share = ReadersField(queryset=Mentorship.objects.none(), required=False)
    threads_open = forms.BooleanField(required=False)

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["share"].queryset = readers_of(owner)  # type: ignore[attr-defined]


class AimForm(forms.Form):
    """On how many days of a week somebody wants to write."""

    days = forms.TypedChoiceField(
        label="Days a week",
        choices=[(number, str(number)) for number in range(1, 8)],
        coerce=int,
        widget=forms.RadioSelect(attrs={"data-look": "seg"}),
        error_messages={
            "required": "Choose from one to seven days.",
            "invalid_choice": "Choose from one to seven days.",
        },
    )
