"""A badge as a picture: the credential inside a PNG or SVG image, as Open Badges 3.0 (section 5.3) has it."""

from typing import Final

from credentials.baking import MAX_IMAGE_BYTES, bake_png, bake_svg
from credentials.errors import LimitExceeded, MalformedCredential
from credentials.png_image import SIGNATURE
from creditbank.errors import Refused
from issuers.signing_forms import whole

PNG, SVG = "image/png", "image/svg+xml"
DEFAULT: Final = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
    b'<path d="M20 34 14 60l18-9 18 9-6-26z" fill="#12385a"/><circle cx="32" cy="26" r="23" fill="#184e77"/>'
    b'<circle cx="32" cy="26" r="17" fill="#e4b84c"/><path d="m24 26 6 6 11-12" fill="none" stroke="#184e77" '
    b'stroke-width="4"/></svg>'
)
"""A ribboned seal with a tick, for institutions that have drawn nothing of their own."""


def baked(issued: bytes, image: bytes) -> bytes:
    """The image with the badge in it, redrawn: nothing else that the image carried is left.

    An image is shown whole, so with ecdsa-sd-2023 it holds the derivation of everything, never the base proof. Raises
    Refused `format_not_baked` for an SD-JWT, for which Open Badges has no place in an image; LimitExceeded `too_large`
    for what is too large to be read again, too; errors as `credentials.baking.bake_png` and `bake_svg`.
    """
    if issued.startswith(b"eyJ") and b"~" in issued:
        raise Refused("format_not_baked", "Open Badges has no place in an image for a credential with disclosures.")
    try:
        text = whole(issued).decode()
    except UnicodeDecodeError:
        raise MalformedCredential("malformed_credential") from None
    found = (bake_png if image.startswith(SIGNATURE) else bake_svg)(image, text)
    if len(found) > MAX_IMAGE_BYTES:  # redrawn it may be longer than it came: characters written as references
        raise LimitExceeded("too_large", limit=MAX_IMAGE_BYTES)
    return found


def media_type(image: bytes) -> str:
    """What an image that was baked is, whatever it was called when it came."""
    return PNG if image.startswith(SIGNATURE) else SVG
