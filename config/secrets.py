"""From what the configuration says about a secret to a function that fetches it."""

from collections.abc import Callable, Mapping
from functools import partial

from config.model import Account, Secret, SecretKind
from otosata.mail import secrets


def secret_of(account: Account, environ: Mapping[str, str], hidden: frozenset[str] = frozenset()) -> Callable[[], str]:
    """Fetches the password or access token at each call. The call raises SourceError where there is none.

    `hidden`: variables of the environment that hold secrets; a program that prints one must not see the others.
    """
    secret = account.secret
    if secret.kind is SecretKind.OAUTH2 and not secret.command:
        return _oauth2(account)
    return secret_from(secret, account.name, environ, hidden)


def secret_from(
    secret: Secret, name: str, environ: Mapping[str, str], hidden: frozenset[str] = frozenset(), *, login: str = ""
) -> Callable[[], str]:
    """Fetches a secret at each call; `name` is the keyring's for it, `login` the command that puts it there."""
    if secret.kind in (SecretKind.COMMAND, SecretKind.OAUTH2):
        seen = {key: value for key, value in environ.items() if key not in hidden}
        return partial(secrets.from_command, secret.command, environment=seen)
    if secret.kind is SecretKind.ENV:
        return partial(secrets.from_env, secret.env, environ)
    if secret.kind is SecretKind.FILE and secret.file is not None:
        return partial(secrets.from_file, secret.file)
    return partial(secrets.from_keyring, name, login) if login else partial(secrets.from_keyring, name)


def _oauth2(account: Account) -> secrets.OAuth2:
    """The refresh token stands in the keyring under the account's name, and goes back there when it is renewed."""
    return secrets.OAuth2(
        token_url=account.secret.token_url,
        client_id=account.secret.client_id,
        refresh_token=partial(secrets.from_keyring, account.name),
        scope=account.secret.scope or None,
        save_refresh_token=partial(secrets.save_to_keyring, account.name),
    )
