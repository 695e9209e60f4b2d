"""The matrix: Open Badges 2.0, images of both generations, and status lists."""

import io
import json
from collections.abc import Callable
from typing import Any

from credentials import baking
from credentials.read import read
from credentials.vc_jwt import Profile, to_vc_jwt
from credentials.verify import VerificationMaterial
from tests.credential_samples import LIST_URL, NOW, chunk, png, revocable, svg
from tests.credentials.old_badges import HOSTED_AT
from tests.interop.digital_bazaar import own_school
from tests.interop.matrix import Pair, Refused, altered, answer, loaded, valid, with_other_payload
from tests.interop.matrix_proofs import (
    BAZAAR,
    LATER,
    badge_of,
    bazaar_accepts,
    listed,
    private_pem,
    public_pem,
    single,
)
from tests.interop.test_open_badges_2_libraries import PRIVATE, Later, foreign

Document = dict[str, Any]
LIBRARY, BAKERY = "openbadgeslib", "openbadges-bakery"
WEB = Later()
OTHER_TIME = "its `nbf` is the hour of signing, not `validFrom` (Open Badges 3.0, 8.2)"
P256 = own_school("ES256")


def old_here(data: Any) -> None:
    valid(answer(data, VerificationMaterial(documents=WEB.documents)))


def ob2() -> Any:
    return loaded("openbadgeslib.ob2")


def ob3() -> Any:
    return loaded("openbadgeslib.ob3")


def old_token() -> str:
    return WEB.token(issuedOn="2024-05-01T00:00:00Z", expires="2100-01-01T00:00:00Z").decode()


def lib_verifies_old(token: str) -> None:
    ob2().OB2Verifier(download=WEB.download).verify(token, "anna@learners.example", check_revocation=True)


def old_badges() -> list[Pair]:
    def hosted_there(document: Document) -> None:
        ob2().OB2Verifier(download=WEB.download).verify_hosted(document, expected_recipient="anna@learners.example")

    def signed_there() -> Any:
        return ob2().OB2Signer(PRIVATE, algorithm="ES256").sign(foreign("SignedBadge"))

    def theirs_hosted(document: Document) -> None:
        """Their assertion is what the college serves."""
        served = foreign("HostedBadge", id=HOSTED_AT).to_dict()
        valid(answer(document, VerificationMaterial(documents={**WEB.documents, HOSTED_AT: served})))

    return [
        Pair(kind="Open Badges 2.0, signed, ES256", library=LIBRARY, here=old_here, spoil=with_other_payload,
             ours=old_token, there=lib_verifies_old, theirs=signed_there),
        Pair(kind="Open Badges 2.0, hosted", library=LIBRARY, here=old_here, spoil=altered, ours=lambda: WEB.hosted,
             there=hosted_there),
        Pair(kind="Open Badges 2.0, hosted, issued there", library=LIBRARY, here=theirs_hosted, spoil=altered,
             theirs=lambda: foreign("HostedBadge", id=HOSTED_AT).to_dict()),
    ]  # fmt: skip


def png_of(keyword: bytes, text: str) -> bytes:
    """An image with this text, whatever it is."""
    return png(chunk(b"iTXt", keyword + b"\0\0\0\0\0" + text.encode()))


def svg_of(element: str, space: str, text: str) -> bytes:
    return svg(f'<b:{element} xmlns:b="{space}" verify="{text}"/>')


def new_images() -> list[Pair]:
    """Images with a badge of version 3.0 as VC-JWT."""
    token = to_vc_jwt(badge_of(P256), P256.key, key_id=P256.method, profile=Profile.ONE_EDTECH)
    bad = with_other_payload(token)

    def pair(kind: str, bake: Callable[[bytes, str], bytes], image: bytes, spoilt: bytes, form: str) -> Pair:
        from tests.interop.test_openbadgeslib import foreign_badge

        def there(data: bytes) -> None:
            extract = getattr(ob3().OB3Verifier, f"extract_token_from_{form}")
            ob3().OB3Verifier(public_pem(P256)).verify(extract(data))

        def theirs() -> Any:
            signer = ob3().OB3Signer(private_pem(P256), algorithm="ES256")
            return getattr(signer, f"sign_into_{form}")(foreign_badge(P256.id), image)

        return Pair(kind=kind, library=LIBRARY, here=lambda data: valid(answer(data, VerificationMaterial())),
                    spoil=lambda _: spoilt, ours=lambda: bake(image, token), there=there, theirs=theirs)  # fmt: skip

    space = "https://purl.imsglobal.org/ob/v3p0"
    return [
        pair("PNG, Open Badges 3.0", baking.bake_png, png(), png_of(b"openbadgecredential", bad), "png"),
        pair("SVG, Open Badges 3.0", baking.bake_svg, svg(), svg_of("credential", space, bad), "svg"),
    ]


def old_images() -> list[Pair]:
    """Images with a signed badge of version 2.0."""
    bad = with_other_payload(old_token())

    def library(kind: str, bake: Callable[[bytes, str], bytes], image: bytes, spoilt: bytes, form: str) -> Pair:
        def there(data: bytes) -> None:
            lib_verifies_old(getattr(ob2().OB2Verifier, f"extract_token_from_{form}")(data))

        def theirs() -> Any:
            signer = ob2().OB2Signer(PRIVATE, algorithm="ES256")
            return getattr(signer, f"sign_into_{form}")(foreign("SignedBadge"), image)

        return Pair(kind=kind, library=LIBRARY, here=old_here, spoil=lambda _: spoilt,
                    ours=lambda: bake(image, old_token()), there=there, theirs=theirs)  # fmt: skip

    def bakery(kind: str, bake: Callable[[bytes, str], bytes], image: bytes, spoilt: bytes) -> Pair:
        module = "openbadges_bakery"

        def there(data: bytes) -> None:
            """It verifies nothing: what it finds must be what was baked."""
            if loaded(module).unbake(io.BytesIO(data)) != old_token():
                raise Refused("another text")

        def theirs() -> Any:
            return loaded(module).bake(io.BytesIO(image), old_token(), io.BytesIO()).getvalue()

        return Pair(kind=kind, library=BAKERY, here=old_here, spoil=lambda _: spoilt,
                    ours=lambda: bake(image, old_token()), there=there, theirs=theirs)  # fmt: skip

    space = "http://openbadges.org"
    in_png = ("PNG, Open Badges 2.0", baking.bake_png_2, png(), png_of(b"openbadges", bad))
    in_svg = ("SVG, Open Badges 2.0", baking.bake_svg_2, svg(), svg_of("assertion", space, bad))
    return [library(*in_png, "png"), library(*in_svg, "svg"), bakery(*in_png), bakery(*in_svg)]


def _list_of_openvc() -> Document:
    """Signed here: its proofs over JSON lack their contexts."""
    bits = loaded("openvc.status.bitstring").new_bitstring(131_072)
    made = loaded("openvc.status.issue").build_status_list_credential(
        id=LIST_URL, issuer=P256.id, bitstring=bits, valid_from=NOW
    )
    return P256.prove(made, "ecdsa-jcs-2019")


def _list_of_library() -> Any:
    made = loaded("openbadgeslib.ob3.status_list")
    document = made.build_status_list_credential(P256.id, LIST_URL, "revocation", [], issued=NOW)
    return made.sign_status_list_credential(document, private_pem(P256), "ES256")


def status_lists() -> list[Pair]:
    """A list without bits set; the altered one names another issuer, or another list, under the old signature."""
    badge = {**badge_of(P256), "credentialStatus": revocable().document()}
    secured = P256.prove(badge, "ecdsa-jcs-2019")

    def here(given: Any) -> None:
        raw = given.encode() if isinstance(given, str) else json.dumps(given).encode()
        valid(answer(secured, VerificationMaterial(status_lists={LIST_URL: read(raw)}), LATER))

    def ours() -> Document:
        return dict(listed("ES256").status_lists[LIST_URL].document)

    def bazaar(document: Document) -> None:
        bazaar_accepts("ecdsa-jcs-2019", documents={LIST_URL: single(document)})(secured)

    def openvc(document: Document) -> None:
        loaded("openvc.proof.di_jcs").EcdsaJcsProofSuite().verify(single(document), public_key_jwk=_jwk())
        found = loaded("openvc.status.status_list").check_credential_status(
            secured, resolve_status_list=lambda url: document
        )
        if found.revoked:
            raise Refused("revoked")

    def lib_reads(token: str) -> None:
        badge_there = ob3().OB3Verifier(public_pem(P256)).verify(
            to_vc_jwt(badge, P256.key, key_id=P256.method, profile=Profile.ONE_EDTECH)
        )  # fmt: skip
        loaded("openbadgeslib.ob3.status").check_credential_status(
            badge_there, lambda url: token.encode(), verify_list=True, list_pubkey_pem=public_pem(P256)
        )

    def ours_as_token() -> str:
        plain = {name: item for name, item in ours().items() if name != "proof"}
        return to_vc_jwt(plain, P256.key, key_id=P256.method, profile=Profile.ONE_EDTECH)

    common: Document = {"here": here, "spoil": altered, "ours": ours}
    proved, token = "status list, ecdsa-jcs-2019, ES256", "status list, VC-JWT of 1EdTech, ES256"
    return [
        Pair(kind=proved, library=BAZAAR, there=bazaar, **common),
        Pair(kind=proved, library="openvc-core", there=openvc, theirs=_list_of_openvc, **common),
        Pair(kind=token, library=LIBRARY, here=here, spoil=with_other_payload, ours=ours_as_token, there=lib_reads,
             theirs=_list_of_library, faults={"theirs": OTHER_TIME}),
    ]  # fmt: skip


def _jwk() -> Document:
    return {name: item for name, item in P256.key.public_key.jwk().items() if name in ("kty", "crv", "x", "y")}


def pairs() -> list[Pair]:
    return [*old_badges(), *new_images(), *old_images(), *status_lists()]
