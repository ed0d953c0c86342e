import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from mentors import counts
from mentors.models import Agreement, Invitation

pytestmark = pytest.mark.django_db


def test_demo():
    call_command("demo", verbosity=0)

    now = timezone.now()
    amara = User.objects.get(email="amara@example.org")
    assert {row.email for row in Invitation.objects.owned_by(amara)} == {"hannah@example.org", "grace@example.org"}
    assert counts.shared_counts(amara)
    assert [row.sender.given_name for row in counts.asking(amara, now=now)] == ["Wen"]
    assert list(Agreement.objects.order_by("number").values_list("state", flat=True)) == [
        "replaced",
        "agreed",
        "proposed",
    ]
    assert Agreement.objects.proposed().get().author.given_name == "Ruth"
