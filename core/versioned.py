"""Two people, or two tabs, never overwrite each other without a word."""

from typing import Any, Self

from django.db import models
from django.db.models import F


class StaleEdit(Exception):
    """The row changed since the editor read it. `current` is the row as it stands now."""

    def __init__(self, current: models.Model) -> None:
        super().__init__(f"{current._meta.label} {current.pk} was changed meanwhile")
        self.current = current


class Versioned(models.Model):
    """A row that counts its versions; forms send the version they started from."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def save_version(self, *, expected: int, update_fields: list[str]) -> Self:
        """Save the named fields if the stored version is still `expected`, else raise StaleEdit and save nothing."""
        values: dict[str, Any] = {name: getattr(self, name) for name in update_fields}
        manager = type(self)._base_manager
        if not manager.filter(pk=self.pk, version=expected).update(**values, version=F("version") + 1):
            raise StaleEdit(manager.get(pk=self.pk))
        self.version = expected + 1
        return self
