"""Takes the power out of text from outside: no mention wakes a team, no markup hides a link, whatever a title holds."""

import re

WORD_JOINER = "\u2060"
"""Not to be seen, no place to break a line; between two characters it keeps them from being a command."""
_MENTION = re.compile(r"@(?=\w)")
_MARKDOWN = re.compile(r"([\\`*_~|<>\[\]()])|(?m:^)([#>\-+])")
_CHATWORK = re.compile(r"\[(?=/?\w)")
_NAME = re.compile(r"(?<=\w)\.(?=[^\W\d_]{2})")
"""The dot in what may be a host's name; numbers and ends of sentences are left alone."""
_LINK = re.compile(r"(?i)\b(https?|mailto|tel|javascript|file)(:)")


def slack(text: str) -> str:
    """Slack: `&`, `<` and `>` are its control characters (https://docs.slack.dev/messaging/formatting-message-text/,
    2026-11): `<!channel>` and `<https://…|text>` need them. Its mrkdwn is switched off in the payload.
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def discord(text: str) -> str:
    """Discord: markdown escaped, mentions broken; `allowed_mentions` in the payload forbids them besides
    (https://docs.discord.com/developers/resources/message#allowed-mentions-object, 2026-11).
    """
    escaped = _MARKDOWN.sub(lambda found: "\\" + found[0], unlinked(text))
    return _MENTION.sub(lambda found: found[0] + WORD_JOINER, escaped)


def chatwork(text: str) -> str:
    """Chatwork: everything it does begins with a tag in brackets, `[toall]`, `[To:1]`, `[info]`
    (https://developer.chatwork.com/docs/message-notation, 2026-11).
    """
    return _CHATWORK.sub("[" + WORD_JOINER, text)


def pango(text: str) -> str:
    """The body of a desktop notification may hold a little HTML
    (https://specifications.freedesktop.org/notification-spec/latest/markup.html, 2026-11).
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unlinked(text: str) -> str:
    """A link from outside is shown and cannot be clicked: `https:` and `evil.example` come apart.

    Every service makes links of what looks like one, and each of something else.
    """
    return _NAME.sub("." + WORD_JOINER, _LINK.sub(lambda found: found[1] + WORD_JOINER + found[2], text))
