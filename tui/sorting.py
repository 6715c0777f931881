"""Mails that wait for the user's word as lines: which mail, why it waits, which deals it may belong to."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from config.groups import Group
from otosata.deals.notice import UNRECOGNISED
from otosata.mail.model import Verdict
from otosata.ranking import Fit, platform_of
from otosata.store.values import MailRow
from tui.cells import fit, steady
from tui.prose import Line, line
from tui.rows import stage_name
from tui.tones import GLYPHS, Piece
from tui.widgets.pick_list import Entry
from tui.words import Words

VERDICT_TONES = {Verdict.VERIFIED: "ok", Verdict.UNVERIFIED: "warn", Verdict.FAILED: "critical"}
_WHYS = frozenset({"unrecognised", "ambiguous", "unverified", "failed", "forwarded", "pending"})
_NUMBER = 5
"""Cells of a mail's number."""


def mail_entries(
    mails: Sequence[MailRow], groups: Mapping[int, Group], unfolded: Collection[str], words: Words
) -> list[Entry]:
    """A line a mail, the newest first; mails of one template are one line, under the first of them.

    `groups`: by the mail's number; `unfolded`: templates whose mails have a line each.
    """
    entries: list[Entry] = []
    shown: set[int] = set()
    for mail in reversed(mails):
        group = groups.get(mail.id)
        if group is None:
            entries.append(_mail_entry(mail, words))
        elif mail.id not in shown:
            shown.update(group.cluster.mails)
            newest_first = reversed(group.mails)
            folded = is_folded(group, unfolded)
            entries += [_group_entry(group, words)] if folded else [_mail_entry(one, words) for one in newest_first]
    return entries


def is_folded(group: Group | None, unfolded: Collection[str]) -> bool:
    """Whether the mails of a group are one line."""
    return group is not None and len(group.mails) > 1 and group.cluster.template not in unfolded


def _group_entry(group: Group, words: Words) -> Entry:
    first, latest = group.mails[0], group.mails[-1]
    more = Piece(f"(+{len(group.mails) - 1}) ", "notice")
    return _entry(first, words.day(latest.received) if latest.received else "-", more, group.cluster.template)


def _mail_entry(mail: MailRow, words: Words) -> Entry:
    at = words.day(mail.received) if mail.received else "-"
    return _entry(mail, at, Piece(""), mail.subject or words("no_subject"))


def _entry(mail: MailRow, at: str, more: Piece, subject: str) -> Entry:
    platform = steady(platform_of(mail) or "-")
    pieces = (
        Piece(fit(str(mail.id), _NUMBER), "dim"),
        Piece(fit(at, 7), "dim"),
        Piece(f"{platform}  ", "dim"),
        more,
        Piece(steady(subject)),
    )
    return Entry(str(mail.id), lambda _: pieces)


def deal_entries(fits: Sequence[Fit], words: Words) -> list[Entry]:
    """A line a deal, the likeliest first, with what speaks for it; then the ones that only share the platform."""
    likely = [found for found in fits if found.weight > 1]
    others = [found for found in fits if found.weight <= 1]
    lines = [_heading(words("fits_likely"))] if likely else []
    lines += [_deal_entry(found, words) for found in likely]
    lines += [_heading(words("fits_others" if likely else "fits_none"))] if others else []
    return [*lines, *(_deal_entry(found, words) for found in others)]


def _heading(text: str) -> Entry:
    return Entry("", lambda _: (Piece(text, "dim"),))


def _deal_entry(found: Fit, words: Words) -> Entry:
    reading = found.reading
    level = reading.level_word
    signs = words("conditions.or").join(words(f"fit_{sign.value}") for sign in found.signs)
    pieces = (
        Piece(f"{GLYPHS[level]} ", level),
        Piece(f"{steady(reading.deal.client) or words('no_client')}  ", "strong"),
        Piece(f"{signs}  " if found.weight > 1 else "", "notice"),
        Piece(f"{steady(reading.deal.title) or words('no_title')}"),
        Piece(f"  {stage_name(reading, words)}  {steady(reading.deal.id)}", "dim"),
    )
    return Entry(reading.deal.id, lambda _: pieces)


def mail_text(mail: MailRow, now: datetime, words: Words) -> tuple[Line, ...]:
    """Everything that is known of a mail, and its text."""
    return tuple(_mail_lines(mail, now, words))


def _mail_lines(mail: MailRow, now: datetime, words: Words) -> Iterator[Line]:
    yield line(Piece(steady(mail.subject) or words("no_subject"), "strong"))
    why = words(f"triage.{mail.why}") if mail.why in _WHYS else steady(mail.why)
    yield line(Piece("▸ ", "warn"), Piece(why, "warn"), hang=2)
    at = words.full(mail.received, now) if mail.received else "-"
    pieces: list[Piece | str] = [Piece(f"{at}  {steady(mail.sender or '-')}", "dim")]
    if mail.verdict is not None:
        pieces.append(Piece(f"  {words(f'verdicts.{mail.verdict.value}')}", VERDICT_TONES[mail.verdict]))
        pieces.append(Piece(f"  {steady(mail.reason)}", "dim"))
    yield line(*pieces)
    yield from _said(mail, words)
    yield line()
    if mail.text is None:
        yield line(Piece(words("no_text"), "dim"))
    for text in (mail.text or "").split("\n"):
        yield line(steady(text))


def _said(mail: MailRow, words: Words) -> Iterator[Line]:
    """What the rule, if one knew it, has read in the mail."""
    notice = mail.notice
    if notice is None or notice.kind == UNRECOGNISED:
        return
    names = "  ".join(steady(name) for name in (notice.client, notice.title) if name)
    who = words(f"actors.{notice.actor.value}")
    yield line(Piece(words("mail_says"), "dim"), f"  {who}  {words(f'events.{notice.kind}')}  {names}")
