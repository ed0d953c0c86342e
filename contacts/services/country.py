"""The country that somebody's numbers are taken to be from, and the numbers that follow from it."""

from django.db import transaction

from accounts.models import User
from contacts.cards.compare import phone_key
from contacts.imports.regions import region_of
from contacts.models import HomeCountry, Way

CHUNK = 1000


def country_of(user: User) -> HomeCountry:
    """Return what was chosen, or else what the time zone says, not stored; its code is empty where nothing is known."""
    chosen = HomeCountry.objects.owned_by(user).first()
    return chosen or HomeCountry(owner=user, code=region_of(str(user.time_zone)))


def compare_numbers(ways: list[Way], owner: User) -> None:
    """Work out what numbers without a country code are compared by; the guess they rest on is kept from then on."""
    bare = [way for way in ways if way.kind == Way.Kind.PHONE and not way.compared]
    country = country_of(owner) if bare else None
    if not country or not country.code:
        return
    for way in bare:
        way.compared = phone_key(way.value, country.code)
    if country.pk is None and any(way.compared for way in bare):
        HomeCountry.objects.get_or_create(owner=owner, defaults={"code": country.code})


@transaction.atomic
def set_country(*, owner: User, code: str) -> int:
    """Take numbers without a country code to be from this country, and return how many are compared otherwise now.

    Those of a file that was said to be from another country stay as they are.
    """
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    before = country_of(owner).code
    HomeCountry.objects.update_or_create(owner=owner, defaults={"code": code, "is_guess": False})
    changed: list[Way] = []
    ways = Way.objects.filter(owner=owner, kind=Way.Kind.PHONE).exclude(value__startswith="+").order_by("pk")
    for way in ways.iterator(CHUNK):
        if way.compared not in {"", phone_key(way.value, before)} or phone_key(way.value, ""):
            continue
        key = phone_key(way.value, code)
        if key != way.compared:
            way.compared = key
            changed.append(way)
    Way.objects.bulk_update(changed, ["compared"], batch_size=CHUNK)
    return len(changed)
