"""A contact of the owner with an address, a conversation and a promise; one in the bin; one of the mentor's."""

from contacts.models import Merge
from tests.contacts.imports.world import build_imports
from tests.factories.contacts import (
    ADDED_AT,
    AssociationFactory,
    ContactFactory,
    EventFactory,
    FollowUpFactory,
    InteractionFactory,
    InterviewFactory,
    InterviewMailFactory,
    IntroductionFactory,
    WayFactory,
)


def build(world):
    cast = world.cast
    world.contact = ContactFactory(
        owner=cast.owner,
        name="SECRETCONTACT Vogel",
        organisation="SECRETCLINIC",
        why="SECRETWHY she matters",
        notes="SECRETNOTES of her",
        circle="close",
        tags=["SECRETTAG"],
    )
    WayFactory(contact=world.contact, value="secretaddress@example.org")
    world.interaction = InteractionFactory(owner=cast.owner, people=[world.contact], notes="SECRETTALK with her")
    world.follow_up = FollowUpFactory(contact=world.contact, text="SECRETPROMISE to her")
    world.deleted_contact = ContactFactory(owner=cast.owner, name="SECRETGONECONTACT", deleted_at=ADDED_AT)
    world.mentors_contact = ContactFactory(owner=cast.mentor, name="SECRETOFMENTOR")
    world.association = AssociationFactory(owner=cast.owner, name="SECRETBODY", why="SECRETBELONG")
    world.deleted_association = AssociationFactory(owner=cast.owner, name="SECRETGONEBODY", deleted_at=ADDED_AT)
    facts = {"aim": "SECRETAIM", "who": "SECRETWHO", "notes": "SECRETPLAN", "place": "SECRETPLACE"}
    world.event = EventFactory(owner=cast.owner, association=world.association, name="SECRETEVENT", **facts)
    attended = {"attended": True, "name": "SECRETEVENING", "talks": [world.interaction]}
    world.past_event = EventFactory(owner=cast.owner, happens_on=ADDED_AT.date(), **attended)
    world.missed_event = EventFactory(owner=cast.owner, happens_on=ADDED_AT.date())
    world.deleted_event = EventFactory(owner=cast.owner, name="SECRETGONEEVENT", deleted_at=ADDED_AT)
    world.deleted_talk = InteractionFactory(
        owner=cast.owner, people=[world.contact], notes="SECRETGONETALK", deleted_at=ADDED_AT
    )
    world.deleted_follow_up = FollowUpFactory(contact=world.contact, text="SECRETGONEPROMISE", deleted_at=ADDED_AT)
    build_imports(world)
    words = {"why": "SECRETLEARN", "asking": "SECRETASKING", "notes": "SECRETHEARD", "questions": ["SECRETQUESTION"]}
    place = {"place": "https://example.org/SECRETROOM"}
    world.interview = InterviewFactory(contact=world.contact, agreed=True, **words, **place)
    world.interview_mail = InterviewMailFactory(interview=world.interview, to="secretaddress@example.org")
    world.asked_interview = InterviewFactory(contact=world.contact, asked=True)
    world.deleted_interview = InterviewFactory(contact=world.contact, why="SECRETLETGO", deleted_at=ADDED_AT)
    other = ContactFactory(owner=cast.owner, name="SECRETOTHER")
    world.contacts_introduction = IntroductionFactory(first=world.contact, second=other, why="SECRETMATCH")
    world.introduction_under_way = IntroductionFactory(first=world.contact, second=other, state="asked_first")
    world.deleted_introduction = IntroductionFactory(first=world.contact, second=other, deleted_at=ADDED_AT)
    world.twin = ContactFactory(owner=cast.owner, name="SECRETTWIN Vogel")
    other = ContactFactory(owner=cast.owner, name="SECRETOTHERTWIN", deleted_at=ADDED_AT)
    world.merge = Merge.objects.create(owner=cast.owner, kept=world.twin, gone=other, merged_at=ADDED_AT)
