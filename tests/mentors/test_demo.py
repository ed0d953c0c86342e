from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from accounts.models import User
from mentors import counts, desk
from mentors.models import Agreement, Handover, Introduction, Invitation, Request, Thanks
from sharing.models import Mentorship

pytestmark = pytest.mark.django_db


def test_demo():
    call_command("demo", verbosity=0)

    amara = User.objects.get(email="amara@example.org")
    assert {row.email for row in Invitation.objects.owned_by(amara)} == {"hannah@example.org", "theo@example.org"}
    shown = counts.with_shown(Mentorship.objects.of_mentee(amara))
    assert any(row.goals_shown and row.entries_shown for row in shown)
    assert [row.asker.given_name for row in counts.requests(amara)] == ["Wen"]
    asked = Request.objects.values_list("asker__name", "mentor__name", "state")
    assert set(asked) == {
        ("Wen Zhao", "Amara Osei", "sent"),
        ("Wen Zhao", "Daniel Okafor", "question"),
        ("Leo Marchetti", "Daniel Okafor", "expired"),
        ("Amara Osei", "Daniel Okafor", "draft"),
    }
    with_ruth = Agreement.objects.filter(mentorship__mentee=amara, mentorship__status="active").order_by("number")
    assert list(with_ruth.values_list("state", flat=True)) == ["replaced", "agreed", "proposed"]
    assert Agreement.objects.proposed().get().author.given_name == "Ruth"
    assert Thanks.objects.received_by(amara).get().sender.given_name == "Leo"
    assert Introduction.objects.offered_by(amara).get().state == "offered"
    quiet = [row for row in desk.lay_desk(amara, now=datetime.now(UTC)).needs if row.key.startswith("quiet")]
    assert [(row.person.given_name, row.act) for row in quiet] == [("Mateo", "Write to Mateo")]
    assert "every two weeks" in quiet[0].meta
    call_command("demo", verbosity=0)
    assert Thanks.objects.count() == 1
    assert Handover.objects.visible_to(User.objects.get(email="ruth@example.org")).count() == 1
    assert not Handover.objects.visible_to(User.objects.get(email="kenji@example.org")).exists()
