"""Rows of offers, thanks and introductions, and what the world holds of them."""

from tests.access import Row, only, signed_in
from tests.factories.giving import IntroductionFactory, OfferFactory, ThanksFactory

OFFER = "SECRET-OFFER"
THANKS = "SECRET-THANKS"
WHY = "SECRET-REASON-TO-MEET"
FORMER_WHY = "SECRET-REASON-ONCE"
ADDRESS = "secret.address@example.net"


def build(world):
    """Add an offer, thanks, and an introduction in each state that matters; the former mentor had them too."""
    relation, former = world.cast.mentorship, world.cast.former_mentorship
    OfferFactory(mentorship=relation, words=OFFER)
    OfferFactory(mentorship=former, words=OFFER)
    world.thanks = ThanksFactory(mentorship=relation, words=THANKS)
    world.introduction = IntroductionFactory(mentorship=relation, words=WHY, email=ADDRESS)
    world.asked_introduction = IntroductionFactory(
        mentorship=relation, words=WHY, email="other@example.net", asked=True
    )
    world.made_introduction = IntroductionFactory(mentorship=relation, words=WHY, email=ADDRESS, made=True)
    world.former_introduction = IntroductionFactory(mentorship=former, words=FORMER_WHY, email=ADDRESS)
    world.former_asked = IntroductionFactory(mentorship=former, words=FORMER_WHY, email="once@example.net", asked=True)


def of(name):
    return lambda world: {"pk": getattr(world, name).pk}


def relation(world):
    return {"pk": world.cast.mentorship.pk}


def ended(world):
    return {"pk": world.cast.former_mentorship.pk}


def asked(world):
    return {"token": world.asked_introduction.token}


BOTH = only("owner", "mentor")
INTRODUCED = {"email": "somebody@example.net", "who": "Somebody", "words": "Because."}

ROWS = [
    Row("mentors:thanks_list", get=signed_in(), secrets=(THANKS,), told=("mentor",)),
    Row("mentors:thanks_remove", post=only("mentor", status=302), args=of("thanks"), secrets=(THANKS,)),
    Row(
        "mentors:thanks_new",
        get=BOTH,
        post=only("owner", "mentor", status=302),
        args=relation,
        data=lambda world: {"thanks": "It helped."},
        secrets=(THANKS,),
        told=(),
    ),
    Row(
        "mentors:thanks_new",
        get=only("owner", "former_mentor", status=302),
        post=only("owner", "former_mentor", status=302),
        args=ended,
        data=lambda world: {"thanks": "It helped."},
        note="After the end the page of the relation says so.",
    ),
    Row(
        "mentors:offer_edit",
        get=only("owner"),
        post=only("owner", status=302),
        args=relation,
        data=lambda world: {"offer": "More"},
        secrets=(OFFER,),
    ),
    Row("mentors:mentorship_detail", get=BOTH, args=relation, secrets=(OFFER,)),
    Row(
        "mentors:mentorship_detail",
        get=only("owner", "former_mentor"),
        args=ended,
        secrets=(OFFER, FORMER_WHY),
        told=(),
    ),
    Row("mentors:mentorship_detail", get=BOTH, args=relation, secrets=(ADDRESS,), told=()),
    Row(
        "mentors:introduction_new",
        get=only("mentor"),
        post=only("mentor", status=302),
        args=relation,
        data=lambda world: INTRODUCED,
        secrets=(ADDRESS, WHY),
        told=(),
    ),
    Row("mentors:introduction_new", get=only(), post=only(), args=ended, data=lambda world: INTRODUCED),
    Row("mentors:introduction_detail", get=BOTH, args=of("introduction"), secrets=(WHY,)),
    Row("mentors:introduction_detail", get=BOTH, args=of("introduction"), secrets=(ADDRESS,), told=()),
    Row("mentors:introduction_detail", get=BOTH, args=of("made_introduction"), secrets=(ADDRESS,), told=("owner",)),
    Row("mentors:introduction_detail", get=only(), args=of("former_introduction"), secrets=(FORMER_WHY, ADDRESS)),
    Row(
        "mentors:introduction_agree",
        post=only("owner", status=302) | {"mentor": 403},
        args=of("introduction"),
        secrets=(ADDRESS,),
        note="The mentor offers, the mentee says yes.",
    ),
    Row(
        "mentors:introduction_decline",
        post=only("owner", status=302) | {"mentor": 403},
        args=of("introduction"),
        secrets=(ADDRESS,),
    ),
    Row("mentors:introduction_withdraw", post=only("owner", "mentor", status=302), args=of("introduction")),
    *(
        Row(f"mentors:introduction_{verb}", post=only(), args=of("former_introduction"), secrets=(FORMER_WHY, ADDRESS))
        for verb in ("agree", "decline", "withdraw")
    ),
    Row(
        "mentors:introduction_answer",
        get=only(others=200, anonymous=200),
        args=asked,
        secrets=("owner@example.org",),
        told=("owner",),
        note="The link is the proof; the mentee's address is not there before both said yes.",
    ),
    Row(
        "mentors:introduction_answer",
        get=only(anonymous=404),
        args=lambda world: {"token": world.introduction.token},
        secrets=(WHY,),
        note="Before the mentee said yes nobody holds the link.",
    ),
    Row(
        "mentors:introduction_answer",
        get=only(others=410, anonymous=410),
        args=lambda world: {"token": world.former_asked.token},
        secrets=(FORMER_WHY,),
        note="It closed with the relation.",
    ),
    Row("mentors:introduction_accept", post=only(others=200, anonymous=200), args=asked, secrets=(WHY,)),
    Row("mentors:introduction_refuse", post=only(others=200, anonymous=200), args=asked, secrets=(WHY,)),
    Row("mentors:introduction_stop", post=only(others=200, anonymous=200), args=asked, secrets=(WHY,)),
    Row(
        "mentors:introduction_accept",
        post=only(others=410, anonymous=410),
        args=lambda world: {"token": world.former_asked.token},
        secrets=(FORMER_WHY, ADDRESS),
    ),
]
