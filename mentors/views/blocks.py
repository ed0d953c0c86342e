from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from core.paging import page
from sharing.models import Block


@require_safe
def block_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Whom I have blocked."""
    blocks = Block.objects.owned_by(request.user).select_related("blocked")
    shown = page(blocks, keys=("-created_at", "-pk"), after=request.GET.get("after"))
    return render(request, "mentors/block_list.html", {"blocks": shown})


@require_POST
def block_remove(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Take a block back; nothing is shared again by that."""
    get_object_or_404(Block.objects.owned_by(request.user), pk=pk).delete()
    messages.success(request, "No longer blocked. Nothing is shared again by that.")
    return redirect("mentors:block_list")
