"""Addresses as people write them into settings."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit


def web_address(text: str) -> SplitResult:
    """The parts of an absolute http(s) address without a query; ValueError for anything else."""
    parts = urlsplit(text.strip())
    odd = parts.query or parts.fragment or "@" in parts.netloc or (parts.port or 1) < 1
    if parts.scheme not in ("http", "https") or not parts.hostname or odd:
        raise ValueError("use an address such as https://minutes.example.com")
    return parts


def as_browsers_write(host: str) -> str:
    """A name in small letters, and in the letters of the domain name system."""
    host = host.strip().lower()
    return host if host.isascii() else host.encode("idna").decode()


def is_loopback(host: str) -> bool:
    """Does a host's name mean this machine?"""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name; 127.evil.example is one, too
        return host == "localhost"
