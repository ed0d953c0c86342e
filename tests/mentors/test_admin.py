import pytest
from django.contrib import admin

from mentors.models import Farewell, Invitation, Seen
from tests.factories.mentors import InvitationFactory

pytestmark = pytest.mark.django_db


def test_admin_shows_no_private_text(rf, cast):
    model_admin = admin.site._registry[Invitation]
    shown = {*model_admin.get_fields(None), *model_admin.list_display, *model_admin.search_fields}

    assert not shown & {"message", "decline_note", "token", "token_hash", "goals", "mentorship"}
    for act in ("add", "change", "delete"):
        assert not getattr(model_admin, f"has_{act}_permission")(rf.get("/"))
    assert not model_admin.view_on_site
    assert {Farewell, Seen}.isdisjoint(admin.site._registry)


def test_names_of_rows_tell_no_address_and_no_words():
    invitation = InvitationFactory(email="ruth.lindqvist@example.org", message="Secret words")

    assert "lindqvist" not in str(invitation)
    assert "Secret" not in str(invitation)
