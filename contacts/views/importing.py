"""Contacts from a file: upload it, say what its columns mean, look at what would change, import, take it back."""

from itertools import chain
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.http import AuthenticatedHttpRequest
from contacts.cards.read import csv_headings
from contacts.forms.importing import ColumnsForm, UploadForm
from contacts.imports import files, preview
from contacts.imports.plan import LABELS
from contacts.models import Import, ImportRow
from contacts.services import importing as services
from contacts.services.country import country_of
from core.htmx import is_fragment, toast
from core.paging import page

State, Finding, Decision = Import.State, ImportRow.Finding, ImportRow.Decision
ROWS_SHOWN = 50
PAST = "This import went on meanwhile, in another tab or by itself. This is where it stands."
TOO_MANY = f"{services.OPEN_AT_MOST} files wait already. Import one of them or let it go first."
# What can be chosen for all rows of a kind at once.
FOR_ALL = {
    Finding.NEW: [(Decision.ADD, "Add all"), (Decision.SKIP, "Leave all out")],
    Finding.CHANGE: [
        (Decision.UPDATE, "Update all"),
        (Decision.ADD, "Add all as new people"),
        (Decision.SKIP, "Leave all out"),
    ],
    Finding.AGAIN: [
        (Decision.UPDATE, "Add all to the rows before"),
        (Decision.ADD, "Add all as new people"),
        (Decision.SKIP, "Leave all out"),
    ],
    Finding.LOOK: [
        (Decision.UPDATE, "Update all"),
        (Decision.ADD, "Add all as new people"),
        (Decision.SKIP, "Leave all out"),
    ],
    Finding.SAME: [(Decision.SKIP, "Leave all out"), (Decision.ADD, "Add all as new people")],
}


def _own(request: AuthenticatedHttpRequest, pk: int) -> Import:
    return get_object_or_404(Import.objects.owned_by(request.user), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Upload a file of contacts; below it stand the earlier ones."""
    imports = page(Import.objects.owned_by(request.user), keys=("-created_at", "-pk"), after=request.GET.get("after"))
    if request.method != "POST":
        last = imports.rows[0].region if imports.rows else country_of(request.user).code
        form = UploadForm(initial={"region": last})
    else:
        form = UploadForm(request.POST, request.FILES, is_too_large=files.is_too_large(request))
        if form.is_valid() and Import.objects.owned_by(request.user).unfinished().count() >= services.OPEN_AT_MOST:
            form.add_error("file", TOO_MANY)
        if form.is_valid():
            source = services.upload(by=request.user, file=form.cleaned_data["file"], kind=form.kind,
                                     region=form.cleaned_data["region"], headings=form.headings, at=timezone.now())  # fmt: skip
            return redirect(
                "contacts:import_columns" if source.state == State.MAPPING else "contacts:import_detail", source.pk
            )
    older = f"?after={imports.next_token}" if imports.next_token else ""
    context = {"form": form, "imports": imports.rows, "older": older}
    return render(request, "contacts/import_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Say what each column of a table means; it is read, or read again, with that."""
    source = _own(request, pk)
    if source.kind != Import.Kind.CSV or source.state not in (State.MAPPING, State.READY, State.FAILED):
        return redirect(source)
    headings = csv_headings(files.opened(source))
    form = ColumnsForm(request.POST if request.method == "POST" else None, headings=headings, mapping=source.mapping)
    if form.is_valid():
        services.read_again(source=source, mapping=form.mapping())
        return redirect(source)
    context = {"form": form, "source": source, "hidden": len(headings.names) - len(form.names)}
    return render(request, "contacts/import_columns.html", context, status=422 if form.errors else 200)


@require_safe
def import_detail(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Show an import where it stands: how far the worker is, what would change, or what was done."""
    source = _own(request, pk)
    if source.is_at_work:
        name = "_import_progress" if is_fragment(request) else "import_progress"
        return render(request, f"contacts/{name}.html", {"source": source})
    if is_fragment(request):  # the progress that asked is over
        return HttpResponseClientRefresh()
    if source.state == State.MAPPING:
        return redirect("contacts:import_columns", source.pk)
    if source.state == State.READY:
        return render(request, "contacts/import_preview.html", _preview(request, source))
    return render(request, "contacts/import_result.html", _result(request, source))


def _preview(request: AuthenticatedHttpRequest, source: Import) -> dict[str, Any]:
    show = request.GET.get("show", "")
    show = show if show in Finding.values else ""
    rows = source.rows.filter(finding=show) if show else source.rows.all()
    found = page(preview.with_people(rows), keys=("number", "pk"), after=request.GET.get("after"), size=ROWS_SHOWN)
    counts = source.rows.counted()
    older = f"?after={found.next_token}{f'&show={show}' if show else ''}" if found.next_token else ""
    return _counted(source, counts) | {
        "rows": preview.shown(source, found.rows),
        "show": show,
        "filters": [(kind, label, count) for kind, label in Finding.choices if (count := _of(counts, kind))],
        "for_all": FOR_ALL.get(Finding(show), []) if show else [],
        "count": _of(counts, show) if show else source.total,
        "older": older,
        "here": request.get_full_path() if request.GET else "",
    }


def _of(counts: dict[tuple[str, str], int], finding: str) -> int:
    return sum(count for (kind, _), count in counts.items() if kind == finding)


def _counted(source: Import, counts: dict[tuple[str, str], int]) -> dict[str, Any]:
    """Return what the import would do, in numbers."""
    adds = sum(number for (_, decision), number in counts.items() if decision == Decision.ADD)
    outcome = source.rows.outcome()
    return outcome | {
        "source": source,
        "adds": adds,
        "updates": outcome["updated"],
        "chosen": adds + outcome["updated"],
        "same": counts.get((Finding.SAME, Decision.SKIP), 0) - outcome["repeated"],
        "waiting": counts.get((Finding.LOOK, Decision.SKIP), 0),
        "bad": _of(counts, Finding.BAD),
    }


def _result(request: AuthenticatedHttpRequest, source: Import) -> dict[str, Any]:
    """Return what became of an import, with the rows that did not go as chosen."""
    told = source.rows.exclude(problem="").exclude(finding=Finding.BAD).filter(settled_at__isnull=False)
    if source.undone_at:  # what was not done could not be taken back
        told = told.exclude(change={})
    kept = page(told, keys=("number", "pk"), after=request.GET.get("after"), size=ROWS_SHOWN)
    return {
        "source": source,
        "kept": kept.rows,
        "older": f"?after={kept.next_token}" if kept.next_token else "",
        "bad": source.rows.filter(finding=Finding.BAD).count(),
        "can_undo": services.can_undo(source, at=timezone.now()),
        "today": request.user.today(timezone.now()),
    }


@require_POST
def import_choose(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Store what was chosen for the rows that are posted; all of them, or none where one is not of this import."""
    source = _own(request, pk)
    choices = _choices(request)
    if choices is None:
        return HttpResponse(status=400)
    if not choices:
        return redirect(_back(request, source))
    if len(choices) != source.rows.filter(pk__in=choices).count():
        raise Http404
    rows = services.choose(source=source, choices=choices)
    if rows is None:
        return _past(request, source)
    if not is_fragment(request):
        return toast(request, redirect(_back(request, source)), "Choices saved")
    shown = preview.shown(source, list(preview.with_people(source.rows.filter(pk__in=choices)).order_by("number")))
    context = _counted(source, source.rows.counted()) | {"rows": shown}
    return render(request, "contacts/_import_chosen.html", context)


def _choices(request: AuthenticatedHttpRequest) -> dict[int, services.Choice] | None:
    """Return what was chosen for each row that is posted; None for what no page of ours sends."""
    ids = request.POST.getlist("row")
    if len(ids) > ROWS_SHOWN or not all(_is_number(each) for each in ids):
        return None
    chosen = {}
    for each in ids:
        seen = request.POST.get(f"seen-{each}", "0")
        choice = services.Choice(
            request.POST.get(f"decision-{each}", ""),
            request.POST.getlist(f"theirs-{each}"),
            int(seen) if _is_number(seen, digits=9) else 0,
        )
        if choice.decision not in Decision.values or not set(choice.theirs) <= set(LABELS):
            return None
        chosen[int(each)] = choice
    return chosen


def _is_number(value: str, *, digits: int = 18) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= digits


@require_POST
def import_choose_all(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Decide alike for all rows of one kind."""
    source = _own(request, pk)
    finding, decision = request.POST.get("finding", ""), request.POST.get("decision", "")
    if finding not in FOR_ALL or decision not in dict(FOR_ALL[Finding(finding)]):
        return HttpResponse(status=400)
    count = services.choose_all(source=source, finding=finding, decision=decision)
    if count is None:
        return _past(request, source)
    return toast(request, redirect(_back(request, source)), f"Chosen for {count:,} {'row' if count == 1 else 'rows'}")


@require_POST
def import_apply(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Begin the import; a second press finds it begun."""
    source = _own(request, pk)
    services.start(source=source, at=timezone.now())
    return redirect(source)


@require_POST
def import_undo(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Begin to take an import back; a second press finds it begun."""
    source = _own(request, pk)
    if not services.start_undo(source=source, at=timezone.now()):
        source.refresh_from_db()
        if source.state not in (State.UNDOING, State.UNDONE):
            return _past(request, source)
    return redirect(source)


@require_POST
def import_retry(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Let a worker go on with an import that is stuck."""
    source = _own(request, pk)
    services.try_again(source=source)
    return redirect(source)


@require_POST
def import_discard(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Let a file go that was not imported."""
    source = _own(request, pk)
    if not services.discard(source=source):
        return _past(request, source)
    return toast(request, redirect("contacts:import_new"), "File erased. Nothing was imported.")


@require_safe
def import_bad_rows(request: AuthenticatedHttpRequest, pk: int) -> StreamingHttpResponse:
    """Hand out the rows that could not be read, as a file of the same kind, to be mended and chosen again."""
    source = _own(request, pk)
    rows = source.rows.filter(finding=Finding.BAD).order_by("number").values_list("raw", flat=True)
    if source.kind == Import.Kind.CSV:
        name, kind, first = "rows-to-mend.csv", "text/csv", f"\ufeff{source.heading}"  # Excel reads the mark
    else:
        name, kind, first = "cards-to-mend.vcf", "text/vcard", ""
    lines = (raw if raw.endswith("\n") else f"{raw}\r\n" for raw in rows.iterator(20))
    return StreamingHttpResponse(
        chain([first], lines),
        content_type=f"{kind}; charset=utf-8",
        headers={"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or ""},
    )


def _back(request: AuthenticatedHttpRequest, source: Import) -> str:
    """Return the page of the preview that was looked at."""
    query = request.POST.get("here", "")
    own = source.get_absolute_url()
    return query if query.startswith(f"{own}?") and "\n" not in query and len(query) < 600 else own


def _past(request: AuthenticatedHttpRequest, source: Import) -> HttpResponse:
    """Answer 409: it went on meanwhile, and nothing was changed."""
    source.refresh_from_db()
    if is_fragment(request):
        return HttpResponse(status=409)
    return render(request, "contacts/import_past.html", {"source": source, "words": PAST}, status=409)
