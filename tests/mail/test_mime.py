"""Our builder says the same as Django's: both are parsed back, on random names and texts."""

import random
import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from html import unescape

import pytest

from mail.mime import MAX_SUBJECT, Letter, ascii_address, dotted

ALPHABETS = [
    "abc xyz .,;:'\"<>@()[]\\=_?-",
    "äöüß éèê ñ çØ ",
    "日本語の手紙 中文",
    "مرحبا שלום ",
    "🎯🏔️👩🏽‍🔬 ",
    "=?utf-8?q?=20?= ",
    "\t  ",
]


def words(rng, length):
    return "".join(rng.choice(rng.choice(ALPHABETS)) for _ in range(length)).strip() or "x"


def text(rng):
    lines = ["Hello,"]
    for _ in range(rng.randrange(0, 12)):
        lines.append(
            rng.choice(
                [
                    words(rng, rng.randrange(1, 60)),
                    words(rng, rng.randrange(900, 1500)),  # longer than any line of a mail may be
                    "." * rng.randrange(1, 4) + words(rng, 5),
                    ".",
                    "From the start",
                    "-- ",
                    "--=_waymark_=_part--",
                    "trailing blanks   ",
                    "",
                    "=3D=20=",
                ]
            )
        )
    return "\n".join(lines)


def letter(rng):
    return Letter(
        from_name=words(rng, rng.randrange(1, 40)),
        from_address="waymark@example.org",
        to=rng.choice(["ann@example.org", "ann+tag@exämple.org", "o'neil@example.org"]),
        subject=words(rng, rng.randrange(1, 240)),
        text=text(rng),
        html=f"<p>{text(rng)}</p>",
        headers={
            "Date": "Sat, 21 Nov 2026 09:00:00 +0000",
            "Message-ID": "<1@example.org>",
            "List-Unsubscribe": f"<https://example.org/{'x' * rng.randrange(5, 150)}/>",
        },
    )


def parsed(raw):
    mail = message_from_bytes(raw, policy=policy.default)
    parts = [(part.get_content_type(), part.get_content()) for part in mail.iter_parts()]
    return mail, [(kind, content.replace("\r\n", "\n").rstrip("\n")) for kind, content in parts]


def said(parts):
    """With the references of the HTML part read; nothing else in these texts looks like one."""
    return [(kind, unescape(content) if kind == "text/html" else content) for kind, content in parts]


def decoded_from(raw):
    """By the older parser: the newer puts a blank between two encoded words of a name, against RFC 2047, 6.2."""
    return squeezed(make_header(decode_header(message_from_bytes(raw)["From"])))


def squeezed(value):
    """Folding may put a blank where encoded words meet; Django's and ours fold at different places."""
    return re.sub(r"\s+", " ", str(value)).strip()


@pytest.mark.parametrize("seeds", [range(100), range(100, 200)])
def test_builder_equals_django(seeds):
    for seed in seeds:
        assert_equal_to_django(seed)


def assert_equal_to_django(seed):
    ours = letter(random.Random(seed))

    mail, parts = parsed(ours.as_bytes())
    django_mail, django_parts = parsed(ours.as_django().message().as_bytes())

    assert said(parts) == django_parts
    assert mail.get_content_type() == django_mail.get_content_type() == "multipart/alternative"
    for name in ("Subject", "To", "Date", "Message-ID", "List-Unsubscribe", "MIME-Version"):
        assert squeezed(mail[name]) == squeezed(django_mail[name]), name
    assert decoded_from(ours.as_bytes()) == decoded_from(ours.as_django().message().as_bytes())
    assert not mail.defects

    assert parts[0] == ("text/plain", ours.text.rstrip("\n"))
    assert said(parts)[1] == ("text/html", ours.html.rstrip("\n"))
    assert parts[1][1].isascii()
    assert squeezed(mail["Subject"]) == squeezed(ours.subject)
    assert mail["From"].addresses[0].addr_spec == "waymark@example.org"
    assert_legal(ours.as_bytes())


def assert_legal(raw):
    head, _, _ = raw.partition(b"\r\n\r\n")

    assert raw.isascii()
    assert b"\0" not in raw
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert all(len(line) <= 78 for line in head.split(b"\r\n") if b"List-Unsubscribe" not in line and b" " in line[1:])
    for line in dotted(raw).split(b"\r\n")[:-2]:
        assert not line.startswith(b".") or line.startswith(b"..")


@pytest.mark.parametrize("evil", ["\r\n", "\n", "\r", "\u2028", "\x85", "\0", "\x0b", "\x0c"])
def test_no_line_break_gets_into_a_header(evil):
    mail = Letter(
        from_name=f"Way{evil}Bcc: x@example.org",
        from_address="waymark@example.org",
        to=f"ann@example.org{evil}Bcc: x@example.org",
        subject=f"Hello{evil}Bcc: x@example.org",
        text="x",
        html="x",
        headers={"List-Unsubscribe": f"<x>{evil}Bcc: x@example.org"},
    )

    for raw in (mail.as_bytes(), mail.as_django().message().as_bytes()):
        assert message_from_bytes(raw, policy=policy.default)["Bcc"] is None


def test_long_subject_is_cut():
    mail = Letter("W", "w@example.org", "a@example.org", "x" * 5000, "x", "x")

    subject = message_from_bytes(mail.as_bytes(), policy=policy.default)["Subject"]

    assert len(subject) == MAX_SUBJECT
    assert subject.endswith("…")


@pytest.mark.parametrize("body", ["", "a\rb", "a\r\nb\rc\n", "\ud800", "a\0b", "\u2028"])
def test_odd_bodies_are_legal(body):
    raw = Letter("W", "w@example.org", "a@example.org", "x", body, body).as_bytes()

    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert b"\0" not in raw


def test_international_domain_is_ascii_on_the_wire():
    assert ascii_address("ann@exämple.org") == "ann@xn--exmple-cua.org"


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        ("Hello.\n\n-- \nWaymark, 100 % = all\n", "7bit"),
        ("x" * 990, "7bit"),
        ("x" * 991, "quoted-printable"),
        ("short\n" + "long " * 300 + "\nshort", "quoted-printable"),
        ("a\0b", "quoted-printable"),
        ("one\n--=_waymark_=_part\nContent-Type: text/html\n\n<b>two</b>", "quoted-printable"),
    ],
)
def test_a_part_goes_as_it_is_only_where_that_is_legal(body, encoding):
    raw = Letter("W", "w@example.org", "a@example.org", "x", body, body).as_bytes()

    parts = list(message_from_bytes(raw, policy=policy.default).iter_parts())

    assert [part["Content-Transfer-Encoding"] for part in parts] == [encoding] * 2
    assert_legal(raw)


def test_other_letters_are_encoded_in_text_and_referred_to_in_html():
    raw = Letter("W", "w@example.org", "a@example.org", "x", "Zoë & 🎯", "<p>Zoë &amp; 🎯</p>").as_bytes()

    text, html = message_from_bytes(raw, policy=policy.default).iter_parts()

    assert (text["Content-Transfer-Encoding"], text.get_content()) == ("quoted-printable", "Zoë & 🎯\r\n")
    assert (html["Content-Transfer-Encoding"], html.get_content()) == ("7bit", "<p>Zo&#235; &amp; &#127919;</p>\r\n")
