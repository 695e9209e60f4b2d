"""Which host names and which addresses the bank is willing to speak to — pure.

An outbound request is refused twice: by the spelling of its host (``127.1`` and its many cousins never
reach the resolver), and by every address to which the host resolves.
"""

import ipaddress
import re
import unicodedata

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_LABEL = r"(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*", re.ASCII)
# Names that lead to this machine or network (RFC 6761, RFC 6762, RFC 8375 and custom).
_INWARD = frozenset({"localhost", "local", "internal", "localdomain", "home", "lan", "arpa", "onion"})
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+", re.ASCII)

# Only 2000::/3 is allotted for global unicast (RFC 4291 section 2.4); the rest of IPv6 is special.
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_TUNNELS = (ipaddress.IPv6Network("2002::/16"), ipaddress.IPv6Network("2001::/32"))  # 6to4, Teredo


def is_host_name(host: str) -> bool:
    """Whether ``host`` is a lower-case ASCII name by RFC 1123 section 2.1, without punycode.

    Internationalised names are refused because look-alikes cannot be told apart by a machine. A dotted
    IPv4 address passes this grammar: ``is_address_spelling`` is the question to ask beside it.
    """
    return _HOST.fullmatch(host) is not None


def is_address_spelling(host: str) -> bool:
    """Whether a resolver could take ``host`` for an address, or for the machine or network it runs on.

    Covers dotted, shortened, octal, hexadecimal and decimal IPv4, bracketed IPv6, full-width digits and
    dots (as IDNA would map them), ``localhost``, ``.local``, ``.internal`` and names without a dot.
    """
    folded = unicodedata.normalize("NFKC", host).replace("\u3002", ".").lower().rstrip(".")
    labels = folded.split(".")
    if ":" in folded or "[" in folded or len(labels) == 1:
        return True
    return _NUMBER.fullmatch(labels[-1]) is not None or labels[-1] in _INWARD


def is_public(address: IPAddress) -> bool:
    """Whether ``address`` is globally reachable unicast, looking through IPv4-mapped and NAT64 forms."""
    if isinstance(address, ipaddress.IPv6Address):
        return _is_public_v6(address)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _is_public_v6(address: ipaddress.IPv6Address) -> bool:
    inner = address.ipv4_mapped
    if inner is None and address in _NAT64:
        inner = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    if inner is not None:
        return is_public(inner)
    if any(address in tunnel for tunnel in _TUNNELS):
        return False
    return address.is_global and address in _GLOBAL_UNICAST
