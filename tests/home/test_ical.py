from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from home.ical import Event, calendar

NOW = datetime(2026, 11, 19, 12, 0, 5, tzinfo=UTC)
HOSTILE = [
    "Ask Hannah, Ruth; and \\ Priya",
    "a\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:evil",
    "bare\rBEGIN:VEVENT",
    "two\nlines",
    "\u2028BEGIN:VALARM\u2029x\u0085y\x0bz\x0c",
    "nul\x00 bell\x07 escape\x1b[2J",
    "‮gnp.exe ⁦hidden⁩",
    "مقابلة مع سارة، ثم ملخص",
    "👩‍👩‍👧‍👦 " * 25,
    "é" * 200,
    "\U0001f600" * 200,
    "x" * 200,
    '"quoted": a=b;TZID=x:y^n',
    " begins with a space",
    "C:\\notes\\new",
    "\\n is no line break, nor is \\N",
    "ends with \\",
]


def write(*summaries, name="Waymark", description="d"):
    days = [Event(f"uid-{n}", date(2026, 11, 20), text, description, "http://x/1/") for n, text in enumerate(summaries)]
    return calendar(name, days, refresh=timedelta(hours=4), stamp=NOW)


def read(content):
    """Return the calendar as a strict parser understands it, having looked at every line first."""
    assert content.endswith(b"\r\n")
    for line in content[:-2].split(b"\r\n"):
        assert len(line) <= 75, line
        assert not any(octet < 32 or octet == 127 for octet in line), line
        line.decode()  # no character is cut in two
    found = Calendar.from_ical(content)
    assert not found.errors
    assert not [error for component in found.walk() for error in component.errors]
    return found


def unescape(content, name):
    """Read a property by the letter of RFC 5545, 3.3.11; the library takes an escaped backslash and N for a newline."""
    unfolded = content.decode().replace("\r\n ", "")
    raw = next(line for line in unfolded.split("\r\n") if line.startswith(name + ":")).partition(":")[2]
    pieces, escaped = [], False
    for character in raw:
        if escaped:
            pieces.append("\n" if character in "nN" else character)
            escaped = False
        elif character == "\\":
            escaped = True
        else:
            pieces.append(character)
    assert not escaped
    return "".join(pieces)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_title_is_one_event_with_one_summary(text):
    content = write(text)

    found = read(content)
    assert [component.name for component in found.walk()] == ["VCALENDAR", "VEVENT"]
    assert content.count(b"\r\nSUMMARY:") == 1
    assert content.count(b"\r\nBEGIN:") == 1
    said = unescape(content, "SUMMARY")
    assert said.split() == "".join(c for c in said if c.isprintable() or c in "\n\u200d\u200c").split()
    assert not set(said) & set("\u202e\u2066\u2069\x00\x07\x1b\r\u2028\u2029\u0085")


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.isprintable() and "\u202e" not in text])
def test_a_harmless_title_comes_back_as_it_was(text):
    assert unescape(write(text), "SUMMARY") == text
    assert unescape(write("x", description=text), "DESCRIPTION") == text


@pytest.mark.parametrize(
    "text", ["Ask Hannah, Ruth; and \\ Priya", "é" * 200, "\U0001f600" * 200, "مقابلة مع سارة، ثم ملخص"]
)
def test_the_library_reads_the_same(text):
    event = read(write(text, description=f"{text}\nhttp://x/1/")).events[0]

    assert (str(event["SUMMARY"]), str(event["DESCRIPTION"])) == (text, f"{text}\nhttp://x/1/")


@pytest.mark.parametrize("length", range(60, 90))
@pytest.mark.parametrize("letter", ["x", "é", "€", "\U0001f600"])
def test_lines_are_folded_between_characters(length, letter):
    text = letter * length

    assert unescape(write(text), "SUMMARY") == text
    read(write(text))


def test_the_calendar_and_an_event():
    content = write("Talk", name="Waymark, ours")
    found = read(content)

    assert (found["VERSION"], found["PRODID"]) == ("2.0", "-//Waymark//Calendar feed//EN")
    assert unescape(content, "NAME") == unescape(content, "X-WR-CALNAME") == "Waymark, ours"
    assert "METHOD" not in found
    assert found["REFRESH-INTERVAL"].dt == timedelta(hours=4)
    assert found["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert unescape(content, "X-PUBLISHED-TTL") == "PT240M"
    event = found.events[0]
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert (event.start, event.end) == (date(2026, 11, 20), date(2026, 11, 21))
    assert event["DTSTAMP"].dt == NOW
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["URL"] == "http://x/1/"
    assert not {"SEQUENCE", "LAST-MODIFIED", "VALARM"} & set(event)


def test_no_event_is_a_calendar_all_the_same():
    assert read(write()).events == []


def test_an_hour_of_a_day():
    event = Event(
        "uid",
        date(2026, 3, 29),
        "Check-in",
        "",
        "http://x/1/",
        at=datetime(2026, 3, 29, 17, 30, tzinfo=UTC),
        minutes=45,
    )

    found = read(calendar("Waymark", [event], refresh=timedelta(hours=4), stamp=NOW)).walk("VEVENT")[0]

    assert found["DTSTART"].dt == datetime(2026, 3, 29, 17, 30, tzinfo=UTC)
    assert found["DURATION"].dt == timedelta(minutes=45)
    assert found["TRANSP"] == "OPAQUE"
