import pytest
from cryptography.fernet import Fernet

from core.encrypted import UndecryptableError, decrypt_many, fernet

TEXTS = ["", "a", "A sentence.", "x" * 15, "x" * 16, "x" * 17, "Übung, 漢字, 👩‍👩‍👧", "", "y" * 5000]


def stored(texts):
    return [fernet().encrypt(text.encode()).decode() if text else "" for text in texts]


def test_decrypt_many_answers_as_one_by_one():
    assert decrypt_many(stored(TEXTS)) == TEXTS
    assert decrypt_many(["", ""]) == ["", ""]
    assert decrypt_many([]) == []


def test_decrypt_many_knows_every_key(settings):
    old, new, older = (Fernet.generate_key().decode() for _ in range(3))
    by_key = {}
    for key in (old, new, older):
        settings.FIELD_KEYS = [key]
        by_key[key] = stored(["words", key])
    mixed = [by_key[old][0], by_key[new][0], "", by_key[older][1], by_key[old][1]]

    settings.FIELD_KEYS = [new, old, older]

    assert decrypt_many(mixed) == ["words", "words", "", older, old]


@pytest.mark.parametrize("place", [0, 5, 30, -40, -2])
def test_decrypt_many_refuses_what_was_changed(place):
    good, other = stored(["Kept to myself.", "And this."])
    place %= len(good.rstrip("="))
    bad = good[:place] + ("A" if good[place] != "A" else "B") + good[place + 1 :]

    with pytest.raises(UndecryptableError):
        decrypt_many([other, bad])


@pytest.mark.parametrize("token", ["plain words", "gAAAAA", "é", "AAAA", "gAAAAABh" + "A" * 92, "a\nb"])
def test_decrypt_many_refuses_what_is_no_token(token):
    with pytest.raises(UndecryptableError):
        decrypt_many([*stored(["one"]), token])


def test_decrypt_many_refuses_a_key_that_is_gone(settings):
    tokens = stored(["words"])
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(UndecryptableError):
        decrypt_many(tokens)
