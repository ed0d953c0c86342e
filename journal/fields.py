"""Columns of the journal that hold more than one text, encrypted as one."""

import json
from typing import Any

from core.encrypted import EncryptedTextField


class _EncryptedJSONField(EncryptedTextField):
    """A dict or list of texts in Python, encrypted JSON in the database; an empty one is stored as the empty string."""

    kind: type

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, self.kind) else super().to_python(value)

    def get_prep_value(self, value: Any) -> Any:
        is_filled = isinstance(value, self.kind) and bool(value)
        return super().get_prep_value(json.dumps(value, ensure_ascii=False) if is_filled else "")

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        text = super().from_db_value(value, expression, connection)
        return json.loads(text) if text else self.kind()


class AnswersField(_EncryptedJSONField):
    """Answers by question, in the order they were asked."""

    kind = dict
    # What django-stubs takes for the type of the attribute on a model.
    _pyi_private_get_type: dict[str, str]  # type: ignore[assignment]
    _pyi_private_set_type: dict[str, str]  # type: ignore[assignment]


class TagsField(_EncryptedJSONField):
    """Tags in the order they were given, as `journal.tags` spells them."""

    kind = list
    _pyi_private_get_type: list[str]  # type: ignore[assignment]
    _pyi_private_set_type: list[str]  # type: ignore[assignment]
