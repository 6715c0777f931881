"""Who a mail says it is from: one From, one address, read so strictly that no two programs can read it differently.

A platform writes `"name" <a@b.jp>`, `name <a@b.jp>` or `a@b.jp`. All else that RFC 5322 allows (groups, comments,
source routes, quoted local parts, lists) is what spoofers use: it has no address here. The address is cut out before
any encoded word is decoded, so nothing that is decoded can become one.
"""

import re
from dataclasses import dataclass

from otosata.mail import decode
from otosata.mail.sanitise import one_line
from otosata.mail.structure import Head


@dataclass(frozen=True, slots=True)
class Author:
    """The From header as far as it can be trusted to mean one thing."""

    address: str | None
    """Lower-case ASCII, None where `problem` is set."""
    name: str = ""
    problem: str = ""
    """Which grammar is broken, as the end of a sentence: `the mail has 2 From headers`."""


_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(
    rf"(?=[^@]{{1,64}}@[^@]{{1,253}}\Z)(?!=\?){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{2,59}})\Z"
)
_QUOTED_NAME = re.compile(rb'"(?:[^"\\]|\\.)*"\s*\Z', re.DOTALL)
_BARE_NAME = re.compile(rb'[^"\\<>()\[\]:;,@\x00-\x08\x0a-\x1f\x7f]*\Z')


def address(text: str) -> str | None:
    """The text as an address (lower case) if it is a plain one: dot-atom, at sign, host name in ASCII."""
    lowered = text.strip(" \t").lower()
    return lowered if lowered.isascii() and len(lowered) <= 320 and _ADDRESS.match(lowered) else None


def domain(plain_address: str) -> str:
    """What stands behind the at sign."""
    return plain_address.rpartition("@")[2]


def author(head: Head) -> Author:
    """Judge the From header(s) of a mail."""
    values = head.all("from")
    if len(values) != 1:
        return Author(None, "", f"the mail has {len(values) or 'no'} From header{'s' * (len(values) > 1)}")
    found = mailbox(values[0])
    if found.address and head.flaw:
        return Author(None, found.name, head.flaw)
    return found


def mailbox(value: bytes) -> Author:
    """Read one mailbox (`name <address>` or `address`) from a raw, unfolded header value."""
    value = value.strip()
    if not value:
        return Author(None, "", "From is empty")
    if b"<" not in value and b">" not in value:
        found = address(value.decode("ascii", "replace"))
        return Author(found) if found else Author(None, _name(value), "From is not one plain address")
    name, bracket, rest = value.rpartition(b"<")
    found = address(rest[:-1].decode("ascii", "replace")) if bracket and rest.endswith(b">") else None
    if found is None:
        return Author(None, _name(name), "From does not end in one plain address in angle brackets")
    if not (_QUOTED_NAME.match(name.strip()) or _BARE_NAME.match(name)):
        return Author(None, _name(name), "the name in From holds characters that need quotes")
    return Author(found, _name(name))


def _name(raw: bytes) -> str:
    """The display name for people: quotes and their backslashes undone."""
    stripped = raw.strip()
    if len(stripped) > 1 and stripped.startswith(b'"') and stripped.endswith(b'"'):
        stripped = re.sub(rb"\\(.)", rb"\1", stripped[1:-1])
    return one_line(decode.header(stripped), 200)
