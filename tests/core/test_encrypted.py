import binascii

import pytest
from cryptography.fernet import Fernet
from django.conf import settings

from core.encrypted import UndecryptableError, decrypt, decrypt_many, encrypt

TEXTS = ["", "a", "A sentence.", "x" * 15, "x" * 16, "x" * 17, "Übung, 漢字, 👩‍👩‍👧", "", "y" * 5000]


def written_before(text, key):
    """Return a text as it was stored until the cipher changed."""
    return Fernet(key).encrypt(text.encode()).decode()


def test_decrypt_what_was_encrypted():
    assert [decrypt(encrypt(text)) for text in TEXTS] == TEXTS
    assert decrypt_many([encrypt(text) for text in TEXTS]) == TEXTS
    assert decrypt_many(["", ""]) == ["", ""]
    assert decrypt_many([]) == []


def test_encrypt_says_nothing_of_a_text_but_its_length():
    first, second = encrypt("Kept to myself."), encrypt("Kept to myself.")

    assert first != second
    assert len(first) == len(second) == len(encrypt("Said to others."))
    assert b"Kept" not in binascii.a2b_base64(first[2:])


def test_decrypt_many_knows_every_key_and_the_cipher_before(settings):
    old, new, older = (Fernet.generate_key().decode() for _ in range(3))
    by_key = {}
    for key in (old, new, older):
        settings.FIELD_KEYS = [key]
        by_key[key] = [encrypt("words"), encrypt(key)]
    mixed = [by_key[old][0], by_key[new][0], "", by_key[older][1], by_key[old][1], written_before("fernet", older)]

    settings.FIELD_KEYS = [new, old, older]

    assert decrypt_many(mixed) == ["words", "words", "", older, old, "fernet"]


def test_encrypt_under_the_first_key(settings):
    new, old = (Fernet.generate_key().decode() for _ in range(2))
    settings.FIELD_KEYS = [new, old]
    token = encrypt("words")

    settings.FIELD_KEYS = [old]
    with pytest.raises(UndecryptableError):
        decrypt(token)
    settings.FIELD_KEYS = [new]
    assert decrypt(token) == "words"


@pytest.mark.parametrize("make", [encrypt, lambda text: written_before(text, settings.FIELD_KEYS[0])])
def test_decrypt_refuses_what_was_changed(make):
    good, other = make("Kept to myself."), make("And this.")
    # The last letter before the padding has bits that stand for nothing.
    for place in range(len(good.rstrip("=")) - 1):
        bad = good[:place] + ("A" if good[place] != "A" else "B") + good[place + 1 :]
        with pytest.raises(UndecryptableError):
            decrypt_many([other, bad])


def test_decrypt_refuses_what_was_cut_or_swapped():
    first, second = (binascii.a2b_base64(encrypt(text)[2:]) for text in ("Kept to myself.", "Said to others."))

    for sealed in (first[:-1], first[:20], first[:4], b"", first[:20] + second[20:], second[:20] + first[20:]):
        with pytest.raises(UndecryptableError):
            decrypt("2." + binascii.b2a_base64(sealed, newline=False).decode())


@pytest.mark.parametrize(
    "token", ["plain words", "2.", "2.x", "2.plain words", "gAAAAA", "é", "2.é", "AAAA", "gAAAAABh" + "A" * 92, "a\nb"]
)
def test_decrypt_refuses_what_is_no_token(token):
    with pytest.raises(UndecryptableError):
        decrypt_many([encrypt("one"), token])


def test_decrypt_many_refuses_a_key_that_is_gone(settings):
    tokens = [encrypt("words"), written_before("words", settings.FIELD_KEYS[0])]
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]

    for token in tokens:
        with pytest.raises(UndecryptableError):
            decrypt_many([token])
