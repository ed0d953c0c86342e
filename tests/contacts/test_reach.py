import pytest

from contacts import birthdays
from contacts.models import Contact
from contacts.reach import assumed, compared, link
from contacts.rows import say_rhythm


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("email", " Hannah@Example.ORG ", "hannah@example.org"),
        ("email", "no address", ""),
        ("phone", "+44 (0)20 7946-0123", "+442079460123"),
        ("phone", "0044 20 7946 0123", "+442079460123"),
        ("phone", "+1 (415) 555.2671", "+14155552671"),
        ("phone", "020 7946 0123", ""),
        ("phone", "+0 123 456 789", ""),
        ("phone", "+" + "1" * 16, ""),
        ("web", "https://example.org", ""),
    ],
)
def test_compared_tells_addresses_and_numbers_only(kind, value, said):
    assert compared(kind, value) == said


@pytest.mark.parametrize(
    ("kind", "value", "address"),
    [
        ("email", "h@example.org", "mailto:h@example.org"),
        ("email", "h@example.org?bcc=x@example.org", ""),
        ("phone", "030 12 34", "tel:0301234"),
        ("phone", "ask at the desk", ""),
        ("web", "example.org/hannah", "https://example.org/hannah"),
        ("web", "http://example.org", "http://example.org"),
        ("web", "javascript://example.org/%0aalert(1)", ""),
        ("web", "data:text/html,x", "https://data:text/html,x"),
        ("web", "https://[broken", ""),
        ("address", "1 High Street", ""),
    ],
)
def test_link_leads_to_safe_places_only(kind, value, address):
    assert link(kind, value) == address


@pytest.mark.parametrize(
    ("typed", "stored", "said"),
    [
        ("", "", ""),
        ("12 April", "--04-12", "12 April"),
        ("12. apr 1980", "1980-04-12", "12 April 1980"),
        ("April 12, 1980", "1980-04-12", "12 April 1980"),
        ("29 February", "--02-29", "29 February"),
        ("1980-04-12", "1980-04-12", "12 April 1980"),
        ("--12-01", "--12-01", "1 December"),
    ],
)
def test_birthday_is_read_and_said(typed, stored, said):
    assert birthdays.read(typed) == stored
    assert birthdays.say(stored) == said


@pytest.mark.parametrize("typed", ["29 February 2025", "31 June", "0 May", "12 ma", "12 j", "soon", "12 April 0000"])
def test_birthday_that_is_no_day_is_refused(typed):
    with pytest.raises(ValueError):
        birthdays.read(typed)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "No rhythm"),
        ({"circle": "regular"}, "Every 90 days"),
        ({"circle": "own", "own_every": 1, "own_unit": "months"}, "Every month"),
        ({"circle": "own", "own_every": 6, "own_unit": "weeks"}, "Every 6 weeks"),
    ],
)
def test_rhythm_is_said_in_words(fields, said):
    assert say_rhythm(Contact(**fields)) == said


@pytest.mark.parametrize(
    ("value", "key", "said"),
    [
        ("0171 2345678", "+491712345678", "0171 2345678 was taken as +49 171 2345678, Germany"),
        ("(415) 555-0132", "+14155550132", "(415) 555-0132 was taken as +1 415-555-0132, United States"),
        ("030 901820 ext. 7", "+4930901820;ext=7", "030 901820 ext. 7 was taken as +49 30 901820, Germany"),
        ("+49 171 2345678", "+491712345678", ""),
        ("0049 171 2345678", "+491712345678", ""),
        ("a@example.org", "a@example.org", ""),
        ("0171", "", ""),
        ("0171", "+", ""),
    ],
)
def test_assumed_names_the_country_a_number_does_not(value, key, said):
    assert assumed(value, key) == said
