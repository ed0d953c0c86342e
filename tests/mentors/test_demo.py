import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from mentors import desk
from mentors.models import Invitation

pytestmark = pytest.mark.django_db


def test_demo():
    call_command("demo", verbosity=0)

    now = timezone.now()
    amara = User.objects.get(email="amara@example.org")
    assert [row.sender.given_name for row in Invitation.objects.asking(amara, now)] == ["Wen"]
    assert {row.email for row in Invitation.objects.owned_by(amara)} == {"hannah@example.org", "grace@example.org"}
    assert desk.is_mentoring(amara, now=now)
    assert not desk.is_mentoring(User.objects.get(email="sam@example.org"), now=now)
