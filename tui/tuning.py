"""Thresholds in the lines of a list, a step more or less of each, and what would have changed, in paragraphs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta

from config.inline import inline
from config.layers import KeyPath, dotted
from config.tuning import Offer, Tuning
from otosata.deals.comparison import Comparison, Pair
from otosata.deals.duration import Span, Unit
from otosata.deals.platform import Platform
from otosata.deals.vocabulary import ALARMING
from tui.cells import fit, steady, width
from tui.plots import bar
from tui.prose import Line, line
from tui.tones import GLYPHS, Piece
from tui.widgets.pick_list import Entry
from tui.words import Words

Spans = tuple[Span, ...]
_STEPS = {Unit.HOURS: 12, Unit.BUSINESS_HOURS: 4}
"""By so much a step moves hours; days, business days, months and years move by one."""
HALF_A_YEAR = timedelta(days=182)
_LONGEST = 999
_OFFER = "offer "
_NUMBERS = 6
_BAR = 16
_MOST_DEALS = 12


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried by now; nothing of it is in force."""

    changes: Mapping[KeyPath, Spans] = field(default_factory=dict)

    def moved(self, path: KeyPath, current: Spans, by: int) -> "Trial":
        """With one threshold a step later or earlier; back at the start it is no change any more."""
        return self._with(path, current, stepped(self.changes.get(path, current), by))

    def off(self, path: KeyPath, current: Spans) -> "Trial":
        """With one level taken away, or given back."""
        return self._with(path, current, () if self.changes.get(path, current) else current)

    def without(self, path: KeyPath) -> "Trial":
        """With the threshold as it is in force."""
        return Trial({other: spans for other, spans in self.changes.items() if other != path})

    def taking(self, offer: Offer) -> "Trial":
        """With what the client's reply times suggest."""
        client, proposal = offer.proposal.client, offer.proposal
        own: dict[KeyPath, Spans] = {
            ("clients", client, "notice"): proposal.notice,
            ("clients", client, "warn"): proposal.warn,
        }
        return Trial({**self.changes, **own})

    def _with(self, path: KeyPath, current: Spans, spans: Spans) -> "Trial":
        return self.without(path) if spans == current else Trial({**self.changes, path: spans})

    @property
    def written(self) -> tuple[tuple[str, str], ...]:
        """(dotted key, value in TOML), as the configuration takes them."""
        return tuple((dotted(path), inline([str(span) for span in spans])) for path, spans in self.changes.items())


def stepped(spans: Spans, by: int) -> Spans:
    """All parts of a threshold later (`by` 1) or earlier (-1) together; business days keep pace with days (3 and 2, 5
    and 3). A part never comes to nothing: that would be an alarm at once.
    """
    first = spans[0] if spans else None
    if first is None or first.unit is not Unit.DAYS or len(spans) == 1:
        return tuple(_step(span, by) for span in spans)
    days = _step(first, by)
    rest = [_paced(span, days.amount, by) for span in spans[1:]]
    return (days, *rest)


def _paced(span: Span, days: int, by: int) -> Span:
    if span.unit is not Unit.BUSINESS_DAYS:
        return _step(span, by)
    return replace(span, amount=(days + 1) // 2)


def _step(span: Span, by: int) -> Span:
    step = _STEPS.get(span.unit, 1)
    return replace(span, amount=max(min(span.amount + by * step, _LONGEST), min(step, span.amount)))


def notation(spans: Spans, words: Words) -> str:
    """As the configuration writes it: `3d, 2bd`."""
    return ", ".join(str(span) for span in spans) or words("tune_never")


# ------------------------------------------------------------------------------------------------------- the list


def entries(
    known: Mapping[KeyPath, Spans],
    trial: Trial,
    offers: Sequence[Offer],
    platforms: Mapping[str, Platform],
    words: Words,
) -> Iterator[Entry]:
    """What the clients' reply times suggest, then each threshold below its stage."""
    if offers:
        yield _heading(words("tune_offers"))
        yield from (_offer(number, offer, trial, words) for number, offer in enumerate(offers))
    shown = {**known, **{path: () for path in trial.changes if path not in known}}
    table: KeyPath = ()
    for path in sorted(shown, key=lambda path: path[0] != "platforms"):
        if path[:-1] != table:
            table = path[:-1]
            yield _heading(title(table, platforms, words))
        yield _threshold(path, shown[path], trial, words)


def _heading(text: str) -> Entry:
    return Entry("", lambda _: (Piece(text, "heading"),))


def _offer(number: int, offer: Offer, trial: Trial, words: Words) -> Entry:
    name, days = steady(offer.proposal.client), words.span(offer.proposal.typical.total_seconds())
    taken = trial.taking(offer) == trial
    text = words("tune_offer", n=offer.proposal.answers, span=days)
    value = " / ".join(notation(spans, words) for spans in (offer.proposal.notice, offer.proposal.warn))
    tone = "mine" if taken else ""
    return Entry(f"{_OFFER}{number}", lambda _: (Piece(f"{name}  {value}", tone), Piece(f"  {text}", "dim")))


def offer_at(key: str, offers: Sequence[Offer]) -> Offer | None:
    """The proposal under the cursor, if it is one."""
    return offers[int(key.removeprefix(_OFFER))] if key.startswith(_OFFER) else None


def _threshold(path: KeyPath, current: Spans, trial: Trial, words: Words) -> Entry:
    level, _, before = path[-1].partition("_")
    label = f"{GLYPHS[level]} {words(f'levels.{level}')}" + (words("tune_before") if before else "")
    pieces = [Piece(f"  {fit(label, width(words('tune_widest')) + 2)}  ", level)]
    tried = trial.changes.get(path)
    if tried is None:
        pieces.append(Piece(notation(current, words)))
    else:
        pieces += [Piece(notation(current, words), "dim"), Piece(f" → {notation(tried, words)}", "mine")]
    return Entry(dotted(path), lambda _: tuple(pieces))


def title(table: KeyPath, platforms: Mapping[str, Platform], words: Words) -> str:
    """What a table of thresholds is about, in the platform's own words."""
    kind, name, *below = table
    platform = platforms.get(name) if kind == "platforms" else None
    parts = [platform.name.of(words.lang) if platform else steady(name)]
    if platform and below[:1] == ["deal_limit"] and platform.deal_limit:
        parts.append(platform.deal_limit.name.of(words.lang))
    elif below[:1] == ["asked"]:
        parts.append(words("tune_row_asked"))
    if below[:1] == ["stages"]:
        stages = [platform] if platform else list(platforms.values())
        found = next((one.stages[below[1]] for one in stages if below[1] in one.stages), None)
        parts.append(found.name.of(words.lang) if found else below[1])
        parts += [words(f"tune_row_{row}") for row in below[2:]]
    return "  ".join(parts)


# ------------------------------------------------------------------------------------------------------ the effect


def effect(comparison: Comparison, trial: Trial, tuning: Tuning, words: Words) -> Iterator[Line]:
    """What would change, today and over the time that is replayed."""
    yield from _tried(trial, words)
    yield from _today(comparison, words)
    yield line()
    since = f"{tuning.since.astimezone(words.zone):%Y-%m-%d}"
    yield line(Piece(words("tune_since", since=since, n=len(comparison.deals)), "heading"))
    yield from _sums(comparison.total, words)
    yield line()
    yield from _months(comparison, words)
    yield from _deals(comparison, words)


def _tried(trial: Trial, words: Words) -> Iterator[Line]:
    if trial.changes:
        yield line(Piece(words("tune_tried", n=len(trial.changes)), "mine"), hang=2)
    else:
        yield line(Piece(words("tune_start"), "dim"))
    yield line()


def _today(comparison: Comparison, words: Words) -> Iterator[Line]:
    current, proposed = comparison.today()
    pieces: list[Piece | str] = [Piece(words("tune_today"), "heading"), "  "]
    for level in reversed(ALARMING):
        glyph, name = GLYPHS[level.word], words(f"levels.{level.word}")
        pieces.append(Piece(f"{glyph} {name} {_arrow(current[level], proposed[level])}   ", level.word))
    yield line(*pieces)
    for pair in comparison.deals:
        if pair.current.level is not pair.proposed.level:
            before, after = (words(f"levels.{side.level.word}") for side in (pair.current, pair.proposed))
            name = steady(pair.deal.client) or words("no_client")
            yield line(Piece(f"  {name}  ", "strong"), Piece(f"{before} → {after}", pair.proposed.level.word))


def _arrow(before: int, after: int) -> str:
    return str(after) if before == after else f"{before} → {after}"


def _sums(pair: Pair, words: Words) -> Iterator[Line]:
    current, proposed = pair.current, pair.proposed
    rows = [
        (words(f"levels.{level.word}"), level.word, current.alarms[level], proposed.alarms[level]) for level in ALARMING
    ]
    worse = "alarm" if proposed.missed > current.missed else "dim"
    rows += [
        (words("tune_total"), "strong", current.total, proposed.total),
        (words("tune_unasked"), "dim", current.answered_unasked, proposed.answered_unasked),
        (words("tune_missed"), worse, current.missed, proposed.missed),
    ]
    label = max(width(name) for name, *_ in rows) + 4
    heads = [fit(words(name), _NUMBERS, right=True) for name in ("tune_now", "tune_then")]
    yield line(Piece(" " * label + "   ".join(heads), "dim"))
    for name, tone, before, after in rows:
        change = Piece(f"   {after:>{_NUMBERS}}", "mine" if after != before else "")
        glyph = GLYPHS.get(tone, " ")
        yield line(Piece(fit(f"{glyph} {name}", label), tone), Piece(f"{before:>{_NUMBERS}}"), change)


def _months(comparison: Comparison, words: Words) -> Iterator[Line]:
    months = comparison.months(words.zone or UTC)
    if not months:
        return
    yield line(Piece(words("tune_months"), "heading"))
    most = max(max(pair.current.total, pair.proposed.total) for pair in months.values())
    for month, pair in months.items():
        before, after = pair.current.total, pair.proposed.total
        plot = fit(bar(after, most, _BAR), _BAR)
        yield line(Piece(f"{month}  ", "dim"), Piece(plot, "notice"), f" {_arrow(before, after)}")


def _deals(comparison: Comparison, words: Words) -> Iterator[Line]:
    changed = [(pair.deal, pair.tallies) for pair in comparison.changed]
    changed = [(deal, pair) for deal, pair in changed if pair.differs]
    if not changed:
        return
    yield line()
    yield line(Piece(words("tune_deals"), "heading"))
    for deal, pair in changed[:_MOST_DEALS]:
        name = steady(deal.client) or words("no_client")
        yield line(
            f"{name}  ", Piece(f"{deal.id}  ", "dim"), Piece(_arrow(pair.current.total, pair.proposed.total), "mine")
        )
    if len(changed) > _MOST_DEALS:
        yield line(Piece(words("tune_more_deals", n=len(changed) - _MOST_DEALS), "dim"))
