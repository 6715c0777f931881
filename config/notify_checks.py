"""Whether what is said of a channel fits together: each kind needs its own keys, and has no use for others."""

from collections.abc import Mapping
from pathlib import Path

from config import kinds
from config.layers import KeyPath, Value, dotted
from config.model import ChannelSettings, Secret, SecretKind, Settings
from config.notify_keys import CHANNELS
from config.problems import Collector, is_file
from config.secret_checks import SECRET_KEYS, secret_file_problem
from otosata.deals.platform import Platform
from otosata.notify.kinds import DESKTOP, EMAIL

_NEEDED: Mapping[str, tuple[str, ...]] = {
    "chatwork": ("to",),
    "line": ("to",),
    "pushover": ("to",),
    "gotify": ("server",),
    EMAIL: ("host", "from", "to"),
}
"""What a kind of channel cannot do without."""
_OPTIONAL: Mapping[str, tuple[str, ...]] = {"webhook": ("template",), EMAIL: ("port", "user")}
_OWN = ("to", "server", "template", "host", "port", "user", "from")
"""Keys that belong to some kinds only."""
_SECRET_PLACES = ("command", "env", "file")


def check_channels(
    settings: Settings,
    values: Mapping[KeyPath, Value],
    failed: frozenset[KeyPath],
    platforms: Mapping[str, Platform] | None,
    problems: Collector,
) -> None:
    """Note everything that is wrong with the channels and the dead man's switch."""
    for channel in settings.channels:
        _Channel((CHANNELS, channel.name), values, failed, problems).check(channel, platforms)
    if settings.heartbeat is not None:
        beat = _Channel(("heartbeat",), values, failed, problems)
        beat.check_secret(settings.heartbeat.secret)
        beat.check_ca_file(settings.heartbeat.ca_file)


class _Channel:
    """The checks of what stands below one path."""

    def __init__(
        self, path: KeyPath, values: Mapping[KeyPath, Value], failed: frozenset[KeyPath], problems: Collector
    ) -> None:
        self._path, self._values, self._failed, self._problems = path, values, failed, problems

    def check(self, channel: ChannelSettings, platforms: Mapping[str, Platform] | None) -> None:
        if (*self._path, "type") in self._failed:
            return
        if not channel.type:
            self._say("missing_key", "type", name="type", example='type = "slack"', because=dotted(self._path))
            return
        because = f'type = "{channel.type}"'
        needed, optional = _NEEDED.get(channel.type, ()), _OPTIONAL.get(channel.type, ())
        for name in needed:
            if not self._is_written(name):
                self._say("missing_key", name, "type", name=name, example=_example(name), because=because)
        for name in _OWN:
            if self._is_written(name) and name not in needed and name not in optional:
                self._say("key_without_use", name, name=name, because=because)
        if channel.type == DESKTOP:
            for name in ("secret", *_SECRET_PLACES):
                if self._is_written(name):
                    self._say("key_without_use", name, name=name, because=because)
        elif channel.has_secret:
            self.check_secret(channel.secret)
        self.check_ca_file(channel.ca_file)
        self._check_form(channel)
        self._check_platforms(channel, platforms)

    def check_secret(self, secret: Secret) -> None:
        because = f'secret = "{secret.kind}"'
        for name in _SECRET_PLACES:
            if self._is_written(name) and name not in SECRET_KEYS[secret.kind]:
                self._say("key_without_use", name, name=name, because=because)
        for name in SECRET_KEYS[secret.kind]:
            if not self._is_written(name):
                self._say("missing_key", name, "secret", name=name, example=_example(name), because=because)
        if secret.kind is SecretKind.FILE and secret.file is not None and (found := secret_file_problem(secret.file)):
            code, said = found
            self._say(code, "file", **said)

    def check_ca_file(self, file: Path | None) -> None:
        if file is not None and not is_file(file):
            self._say("no_such_ca_file", "ca_file", path=file)

    def _check_form(self, channel: ChannelSettings) -> None:
        if channel.server and not channel.server.startswith("https://") and not channel.private:
            self._say("server_not_https", "server")
        if channel.template and not _is_template(channel.template):
            self._say("not_template", "template")

    def _check_platforms(self, channel: ChannelSettings, platforms: Mapping[str, Platform] | None) -> None:
        for name in sorted(channel.platforms) if platforms is not None else ():
            if name not in (platforms or ()):
                known = sorted(platforms or ())
                likely = kinds.nearest(name, known) or ", ".join(known)
                self._say("unknown_platform", "platforms", name=name, likely=likely)

    def _is_written(self, name: str) -> bool:
        value = self._values.get((*self._path, name))
        return (*self._path, name) in self._failed or (value is not None and value.origin.layer != "default")

    def _say(self, code: str, name: str, beside: str = "", /, **values: object) -> None:
        """Note a problem where the key stands, else at the key beside it, else where the table begins."""
        written = {
            path[-1]: value
            for path, value in self._values.items()
            if path[: len(self._path)] == self._path and value.origin.layer != "default"
        }
        place = written.get(name) or written.get(beside) or next(iter(written.values()))
        self._problems.add(code, place.origin, dotted((*self._path, name)), **values)


def _is_template(text: str) -> bool:
    """Whether it is JSON once it is filled in."""
    from otosata.notify.message import Message  # noqa: PLC0415 - only channels with a template
    from otosata.notify.services import filled, webhook_values  # noqa: PLC0415 - as above

    try:
        filled(text, webhook_values(Message("", "", "", "", (), "")))
    except (KeyError, ValueError):
        return False
    return True


def _example(name: str) -> str:
    from config.keys import find  # noqa: PLC0415 - only a mistake asks

    key = find((CHANNELS, "…", name))
    return f"{name} = {key.example if key else ''}"
