"""From what an account says about its secret to a function that fetches it."""

from collections.abc import Callable, Mapping
from functools import partial

from config.model import Account, SecretKind
from otosata.mail import secrets


def secret_of(account: Account, environ: Mapping[str, str]) -> Callable[[], str]:
    """Fetches the password or access token at each call. The call raises SourceError where there is none."""
    secret = account.secret
    if secret.kind is SecretKind.COMMAND:
        return partial(secrets.from_command, secret.command)
    if secret.kind is SecretKind.ENV:
        return partial(secrets.from_env, secret.env, environ)
    if secret.kind is SecretKind.FILE and secret.file is not None:
        return partial(secrets.from_file, secret.file)
    if secret.kind is SecretKind.OAUTH2:
        return partial(secrets.from_command, secret.command) if secret.command else _oauth2(account)
    return partial(secrets.from_keyring, account.name)


def _oauth2(account: Account) -> secrets.OAuth2:
    """The refresh token stands in the keyring under the account's name, and goes back there when it is renewed."""
    return secrets.OAuth2(
        token_url=account.secret.token_url,
        client_id=account.secret.client_id,
        refresh_token=partial(secrets.from_keyring, account.name),
        scope=account.secret.scope or None,
        save_refresh_token=partial(secrets.save_to_keyring, account.name),
    )
