"""The pictures that badges are baked into: a seal drawn here, as PNG and as SVG."""

from io import BytesIO

import png

_SIZE = 64
_PAPER, _RING, _FACE = (255, 255, 255), (24, 78, 119), (228, 184, 76)

SEAL_SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
    b'<rect width="64" height="64" fill="#ffffff"/><circle cx="32" cy="32" r="28" fill="#184e77"/>'
    b'<circle cx="32" cy="32" r="20" fill="#e4b84c"/></svg>'
)


def seal_png() -> bytes:
    """A gold disc in a blue ring on white, 64 by 64 pixels."""
    rows = [[channel for x in range(_SIZE) for channel in _pixel(x, y)] for y in range(_SIZE)]
    drawn = BytesIO()
    png.Writer(width=_SIZE, height=_SIZE, greyscale=False).write(drawn, rows)
    return drawn.getvalue()


def _pixel(x: int, y: int) -> tuple[int, int, int]:
    distance = (2 * x + 1 - _SIZE) ** 2 + (2 * y + 1 - _SIZE) ** 2
    if distance > 56**2:
        return _PAPER
    return _RING if distance > 40**2 else _FACE
