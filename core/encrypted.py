"""Text that a copy of the database alone does not reveal.

A stored text is "2." and, in base64, which key it is under (4 bytes), a nonce (16) and what AES-SIV makes of it
(RFC 5297). Earlier ones are Fernet tokens: they are read, and become this when their row is written or the keys rotate
(docs/decisions/0103-how-private-text-is-encrypted.md).
"""

import binascii
import os
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

_VERSION = "2."
_NAME, _HEAD, _SECRET = 4, 20, 64


class UndecryptableError(Exception):
    """A stored text fits none of the keys in FIELD_KEYS."""


class _Cipher:
    """What a list of keys makes: the first encrypts, every key decrypts."""

    def __init__(self, keys: Sequence[str]) -> None:
        names = [_derive(key, b"name", _NAME) for key in keys]
        self.first = names[0]
        self.by_name = {name: AESSIV(_derive(key, b"secret", _SECRET)) for name, key in zip(names, keys, strict=True)}
        self.fernet = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, text: str) -> str:
        head = self.first + os.urandom(_HEAD - _NAME)
        sealed = self.by_name[self.first].encrypt(text.encode(), [head])
        return _VERSION + binascii.b2a_base64(head + sealed, newline=False).decode("ascii")

    def decrypt(self, token: str) -> str:
        try:
            if not token.startswith(_VERSION):
                return self.fernet.decrypt(token.encode("ascii")).decode()
            sealed = binascii.a2b_base64(token[len(_VERSION) :], strict_mode=True)
            return self.by_name[sealed[:_NAME]].decrypt(sealed[_HEAD:], [sealed[:_HEAD]]).decode()
        except (InvalidToken, InvalidTag, KeyError, ValueError) as error:
            raise UndecryptableError("A stored text fits none of FIELD_KEYS.") from error


def _derive(key: str, use: bytes, length: int) -> bytes:
    """Return that many bytes of a key, for one use alone: 64 are two keys of AES-256, as AES-SIV needs them."""
    return HKDF(SHA256(), length, salt=None, info=b"waymark field 2 " + use).derive(key.encode("ascii"))


@lru_cache
def _cipher_of(keys: tuple[str, ...]) -> _Cipher:
    return _Cipher(keys)


def _cipher() -> _Cipher:
    return _cipher_of(tuple(settings.FIELD_KEYS))


def encrypt(text: str) -> str:
    """Return a text as it is stored, under the first of FIELD_KEYS; the empty one as it is, so that it needs no key."""
    return _cipher().encrypt(text) if text else ""


def decrypt(token: str) -> str:
    """Return a stored text. Raises UndecryptableError if it was changed or fits none of FIELD_KEYS."""
    return _cipher().decrypt(token) if token else ""


def decrypt_many(tokens: Sequence[str]) -> list[str]:
    """Return the texts of many stored values, in their order, as `decrypt` does one by one."""
    one = _cipher().decrypt
    return [one(token) if token else "" for token in tokens]


_elsewhere: list[Callable[[], int]] = []


def rotate_with(again: Callable[[], int]) -> Callable[[], int]:
    """Call `again()` when the keys rotate: for what is encrypted outside an EncryptedTextField. It returns a count."""
    if again not in _elsewhere:
        _elsewhere.append(again)
    return again


def rotate_elsewhere() -> int:
    """Encrypt again what `rotate_with` was told of, and return how many rows that were."""
    return sum(again() for again in _elsewhere)


class EncryptedTextField(models.TextField):
    """A text stored encrypted. It cannot be filtered, ordered or indexed by its content.

    The empty string is stored as it is, so that "nothing written" needs no key.
    """

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return encrypt(value) if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        if not value:
            return value
        try:
            return decrypt(value)
        except UndecryptableError as error:
            raise UndecryptableError(f"{self.model._meta.label}.{self.name} fits none of FIELD_KEYS") from error

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in {"isnull"}:
            raise TypeError(f"{self.name} is encrypted and cannot be looked up by {lookup_name}.")
        return super().get_lookup(lookup_name)
