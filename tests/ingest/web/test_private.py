"""Addresses that are not on the public internet, in all of their spellings."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribonian.ingest.web.private import first_private, is_private, literal

PRIVATE = [
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255",
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "224.0.0.1",
    "239.255.255.255", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1",
    "::", "::1", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "fec0::1", "2001:db8::1",
    "::ffff:127.0.0.1",            # IPv4-mapped
    "::127.0.0.1",                 # IPv4-compatible
    "2002:7f00:1::",               # 6to4 of 127.0.0.1
    "2002:a00:1::1",               # 6to4 of 10.0.0.1
    "64:ff9b::10.0.0.1",           # NAT64
    "64:ff9b:1::1",                # NAT64 of one's own network, RFC 8215
    "2001:0:4136:e378:8000:63bf:80ff:fffe",  # Teredo of 127.0.0.1
    "2a00:1450::5efe:a00:1",       # ISATAP of 10.0.0.1
]  # fmt: skip
PUBLIC = [
    "8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.1", "172.32.0.1", "169.253.0.1",
    "2606:4700:4700::1111", "2001:4860:4860::8888", "64:ff9b::8.8.8.8",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_it_is_private(address: str) -> None:
    assert is_private(ip_address(address))
    assert first_private(["8.8.8.8", address]) == address


@pytest.mark.parametrize("address", PUBLIC)
def test_it_is_public(address: str) -> None:
    assert not is_private(ip_address(address))
    assert first_private([address]) is None


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0x7F.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("127.0.1", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("0", "0.0.0.0"),
        ("[::1]", "::1"),
        ("[::ffff:127.0.0.1]", "::ffff:127.0.0.1"),
        ("fe80::1%eth0", "fe80::1%eth0"),
        ("www.ecfr.gov", None),
        ("127.0.0.1.example", None),
        ("1e1", None),
        ("99999999999", None),
        ("", None),
    ],
)
def test_an_address_is_known_in_every_spelling(host: str, address: str | None) -> None:
    assert literal(host) == (ip_address(address) if address else None)


@given(st.ip_addresses(v=4))
def test_what_is_private_is_private_inside_of_any_other_address(address: IPv4Address) -> None:
    number = int(address)
    for carrier in (
        (0xFFFF << 32) | number,
        (0x2002 << 112) | (number << 80),
        (0x64FF9B << 96) | number,
    ):
        if is_private(address):
            assert is_private(IPv6Address(carrier))


@given(st.ip_addresses(v=4))
def test_every_way_to_write_an_address_is_the_same_address(address: IPv4Address) -> None:
    a, b, c, d = address.packed
    number = int(address)
    for spelling in (str(number), hex(number), f"0{number:o}", f"{a}.{b}.{c << 8 | d}",
                     f"{a:#x}.{b}.0{c:o}.{d:#X}", f"{a}.{number & 0xFFFFFF}"):  # fmt: skip
        assert literal(spelling) == address
