from tests.access import Row, only, signed_in
from tests.goals.world import SECRETS

READERS = ("owner", "mentor")


def goal(world):
    return {"pk": world.goal.pk}


def private(world):
    return {"pk": world.private_goal.pk}


def deleted(world):
    return {"pk": world.deleted_goal.pk}


def milestone(world):
    return {"pk": world.milestone.pk}


def removed(world):
    return {"pk": world.removed.pk}


def update(world):
    return {"pk": world.update.pk}


def comment(world):
    return {"pk": world.comment.pk}


def sees(**kwargs):
    """A page of a shared goal: its owner and the reader it is shown to now."""
    return only(*READERS, **kwargs)


def owner_only(status=200):
    """A page for changing: the reader sees the goal and so gets 403, everybody else 404."""
    return only("owner", status=status) | {"mentor": 403}


def contact(world):
    return {"contact": world.contact.pk}


def of_contact(world):
    return {"pk": world.contact.pk}


# A goal that is shown to somebody names a contact, and they are never told.
CONTACT = ("SECRETCONTACT", "SECRETCLINIC")
NEW_GOAL = {"title": "Learn to say no", "measure": "yes_no", "due_on": "2199-01-01"}
EDITED = NEW_GOAL | {"reason": "It changed"}

ROWS = [
    Row("goals:goal_people", get=owner_only(), post=owner_only(302), args=goal, data=contact, secrets=CONTACT),
    Row("goals:contact_goals", get=only("owner"), post=only("owner", status=302), args=of_contact, secrets=SECRETS),
    Row("goals:goal_list", get=signed_in(), secrets=SECRETS, told=("owner",)),
    Row("goals:goal_list", get=signed_in(), query="?state=shared&after=%E2%82%AC", secrets=SECRETS, told=("owner",)),
    Row(
        "goals:goal_new",
        get=signed_in(),
        post=signed_in(302),
        data=lambda world: NEW_GOAL,
        secrets=SECRETS,
        told=("owner",),
    ),
    Row("goals:goal_new", get=signed_in(), query="?from=new-role&title=x", secrets=SECRETS, told=("owner",)),
    Row("goals:goal_new_draft", post=signed_in(), data=lambda world: NEW_GOAL, secrets=SECRETS, told=()),
    Row("goals:goal_new_check", post=signed_in(), data=lambda world: NEW_GOAL, secrets=SECRETS, told=()),
    Row("goals:goal_draft", post=owner_only(), args=goal, data=lambda world: EDITED, secrets=SECRETS, told=()),
    Row("goals:goal_check", post=owner_only(), args=goal, data=lambda world: EDITED, secrets=SECRETS, told=()),
    Row(
        "goals:draft_drop",
        get=only("owner"),
        post=only("owner", status=302),
        args=lambda world: {"pk": world.form_draft.pk},
        secrets=SECRETS,
        note="words nobody saved are seen by nobody else, also where the goal is shared",
    ),
    Row("goals:goal_starters", get=signed_in(), secrets=SECRETS, told=()),
    Row("goals:goal_bin", get=signed_in(), secrets=SECRETS, told=("owner",)),
    Row("goals:goal_detail", get=sees(), args=goal, secrets=SECRETS),
    Row("goals:goal_detail", get=only("owner"), args=private, secrets=SECRETS),
    Row("goals:goal_detail", get=only(), args=deleted, secrets=SECRETS),
    Row("goals:goal_print", get=sees(), args=goal, secrets=SECRETS),
    Row("goals:goal_log", get=sees(), args=goal, secrets=SECRETS),
    Row("goals:goal_history", get=sees(), args=goal, secrets=SECRETS),
    *(
        Row(name, get=sees(), args=goal, secrets=("SECRETGONE",), told=told, note="what its owner took away")
        for name, told in (
            ("goals:goal_history", ("owner",)),
            ("goals:goal_detail", ()),
            ("goals:goal_print", ()),
            ("goals:goal_log", ()),
        )
    ),
    Row(
        "goals:milestone_restore",
        post=only("owner", status=302),
        args=removed,
        note="404 for a reader as well: what was taken away is there for its owner only",
    ),
    Row(
        "goals:goal_edit", get=owner_only(), post=owner_only(302), args=goal, data=lambda world: EDITED, secrets=SECRETS
    ),
    Row("goals:goal_share", get=owner_only(), post=owner_only(302), args=goal, secrets=SECRETS),
    Row(
        "goals:goal_move",
        get=owner_only(),
        post=owner_only(302),
        args=goal,
        data=lambda world: {"due_on": "2199-01-01", "reason": "Later"},
        secrets=SECRETS,
    ),
    Row(
        "goals:goal_shrink",
        get=owner_only(),
        post=owner_only(302),
        args=goal,
        data=lambda world: {"target_value": "8", "reason": "Enough"},
        secrets=SECRETS,
    ),
    Row("goals:goal_pause", get=owner_only(), post=owner_only(302), args=goal, secrets=SECRETS),
    Row(
        "goals:goal_rests",
        get=owner_only(),
        post=owner_only(302),
        args=goal,
        data=lambda world: {"first": "2026-02-20", "last": "2026-02-22"},
        secrets=SECRETS,
    ),
    Row(
        "goals:rest_remove",
        post=owner_only(302),
        args=lambda world: {"pk": world.rest.pk},
        secrets=SECRETS,
        told=READERS,
    ),
    Row("goals:goal_resume", post=owner_only(302), args=goal, secrets=SECRETS, told=READERS),
    Row(
        "goals:goal_close",
        get=owner_only(),
        post=owner_only(302),
        args=goal,
        data=lambda world: {"outcome": "achieved"},
        secrets=SECRETS,
    ),
    Row("goals:goal_reopen", post=owner_only(302), args=goal, secrets=SECRETS, told=READERS),
    Row("goals:goal_delete", get=owner_only(), post=owner_only(302), args=goal, secrets=SECRETS),
    Row("goals:goal_restore", post=only("owner", status=302), args=deleted, secrets=SECRETS, told=("owner",)),
    Row(
        "goals:progress_new",
        get=owner_only(),
        post=owner_only(302),
        args=goal,
        data=lambda world: {"value": "6"},
        secrets=SECRETS,
    ),
    Row(
        "goals:progress_edit",
        get=owner_only(),
        post=owner_only(302),
        args=update,
        data=lambda world: {"value": "6"},
        secrets=SECRETS,
    ),
    Row("goals:progress_delete", get=owner_only(), post=owner_only(302), args=update, secrets=SECRETS),
    Row(
        "goals:progress_seen",
        post=only("mentor", status=302) | {"owner": 403},
        args=update,
        data=lambda world: {"seen": "1"},
        note="a reader says that they saw it, the owner is told",
        secrets=SECRETS,
        told=READERS,
    ),
    Row(
        "goals:progress_restore",
        post=owner_only(302),
        args=lambda world: {"pk": world.taken_out.pk},
        secrets=SECRETS,
        told=READERS,
    ),
    Row(
        "goals:milestone_new",
        get=owner_only(),
        post=owner_only(302),
        args=goal,
        data=lambda world: {"title": "One more"},
        secrets=SECRETS,
    ),
    Row(
        "goals:milestone_edit",
        get=owner_only(),
        post=owner_only(302),
        args=milestone,
        data=lambda world: {"title": "Another"},
        secrets=SECRETS,
    ),
    Row(
        "goals:milestone_move",
        get=owner_only(),
        post=owner_only(302),
        args=milestone,
        data=lambda world: {"due_on": "2026-05-01"},
        secrets=SECRETS,
    ),
    Row(
        "goals:milestone_order",
        post=owner_only(302),
        args=milestone,
        data=lambda world: {"step": "1"},
        secrets=SECRETS,
        told=READERS,
    ),
    Row(
        "goals:milestone_tick",
        post=owner_only(302),
        args=milestone,
        data=lambda world: {"done": "1"},
        secrets=SECRETS,
        told=READERS,
    ),
    *(
        Row(f"goals:milestone_{name}", **methods, args=removed, note="what was taken away is brought back first")
        for name, methods in (
            ("edit", {"get": only(), "post": only()}),
            ("move", {"get": only(), "post": only()}),
            ("order", {"post": only()}),
            ("tick", {"post": only()}),
            ("remove", {"get": only(), "post": only()}),
        )
    ),
    Row("goals:milestone_remove", get=owner_only(), post=owner_only(302), args=milestone, secrets=SECRETS),
    Row(
        "goals:comment_new",
        post=sees(status=302),
        args=goal,
        data=lambda world: {"text": "Well done", "to": world.cast.mentorship.pk},
        secrets=SECRETS,
        told=READERS,
    ),
    Row(
        "goals:comment_edit",
        get=only("mentor") | {"owner": 403},
        post=only("mentor", status=302) | {"owner": 403},
        args=comment,
        data=lambda world: {"text": "Better words"},
        secrets=SECRETS,
        note="only the author changes words; the owner sees them and may remove them",
    ),
    Row(
        "goals:suggestion_accept",
        post=owner_only(302),
        args=lambda world: {"pk": world.suggestion.pk},
        data=lambda world: {"was": "SECRETTITLE"},
        note="a mentor suggests and cannot answer for the owner",
        secrets=SECRETS,
        told=READERS,
    ),
    Row(
        "goals:suggestion_decline",
        post=owner_only(302),
        args=lambda world: {"pk": world.suggestion.pk},
        secrets=SECRETS,
        told=READERS,
    ),
    Row(
        "goals:comment_thanks",
        post=only("owner", status=302) | {"mentor": 403},
        args=comment,
        data=lambda world: {"thanks": "1"},
        note="the mentor wrote it; the other person of the thread says thanks",
        secrets=SECRETS,
        told=READERS,
    ),
    Row("goals:comment_remove", post=sees(status=302), args=comment, secrets=SECRETS, told=READERS),
    *(
        Row(f"goals:goal_{page}", get=only("owner"), args=private, secrets=SECRETS)
        for page in ("print", "log", "history", "edit", "share", "close", "rests", "delete")
    ),
    *(
        Row(
            f"goals:goal_{page}",
            get=only(),
            args=deleted,
            secrets=SECRETS,
            note="in the bin nobody reads it, nor its owner",
        )
        for page in ("print", "log", "history", "edit", "share", "close", "rests", "delete")
    ),
    Row("goals:goal_check", post=only("owner"), args=private, data=lambda world: EDITED, secrets=SECRETS, told=()),
    Row("goals:goal_draft", post=only("owner"), args=private, data=lambda world: EDITED, secrets=SECRETS, told=()),
    Row("goals:goal_check", post=only(), args=deleted, data=lambda world: EDITED, secrets=SECRETS, told=()),
    Row("goals:goal_draft", post=only(), args=deleted, data=lambda world: EDITED, secrets=SECRETS, told=()),
    Row(
        "goals:comment_new",
        post=only(),
        args=deleted,
        data=lambda world: {"text": "Well done", "to": world.cast.mentorship.pk},
        secrets=SECRETS,
        told=(),
    ),
]
