"""Which addresses a message may go to: checked one by one, and then connected to, so that no second look-up differs."""

import ipaddress
import socket

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 addresses in IPv6 clothes (RFC 6052)."""
_BROADCAST = ipaddress.IPv4Address("255.255.255.255")


class GuardError(Exception):
    """The address may not be used; `known` is False where nobody knows the name (just now)."""

    def __init__(self, message: str, *, known: bool = True) -> None:
        super().__init__(message)
        self.known = known


def addresses(host: str, port: int, *, private: bool) -> tuple[str, ...]:
    """Every address of the host, in the system's order. GuardError where one of them is not public.

    `private`: addresses of this machine and of local networks are allowed. All are checked, for a name that answers
    with a public and a private address is the oldest trick (DNS rebinding).
    """
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise GuardError(f"{host}: no server is known by that name", known=False) from error
    found = tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))
    for text in found:
        address = _real(ipaddress.ip_address(text.partition("%")[0]))
        if address.is_multicast or address.is_unspecified or address == _BROADCAST:
            raise GuardError(f"{host}: its address is no server's")
        if not private and not address.is_global:
            raise GuardError(f"{host}: its address is a private one (see private_addresses)")
    return found


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine, by address or as `localhost`."""
    try:
        return _real(ipaddress.ip_address(host)).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _real(address: Address) -> Address:
    """The IPv4 address behind an IPv6 one that only wraps it."""
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour
        if inside is not None:
            return inside
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address
