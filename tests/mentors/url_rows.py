from tests.access import Row, only, signed_in
from tests.mentors import directory_rows, giving_rows
from tests.mentors.checkin_rows import ROWS as CHECK_IN_ROWS

# The invitation of the world goes from the owner to the stranger's address.
WORDS = "SECRET-WORDS-OF-THE-ASK"
TITLE = "SECRET-TITLE-OFFERED"
SHARED = "SECRET-TITLE-SHARED-WITH-MENTOR"
NOT_SHARED = "SECRET-TITLE-OF-NOBODY-ELSE"
FAREWELL = "SECRET-FAREWELL"
PRIVATE_NOTE = "SECRET-NOTE-OF-THE-MENTOR"
BLOCKED = "Secretly Blocked"
PURPOSE = "SECRET-PURPOSE"
REASON = "SECRET-REASON-FOR-A-CHANGE"
DRAFTED = "SECRET-TYPED-AND-NOT-SENT"
FORMER_PURPOSE = "SECRET-PURPOSE-OF-LONG-AGO"
LOOK_BACK = "SECRET-LOOK-BACK"
HANDOVER = "SECRET-HANDOVER"
# What the owner asks of the stranger, the staff person (who asked something back) and three earlier mentors.
ASK = "SECRET-WORDS-OF-THE-REQUEST"


def by_token(world):
    return {"token": world.invitation.token}


def by_pk(world):
    return {"pk": world.invitation.pk}


def relation(world):
    return {"pk": world.cast.mentorship.pk}


def ended_relation(world):
    return {"pk": world.cast.former_mentorship.pk}


def colleagueship(world):
    return {"pk": world.cast.colleagueship.pk}


def handover(world):
    return {"pk": world.handover.pk}


def parts(world):
    return {"worked_on": "Interviews", "version": "1"}


def new_version(world):
    return {
        "purpose": "Another purpose",
        "rhythm": "30",
        "channel": "phone",
        "minutes": "30",
        "answers_within": "2",
        "confidentiality": "All of it.",
        "stopping": "Say so.",
        "seen": "2-proposed",
    }


def version_two(world):
    return {"number": "2", "note": ""}


def of(name):
    return lambda world: {"pk": getattr(world, name).pk}


def whole_ask(world):
    words = dict.fromkeys(("help_wanted", "why_you", "about_me", "offer"), "Because.")
    return words | {"rhythm": 14, "channel": "video", "term": 3}


# Who holds the link may read; who is signed in with another address is told so, and no more.
READERS_OF_THE_LINK = only("stranger", "anonymous", others=403, anonymous=200)

ROWS = [
    Row("mentors:mentor_list", get=signed_in(), secrets=(WORDS, FAREWELL), told=("stranger",)),
    Row("mentors:invitation_new", get=signed_in(), post=signed_in(200), secrets=(TITLE,), told=("owner",)),
    Row("mentors:invitation_resend", post=only("owner", status=302), args=by_pk),
    Row("mentors:invitation_withdraw", post=only("owner", status=302), args=by_pk),
    Row(
        "mentors:invitation_detail",
        get=READERS_OF_THE_LINK,
        args=by_token,
        secrets=(WORDS,),
        told=("stranger", "anonymous"),
    ),
    Row("mentors:invitation_detail", get=READERS_OF_THE_LINK, args=by_token, secrets=(TITLE,), told=("stranger",)),
    Row(
        "mentors:invitation_accept",
        post=only("stranger", status=302, others=403),
        args=by_token,
        secrets=(WORDS, TITLE),
        told=("stranger",),
    ),
    Row(
        "mentors:invitation_decline",
        post={**only(others=200, anonymous=200)},
        args=by_token,
        data=lambda world: {"note": "Not now."},
        secrets=(WORDS, TITLE),
        note="The link is the proof, whoever holds it.",
    ),
    Row(
        "mentors:invitation_stop",
        post={**only(others=200, anonymous=200)},
        args=by_token,
        secrets=(WORDS, TITLE),
        note="The link is the proof, whoever holds it.",
    ),
    Row(
        "mentors:mentorship_detail",
        get=only("owner", "mentor"),
        args=relation,
        secrets=(SHARED,),
    ),
    Row(
        "mentors:mentorship_detail",
        get=only("owner", "former_mentor"),
        args=ended_relation,
        secrets=(SHARED, NOT_SHARED),
        told=(),
        note="Both still see that it was, neither what was shown.",
    ),
    Row(
        "mentors:mentorship_pause",
        post=only("owner", "mentor", status=302),
        args=relation,
        data=lambda world: {"until": world.in_a_month},
    ),
    Row("mentors:mentorship_resume", post=only("owner", "mentor", status=302), args=relation),
    Row(
        "mentors:mentorship_resume",
        post=only("owner", "former_mentor", status=403),
        args=ended_relation,
    ),
    Row(
        "mentors:mentorship_end",
        get=only("owner", "mentor"),
        post=only("owner", "mentor", status=302),
        args=relation,
    ),
    Row(
        "mentors:private_notes",
        get=only("mentor"),
        post=only("mentor", status=302),
        args=relation,
        data=lambda world: {"text": "More", "version": "1"},
        secrets=(PRIVATE_NOTE,),
    ),
    Row(
        "mentors:private_notes",
        get=only("former_mentor"),
        post=only("former_mentor", status=302),
        args=ended_relation,
        data=lambda world: {"text": "More", "version": "0"},
        secrets=(PRIVATE_NOTE,),
        told=(),
        note="One's own notes outlast the end; nothing of the other is in them.",
    ),
    Row("mentors:mentorship_block", post=only("owner", "mentor", status=302), args=relation),
    Row(
        "mentors:invitation_block",
        post=only("stranger", status=302, others=403),
        args=by_token,
        secrets=(WORDS, TITLE),
        told=(),
    ),
    Row("mentors:block_list", get=signed_in(), secrets=(BLOCKED,), told=("owner",)),
    Row("mentors:block_remove", post=only("owner", status=302), args=lambda world: {"pk": world.block.pk}),
    Row("mentors:agreement_detail", get=only("owner", "mentor"), args=relation, secrets=(PURPOSE, REASON, SHARED)),
    Row(
        "mentors:agreement_detail",
        get=only("owner"),
        args=ended_relation,
        secrets=(FORMER_PURPOSE, SHARED),
        note="The mentee keeps what was agreed; a former mentor reads none of it.",
    ),
    Row("mentors:agreement_detail", get=only(), args=colleagueship, note="Colleagues agree on nothing."),
    Row(
        "mentors:agreement_edit",
        get=only("owner", "mentor"),
        post=only("owner", "mentor", status=302),
        args=relation,
        data=new_version,
        secrets=(PURPOSE, SHARED),
    ),
    Row(
        "mentors:agreement_edit",
        get=only("owner", status=403),
        post=only("owner", status=403),
        args=ended_relation,
        data=new_version,
        secrets=(FORMER_PURPOSE,),
    ),
    Row(
        "mentors:agreement_draft",
        post=only("owner", "mentor"),
        args=relation,
        data=new_version,
        secrets=(DRAFTED,),
        told=(),
    ),
    Row("mentors:agreement_draft", post=only("owner", status=403), args=ended_relation, data=new_version),
    Row("mentors:agreement_draft", post=only(), args=colleagueship, data=new_version),
    Row(
        "mentors:agreement_draft_drop",
        get=only("owner"),
        post=only("owner", "mentor", status=302),
        args=relation,
        secrets=(DRAFTED,),
        told=(),
        note="The mentor has no draft.",
    ),
    Row(
        "mentors:agreement_draft_drop",
        get=only("owner", status=403),
        post=only("owner", status=403),
        args=ended_relation,
    ),
    Row("mentors:agreement_draft_drop", get=only(), post=only(), args=colleagueship),
    Row("mentors:agreement_edit", get=only("owner", "mentor"), args=relation, secrets=(DRAFTED,), told=("owner",)),
    *(
        Row(
            f"mentors:agreement_{verb}",
            post=only("owner", status=302) | {"mentor": 403},
            args=relation,
            data=version_two,
            note="The mentor proposed it.",
        )
        for verb in ("accept", "decline")
    ),
    Row(
        "mentors:agreement_withdraw",
        post=only("mentor", status=302) | {"owner": 403},
        args=relation,
        data=version_two,
    ),
    *(
        Row(f"mentors:agreement_{verb}", post=only("owner", status=403), args=ended_relation, data=version_two)
        for verb in ("accept", "decline", "withdraw")
    ),
    Row(
        "mentors:request_new",
        get=signed_in(),
        post=signed_in(302),
        args=of("profile"),
        data=whole_ask,
        secrets=(TITLE,),
        told=("owner",),
    ),
    Row(
        "mentors:request_new",
        get={**signed_in(), "owner": 302, "stranger": 404, "second_mentor": 404},
        args=of("asked_profile"),
        post={**signed_in(302), "stranger": 404, "second_mentor": 404},
        data=whole_ask,
        note="Nobody asks themselves or whom they are blocked by; who has asked is led to what they asked.",
    ),
    Row("mentors:request_draft", post=signed_in(), args=of("profile"), data=whole_ask),
    Row("mentors:request_detail", get=only("owner", "stranger"), args=of("request"), secrets=(ASK, TITLE)),
    Row("mentors:request_detail", get=only("owner", "staff"), args=of("question"), secrets=(ASK,)),
    Row("mentors:request_detail", get=only("owner"), args=of("draft"), secrets=(ASK,)),
    Row("mentors:request_detail", get=only("owner", "mentor"), args=of("accepted_request"), secrets=(ASK,)),
    Row("mentors:request_detail", get=only("owner"), args=of("former_request"), secrets=(ASK,)),
    Row(
        "mentors:request_detail",
        get=only("owner", "second_mentor"),
        args=of("declined_request"),
        secrets=(ASK,),
        told=("owner",),
        note="Who said no sees that they did, and no longer what was asked.",
    ),
    Row("mentors:request_send", post=only("owner", status=302), args=of("draft")),
    Row("mentors:request_discard", post=only("owner", status=302), args=of("draft")),
    Row("mentors:request_withdraw", post={**only("owner", status=302), "stranger": 403}, args=of("request")),
    Row(
        "mentors:request_answer",
        post={**only("owner", status=302), "staff": 403},
        args=of("question"),
        data=lambda world: {"text": "So."},
    ),
    Row(
        "mentors:request_ask",
        post={**only("stranger", status=302), "owner": 403},
        args=of("request"),
        data=lambda world: {"text": "Why?"},
    ),
    Row("mentors:request_accept", post={**only("stranger", status=302), "owner": 403}, args=of("request")),
    Row(
        "mentors:request_accept",
        post=only("owner", status=403),
        args=of("former_request"),
        note="A former mentor finds nothing there.",
    ),
    Row("mentors:request_decline", post={**only("stranger", status=302), "owner": 403}, args=of("request")),
    Row("mentors:request_block", post={**only("stranger", status=302), "owner": 403}, args=of("request")),
    *CHECK_IN_ROWS,
    Row("mentors:agreement_review", get=only("owner", "mentor"), args=relation, secrets=(PURPOSE,)),
    Row("mentors:agreement_review", get=only("owner", status=403), args=ended_relation, secrets=(FORMER_PURPOSE,)),
    Row("mentors:agreement_keep", post=only("owner", "mentor", status=409), args=relation, note="Not due before 2199."),
    Row("mentors:agreement_keep", post=only("owner", status=403), args=ended_relation),
    Row(
        "mentors:agreement_extend",
        post=only("owner", "mentor", status=302),
        args=relation,
        data=lambda world: {"ends_on": world.in_a_month, "seen": "2-proposed"},
    ),
    Row("mentors:agreement_extend", post=only("owner", status=403), args=ended_relation),
    *directory_rows.ROWS,
    Row(
        "mentors:mentorship_thank",
        post=only("owner", "former_mentor", status=302),
        args=ended_relation,
        data=lambda world: {"words": "Thank you."},
    ),
    Row(
        "mentors:mentorship_thank",
        post=only("owner", "mentor", status=403),
        args=relation,
        data=lambda world: {"words": "Thank you."},
    ),
    Row(
        "mentors:look_back",
        get=only("owner", "former_mentor"),
        post=only("owner", "former_mentor", status=302),
        args=ended_relation,
        data=lambda world: {"words": "It was good."},
        secrets=(LOOK_BACK, SHARED),
        told=("owner",),
        note="The mentor reads neither the mentee's words before writing, nor goals that are no longer shown.",
    ),
    Row("mentors:look_back", get=only(), post=only(), args=relation, note="It has not ended."),
    Row("mentors:look_back_remove", post=only("owner", "former_mentor", status=302), args=ended_relation),
    Row(
        "mentors:handover_edit",
        get=only("owner") | {"former_mentor": 403},
        post=only("owner", status=302) | {"former_mentor": 403},
        args=ended_relation,
        data=parts,
        secrets=(HANDOVER,),
    ),
    Row(
        "mentors:handover_edit",
        get=only("owner") | {"mentor": 403},
        post=only("owner", status=302) | {"mentor": 403},
        args=relation,
        data=parts,
    ),
    Row("mentors:handover_detail", get=only("owner", "mentor"), args=handover, secrets=(HANDOVER,)),
    Row(
        "mentors:handover_share",
        get=only("owner") | {"mentor": 403},
        post=only("owner", status=302) | {"mentor": 403},
        args=handover,
        data=lambda world: {"share": [str(world.cast.second_mentorship.pk)]},
        secrets=(HANDOVER,),
        told=("owner", "mentor"),
    ),
    Row(
        "mentors:handover_delete",
        get=only("owner") | {"mentor": 403},
        post=only("owner", status=302) | {"mentor": 403},
        args=handover,
        secrets=(HANDOVER,),
        told=("owner", "mentor"),
    ),
    *giving_rows.ROWS,
]
