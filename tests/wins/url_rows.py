from tests.access import Row, only, signed_in

SHARED = ("SECRETWIN", "SECRETMORE")
PRIVATE = ("SECRETPRIVATE", "SECRETGONEWIN")


def win(world):
    return {"pk": world.win.pk}


def private(world):
    return {"pk": world.private_win.pk}


def comment(world):
    return {"pk": world.win_comment.pk}


# A reader may see the shared win, and only its owner changes it.
OWNERS = {**only("owner"), "mentor": 403}
OWNERS_POST = {**only("owner", status=302), "mentor": 403}
WORDS = {"text": "Written by a test.", "happened_on": "2026-11-20", "version": "1"}

ROWS = [
    Row("wins:win_list", get=signed_in(), secrets=(*SHARED, "SECRETPRIVATE"), told=("owner",)),
    Row(
        "wins:win_new",
        get=signed_in(),
        post=signed_in(302),
        data=lambda world: {"text": "Written by a test."},
        secrets=(*SHARED, *PRIVATE, "SECRETTITLE"),
        told=("owner",),
        note="The owner's form offers their own goals.",
    ),
    Row("wins:win_bin", get=signed_in(), secrets=PRIVATE[1:], told=("owner",)),
    Row("wins:win_detail", get=only("owner", "mentor"), args=win, secrets=(*SHARED, "SECRETWINWORDS")),
    Row("wins:win_detail", get=only("owner", "mentor"), args=win, secrets=("SECRETFORMER",), told=("owner",)),
    Row(
        "wins:comment_add",
        post=only("owner", "mentor", status=302),
        args=win,
        data=lambda world: {"text": "Written by a test."},
        query="?thread=all",
        secrets=SHARED + PRIVATE,
        told=("owner", "mentor"),
    ),
    Row(
        "wins:comment_edit",
        get={**only("mentor"), "owner": 403},
        post={**only("mentor", status=302), "owner": 403},
        args=comment,
        data=lambda world: {"text": "Written by a test."},
        secrets=("SECRETWINWORDS",),
    ),
    Row(
        "wins:comment_remove",
        post=only("owner", "mentor", status=302),
        args=comment,
        secrets=SHARED + PRIVATE,
        told=("owner", "mentor"),
    ),
    Row("wins:win_detail", get=only("owner"), args=private, secrets=PRIVATE[:1]),
    Row("wins:win_edit", get=OWNERS, post=OWNERS_POST, args=win, data=lambda world: WORDS, secrets=SHARED),
    Row(
        "wins:win_edit",
        get=only("owner"),
        post=only("owner", status=302),
        args=private,
        data=lambda world: WORDS,
        secrets=PRIVATE[:1],
    ),
    Row("wins:win_star", post=OWNERS_POST, args=win, data=lambda world: {"on": "1"}, secrets=SHARED, told=("owner",)),
    Row("wins:win_share", get=OWNERS, post=OWNERS_POST, args=win, secrets=SHARED),
    Row("wins:win_delete", post=OWNERS_POST, args=win, secrets=SHARED + PRIVATE, told=("owner",)),
    Row(
        "wins:win_restore",
        post=only("owner", status=302),
        args=lambda world: {"pk": world.deleted_win.pk},
        secrets=SHARED + PRIVATE,
        told=("owner",),
    ),
]
