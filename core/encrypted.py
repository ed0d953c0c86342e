"""Text that a copy of the database alone does not reveal."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


@lru_cache
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def fernet() -> MultiFernet:
    """Return the cipher over settings.FIELD_KEYS: the first key encrypts, every key decrypts."""
    return _fernet(tuple(settings.FIELD_KEYS))


_elsewhere: list[Callable[[], int]] = []


def rotate_with(again: Callable[[], int]) -> Callable[[], int]:
    """Call `again()` when the keys rotate: for what is encrypted outside an EncryptedTextField. It returns a count."""
    if again not in _elsewhere:
        _elsewhere.append(again)
    return again


def rotate_elsewhere() -> int:
    """Encrypt again what `rotate_with` was told of, and return how many rows that were."""
    return sum(again() for again in _elsewhere)


class UndecryptableError(Exception):
    """A stored text fits none of the keys in FIELD_KEYS."""


class EncryptedTextField(models.TextField):
    """A text stored as a Fernet token. It cannot be filtered, ordered or indexed by its content.

    The empty string is stored as it is, so that "nothing written" needs no key.
    """

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return fernet().encrypt(value.encode()).decode("ascii") if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        if not value:
            return value
        try:
            return fernet().decrypt(value.encode("ascii")).decode()
        except (InvalidToken, UnicodeEncodeError) as error:
            raise UndecryptableError(f"{self.model._meta.label}.{self.name} fits none of FIELD_KEYS") from error

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in {"isnull"}:
            raise TypeError(f"{self.name} is encrypted and cannot be looked up by {lookup_name}.")
        return super().get_lookup(lookup_name)
