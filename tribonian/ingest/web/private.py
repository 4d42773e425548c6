"""Addresses that are not on the public internet, in all of their spellings."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from tribonian.ingest.web.answer import WebError

IPAddress = IPv4Address | IPv6Address
Resolve = Callable[[str, int], list[str]]

# RFC 6052: the last four bytes are the IPv4 address that a translator will go to.
_NAT64 = IPv6Network("64:ff9b::/96")
# RFC 4291, 2.5.5.1: deprecated, but some systems still go to the IPv4 address in it.
_COMPATIBLE = IPv6Network("::/96")
# RFC 5214: an IPv4 address in the interface identifier of any prefix.
_ISATAP = re.compile(r"(?:0000|0200):5efe:([0-9a-f]{4}):([0-9a-f]{4})$")
# The C library's spellings: 2130706433, 0x7f.1, 0177.0.0.1, 127.1
_NUMBERS = re.compile(r"(?:0[xX][0-9a-fA-F]*|\d+)(?:\.(?:0[xX][0-9a-fA-F]*|\d+)){0,3}\.?")


def is_private(address: IPAddress) -> bool:
    """Is it loopback, private, link-local, shared (100.64/10), multicast, reserved or the like?

    The address that is carried inside of an IPv6 one counts too: mapped, compatible, 6to4,
    Teredo, NAT64, ISATAP.
    """
    inside = list(_carried(address))
    if inside and any(map(is_private, inside)):
        return True
    if isinstance(address, IPv6Address) and address in _NAT64:
        return False  # ipaddress calls it reserved; hosts without IPv4 reach the web by it
    return (
        not address.is_global
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or address.is_loopback
        or address.is_link_local
        or (isinstance(address, IPv6Address) and address.is_site_local)
    )


def _carried(address: IPAddress) -> Iterable[IPv4Address]:
    if isinstance(address, IPv4Address):
        return
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo
    if address in _NAT64 or address in _COMPATIBLE:
        yield IPv4Address(int(address) & 0xFFFFFFFF)
    if isatap := _ISATAP.search(address.exploded):
        yield IPv4Address(int(isatap[1] + isatap[2], 16))


def literal(host: str) -> IPAddress | None:
    """The address that a host is by itself, in whatever spelling; None for a name."""
    host = host.strip("[]")
    try:
        return ip_address(host)
    except ValueError:
        pass
    if not _NUMBERS.fullmatch(host):
        return None
    try:
        return IPv4Address(socket.inet_aton(host.rstrip(".")))
    except OSError:
        return None


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, as the system knows them, in its order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def first_private(addresses: Iterable[str]) -> str | None:
    """The first of them that is private, as it is written; None where all are public."""
    for text in addresses:
        if is_private(ip_address(text)):
            return text
    return None


def refusal(shown: str, host: str, address: str) -> WebError:
    """Why a private address is not asked, and how it can be."""
    where = f"the private address {address}"
    said = where if host.strip("[]") == address else f"{host}, which is {where}"
    return WebError(
        f"{shown} is not fetched, because it is at {said}; give --allow-private if you trust it."
    )
