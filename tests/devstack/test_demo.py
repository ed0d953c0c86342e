import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from devstack.demo import gather_cast
from devstack.people import PASSWORD, PEOPLE, RELATIONS
from sharing.models import Mentorship

pytestmark = pytest.mark.django_db


def count_rows() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def test_demo_people_can_sign_in_and_get_mail(rf):
    gather_cast(now=timezone.now())

    assert User.objects.mailable().count() == len(PEOPLE)
    for person in PEOPLE:
        assert authenticate(rf.post("/"), email=person.email, password=PASSWORD)


def test_demo_relations_are_as_told():
    cast = gather_cast(now=timezone.now())

    assert Mentorship.objects.count() == len(RELATIONS)
    assert set(Mentorship.objects.active().of_mentee(cast.amara)) == {
        cast.mentorships["amara", "ruth"],
        cast.mentorships["amara", "priya"],
    }
    assert not Mentorship.objects.involving(cast.sam).exists()


def test_demo_twice_adds_nothing(capsys):
    call_command("demo")
    before = count_rows()

    call_command("demo")

    assert count_rows() == before
    assert capsys.readouterr().out.count("amara@example.org") == 2


def test_demo_refuses_production(settings):
    settings.DEVELOPMENT = False

    with pytest.raises(CommandError, match="known password"):
        call_command("demo")

    assert not User.objects.exists()
