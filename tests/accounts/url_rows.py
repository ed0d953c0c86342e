from tests.access import Row, everyone, signed_in


def entrance(anonymous: int = 200) -> dict[str, int]:
    """Pages before sign-in: people who are signed in already are sent on."""
    return signed_in(302, anonymous=anonymous)


ROWS = [
    # Our own pages: each person's own account, nobody else's.
    Row("accounts:account_overview", get=signed_in()),
    Row("accounts:welcome", get=signed_in(), post=signed_in(422), note="nothing was typed"),
    Row("accounts:profile", get=signed_in(), post=signed_in(302), data=lambda world: {"name": "Somebody"}),
    Row("accounts:time_zone", post=signed_in(302), data=lambda world: {"time_zone": "Asia/Kathmandu"}),
    Row("accounts:reauthenticate_by_code", get=signed_in(), post=signed_in()),
    Row("accounts:second_factor_keep", post=signed_in(302)),
    Row("accounts:account_delete", get=signed_in(302), post=signed_in(302), note="asks for the password first"),
    Row("accounts:deletion_pending", get=signed_in(302), note="nobody here asked to be deleted"),
    Row("accounts:deletion_cancel", post=signed_in(302)),
    # allauth: before sign-in.
    Row("account_login", get=entrance(), post=entrance()),
    Row("account_signup", get=entrance(), post=entrance()),
    Row("account_signup_by_passkey", get=entrance(), post=entrance()),
    Row("account_request_login_code", get=entrance(), post=entrance()),
    Row("account_confirm_login_code", get=entrance(302), post=entrance(302), note="no code was asked for"),
    Row("account_email_verification_sent", get=entrance(302), post=entrance(302), note="no code was asked for"),
    Row("account_reset_password", get=everyone(), post=everyone()),
    Row("account_reset_password_done", get=everyone()),
    Row(
        "account_reset_password_from_key",
        get=everyone(),
        post=everyone(),
        args=lambda world: {"uidb36": "1", "key": "set-password"},
        note="says that the link is too old",
    ),
    Row("account_reset_password_from_key_done", get=everyone()),
    Row("account_inactive", get=everyone()),
    Row("account_logout", get=signed_in(), post=everyone(302)),
    Row("mfa_authenticate", get=entrance(302), post=entrance(302)),
    Row("mfa_login_webauthn", get=entrance(302), post=entrance(302)),
    Row("mfa_signup_webauthn", get=entrance(302), post=entrance(302)),
    # allauth: one's own account. What changes who can enter asks for the password first (302).
    Row("account_email", get=signed_in(), post=signed_in(302)),
    Row("account_change_password", get=signed_in(), post=signed_in()),
    Row("account_set_password", get=signed_in(302), post=signed_in(302), note="they have one"),
    Row("account_reauthenticate", get=signed_in(), post=signed_in()),
    Row("mfa_index", get=signed_in()),
    Row("mfa_activate_totp", get=signed_in(302), post=signed_in(302)),
    Row("mfa_deactivate_totp", get=signed_in(404), post=signed_in(404)),
    Row("mfa_generate_recovery_codes", get=signed_in(302), post=signed_in(302)),
    Row("mfa_view_recovery_codes", get=signed_in(404)),
    Row("mfa_download_recovery_codes", get=signed_in(404)),
    Row("mfa_reauthenticate", get=signed_in(302), post=signed_in(302)),
    Row("mfa_reauthenticate_webauthn", get=signed_in(302), post=signed_in(302)),
    Row("mfa_list_webauthn", get=signed_in()),
    Row("mfa_add_webauthn", get=signed_in(302), post=signed_in(302)),
    Row("mfa_edit_webauthn", get=signed_in(302), post=signed_in(302), args=lambda world: {"pk": 1}),
    Row("mfa_remove_webauthn", get=signed_in(302), post=signed_in(302), args=lambda world: {"pk": 1}),
    Row("usersessions_list", get=signed_in(), post=signed_in(302)),
    # allauth: single sign-on, which is off unless the environment names a provider.
    Row("socialaccount_connections", get=signed_in(), post=signed_in()),
    Row("socialaccount_signup", get=everyone(302), post=everyone(302)),
    Row("socialaccount_login_cancelled", get=everyone()),
    Row("socialaccount_login_error", get=signed_in(401)),
    Row("openid_connect_login", get=everyone(404), post=everyone(404), args=lambda world: {"provider_id": "oidc"}),
    Row("openid_connect_callback", get=everyone(404), post=everyone(404), args=lambda world: {"provider_id": "oidc"}),
]
