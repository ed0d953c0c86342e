from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, object]:
    """Give the frame around every page what it shows."""
    return {}
