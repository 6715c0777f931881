"""Where a mailbox's password comes from: keyring, command, environment, file, or an OAuth 2 refresh token."""

import os
import stat
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from otosata.mail.source import SourceError

SERVICE = "otosata"
"""The name under which every secret stands in the keyring."""
COMMAND_SECONDS = 60
"""A password manager may ask for a fingerprint; after a minute nobody is there."""
LARGEST_SECRET = 64 << 10
EARLY_SECONDS = 60
"""An access token is renewed this long before it ends, so that it lives through a log-in."""


def keyring_backend() -> str:
    """Name the keyring that would be used, for people: `SecretService Keyring`."""
    import keyring  # noqa: PLC0415  # costs 0.1 s and only keyring accounts need it

    return str(keyring.get_keyring().name)


def keyring_that_forgets() -> str:
    """Name the keyring if it keeps nothing (none was found, or it is switched off); else the empty string."""
    import keyring  # noqa: PLC0415  # see keyring_backend
    from keyring.backends import fail, null  # noqa: PLC0415  # see keyring_backend

    return keyring_backend() if isinstance(keyring.get_keyring(), (fail.Keyring, null.Keyring)) else ""


def from_keyring(account: str, login: str = "") -> str:
    """Read the secret of an account. Raises SourceError naming the backend.

    `login`: the command that stores it, where that is not the one for mailboxes.
    """
    login = login or f"otosata accounts login {account}"
    import keyring  # noqa: PLC0415  # see keyring_backend

    try:
        secret = keyring.get_password(SERVICE, account)
    except Exception as error:  # backends raise what their system raises
        if none := keyring_that_forgets():
            raise SourceError(f"this system has no keyring that keeps a password ({none})", NO_KEYRING) from error
        raise SourceError(
            f"the keyring ({keyring_backend()}) does not give out the password of {account}: {_tidy(str(error))}",
            'Unlock it, or use secret = "command".',
        ) from error
    if not secret:
        raise SourceError(
            f"the keyring ({keyring_backend()}) holds no password for {account}",
            f"Store it with `{login}`.",
        )
    return secret


def save_to_keyring(account: str, secret: str) -> str:
    """Store the secret of an account, read it back and return the backend's name.

    Raises SourceError where it did not stay: the null backend takes passwords and drops them without a word.
    """
    import keyring  # noqa: PLC0415  # see keyring_backend

    try:
        keyring.set_password(SERVICE, account, secret)
        kept = keyring.get_password(SERVICE, account)
    except Exception as error:  # backends raise what their system raises
        raise SourceError(
            f"the keyring ({keyring_backend()}) did not take the password: {_tidy(str(error))}", NO_KEYRING
        ) from error
    if kept != secret:
        raise SourceError(f"the keyring ({keyring_backend()}) did not keep the password", NO_KEYRING)
    return keyring_backend()


NO_KEYRING = (
    'Use secret = "command" with a password manager, or "file" with a file that only you can read; '
    "on a server without a desktop there often is no keyring."
)


def delete_from_keyring(account: str) -> bool:
    """Forget the secret of an account; False where there was none."""
    import keyring  # noqa: PLC0415  # see keyring_backend
    import keyring.errors  # noqa: PLC0415  # see keyring_backend

    try:
        keyring.delete_password(SERVICE, account)
    except keyring.errors.KeyringError:
        return False
    return True


def from_command(
    command: Sequence[str], *, seconds: float = COMMAND_SECONDS, environment: Mapping[str, str] | None = None
) -> str:
    """Run a password manager without a shell and return the first line it prints. Raises SourceError."""
    if not command:
        raise SourceError("the command for the password is empty", 'Write command = ["pass", "show", "mail"].')
    shown = Path(command[0]).name
    try:
        done = subprocess.run(  # noqa: S603  # the user's own command, from the user's own configuration
            list(command), stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False, env=environment
        )
    except subprocess.TimeoutExpired as error:
        raise SourceError(f"{shown} gave no password within {seconds:g} seconds", "Is it waiting for you?") from error
    except OSError as error:
        raise SourceError(f"{shown} cannot be run: {error.strerror}", "Check command.") from error
    if done.returncode:
        words = _tidy(done.stderr.decode("utf-8", "replace"))
        raise SourceError(f"{shown} ended with {done.returncode}: {words}", "Try the command in a terminal.")
    return _secret(done.stdout.partition(b"\n")[0], f"what {shown} printed")


def from_env(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """Read an environment variable. Raises SourceError."""
    if secret := environment.get(name):
        return secret
    raise SourceError(f"the environment variable {name} is not set", "Set it where otosata is started.")


def from_file(path: Path) -> str:
    """Read the first line of a file that nobody but its owner can read. Raises SourceError."""
    try:
        with path.expanduser().open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise SourceError(f"{path} can be read by others; it was not used", f"Run `chmod 600 {path}`.")
            line = file.readline(LARGEST_SECRET)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}", "Check file.") from error
    return _secret(line, str(path))


def _secret(line: bytes, where: str) -> str:
    try:
        secret = line.rstrip(b"\r\n").decode("utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(f"{where} is not UTF-8 text", "Store the password as UTF-8.") from error
    if not secret:
        raise SourceError(f"{where} is empty", "The password must stand in the first line.")
    return secret


def _tidy(words: str) -> str:
    """The first line of somebody else's error, fit for a terminal."""
    first = next((line for line in words.splitlines() if line.strip()), "no reason given")
    return "".join(c if c.isprintable() else "?" for c in first)[:200]


@dataclass(slots=True)
class OAuth2:
    """Turns a refresh token into access tokens (RFC 6749, 6) for XOAUTH2; call it for a token that is still good."""

    token_url: str
    client_id: str
    refresh_token: Callable[[], str]
    client_secret: Callable[[], str] | None = None
    scope: str | None = None
    save_refresh_token: Callable[[str], object] | None = None
    """Called with a new refresh token where the provider hands one out and the old one ends (Microsoft)."""
    clock: Callable[[], float] = time.monotonic
    _token: str = field(default="", repr=False)
    _good_until: float = 0.0

    def __post_init__(self) -> None:
        """Raise ValueError for an address that would send the token in the clear."""
        url = urlsplit(self.token_url)
        if url.scheme != "https" and not (url.scheme == "http" and url.hostname in {"localhost", "127.0.0.1"}):
            raise ValueError(f"token_url must begin with https: {self.token_url}")

    def __call__(self) -> str:
        """Return an access token. Raises SourceError, permanent where the grant was taken back."""
        if not self._token or self.clock() >= self._good_until:
            answer = self._ask()
            self._token = str(answer["access_token"])
            seconds = answer.get("expires_in", 0)
            self._good_until = self.clock() + (seconds if isinstance(seconds, (int, float)) else 0) - EARLY_SECONDS
            renewed = answer.get("refresh_token")
            if self.save_refresh_token and isinstance(renewed, str) and renewed:
                self.save_refresh_token(renewed)
        return self._token

    def _ask(self) -> dict[str, object]:
        import httpx  # noqa: PLC0415  # costs 0.2 s and only OAuth accounts need it

        form = {"grant_type": "refresh_token", "client_id": self.client_id, "refresh_token": self.refresh_token()}
        if self.client_secret:
            form["client_secret"] = self.client_secret()
        if self.scope:
            form["scope"] = self.scope
        host = urlsplit(self.token_url).hostname
        try:
            response = httpx.post(self.token_url, data=form, timeout=30, follow_redirects=False)
            answer = response.json()
        except httpx.HTTPError as error:
            raise SourceError(f"{host} gave no access token: {type(error).__name__}", "Check your network.") from error
        except ValueError as error:
            raise SourceError(f"{host} answered {response.status_code} without JSON", "Check token_url.") from error
        if not isinstance(answer, dict) or not isinstance(answer.get("access_token"), str):
            reason = answer.get("error") if isinstance(answer, dict) else None
            raise SourceError(
                f"{host} refused an access token: {_tidy(str(reason or response.status_code))}",
                "Log in again with `otosata accounts login`." if reason == "invalid_grant" else "Check client_id.",
                permanent=reason in {"invalid_grant", "invalid_client", "unauthorized_client"},
            )
        return answer
