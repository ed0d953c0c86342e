from django.conf import settings
from django.http import HttpRequest


def instance(request: HttpRequest) -> dict[str, object]:
    """Give every page who runs this server, under `instance`."""
    return {
        "instance": {
            "name": settings.INSTANCE_NAME,
            "operator": settings.OPERATOR_NAME,
            "operator_email": settings.OPERATOR_EMAIL,
            "base_url": settings.BASE_URL,
            "signup_open": settings.SIGNUP_OPEN,
            "development": settings.DEVELOPMENT,
        }
    }
