"""Replies as people and machines send them (tests/mail/replies/): what is kept, what is folded, what is refused."""

import time
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from core.text import clean_text
from mail.replies import MAX_BYTES, UnreadableError, read, split
from mail.replies.reading import _Budget, _words_of, parse

FOLDER = Path(__file__).parent / "replies"
EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text())


def outcome(raw):
    """Return why a mail is refused, what is kept of it and what is folded, and how many attachments it has."""
    try:
        reply = read(raw)
    except UnreadableError:
        return "unreadable", "", "", 0
    if reply.is_automatic:
        return "automatic", "", "", 0
    if reply.answer is None:
        return "empty", "", "", reply.attachments
    return "", reply.answer.text, reply.answer.folded, reply.attachments


def test_every_mail_has_an_expectation():
    assert {path.stem for path in FOLDER.glob("*.eml")} == set(EXPECTED)
    assert len(EXPECTED) >= 60


@pytest.mark.parametrize("name", EXPECTED)
def test_reply(name):
    expected = EXPECTED[name]

    refused, kept, folded, attachments = outcome((FOLDER / f"{name}.eml").read_bytes())

    assert refused == expected.get("refused", "")
    assert kept == expected.get("kept", "").strip("\n")
    assert attachments == expected.get("attachments", 0)
    for words in expected.get("folded", []):
        assert words in folded
        assert words not in kept


@pytest.mark.parametrize("name", [name for name in EXPECTED if "refused" not in EXPECTED[name]])
def test_reply_with_windows_line_ends_says_the_same(name):
    raw = (FOLDER / f"{name}.eml").read_bytes()

    assert outcome(raw.replace(b"\n", b"\r\n")) == outcome(raw)


@pytest.mark.parametrize("name", EXPECTED)
def test_split_loses_no_word(name):
    """Whatever a text says is kept or folded, unless there is surely nothing new in it."""
    try:
        text = clean_text(_words_of(parse((FOLDER / f"{name}.eml").read_bytes()), _Budget()))
    except UnreadableError:
        pytest.skip("nothing to split")
    answer = split(text)

    if answer is None:
        assert EXPECTED[name]["refused"] == "empty"
    else:
        assert answer.text.strip()
        assert Counter(f"{answer.text}\n{answer.folded}".split()) == Counter(text.split())


def nested(depth):
    """Return a mail of `depth` multiparts, each in the one before."""
    opened = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    return f"From: a@example.org\n{opened}Content-Type: text/plain\n\nwords\n".encode()


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@example.org\n\n" + b"x" * MAX_BYTES,
        nested(25),
        nested(5000),
        b"From: a@example.org\nX-Long: " + b"y" * 300_000 + b"\n\nwords",
        b"From: a@example.org\nContent-Type: multipart/mixed; boundary=b\n\n"
        + b"--b\nContent-Type: text/plain\n\nwords\n" * 150
        + b"--b--\n",
        b"From: a@example.org\nContent-Type: text/html\n\n" + b"<div>" * 90_000,
        b"From: a@example.org\n" + b"Content-Type: message/rfc822\n\n" * 400 + b"words",
    ],
    ids=["large", "deep", "very deep", "long header", "many parts", "much text", "mails in mails"],
)
def test_read_refuses_a_bomb_at_once(raw):
    begun = time.process_time()

    with pytest.raises(UnreadableError):
        read(raw)

    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    "text",
    [
        "> " * 60_000,
        "On " + "x " * 90_000 + "wrote",
        "\n".join(["On a day somebody"] * 20_000),
        "From: a\n" * 20_000,
        "_" * 150_000,
        "Sent from " + "mail " * 30_000,
        "-- \n" * 40_000,
        "\n" * 190_000 + "x",
        "a <b@" * 30_000,
        "--\n" * 40_000,
        "On a day somebody wrote:\n" * 8_000,
        "> x\n\ny wrote:\n" * 10_000,
    ],
)
def test_split_takes_no_longer_than_a_glance(text):
    begun = time.process_time()

    split(text)

    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    "line",
    [
        "From: ann@example.org, ben@example.org",
        "From: ann@example.org\nFrom: ben@example.org",
        "From:",
        "From: nobody",
        "X-From: ann@example.org",
    ],
)
def test_sender_is_nobody_unless_it_is_one_address(line):
    assert read(f"{line}\nTo: x@example.org\n\nwords\n".encode()).sender == ""


def test_sender_is_the_address_and_not_the_name():
    raw = b'From: "ben@example.org" <Ann@Example.org>\n\nwords\n'

    assert read(raw).sender == "ann@example.org"


def test_read_counts_its_own_mail_as_a_machine():
    raw = b"From: Waymark <waymark@waymark.test>\n\nwords\n"

    assert read(raw, own_addresses=frozenset({"waymark@waymark.test"})).is_automatic
    assert not read(raw).is_automatic


@pytest.mark.parametrize("sender", ["", "<>"])
def test_read_counts_mail_without_an_envelope_sender_as_a_machine(sender):
    assert read(b"From: ann@example.org\n\nwords\n", envelope_sender=sender).is_automatic


def test_parts_carry_what_is_quoted_above_them():
    answer = split("Hello.\n\n> 1. What gave\n> you energy?\nWalking.\n> 2. What was hard?\n> 3. Who helped?\n\nRuth.")

    assert [(part.quoted, part.text) for part in answer.parts] == [
        ("", "Hello."),
        ("1. What gave\nyou energy?", "Walking."),
        ("2. What was hard?\n3. Who helped?", "Ruth."),
    ]
