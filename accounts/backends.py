"""Who is signed in: asked by every page."""

from allauth.account.auth_backends import AuthenticationBackend as AllauthBackend

from accounts.models import User
from core.compiled import CompiledQuery

_USER = CompiledQuery(lambda user: User.objects.filter(pk=user), user=int)


class AuthenticationBackend(AllauthBackend):
    """allauth's, with the question of every request prepared."""

    def get_user(self, user_id: int) -> User | None:
        """Return the person of a session; None once they are gone or may not sign in."""
        return next((user for user in _USER.objects(user=user_id) if self.user_can_authenticate(user)), None)
