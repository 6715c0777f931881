"""The top of the screen: how many deals are how loud, and whether the mail behind them can be believed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from otosata.overview import AccountHealth, AccountState, AdapterHealth, Overview, StaleReason
from tui.cells import ELLIPSIS, fit, steady, width
from tui.prose import Line, line, wrap
from tui.tones import GLYPHS, Piece, content
from tui.words import Words

_LOUDEST_FIRST = ("critical", "warn", "notice", "unknown", "ok")
_BAR_CELLS = 8
_FRESH = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Syncing:
    """How far a poll has got; `total` 0: not known yet."""

    account: str = ""
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Mailing:
    """What the top line says of mail besides the overview."""

    next_poll: datetime | None = None
    syncing: Syncing | None = None


class TopLine(Widget):
    """One line: name, numbers, mail."""

    overview: reactive[Overview | None] = reactive(None)
    mailing: reactive[Mailing] = reactive(Mailing())
    words: reactive[Words | None] = reactive(None)
    title: reactive[str] = reactive("")
    """Of a screen that lies over the main one; empty: the program's name."""

    def render(self) -> Content:
        """As much as fits: words become glyphs before the next poll goes unsaid; the title and the numbers go last."""
        if self.overview is None or self.words is None:
            return content(Piece(self.title, "heading"))
        cells, rights = self.size.width, list(_mail(self.overview, self.mailing, self.words))
        lefts = _titled(self.title, self.overview, self.words) if self.title else _numbers(self.overview, self.words)
        for right, left in product(rights, [*lefts]):
            space = cells - _width(left) - width(right.text)
            if space >= 1:
                return content(*left, " " * space, right)
        return content(Piece(self.title, "heading")) if self.title else content(*_short(self.overview))


def _width(pieces: list[Piece]) -> int:
    return sum(width(piece.text) for piece in pieces)


def _numbers(overview: Overview, words: Words) -> Iterator[list[Piece]]:
    """From the longest to the shortest."""
    counts, short = _counts(overview, words), _short(overview)
    yield _levels(overview, words) + counts
    yield short + counts
    yield short


def _titled(title: str, overview: Overview, words: Words) -> Iterator[list[Piece]]:
    yield [Piece(title, "heading"), *_levels(overview, words)[1:]]
    yield [Piece(title, "heading"), Piece("   "), *_short(overview)]
    yield [Piece(title, "heading")]


def _levels(overview: Overview, words: Words) -> list[Piece]:
    pieces = [Piece(words("name"), "heading")]
    for word in _LOUDEST_FIRST:
        if count := overview.summary.levels[word]:
            pieces.append(Piece(f"   {GLYPHS[word]} {words(f'levels.{word}')} {count}", word))
    return pieces


def _counts(overview: Overview, words: Words) -> list[Piece]:
    summary = overview.summary
    counts = {"triage": summary.triage, "snoozed": summary.snoozed, "acknowledged": summary.acknowledged}
    return [Piece(f"   {words(f'count_{name}', n=count)}", "dim") for name, count in counts.items() if count]


def _short(overview: Overview) -> list[Piece]:
    counts = {word: overview.summary.levels[word] for word in _LOUDEST_FIRST}
    return [Piece(f"{GLYPHS[word]}{count} ", word) for word, count in counts.items() if count]


def _mail(overview: Overview, mailing: Mailing, words: Words) -> Iterator[Piece]:
    """What is said of mail, from the longest to the shortest."""
    if mailing.syncing:
        yield from _progress(mailing.syncing, words)
        return
    if not overview.accounts:
        yield Piece(words("mail_none"), "dim")
        return
    read = _age(overview.mail_age, words)
    healthy = all(account.state is AccountState.OK for account in overview.accounts)
    tone = "dim" if healthy else "alarm"
    if mailing.next_poll:
        yield Piece(f"{read}  {words('mail_next', at=words.clock(mailing.next_poll))}", tone)
    yield Piece(read, tone)


def _age(age: timedelta | None, words: Words) -> str:
    if age is None:
        return words("mail_never")
    return words("mail_age", span=words.span(age.total_seconds())) if age >= _FRESH else words("mail_now")


def _progress(syncing: Syncing, words: Words) -> Iterator[Piece]:
    reading = words("syncing")
    if syncing.total:
        filled = min(_BAR_CELLS, _BAR_CELLS * syncing.done // syncing.total)
        bar = "▰" * filled + "▱" * (_BAR_CELLS - filled)
        numbers = f"{syncing.done}/{syncing.total}"
        yield Piece(f"{reading} {fit(steady(syncing.account), 12)} {bar} {numbers}", "notice")
        yield Piece(f"{reading} {bar} {numbers}", "notice")
        yield Piece(numbers, "notice")
    else:
        yield Piece(reading, "notice")


class Alerts(Widget):
    """What the user must not overlook: mailboxes that were not read, adapters gone stale, problems, with their cure."""

    lines: reactive[tuple[Line, ...]] = reactive((), layout=True)

    def show(self, overview: Overview | None, words: Words, *troubles: str) -> None:
        """`troubles`: why the overview could not be read (again), and what else is wrong."""
        texts = [*troubles]
        if overview is not None:
            texts += _alerts(overview, words)
        self.display = bool(texts)
        self.lines = tuple(line(text, hang=2) for text in texts)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """At most a quarter of the screen: the deals must stay in view."""
        return min(len(wrap(self.lines, width)), max(viewport.height // 4, 1))

    def render(self) -> Content:
        """What does not fit is announced by an ellipsis."""
        lines = wrap(self.lines, self.content_size.width)
        room = self.content_size.height
        if len(lines) > room > 0:
            last = "".join(piece.text for piece in lines[room - 1])
            lines = [*lines[: room - 1], (Piece(fit(last, self.content_size.width - 2).rstrip() + f" {ELLIPSIS}"),)]
        return Content("\n").join([content(*pieces) for pieces in lines])


def _alerts(overview: Overview, words: Words) -> Iterator[str]:
    for account in overview.accounts:
        if account.state is not AccountState.OK and (text := _account(account, overview.now, words)):
            yield text
    for adapter in overview.adapters:
        if adapter.stale:
            yield stale_text(adapter, words)
    for problem in overview.problems:
        yield _with_cure(words.said(problem.message), words.said(problem.hint), words)


def stale_text(adapter: AdapterHealth, words: Words) -> str:
    """Why the adapter no longer counts as understanding its platform."""
    reason = adapter.reason or StaleReason.IN_A_ROW
    return words(f"stale_{reason.value}", id=steady(adapter.id), n=adapter.unrecognised)


def _account(account: AccountHealth, now: datetime, words: Words) -> str:
    text = words(f"account_{account.state.value}", name=steady(account.name), reason=words.said(account.error or ""))
    text = _with_cure(text, words.said(account.hint or ""), words)
    return (
        text + words("last_poll", at=words.full(account.last_complete_poll, now))
        if account.last_complete_poll
        else text
    )


def _with_cure(text: str, hint: str, words: Words) -> str:
    return words("cure", text=text, hint=hint) if hint else text
