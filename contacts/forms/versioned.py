"""A form over a row that counts its versions: who saves second sees both, and nobody's words are lost."""

from typing import Any, cast

from django import forms

from core.forms import Continued
from core.versioned import StaleEdit, Versioned


class VersionedForm(Continued, forms.ModelForm):
    """Carries the version its page was made from; `save_over` saves, or fills `other` with what stands there now."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        if instance is not None and instance.pk:
            kwargs["initial"] = {"version": instance.version} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        # What the other tab saved, as label and words, for the fields in which it differs.
        self.other: list[tuple[str, str]] = []

    def save_over(self) -> bool:
        """Save the fields of a valid form over the version it began from; False where another was saved meanwhile.

        Then the form goes on from that one: its writer is shown it and may save again.
        """
        names = [name for name in self._meta.fields or () if name in self.cleaned_data]
        row = cast(Versioned, self.instance)
        try:
            row.save_version(expected=self.cleaned_data["version"] or 0, update_fields=names)
        except StaleEdit as stale:
            current: Any = stale.current
            self.other = [
                (str(self.fields[name].label), _said(current, name))
                for name in names
                if getattr(current, name) != self.cleaned_data[name]
            ]
            if not self.other:  # the very same words were saved: a second press
                return True
            self.continue_from(current.version)
            return False
        return True


def _said(row: Any, name: str) -> str:
    value = getattr(row, name)
    display = getattr(row, f"get_{name}_display", None)
    return str(display() if display else value if value not in (None, "") else "Empty")
