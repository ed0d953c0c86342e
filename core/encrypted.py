"""Text that a copy of the database alone does not reveal."""

import base64
import binascii
import hmac
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
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


# A token is a version, a time, an IV, the text in blocks and a signature (https://github.com/fernet/spec).
_IV_AT, _SIGNATURE, _BLOCK = 9, 32, 16
_FROM_URLSAFE = bytes.maketrans(b"-_", b"+/")


def decrypt_many(tokens: Sequence[str]) -> list[str]:
    """Return the texts of many stored values, in their order; the empty string stands for itself.

    What `fernet().decrypt` answers one by one, for a journal that is read as a whole: each signature is checked, and
    all that one key encrypted goes through AES in one pass. CBC needs only the block before each block, and every token
    brings its own IV along, so tokens laid end to end come out right but for the places of the IVs, which are left out.
    Raises UndecryptableError if one of them fits none of the keys (docs/decisions/0098-patterns.md).
    """
    texts = [""] * len(tokens)
    places = [place for place, token in enumerate(tokens) if token]
    try:
        lines = "\n".join([tokens[place] for place in places]).encode("ascii").translate(_FROM_URLSAFE).split(b"\n")
        signed = [binascii.a2b_base64(line) for line in lines]
    except (binascii.Error, UnicodeEncodeError) as error:
        raise UndecryptableError("A stored text is no token.") from error
    for key in settings.FIELD_KEYS if places else ():
        secret = base64.urlsafe_b64decode(key)
        fits = [_is_signed(token, secret[:16]) for token in signed]
        ours = [(place, token) for place, token, is_ours in zip(places, signed, fits, strict=True) if is_ours]
        for (place, _), text in zip(ours, _decrypt([token for _, token in ours], secret[16:]), strict=True):
            texts[place] = text
        places = [place for place, is_ours in zip(places, fits, strict=True) if not is_ours]
        if not places:
            return texts
        signed = [token for token, is_ours in zip(signed, fits, strict=True) if not is_ours]
    if places:
        raise UndecryptableError("A stored text fits none of FIELD_KEYS.")
    return texts


def _is_signed(token: bytes, key: bytes) -> bool:
    signature = hmac.digest(key, token[:-_SIGNATURE], "sha256")
    return token[:1] == b"\x80" and hmac.compare_digest(signature, token[-_SIGNATURE:])


def _decrypt(tokens: list[bytes], key: bytes) -> list[str]:
    parts = [token[_IV_AT:-_SIGNATURE] for token in tokens]
    decryptor = Cipher(AES(key), CBC(bytes(_BLOCK))).decryptor()
    blocks = decryptor.update(b"".join(parts)) + decryptor.finalize()
    texts, begin = [], 0
    for part in parts:
        end = begin + len(part)
        texts.append(blocks[begin + _BLOCK : end - blocks[end - 1]].decode())  # the last byte counts the padding
        begin = end
    return texts


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
