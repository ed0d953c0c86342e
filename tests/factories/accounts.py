import factory
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from factory.django import DjangoModelFactory

from accounts.models import Break, User

# Hashed once: argon2 is slow on purpose. `UserFactory(password=...)` hashes another.
PASSWORD = "correct horse battery"
_HASH: list[str] = []


def _hash() -> str:
    if not _HASH:
        _HASH.append(make_password(PASSWORD))
    return _HASH[0]


class UserFactory(DjangoModelFactory):
    """A person with a verified address and the password PASSWORD."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.LazyFunction(_hash)
    time_zone = "Europe/London"
    time_zone_is_guess = False

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        verified = kwargs.pop("verified", True)
        user = super()._create(model_class, *args, **kwargs)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=verified)
        user.refresh_from_db(fields=["time_zone"])
        return user


class BreakFactory(DjangoModelFactory):
    class Meta:
        model = Break

    user = factory.SubFactory(UserFactory)
    from_on = None
    until_on = None
