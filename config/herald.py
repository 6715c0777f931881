"""Speaks for both faces: puts what has changed into the outbox, empties it, and tells the dead man's switch."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from config.channels import HEARTBEAT, channel_of, fetcher, line_of, route_of, when_of
from config.desk import Desk
from config.model import ChannelSettings
from config.wording import Wording
from otosata.notify.channel import Channel
from otosata.notify.delivery import Delivered, Marks, deliver
from otosata.notify.heartbeat import ping
from otosata.notify.message import Message
from otosata.notify.outcome import Outcome
from otosata.notify.plan import plan
from otosata.notify.routing import Route, routed
from otosata.overview import Overview
from otosata.store.outbox import Announcement, NewLetter


@dataclass(frozen=True, slots=True)
class _Voice:
    """A channel with what it hears and how it says it."""

    route: Route
    wording: Wording


class Herald:
    """Works on the desk's configuration; made anew when that is read again."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        settings = desk.assembly.settings
        self._hidden = desk.assembly.secret_variables
        self._zone = ZoneInfo(settings.calendar.timezone)
        self._voices = {channel.name: self._voice(channel) for channel in settings.channels}

    @property
    def is_needed(self) -> bool:
        """Whether there is anybody to speak to."""
        return bool(self._voices)

    def announce(self, overview: Overview) -> tuple[Message, ...]:
        """Put what is to be said into the outbox; the new messages. Two processes at once say it once."""
        when = when_of(self._desk.assembly.settings)

        def look(before: Mapping[str, str] | None) -> Announcement:
            found = plan(before, overview, when)
            letters = [
                _letter(voice.wording.message(fact, name, overview.now), name, voice.route.due(fact, overview.now))
                for name, voice in self._voices.items()
                for fact in routed(found.facts, voice.route)
            ]
            return Announcement(tuple(letters), found.said)

        with self._desk.store(read_only=False) as store:
            added = store.outbox.announce(overview.now, look)
        return tuple(Message.from_json(letter.message) for letter in added)

    def deliver(self) -> tuple[tuple[Delivered, ...], datetime | None]:
        """Send what is due; what came of it, and when the next letter is."""
        channels = self.channels()
        with self._desk.store(read_only=False) as store:
            done = deliver(store.outbox, channels, self._desk.now, self._marks(), self._hold)
            return done, store.outbox.next_due()

    def test(self, name: str) -> Outcome:
        """Send a message to a channel at once, past the outbox. KeyError: there is none of that name."""
        channel = {channel.name: channel for channel in self.channels()}[name]
        return channel.send(self._voices[name].wording.test(name, self._desk.now()), self._desk.now())

    def beat(self, overview: Overview) -> str:
        """Tell the dead man's switch how the look went; what went wrong with that, or nothing."""
        settings = self._desk.assembly.settings.heartbeat
        if settings is None:
            return ""
        secret = fetcher(settings.secret, HEARTBEAT, self._desk.assembly.environ, self._hidden)
        return ping(secret, line_of(settings), good=not overview.is_blind)

    def channels(self) -> tuple[Channel, ...]:
        """Every channel, ready to send."""
        assembly = self._desk.assembly
        return tuple(channel_of(channel, assembly.environ, self._hidden) for channel in assembly.settings.channels)

    def _voice(self, channel: ChannelSettings) -> _Voice:
        settings = self._desk.assembly.settings
        wording = Wording(self._desk.assembly.catalogue, self._zone, channel.details, channel.platforms)
        return _Voice(route_of(channel, settings), wording)

    def _marks(self) -> Marks:
        texts = self._desk.assembly.catalogue
        return Marks(texts.t("notify.repeat"), Wording(texts, self._zone).late)

    def _hold(self, due: datetime, message: Message) -> datetime:
        """Another attempt waits for the end of the quiet hours as the first one would have."""
        route = next(iter(self._voices.values())).route  # quiet hours are the same for all
        if route.quiet is None or (route.critical_breaks_quiet and message.is_urgent):
            return due
        return route.quiet.after(due)


def _letter(message: Message, channel: str, due: datetime) -> NewLetter:
    return NewLetter(message.id, channel, message.to_json(), due)
