"""The mailboxes, the adapters and the problems in the lines of a list, and what stands behind each of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from config.mailboxes import Mailbox
from config.model import SecretKind
from otosata.mail.model import Trust
from otosata.mail.source import NO_TRAFFIC
from otosata.overview import AccountState, AdapterHealth, Problem
from otosata.store.values import MailState
from otosata.sync import PollReport
from tui.cells import fit, steady, width
from tui.prose import Line, line
from tui.tones import GLYPHS, Piece
from tui.widgets.health import stale_text
from tui.widgets.pick_list import Entry
from tui.words import Words

_LOUD = {
    AccountState.OK: "ok",
    AccountState.STALE: "warn",
    AccountState.FAILED: "critical",
    AccountState.NEVER: "unknown",
}
"""How loud a state is, as a level."""
_GAP = "  "
_NAME = 14
_KILO = 1000


@dataclass(frozen=True, slots=True)
class Health:
    """Everything that the screen about mail shows."""

    now: datetime
    mailboxes: Sequence[Mailbox]
    adapters: Sequence[AdapterHealth]
    problems: Sequence[Problem]
    reports: Mapping[str, PollReport]
    """The last poll of each account while the app was open."""
    next_poll: datetime | None = None

    def mailbox(self, key: str) -> Mailbox | None:
        """The mailbox of a line."""
        return next((found for found in self.mailboxes if key == f"mailbox {found.account.name}"), None)


def entries(health: Health, words: Words) -> Iterator[Entry]:
    """Mailboxes, adapters, problems, each below its heading."""
    yield _heading("mailboxes", words)
    yield from (_mailbox(found, health.now, words) for found in health.mailboxes)
    yield _heading("adapters", words)
    yield from (_adapter(found, health.now, words) for found in health.adapters)
    if health.problems:
        yield _heading("problems", words)
        yield from (_problem(place, found, words) for place, found in enumerate(health.problems))


def _heading(name: str, words: Words) -> Entry:
    return Entry("", lambda _: (Piece(words(f"heading_{name}"), "heading"),))


def _mailbox(found: Mailbox, now: datetime, words: Words) -> Entry:
    state = found.health.state
    name = max(width(words(f"state_{one.value}")) for one in AccountState)

    def draw(cells: int) -> tuple[Piece, ...]:
        last = found.health.last_complete_poll
        read = words("read_at", at=words.full(last, now)) if last else ""
        return (
            Piece(f"{GLYPHS[_LOUD[state]]} ", _LOUD[state]),
            Piece(fit(words(f"state_{state.value}"), name) + _GAP, _LOUD[state]),
            Piece(fit(steady(found.account.name), min(_NAME, max(cells // 3, 6))) + _GAP, "strong"),
            Piece(read),
            Piece(_GAP + steady(found.place), "dim"),
        )

    return Entry(f"mailbox {found.account.name}", draw)


def _adapter(found: AdapterHealth, now: datetime, words: Words) -> Entry:
    state = "stale" if found.stale else "ok" if found.recognised else "unused"
    loud = {"stale": "warn", "ok": "ok", "unused": "dim"}[state]
    name = max(width(words(f"adapter_state_{one}")) for one in ("stale", "ok", "unused"))

    def draw(cells: int) -> tuple[Piece, ...]:
        last = words("read_last", at=words.full(found.last_recognised, now)) if found.last_recognised else ""
        return (
            Piece(f"{GLYPHS['warn' if found.stale else 'ok']} ", loud),
            Piece(fit(words(f"adapter_state_{state}"), name) + _GAP, loud),
            Piece(fit(steady(found.id), min(_NAME, max(cells // 3, 6))) + _GAP, "strong" if found.recognised else ""),
            Piece(words("adapter_counts", known=found.recognised, unknown=found.unrecognised)),
            Piece(_GAP + last, "dim"),
        )

    return Entry(f"adapter {found.id}", draw)


def _problem(place: int, found: Problem, words: Words) -> Entry:
    text = words.said(found.message)
    return Entry(f"problem {place}", lambda _: (Piece(f"{GLYPHS['warn']} ", "warn"), Piece(text)))


# ---------------------------------------------------------------------------------------------- what stands behind


def about(key: str, health: Health, words: Words) -> tuple[Line, ...]:
    """The paragraphs about the line under the cursor."""
    kind, _, name = key.partition(" ")
    if kind == "mailbox" and (mailbox := health.mailbox(key)):
        return tuple(_about_mailbox(mailbox, health, words))
    if kind == "adapter":
        return tuple(line for found in health.adapters if found.id == name for line in _about_adapter(found, words))
    if kind == "problem" and int(name) < len(health.problems):
        problem = health.problems[int(name)]
        return (line(words.said(problem.message)), line(Piece(words.said(problem.hint), "dim")))
    return ()


def _about_mailbox(found: Mailbox, health: Health, words: Words) -> Iterator[Line]:
    facts = list(_facts(found, health, words))
    label = max(width(words(f"label_{name}")) for name in FACTS) + len(_GAP)
    yield line(Piece(steady(found.account.name), "heading"))
    for name, value in facts:
        yield line(Piece(fit(words(f"label_{name}"), label), "dim"), *value, hang=label)


def _facts(found: Mailbox, health: Health, words: Words) -> Iterator[tuple[str, tuple[Piece | str, ...]]]:
    state, account = found.health.state, found.account
    yield "state", (Piece(f"{GLYPHS[_LOUD[state]]} {words(f'state_{state.value}')}", _LOUD[state]),)
    if found.health.error:
        yield "error", (Piece(words.said(found.health.error), "alarm"),)
    if found.state.permanent and found.keeps_password_in_keyring:
        yield "cure", (words("cure_password"), Piece(_GAP + words.said(found.health.hint or ""), "dim"))
    elif found.health.hint:
        yield "cure", (words.said(found.health.hint),)
    yield "place", (steady(found.place),)
    if account.is_imap:
        yield "folders", (steady(words("and").join(account.folders)),)
        yield "secret", (words(f"secret_{account.secret.kind.value}"),)
    last, tried = found.health.last_complete_poll, found.state.last_attempt
    yield "last_poll", (words.full(last, health.now) if last else words("never_read"),)
    if tried and (last is None or tried > last):
        yield "last_try", (words.full(tried, health.now),)
    yield "next_poll", (_next(found, health, words),)
    if (report := health.reports.get(account.name)) and not report.skipped:
        yield "cost", (_cost(report, words),)
    yield "stored", (_stored(found.stored, words),)
    yield "policy", tuple(_policy(found, words))


def _next(found: Mailbox, health: Health, words: Words) -> str:
    if found.state.permanent and found.health.error:
        return words("next_never")
    return words.clock(health.next_poll) if health.next_poll else words("syncing")


def _cost(report: PollReport, words: Words) -> str:
    took = words.seconds(report.took)
    if report.traffic == NO_TRAFFIC:
        return took
    sent, received = _bytes(report.traffic.sent), _bytes(report.traffic.received)
    return words("traffic", took=took, sent=sent, received=received)


def _bytes(count: int) -> str:
    """`118 B`, `2.7 kB`, `1.2 MB`."""
    if count < _KILO:
        return f"{count} B"
    return f"{count / _KILO:.1f} kB" if count < _KILO**2 else f"{count / _KILO**2:.1f} MB"


def _stored(stored: Mapping[MailState, int], words: Words) -> str:
    parts = [words(f"stored_{state.value}", n=stored[state]) for state in MailState if stored.get(state)]
    return words("and").join(parts) if parts else words("stored_none")


def _policy(found: Mailbox, words: Words) -> Iterator[Piece | str]:
    yield words(f"policy_{found.policy.value}")
    if not found.is_learned:
        yield Piece(_GAP + words("policy_configured"), "dim")
    elif found.state.policy:
        marks = _marks(found.state.trust, words)
        yield Piece(_GAP + words("policy_learned", n=found.state.sampled_mails, marks=marks), "dim")
    else:
        yield Piece(_GAP + words("policy_unlearned", n=found.state.sampled_mails), "dim")


def _marks(trust: Trust, words: Words) -> str:
    named = [steady(name) for name in sorted(trust.authserv_ids)]
    return words("and").join((*named, *((words("mark_anonymous"),) if trust.anonymous else ()))) or words("mark_none")


def _about_adapter(found: AdapterHealth, words: Words) -> Iterator[Line]:
    yield line(Piece(steady(found.id), "heading"))
    yield line(words("adapter_counts", known=found.recognised, unknown=found.unrecognised))
    if found.stale:
        yield line(Piece(stale_text(found, words), "warn"))
        yield line(words("adapter_cure"))
    elif not found.recognised:
        yield line(Piece(words("adapter_unused"), "dim"))
    if found.usual_gap:
        yield line(Piece(words("adapter_gap", span=words.span(found.usual_gap.total_seconds())), "dim"))


FACTS = (
    *("state", "error", "cure", "place", "folders", "secret", "last_poll", "last_try", "next_poll", "cost", "stored"),
    "policy",
)
"""Words of `label_…`."""
SECRETS = tuple(kind.value for kind in SecretKind)
"""Words of `secret_…`."""
