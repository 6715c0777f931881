"""Why something is said, and the kinds of channels: light, since every start reads the configuration."""

from enum import StrEnum


class Kind(StrEnum):
    """Why something is said."""

    LEVEL = "level"
    """A deal's level has changed, up or down."""
    LIMIT = "limit"
    """A platform's hard date is near."""
    TURN = "turn"
    """It has become my turn."""
    REMINDER = "reminder"
    """A deal is as bad as when it was last spoken of."""
    BLIND = "blind"
    """A mailbox cannot be read, or an adapter no longer understands its platform; or it can again."""
    DIGEST = "digest"
    """How everything stands, once a day."""
    START = "start"
    """The first look: how everything stands, in place of a message for each deal."""
    TEST = "test"
    """The user wants to see whether a channel works."""


CHOICES = (Kind.LEVEL, Kind.LIMIT, Kind.TURN, Kind.REMINDER, Kind.BLIND, Kind.DIGEST)
"""What a channel can be told to say or not to say."""

EMAIL, DESKTOP = "email", "desktop"
TYPES = ("slack", "discord", "chatwork", "teams", "line", "ntfy", "gotify", "pushover", "webhook", EMAIL, DESKTOP)
"""Every kind of channel, as the configuration calls it."""
