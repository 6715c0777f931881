"""From what the configuration says of channels to the running ones, and to when and what each hears."""

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from config.model import ChannelSettings, HeartbeatSettings, QuietLets, Secret, Settings
from config.secrets import secret_from
from otosata.notify.channel import Channel
from otosata.notify.hours import Digest, QuietHours
from otosata.notify.http import Line
from otosata.notify.kinds import EMAIL, Kind
from otosata.notify.plan import When
from otosata.notify.routing import Route
from otosata.notify.services import Endpoint
from otosata.notify.smtp import Postbox

HEARTBEAT = "heartbeat"
"""Where the keyring keeps the address of the dead man's switch; no channel's name has a colon before it."""


def keyring_name(channel: str) -> str:
    """Under which name the keyring keeps a channel's secret: no mailbox can be called so by accident."""
    return channel if channel == HEARTBEAT else f"channel:{channel}"


def channel_of(settings: ChannelSettings, environ: Mapping[str, str], hidden: frozenset[str]) -> Channel:
    """A channel, ready to send. Nothing is fetched or connected before."""
    is_mail = settings.type == EMAIL
    box = Postbox(settings.host, settings.port, settings.user, "", settings.sender, settings.to) if is_mail else None
    return Channel(
        name=settings.name,
        type=settings.type,
        secret=fetcher(settings.secret, keyring_name(settings.name), environ, hidden) if settings.has_secret else str,
        endpoint=Endpoint(
            to="" if is_mail else ",".join(settings.to), server=settings.server, template=settings.template
        ),
        postbox=box,
        line=line_of(settings),
        environ={name: value for name, value in environ.items() if name not in hidden},
    )


def fetcher(secret: Secret, name: str, environ: Mapping[str, str], hidden: frozenset[str]) -> Callable[[], str]:
    """Fetches an address or key at each call. The call raises SourceError where there is none."""
    return secret_from(secret, name, environ, hidden, login=f"otosata notify login {name.partition(':')[2] or name}")


def line_of(settings: ChannelSettings | HeartbeatSettings) -> Line:
    """How far a channel or the dead man's switch may be away."""
    return Line(settings.private, str(settings.ca_file) if settings.ca_file else None)


def route_of(channel: ChannelSettings, settings: Settings) -> Route:
    """What a channel hears, and when."""
    notify, zone = settings.notify, ZoneInfo(settings.calendar.timezone)
    return Route(
        channel.name,
        channel.level,
        frozenset(Kind(word) for word in channel.on) | {Kind.START},
        channel.platforms,
        QuietHours(*notify.quiet_hours, zone) if notify.quiet_hours else None,
        notify.quiet_lets is QuietLets.CRITICAL,
    )


def when_of(settings: Settings) -> When:
    """When anything is said at all."""
    notify, zone = settings.notify, ZoneInfo(settings.calendar.timezone)
    return When(
        notify.limit_before,
        notify.remind_every,
        notify.reminders,
        notify.blind_after,
        Digest(notify.digest, zone) if notify.digest is not None else None,
    )
