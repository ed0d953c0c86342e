from journal.tagging import key_of
from tests.access import Row, only, signed_in

SHARED = ("The quiet canteen", "Standing up in the canteen.", "Ask the heron.", "What did the canteen say back?")
# A draft shared by mistake; what only the owner sees of a shared entry: tags, its star, a goal nobody else sees.
DRAFT = ("pelicans",)
OWN = ("quietude", "tuba", "star-fill")
# What followed from a shared entry is its owner's alone.
FOLLOWED = ("ostrich",)
PRIVATE = ("A note of mine", "Kept to myself on the train.", "A thing thrown away")
QUESTIONS = ("Which marmot did I miss?", "Gone, said the stoat?")
FINISH = {"action": "finish", "answer_1": "Written by a test."}


def entry(world):
    return {"pk": world.entry.pk}


def draft(world):
    return {"pk": world.draft_note.pk}


def tag(world):
    return {"key": key_of(world.cast.owner, "quietude")}


def question(world):
    return {"pk": world.own_question.pk}


def comment(world):
    return {"pk": world.entry_comment.pk}


# A reader may see the shared entry but only its owner changes it.
OWNERS = {**only("owner", status=302), "mentor": 403}

ROWS = [
    Row(
        "home:reflection",
        get=signed_in(),
        post=signed_in(302),
        data=lambda world: FINISH,
        query="?week=2026-W45",
        secrets=SHARED,
        told=(),
    ),
    Row("home:reflection", get=signed_in(), query="?week=2026-W46", secrets=SHARED[:3], told=("owner",)),
    Row(
        "home:reflection",
        get=signed_in(),
        post=signed_in(302),
        data=lambda world: FINISH,
        query="?month=2026-10",
        secrets=SHARED + PRIVATE,
        told=(),
    ),
    # What is shared with a reader is not theirs to find. The words looked for are marked, the others stand as they are.
    Row("journal:entry_search", get=signed_in(), query="?q=standing", secrets=SHARED[:1], told=("owner",)),
    Row("journal:entry_search", get=signed_in(), query="?q=kept", secrets=PRIVATE[:1], told=("owner",)),
    Row("journal:entry_list", get=signed_in(), secrets=SHARED[:2] + PRIVATE[:2] + DRAFT + OWN[:1], told=("owner",)),
    Row("journal:entry_list", get=signed_in(), query="?show=starred", secrets=SHARED[:2] + OWN[:1], told=("owner",)),
    Row(
        "journal:entry_preview",
        post=signed_in(),
        data=lambda world: {"text": "#Learn the tuba"},
        query="?of=text",
        secrets=(">Learn the tuba</a>",),
        told=("owner",),
    ),
    Row("journal:tag_list", get=signed_in(), secrets=OWN[:2], told=("owner",)),
    Row(
        "journal:tag_edit",
        get=only("owner"),
        post=only("owner", status=302),
        args=tag,
        data=lambda world: {"name": "stillness"},
        secrets=OWN[:1],
    ),
    Row(
        "journal:entry_star",
        post=OWNERS,
        args=entry,
        data=lambda world: {"starred": "1"},
        secrets=SHARED + OWN,
        told=("owner",),
    ),
    Row("journal:entry_star", post=only("owner", status=302), args=draft, secrets=DRAFT, query="?from=list"),
    Row("journal:entry_detail", get=only("owner", status=302), args=draft, secrets=DRAFT, told=()),
    Row(
        "journal:entry_edit",
        get=only("owner"),
        post=only("owner", status=302),
        args=draft,
        data=lambda world: {"entry_on": "2026-11-15", "text": "x", "version": 1},
        query="?draft",
        secrets=DRAFT + OWN[:2],
    ),
    Row("journal:entry_share", get=only("owner", status=302), args=draft, secrets=DRAFT, told=(), query="?draft"),
    Row("journal:pattern_list", get=signed_in(), secrets=("canteen", "Kept to myself", "heron"), told=("owner",)),
    Row("journal:aim_choose", post=signed_in(302), data=lambda world: {"days": "3"}, secrets=SHARED + PRIVATE, told=()),
    Row("journal:entry_bin", get=signed_in(), secrets=PRIVATE[2:], told=("owner",)),
    Row(
        "journal:entry_new",
        get=signed_in(),
        post=signed_in(302),
        data=lambda world: {"entry_on": "2026-11-20", "text": "x"},
        secrets=SHARED + PRIVATE,
        told=(),
    ),
    Row("journal:entry_detail", get=only("owner", "mentor"), args=entry, secrets=SHARED),
    Row("journal:entry_detail", get=only("owner", "mentor"), args=entry, secrets=OWN, told=("owner",), query="?own"),
    Row("journal:entry_detail", get=only("owner"), args=lambda world: {"pk": world.note.pk}, secrets=PRIVATE),
    Row("journal:entry_edit", get=only("owner"), args=lambda world: {"pk": world.note.pk}, secrets=PRIVATE),
    Row("journal:entry_edit", get=OWNERS, post=OWNERS, args=entry, secrets=SHARED, told=(), note="goes to the week"),
    Row("journal:entry_share", get={**only("owner"), "mentor": 403}, post=OWNERS, args=entry, secrets=SHARED[:1]),
    Row("journal:entry_delete", post=OWNERS, args=entry, secrets=SHARED + PRIVATE, told=("owner", "mentor")),
    Row(
        "journal:entry_restore",
        post=only("owner", status=302),
        args=lambda world: {"pk": world.deleted_entry.pk},
        secrets=SHARED + PRIVATE,
        told=("owner",),
    ),
    Row("journal:question_list", get=signed_in(), secrets=QUESTIONS, told=("owner",)),
    Row(
        "journal:question_new",
        get=signed_in(),
        post=signed_in(302),
        data=lambda world: {"text": "Which test wrote this?", "kind": "week"},
        secrets=QUESTIONS,
        told=(),
    ),
    Row(
        "journal:question_edit",
        get=only("owner"),
        post=only("owner", status=302),
        args=question,
        data=lambda world: {"text": "Which test wrote this?", "kind": "week", "version": 1},
        secrets=QUESTIONS[:1],
    ),
    Row("journal:question_remove", post=only("owner", status=302), args=question, secrets=QUESTIONS, told=("owner",)),
    Row(
        "journal:question_restore",
        post=only("owner", status=302),
        args=lambda world: {"pk": world.removed_question.pk},
        secrets=QUESTIONS,
        told=("owner",),
    ),
    Row(
        "journal:question_wish",
        post=only("owner", status=302),
        data=lambda world: {"ask": world.own_question.name},
        secrets=QUESTIONS,
        told=("owner",),
        note="One of one's own; those of the library are for everybody.",
    ),
    Row(
        "journal:entry_new",
        get=signed_in(),
        query="?question=energy",
        secrets=QUESTIONS,
        told=(),
    ),
    Row(
        "journal:comment_add",
        post=only("owner", "mentor", status=302),
        args=entry,
        data=lambda world: {"text": "Written by a test."},
        query="?thread=all",
        secrets=SHARED + PRIVATE,
        told=("owner", "mentor"),
    ),
    Row(
        "journal:comment_edit",
        get={**only("mentor"), "owner": 403},
        post={**only("mentor", status=302), "owner": 403},
        args=comment,
        data=lambda world: {"text": "Written by a test."},
        secrets=SHARED[3:],
    ),
    Row(
        "journal:comment_remove",
        post=only("owner", "mentor", status=302),
        args=comment,
        secrets=SHARED + PRIVATE,
        told=("owner", "mentor"),
    ),
    Row(
        "journal:entry_follow",
        get={**only("owner"), "mentor": 403},
        post=OWNERS,
        args=entry,
        data=lambda world: {"kind": "win", "text": "Written by a test."},
        secrets=SHARED + FOLLOWED,
    ),
    Row("journal:entry_detail", get=only("owner", "mentor"), args=entry, secrets=FOLLOWED, told=()),
    *(
        Row(
            "journal:goal_adjust",
            get={**only("owner"), "mentor": 403},
            post=OWNERS,
            args=lambda world, how=how: {"pk": world.entry.pk, "goal": world.goal.pk, "how": how},
            data=lambda world: {
                "due_on": "2150-01-01",
                "target_value": "11",
                "reason": "A test.",
                "note": "Written.",
            },
            query=f"?next=/{how}",
            secrets=("SECRETTITLE",),
            note="A mentor who reads both entry and goal adjusts neither.",
        )
        for how in ("move", "shrink", "log")
    ),
    Row(
        "journal:proposal_leave",
        post=only("owner", status=302),
        args=lambda world: {"pk": world.proposal.pk},
        secrets=SHARED + FOLLOWED,
        told=("owner",),
    ),
]
