"""What every reader takes: a valid input of each kind, and the ways in which it is made wrong."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from random import Random
from typing import Any, Literal

from credentials import baking, presentation
from credentials.canonical import jcs
from credentials.comprehensive_learner_record import Association, clr
from credentials.enveloped import CREDENTIAL, envelope
from credentials.jose import sign_compact
from credentials.keys import PrivateKey
from credentials.pdf_attachment import attach
from credentials.sd_jwt_issue import present
from credentials.vc_jwt import Profile, to_vc_jwt
from tests.credential_samples import DAY, LEARNER, NOW, SCHOOL, School, chunk, png, revocable, svg
from tests.credentials import selective_samples
from tests.credentials.old_badges import KEY, Web
from tests.credentials.test_endorsements import endorsement, signed
from tests.credentials.test_pdf_attachment import pdf
from tests.fuzz import mutations
from tests.offline.offline_world import BANK, revocable_badge, with_list
from tests.offline.test_verification_receipt import receipt_of
from tests.sd_jwt_samples import BADGE, CHALLENGE, CHOICE, HOLDER, HOLDER_ID, HOLDER_METHOD, VERIFIER, ietf, w3c

Door = Literal["credential", "presentation", "bundle", "receipt"]
Wrong = Callable[[Random], bytes]
P256 = selective_samples.SCHOOL
LISTED = SCHOOL.badge(status_entries=[revocable()])
WEB = Web()


@dataclass(frozen=True)
class Input:
    """A valid input; `wrongs` make it wrong, `signed_wrongs` too but with a signature that holds."""

    name: str
    door: Door
    data: bytes
    wrongs: tuple[Wrong, ...]
    signed_wrongs: tuple[Wrong, ...] = ()


def _bytes(data: bytes) -> Wrong:
    return lambda random: mutations.of_bytes(random, data)


def _token(name: str, token: str, key: PrivateKey, door: Door = "credential") -> Input:
    wrongs = (_bytes(token.encode()), lambda random: mutations.of_token(random, token).encode())
    again = (lambda random: mutations.of_token(random, token, key).encode(),)
    return Input(name, door, token.encode(), wrongs, again)


def _document(name: str, text: str, door: Door = "credential", sign: Callable[[Any], Any] | None = None) -> Input:
    wrongs = (_bytes(text.encode()), lambda random: mutations.of_document(random, text).encode("utf-8", "replace"))
    again = (lambda random: mutations.of_document(random, text, sign).encode("utf-8", "replace"),)
    return Input(name, door, text.encode(), wrongs, again if sign else ())


def _proved(name: str, document: Mapping[str, Any], suite: str, school: School = SCHOOL) -> Input:
    def careless(changed: dict[str, Any]) -> dict[str, Any]:
        bare = {key: value for key, value in changed.items() if key != "proof"}
        return {**bare, "proof": [school.bare_proof(bare)]}

    return _document(name, json.dumps(school.prove(document, suite)), sign=None if school is P256 else careless)


def _image(name: str, text: str, bake: Callable[[bytes, str], bytes], raw: Callable[[bytes], bytes]) -> Input:
    """`raw` puts any bytes where the text was, in an image that is whole."""
    data = bake(png() if "PNG" in name else svg(), text)
    change = mutations.of_document if text.startswith("{") else mutations.of_token
    wrongs = (_bytes(data), lambda random: raw(change(random, text).encode("utf-8", "replace")),
              lambda random: raw(mutations.of_bytes(random, text.encode())))  # fmt: skip
    return Input(name, "credential", data, wrongs)


def _in_png(keyword: bytes) -> Callable[[bytes], bytes]:
    return lambda content: png(chunk(b"iTXt", keyword + b"\0\0\0\0\0" + content))


def _in_svg(prefix: str, space: str) -> Callable[[bytes], bytes]:
    start = f'<{prefix}:{"credential" if prefix == "b3" else "assertion"} xmlns:{prefix}="{space}">'

    def made(content: bytes) -> bytes:
        inside = content.replace(b"]]>", b"").decode("utf-8", "replace")
        return svg(f"{start}<![CDATA[{inside}]]></{start[1:].split()[0]}>")

    return made


def _pdf(name: str, text: str) -> Input:
    data = attach(pdf(), text)
    change = mutations.of_document if text.startswith("{") else mutations.of_token
    return Input(name, "credential", data, (
        _bytes(data), _bytes(data), lambda random: pdf({"a.json": change(random, text).encode("utf-8", "replace")})
    ))  # fmt: skip


def _record() -> dict[str, Any]:
    return clr(
        [SCHOOL.prove(SCHOOL.badge(credential_id="urn:uuid:0")),
         SCHOOL.sign(SCHOOL.badge(credential_id="urn:uuid:1"), "vc-jwt").decode()],
        issuer_id=SCHOOL.id, issuer_name={"en": "College"}, credential_id="urn:uuid:r", name="Record",
        valid_from=NOW - DAY, subject_id=LEARNER, associations=[Association("precedes", "urn:uuid:0", "urn:uuid:1")],
    )  # fmt: skip


def _presented() -> list[Input]:
    contents = [SCHOOL.prove(BADGE), SCHOOL.sign(BADGE, "vc-jwt").decode(), w3c()]
    document = presentation.presentation(contents, holder=HOLDER_ID, presentation_id="urn:uuid:4")
    token = presentation.to_vp_jwt(
        dict(document), HOLDER, key_id=HOLDER_METHOD, challenge=CHALLENGE, audience=VERIFIER, issued_at=NOW
    )

    def sign(changed: Mapping[str, Any]) -> Any:
        bare = {name: value for name, value in changed.items() if name != "proof"}
        return presentation.sign(
            bare, HOLDER, verification_method=HOLDER_METHOD, created=NOW, challenge=CHALLENGE, domain=VERIFIER,
            cryptosuite="eddsa-jcs-2022",
        )  # fmt: skip

    shown = present(w3c(), shown=CHOICE, signer=HOLDER, audience=VERIFIER, nonce=CHALLENGE, issued_at=NOW)
    return [
        _document("presentation, Data Integrity", json.dumps(sign(document)), "presentation", sign),
        _token("presentation, vp+jwt", token, HOLDER, "presentation"),
        _token("presentation, SD-JWT with key binding", shown, SCHOOL.key, "presentation"),
    ]


def _bundled() -> list[Input]:
    trust, receipt = with_list(), receipt_of(revocable_badge(), with_list())[0]

    def sign(changed: dict[str, Any]) -> dict[str, Any]:
        said = {"iss": "https://bank.example", "bundle_sha256": sha256(jcs(changed["bundle"])).hexdigest()}
        return {**changed, "signed": sign_compact(said, BANK, {"typ": "trust-bundle+jwt"})}

    return [
        _document("trust bundle", trust.decode(), "bundle", sign),
        _token("verification receipt", receipt, BANK, "receipt"),
    ]


def inputs() -> list[Input]:
    """Every kind of input, by name."""
    badge_ = SCHOOL.badge()
    endorsed = {**badge_, "endorsement": [signed(endorsement())]}
    proved, token = json.dumps(SCHOOL.prove(badge_)), SCHOOL.sign(badge_, "vc-jwt").decode()
    w3c_token = to_vc_jwt(badge_, SCHOOL.key, key_id=SCHOOL.method, profile=Profile.W3C)
    hosted = json.dumps(WEB.hosted)
    part = json.dumps(selective_samples.shown(P256.badge(), "/credentialSubject", mandatory=["/issuer", "/validFrom"]))
    return [
        _proved("eddsa-jcs-2022", LISTED, "eddsa-jcs-2022"),
        _proved("eddsa-rdfc-2022", badge_, "eddsa-rdfc-2022"),
        _proved("ecdsa-rdfc-2019", P256.badge(), "ecdsa-rdfc-2019", P256),
        _proved("endorsed badge", endorsed, "eddsa-jcs-2022"),
        _proved("learner record", _record(), "eddsa-rdfc-2022"),
        _document("ecdsa-sd-2023, in part", part),
        _token("VC-JWT, 1EdTech", token, SCHOOL.key),
        _token("VC-JWT, W3C", w3c_token, SCHOOL.key),
        _token("SD-JWT, W3C", w3c(), SCHOOL.key),
        _token("SD-JWT VC, IETF", ietf(), SCHOOL.key),
        _document("enveloped token", json.dumps(envelope(CREDENTIAL, token, "application/vc+jwt"))),
        _document("Open Badges 2.0, hosted", hosted),
        _token("Open Badges 2.0, signed", WEB.token().decode(), KEY),
        _image("PNG, 3.0", proved, baking.bake_png, _in_png(b"openbadgecredential")),
        _image("SVG, 3.0", token, baking.bake_svg, _in_svg("b3", "https://purl.imsglobal.org/ob/v3p0")),
        _image("PNG, 2.0", hosted, baking.bake_png_2, _in_png(b"openbadges")),
        _image("SVG, 2.0", WEB.token().decode(), baking.bake_svg_2, _in_svg("b2", "http://openbadges.org")),
        _pdf("PDF", proved),
        _pdf("PDF with a token", token),
        _document("status list", SCHOOL.status_list(1).received.decode()),
        *_presented(),
        *_bundled(),
    ]  # fmt: skip
