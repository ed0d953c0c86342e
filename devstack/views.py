"""The local mailbox: what the server sent, as it would be read. These urls exist on development machines only."""

import smtplib

from csp.decorators import csp_exempt
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from core.text import clean_text
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
    context = {"letter": get_letter_or_404(key), "is_answered": "answered" in request.GET}
    return render(request, "devstack/mail_detail.html", context)


@login_not_required  # whoever reads a mail here can answer it
@require_POST
def mail_answer(request: HttpRequest, key: str) -> HttpResponse:
    """Send an answer to a mail, as its reader's mail program would: by SMTP to the mail server of this run."""
    letter = get_letter_or_404(key)
    words = clean_text(request.POST.get("words", "")).strip()
    problem = "" if words else "Write a line first."
    if not letter.reply_to:
        problem = "This mail cannot be answered."
    if not problem:
        try:
            with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=30) as server:
                server.send_message(letter.answered_by(words))
        except (OSError, smtplib.SMTPException) as error:
            problem = f"It was not taken ({type(error).__name__}). The terminal of the server says why."
    if problem:
        context = {"letter": letter, "problem": problem, "words": words}
        return render(request, "devstack/mail_detail.html", context, status=422)
    return redirect(f"{reverse('devstack:mail_detail', args=[key])}?answered=1#answer")


@login_not_required  # shown inside the page above
@require_safe
# A policy of its own, stricter save for the inline styles mails are made of. django-csp types views without arguments.
@csp_exempt()  # type: ignore[arg-type]
@xframe_options_sameorigin
def mail_html(request: HttpRequest, key: str) -> HttpResponse:
    """The HTML body alone, at an address of its own: a `srcdoc` would inherit the page's ban on inline styles."""
    html = '<base target="_blank">' + get_letter_or_404(key).html
    return HttpResponse(html, headers={"Content-Security-Policy": MAIL_POLICY, "Referrer-Policy": "no-referrer"})
