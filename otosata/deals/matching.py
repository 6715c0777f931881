"""Which deal a notice belongs to: by reference first, then by names; one clear answer, or the user decides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from otosata.deals.event import Deal
from otosata.deals.names import fold, fold_name
from otosata.deals.notice import Notice

_INQUIRIES = frozenset({"offer", "quote_request"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A deal as the matcher sees it."""

    deal: Deal
    is_open: bool
    """Whether it went on when the notice was sent; a closed deal is only found by reference."""
    is_early: bool = True
    """Whether nothing was agreed yet: an inquiry is not about a job that is under way."""


@dataclass(frozen=True, slots=True)
class Found:
    """The one deal that fits."""

    deal_id: str
    by_guess: bool
    """By names only: shown as inferred."""


@dataclass(frozen=True, slots=True)
class Opens:
    """No deal fits, and the notice can begin one."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """It may belong to several deals, or names nothing: the user decides."""

    candidates: tuple[str, ...]
    reason: str


Match = Found | Opens | Unclear


def match(notice: Notice, candidates: Iterable[Candidate], ref_spaces: Mapping[str, str] | None = None) -> Match:
    """Find a notice's deal among the platform's. `ref_spaces`: kinds of reference that share their numbers."""
    spaces = ref_spaces or {}
    mine = [candidate for candidate in candidates if candidate.deal.platform == notice.platform]
    refs = _refs(notice.refs, spaces)
    by_ref = [candidate for candidate in mine if refs & _refs(candidate.deal.refs, spaces)]
    if len(by_ref) == 1:
        return Found(by_ref[0].deal.id, by_guess=False)
    if by_ref:
        return Unclear(tuple(candidate.deal.id for candidate in by_ref), "its references name several deals")
    inquires = notice.kind in _INQUIRIES
    by_name = [candidate for candidate in mine if candidate.is_open and (candidate.is_early or not inquires)]
    return _by_names(notice, by_name, refs, spaces)


def _by_names(
    notice: Notice, candidates: Sequence[Candidate], refs: frozenset[tuple[str, str]], spaces: Mapping[str, str]
) -> Match:
    client, title = fold_name(notice.client), fold(notice.title)
    if not client and not title:
        return Opens() if refs else Unclear((), "it names neither a client nor a job nor a reference")
    fitting = [candidate.deal for candidate in candidates if _names_fit(client, title, candidate.deal)]
    fitting = [deal for deal in fitting if not _contradicts(refs, _refs(deal.refs, spaces))]
    exact = [deal for deal in fitting if title and fold(deal.title) == title]
    fitting = exact or fitting
    if not fitting:
        return Opens()
    ids = tuple(deal.id for deal in fitting)
    if len(fitting) > 1:
        return Unclear(ids, "several open deals fit its names")
    if not (client and fold_name(fitting[0].client)):
        return Unclear(ids, "only the title fits, and other clients may use the same one")
    return Found(ids[0], by_guess=True)


def _names_fit(client: str, title: str, deal: Deal) -> bool:
    """Every name both sides have is the same, and they have at least one in common."""
    pairs = [(client, fold_name(deal.client)), (title, fold(deal.title))]
    known = [(mine, its) for mine, its in pairs if mine and its]
    return bool(known) and all(mine == its for mine, its in known)


def _contradicts(refs: frozenset[tuple[str, str]], others: frozenset[tuple[str, str]]) -> bool:
    """Two different numbers of one kind: another room, another contract."""
    kinds = {kind for kind, _ in refs} & {kind for kind, _ in others}
    return any({ref for ref in refs if ref[0] == kind}.isdisjoint(others) for kind in kinds)


def _refs(refs: Iterable[tuple[str, str]], spaces: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset((spaces.get(kind, kind), value) for kind, value in refs)
