"""Numbers without the code of their country: taken to be from one's own, and never without saying so."""

import importlib
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import IntegrityError, connection

from contacts.duplicates import pairs_of
from contacts.imports.regions import regions
from contacts.models import Contact, HomeCountry, Way
from contacts.services.country import country_of, set_country
from tests.factories.accounts import UserFactory
from tests.factories.contacts import ContactFactory, WayFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def owner(client):
    owner = UserFactory(time_zone=ZoneInfo("Europe/Berlin"))
    client.force_login(owner)
    return owner


def number(owner, value, compared="", **contact):
    return WayFactory(contact=ContactFactory(owner=owner, **contact), kind="phone", value=value, compared=compared)


def form(name, *numbers, version=""):
    rows = {
        f"ways-{i}-{key}": word
        for i, value in enumerate(numbers)
        for key, word in (("kind", "phone"), ("value", value))
    }
    return rows | {
        "name": name,
        "circle": "none",
        "version": version,
        "ways-TOTAL_FORMS": len(numbers),
        "ways-INITIAL_FORMS": 0,
    }


def keys(owner):
    return list(Way.objects.filter(owner=owner).order_by("pk").values_list("compared", flat=True))


@pytest.mark.parametrize(("zone", "code"), [("Europe/Berlin", "DE"), ("America/New_York", "US"), ("UTC", "")])
def test_country_is_that_of_the_time_zone_until_one_is_chosen(zone, code):
    owner = UserFactory(time_zone=ZoneInfo(zone))

    assert (country_of(owner).code, country_of(owner).is_guess) == (code, True)
    assert not HomeCountry.objects.exists(), "a guess that nothing rests on is not kept"
    set_country(owner=owner, code="CH")
    assert (country_of(owner).code, country_of(owner).is_guess) == ("CH", False)
    set_country(owner=owner, code="")
    assert country_of(owner).code == "", "not knowing is a choice too"


def test_number_without_a_code_is_compared_with_one_that_has_it(client, owner):
    client.post("/contacts/new/", form("Anna", "0171 2345678"))
    client.post("/contacts/new/", form("Anne", "+49 171 2345678"))

    (pair,) = pairs_of(owner)

    assert (pair.reason, pair.assumed) == ("Same number", "0171 2345678 was taken as +49 171 2345678, Germany")
    html = client.get("/contacts/duplicates/").content.decode()
    assert "Same number: 0171 2345678. 0171 2345678 was taken as +49 171 2345678, Germany" in html
    assert "Your time zone says so." in html
    assert list(Way.objects.order_by("pk").values_list("value", flat=True)) == ["0171 2345678", "+49 171 2345678"]


def test_guess_stays_when_its_owner_travels(client, owner):
    client.post("/contacts/new/", form("Anna", "0171 2345678"))
    owner.time_zone = ZoneInfo("Asia/Tokyo")
    owner.save()

    client.post("/contacts/new/", form("Anne", "0171 2345679"))

    assert keys(owner) == ["+491712345678", "+491712345679"]


def test_number_keeps_the_country_of_its_file_when_somebody_is_edited(client, owner):
    way = number(owner, "044 668 18 00", compared="+41446681800", name="Anna")

    client.post(f"/contacts/{way.contact_id}/edit/", form("Anna", "030 901820", "044 668 18 00", version=1))

    assert keys(owner) == ["+4930901820", "+41446681800"]


def test_number_is_not_compared_where_nothing_is_known(client, owner):
    set_country(owner=owner, code="")

    client.post("/contacts/new/", form("Anna", "0171 2345678"))

    assert keys(owner) == [""]


def test_choosing_a_country_compares_numbers_anew(client, owner):
    number(owner, "044 668 18 00", compared="+4944668180")  # as if it were German: not what the parser says
    for value, compared in (("0171 2345678", "+491712345678"), ("0171 2345679", ""), ("+49 30 901820", "+4930901820"),
                            ("0049 30 901821", "+4930901821"), ("044 668 18 01", "+41446681801"), ("call me", "")):  # fmt: skip
        number(owner, value, compared)
    other = number(UserFactory(time_zone=ZoneInfo("Europe/Berlin")), "0171 2345678", "+491712345678")
    HomeCountry.objects.create(owner=owner, code="DE")

    response = client.post("/contacts/country/", {"code": "AT"}, follow=True)

    assert "Saved. 2 numbers compared anew" in response.content.decode()
    assert keys(owner) == [
        "+4944668180",
        "+431712345678",
        "+431712345679",
        "+4930901820",
        "+4930901821",
        "+41446681801",
        "",
    ]
    other.refresh_from_db()
    assert other.compared == "+491712345678"
    assert "Your time zone says so" not in client.get("/contacts/duplicates/").content.decode()


@pytest.mark.parametrize("code", ["XX", "de", "DEU", "\x00", "<b>"])
def test_country_that_is_none_is_refused(client, owner, code):
    response = client.post("/contacts/country/", {"code": code})

    assert response.status_code == 422
    assert "Choose one of these countries" in response.content.decode()
    assert not HomeCountry.objects.exists()


def test_guess_names_a_country():
    with pytest.raises(IntegrityError):
        HomeCountry.objects.create(owner=UserFactory(), code="")


@pytest.mark.parametrize("count", [1, 3])
def test_saving_costs_as_much_for_many_numbers(client, owner, django_assert_max_num_queries, count):
    client.get("/contacts/")
    values = [f"0171 234567{place}" for place in range(count)]

    with django_assert_max_num_queries(19):  # among them the country, and that the guess is kept
        client.post("/contacts/new/", form("Anna", *values))
    assert Contact.objects.get().ways.exclude(compared="").count() == count


def test_numbers_that_are_there_already_are_filled_once():
    owner = UserFactory(time_zone=ZoneInfo("Europe/Berlin"))
    nowhere = UserFactory(time_zone=ZoneInfo("UTC"))
    for value, compared in (("0171 2345678", ""), ("call me", ""), ("+49 30 901820", "+4930901820")):
        number(owner, value, compared)
    number(nowhere, "0171 2345678")
    fill = importlib.import_module("contacts.migrations.0015_fill_countries_of_numbers").fill

    fill(apps, connection.schema_editor())

    assert keys(owner) == ["+491712345678", "", "+4930901820"]
    assert keys(nowhere) == [""]
    assert list(HomeCountry.objects.values_list("owner", "code", "is_guess")) == [(owner.pk, "DE", True)]


def test_every_country_has_a_name():
    assert [code for code, name in regions() if code == name] == []
