"""The local mailbox: what the server sent, as it would be read. These urls exist on development machines only."""

from csp.decorators import csp_exempt
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from devstack.mailbox import Letter, find_letter, newest_letters

# A mail brings its own styles, and nothing else: no script, no picture from elsewhere, no form. Its links open in a
# new tab that is an ordinary page again.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


def get_letter_or_404(key: str) -> Letter:
    letter = find_letter(key)
    if letter is None:
        raise Http404
    return letter


@login_not_required  # a sign-in code is read here before there is a session
@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """Every mail, newest first; `?to=` narrows it to one reader."""
    to = request.GET.get("to", "").replace("\0", "").strip()
    letters = list(newest_letters(recipient=to))
    template = "devstack/_mail_list.html" if request.headers.get("HX-Request") else "devstack/mail_list.html"
    return render(request, template, {"letters": letters, "to": to})


@login_not_required  # a sign-in code is read here before there is a session
@require_safe
def mail_detail(request: HttpRequest, key: str) -> HttpResponse:
    """One mail: as HTML in a frame that may do nothing, as text, and its headers."""
    return render(request, "devstack/mail_detail.html", {"letter": get_letter_or_404(key)})


@login_not_required  # shown inside the page above
@require_safe
# A policy of its own, stricter save for the inline styles mails are made of. django-csp types views without arguments.
@csp_exempt()  # type: ignore[arg-type]
@xframe_options_sameorigin
def mail_html(request: HttpRequest, key: str) -> HttpResponse:
    """The HTML body alone, at an address of its own: a `srcdoc` would inherit the page's ban on inline styles."""
    html = '<base target="_blank">' + get_letter_or_404(key).html
    return HttpResponse(html, headers={"Content-Security-Policy": MAIL_POLICY, "Referrer-Policy": "no-referrer"})
