"""Whether a mail really comes from the domain in its From, by what the account's own mail server found.

Only that server's word counts: Authentication-Results (RFC 8601) with a trusted authserv-id, in the topmost run of
them, above the first Received of a foreign host. What stands below was there before the mail came to us, from anybody.

The server's word is judged as DMARC does (RFC 9989): its `dmarc` result for exactly the From domain; where it gives
none, an aligned `dkim=pass` or `spf=pass`. Alignment is stricter than DMARC's relaxed mode, since we carry no public
suffix list: equal, or one a sub-domain of the other, and the upper one no registry's domain. Where two `dmarc` results
contradict each other, the bad one counts.
"""

import re
from collections.abc import Iterable

from otosata.mail.address import Author, domain
from otosata.mail.model import Authentication, Trust, Verdict
from otosata.mail.results import Result, Results, parse
from otosata.mail.structure import Head

_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_BY = re.compile(rb"(?:\A|\s)by\s+([^\s;()]+)", re.IGNORECASE)
_FROM = re.compile(rb"\s*from\s", re.IGNORECASE)
_OPEN = frozenset({"none", "temperror", "permerror", "neutral", "bestguesspass"})
"""Outcomes that neither prove nor disprove (RFC 8601, 2.7; `bestguesspass`: Outlook, for a domain without DMARC)."""


def judge(head: Head, author: Author, trust: Trust) -> Authentication:
    """The verdict on a mail's origin, with its reason in one sentence."""
    topmost = next((parse(value) for name, value in head.fields if name == "authentication-results"), None)
    server = topmost.authserv_id if topmost else None
    if author.address is None:
        return Authentication(Verdict.FAILED, author.problem, True, server)
    run = trusted_run(head, trust)
    if run is None:
        return _without_a_word(head, server)
    name = run[0].authserv_id or "the mail server"
    verdict, reason = _weigh([result for results in run for result in results.results], domain(author.address))
    if verdict is Verdict.FAILED and _arc_vouches(head, domain(author.address)):
        return Authentication(
            Verdict.UNVERIFIED, f"{name}: {reason}; a forwarder says it was good before", True, server
        )
    return Authentication(verdict, f"{name}: {reason}", verdict is Verdict.FAILED, server)


def _without_a_word(head: Head, server: str | None) -> Authentication:
    """No trusted header that can be read; one that cannot be and speaks of a failure still forbids to believe it."""
    values = head.all("authentication-results")
    if any(b"fail" in value.lower() and parse(value) is None for value in values[:1]):
        return Authentication(Verdict.UNVERIFIED, "unreadable Authentication-Results with a failure", True, server)
    reason = "no Authentication-Results of the account's own mail server" if values else "no Authentication-Results"
    return Authentication(Verdict.UNVERIFIED, reason, False, server)


def _weigh(results: list[Result], author_domain: str) -> tuple[Verdict, str]:
    dmarc = [result for result in results if result.method == "dmarc"]
    for result in dmarc:
        if result.outcome != "pass" and result.outcome not in _OPEN:
            return Verdict.FAILED, f"dmarc={result.outcome} for {author_domain}"
    for result in dmarc:
        about = result.property("header.from")
        if result.outcome == "pass" and about and _domain_of(about) != author_domain:
            return Verdict.FAILED, f"dmarc=pass is not for {author_domain}"
    if any(result.outcome == "pass" and result.property("header.from") for result in dmarc):
        return Verdict.VERIFIED, f"dmarc=pass for {author_domain}"
    return _weigh_mechanisms([result for result in results if result.method in _IDENTITIES], author_domain)


_IDENTITIES = {"dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",)}
"""Method -> the properties that name the domain it proved; SPF of the HELO name proves nothing about From."""


def _weigh_mechanisms(results: list[Result], author_domain: str) -> tuple[Verdict, str]:
    """No word of dmarc: what it would have been made of. One aligned pass is enough, as in DMARC."""
    passed = [result for result in results if result.outcome == "pass"]
    for result in passed:
        if aligned(_domain_of(result.property(*_IDENTITIES[result.method])), author_domain):
            return Verdict.VERIFIED, f"{result.method}=pass for {author_domain}"
    if passed:
        return Verdict.FAILED, f"{passed[0].method}=pass is not aligned with {author_domain}"
    against = [result for result in results if result.outcome not in _OPEN]
    if against:
        return Verdict.FAILED, f"{against[0].method}={against[0].outcome}"
    return Verdict.UNVERIFIED, f"nothing that proves or disproves {author_domain}"


def _domain_of(value: str) -> str:
    """Domain of `a@b.jp`, `@b.jp` or `b.jp`; empty for anything that is no host name."""
    name = value.rpartition("@")[2].rstrip(".").lower()
    return name if _HOST.fullmatch(name) else ""


def aligned(one: str, other: str) -> bool:
    """Equal, or one above the other without being a registry's domain (`jp`, `co.jp`, `com.au`)."""
    upper, lower = sorted((one, other), key=len)
    return bool(upper) and (upper == lower or (lower.endswith("." + upper) and upper == _within_registry(upper)))


def _within_registry(host: str) -> str:
    """The host if somebody can own it: two labels, three below a registry's second level; else the empty string."""
    labels = host.split(".")
    return host if len(labels) >= _owned_labels(labels) else ""


def _owned_labels(labels: list[str]) -> int:
    """co.jp, or.jp, com.au: a country code with a short second level is a registry's (for some names too strict)."""
    return 3 if len(labels) > 1 and len(labels[-1]) == 2 and len(labels[-2]) <= 3 else 2


def organisation(host: str) -> str:
    """The domain that somebody owns, above a host name: `mx.google.com` -> `google.com`."""
    labels = host.rstrip(".").lower().split(".")
    return ".".join(labels[-_owned_labels(labels) :])


def trusted_run(head: Head, trust: Trust) -> list[Results] | None:
    """The topmost run of trusted headers, one server's; None where there is none.

    Servers that write theirs above their Received may write several (one a method). Gmail's stands below two or three
    of its own Received lines: there only the first counts, since the sender's own headers may follow it directly. A
    header that breaks the grammar ends the search: what stands below it must not speak in its place.
    """
    run: list[Results] = []
    own: str | None = None
    above_all_hops = bool(head.all("received"))
    for position, (name, value) in enumerate(head.fields):
        if name == "received":
            if run or not _own_hop(value, own, trust):
                break
            own, above_all_hops = own or _by_organisation(value), False
        elif name == "authentication-results":
            parsed = parse(value)
            if parsed is None:
                break
            if _trusted(parsed, head.fields[position + 1 :], own, trust) and parsed.authserv_id == (
                run[0].authserv_id if run else parsed.authserv_id
            ):
                run.append(parsed)
                if not above_all_hops or parsed.authserv_id is None:
                    break
    return run or None


def _trusted(parsed: Results, below: Iterable[tuple[str, bytes]], own: str | None, trust: Trust) -> bool:
    if parsed.authserv_id is not None:
        return parsed.authserv_id in trust.authserv_ids
    hop = next((value for name, value in below if name == "received"), b"")
    return trust.anonymous and bool(hop) and _by_organisation(hop) == (own or _by_organisation(hop))


def _own_hop(received: bytes, own: str | None, trust: Trust) -> bool:
    """Whether the account's own provider wrote a Received: by-host of its organisation, or an internal hand-over."""
    by = _by_organisation(received)
    if not by:
        return not _FROM.match(received)  # `Received: by 2002:a05:... with SMTP id`: Gmail's internal hops
    if own == by or by in {organisation(server) for server in trust.authserv_ids}:
        return True
    return trust.anonymous and own is None


def _by_organisation(received: bytes) -> str:
    """Organisation of the host that wrote a Received line; empty for an address literal or a bare name."""
    match = _BY.search(received[:2000])
    host = match[1].decode("ascii", "replace").lower() if match else ""
    return organisation(host) if _HOST.fullmatch(host) else ""


def _arc_vouches(head: Head, author_domain: str) -> bool:
    """Whether any ARC set (RFC 8617) claims dmarc=pass: enough to doubt a failure, never to believe the mail."""
    for value in head.all("arc-authentication-results"):
        parsed = parse(re.sub(rb"\A\s*i\s*=\s*\d+\s*;", b"", value))
        if parsed and any(
            result.method == "dmarc"
            and result.outcome == "pass"
            and _domain_of(result.property("header.from")) == author_domain
            for result in parsed.results
        ):
            return True
    return False
