"""SVG images, read as a stream and bounded: no DTD, no entity, at most 64 levels and 20,000 elements."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from xml.sax import SAXException
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesNSImpl, InputSource

from defusedxml import DTDForbidden, EntitiesForbidden, ExternalReferenceForbidden
from defusedxml.expatreader import DefusedExpatParser

from credentials.errors import LimitExceeded, MalformedCredential

SVG: Final = "http://www.w3.org/2000/svg"
XLINK: Final = "http://www.w3.org/1999/xlink"
OPEN_BADGES: Final = "https://purl.imsglobal.org/ob/v3p0"
OPEN_BADGES_OLD: Final = "http://openbadges.org"
MAX_DEPTH: Final = 64
MAX_ELEMENTS: Final = 20_000
MAX_BADGE: Final = 262_144

Name = tuple[str | None, str]

CREDENTIAL: Final = (OPEN_BADGES, "credential")
ASSERTION: Final = (OPEN_BADGES_OLD, "assertion")

_DRAWING_NAMES: Final = """
    svg g defs symbol use title desc path rect circle ellipse line polyline polygon text tspan textPath image
    linearGradient radialGradient stop pattern clipPath mask marker filter feBlend feColorMatrix feComponentTransfer
    feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA
    feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting
    feSpotLight feTile feTurbulence
"""
_DRAWING: Final = frozenset(_DRAWING_NAMES.split())
_RASTER: Final = ("data:image/png;", "data:image/jpeg;", "data:image/webp;", "data:image/gif;")
_ATTRIBUTE_NAMESPACES: Final = (None, XLINK, "http://www.w3.org/XML/1998/namespace")


@dataclass(frozen=True, slots=True)
class Element:
    """How a badge stands in an SVG image: its element, the attribute `verify` and the character data, where given."""

    namespace: str
    local_name: str
    verify: str | None = None
    body: str | None = None


def badge(image: bytes) -> tuple[str, bool]:
    """The text of the one badge in the image and whether it is of Open Badges 2.0 or older.

    Errors as `credentials.baking.extract_svg`.
    """
    reader = _BadgeReader()
    _parse(image, reader)
    if len(reader.found) > 1:
        raise MalformedCredential("duplicate_badge")
    if not reader.found or not reader.found[0][0]:
        raise MalformedCredential("no_badge")
    return reader.found[0]


def redrawn(image: bytes, element: Element) -> bytes:
    """The image with its drawing elements only and the badge as first child of the root; errors as `bake_svg`."""
    out = io.StringIO()
    _parse(image, _Redrawer(out, element))
    return out.getvalue().encode()


class _Bounded(ContentHandler):
    """Counts levels and elements; the root must be `svg`."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.elements = 0

    def _enter(self, name: Name) -> None:
        self.depth += 1
        self.elements += 1
        if self.elements == 1 and name != (SVG, "svg"):
            raise MalformedCredential("malformed_svg", reason="the root is not svg")
        if self.depth > MAX_DEPTH:
            raise LimitExceeded("too_deep", limit=MAX_DEPTH)
        if self.elements > MAX_ELEMENTS:
            raise LimitExceeded("too_complex", limit=MAX_ELEMENTS, unit="elements")

    def _leave(self) -> None:
        self.depth -= 1


class _BadgeReader(_Bounded):
    """Collects the text of each credential element: the attribute `verify`, else its character data."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, bool]] = []
        self._old = False
        self._body: list[str] | None = None

    def startElementNS(self, name: Name, _: str | None, attrs: AttributesNSImpl) -> None:  # noqa: N802
        self._enter(name)
        if self._body is not None:
            raise MalformedCredential("malformed_svg", reason="the badge holds elements")
        if name in (CREDENTIAL, ASSERTION):
            self._old = name == ASSERTION
            token = attrs.get((None, "verify"))
            self._body = [] if token is None else [str(token)]
            self._has_token = token is not None

    def characters(self, content: str) -> None:
        """In version 3.0 there is either the attribute or a body; older images repeat the assertion in the body."""
        if self._body is not None and not (self._has_token and (self._old or not content.strip())):
            self._body.append(content)

    def endElementNS(self, _name: Name, _: str | None) -> None:  # noqa: N802
        self._leave()
        if self._body is not None:
            self.found.append(("".join(self._body).strip(), self._old))
            self._body = None


class _Redrawer(_Bounded):
    """Writes drawing elements and drops the rest with all that is in it: scripts, animation, foreign vocabularies."""

    def __init__(self, out: io.StringIO, element: Element) -> None:
        super().__init__()
        self._out, self._element = out, element
        self._xml = XMLGenerator(out, encoding="utf-8")
        self._dropped_at: int | None = None

    def startDocument(self) -> None:  # noqa: N802
        self._xml.startDocument()

    def startElementNS(self, name: Name, _: str | None, attrs: AttributesNSImpl) -> None:  # noqa: N802
        self._enter(name)
        if self._dropped_at is not None:
            return
        if name[0] != SVG or name[1] not in _DRAWING:
            self._dropped_at = self.depth
            return
        if self.depth == 1:
            for prefix, uri in ((None, SVG), ("xlink", XLINK), ("openbadges", self._element.namespace)):
                self._xml.startPrefixMapping(prefix, uri)
        self._xml.startElementNS(name, None, AttributesNSImpl(_drawing_attributes(attrs.items()), {}))
        if self.depth == 1:
            self._write_badge()

    def endElementNS(self, name: Name, _: str | None) -> None:  # noqa: N802
        if self._dropped_at is None:
            self._xml.endElementNS(name, None)
        elif self._dropped_at == self.depth:
            self._dropped_at = None
        self._leave()

    def characters(self, content: str) -> None:
        if self._dropped_at is None:
            self._xml.characters(content)

    def _write_badge(self) -> None:
        name: Name = (self._element.namespace, self._element.local_name)
        verify, body = self._element.verify, self._element.body
        attributes: dict[Name, str] = {} if verify is None else {(None, "verify"): verify}
        self._xml.startElementNS(name, None, AttributesNSImpl(attributes, {}))
        if body is not None:
            self._out.write(f"<![CDATA[{_in_cdata(body)}]]>")
        self._xml.endElementNS(name, None)


def _in_cdata(text: str) -> str:
    """JSON without what no CDATA section can hold; inside strings, its only place, the escape means the same."""
    for character in ("\ufffe", "\uffff"):
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text.replace("]]>", "]]\\u003e")


def _drawing_attributes(attributes: Iterable[tuple[Any, str]]) -> Mapping[Any, str]:
    return {name: value for name, value in attributes if _is_drawing_attribute(name, value)}


def _is_drawing_attribute(name: Name, value: str) -> bool:
    """Whether the attribute only draws: no event, no address outside the image, no style sheet that could fetch."""
    namespace, local = name
    compact = "".join(value.split()).lower()
    if namespace not in _ATTRIBUTE_NAMESPACES or local.lower().startswith("on") or local == "base":
        return False
    if local == "href":
        return compact.startswith(("#", *_RASTER))
    if "\\" in compact or "@import" in compact or "javascript:" in compact:
        return False
    return compact.count("url(") == compact.count("url(#") and "src(" not in compact and "image(" not in compact


def _parse(image: bytes, handler: ContentHandler) -> None:
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setFeature(feature_namespaces, state=True)
    parser.setContentHandler(handler)
    source = InputSource()
    source.setByteStream(io.BytesIO(image))
    try:
        parser.parse(source)
    except (DTDForbidden, EntitiesForbidden, ExternalReferenceForbidden):
        raise MalformedCredential("dtd_forbidden") from None
    except (SAXException, ValueError, LookupError):
        raise MalformedCredential("malformed_svg", reason="not well-formed XML") from None
