"""A forger packs badges into images, documents and records: nothing inside is fetched, run, or taken for another's."""

import io
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pikepdf
import pytest

from credentials.baking import bake_png
from credentials.comprehensive_learner_record import clr
from credentials.contexts import OPEN_BADGES_EXTENSIONS
from credentials.errors import CredentialError
from credentials.jws import sign_compact
from credentials.keys import PrivateKey
from credentials.read import read
from credentials.vc_jwt import to_vc_jwt
from creditbank.errors import BankError, Refused
from creditbank.intake import Posted
from tests.bank_world import ANNA, World, open_world
from tests.credential_samples import SCHOOL, chunk, png, svg
from tests.credentials.test_pdf_attachment import pdf
from tests.creditbank.foreign_school import ForeignSchool
from tests.creditbank.persons import held
from tests.security.attacks import everything
from tests.security.foreign_network import ForeignNetwork, page

TOKEN = SCHOOL.sign(SCHOOL.badge(), "vc-jwt")
OTHER_TOKEN = SCHOOL.sign(SCHOOL.badge(credential_id="urn:uuid:2"), "vc-jwt")


@pytest.fixture
def world(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with open_world(database_url, tmp_path_factory.mktemp("bank")) as opened:
        yield opened


def with_address(address: str) -> tuple[bytes, bytes]:
    """Images of the old kind that hold only the address of a badge."""
    drawing = svg(f'<o:assertion xmlns:o="http://openbadges.org" verify="{address.replace("&", "&amp;")}"/>')
    return png(chunk(b"tEXt", b"openbadges\0" + address.encode())), drawing


INSIDE = [
    "https://127.0.0.1/1", "https://127.1/1", "https://[::1]/1", "https://[::ffff:10.0.0.1]/1", "https://10.0.0.1/1",
    "https://169.254.169.254/latest/meta-data", "https://2130706433/1", "https://0x7f000001/1", "https://0177.0.0.1/1",
    "http://school.example/1", "https://school.example@127.0.0.1/1", "https://localhost:5432/", "https://school.example:0/",
]  # fmt: skip


def test_the_address_in_an_image_leads_nowhere_inside(world: World, network: ForeignNetwork) -> None:
    before = everything(world)
    for image in (image for address in INSIDE for image in with_address(address)):
        try:
            assert world.bank.verify(image).verification.verdict != "valid"
        except CredentialError as refused:
            assert refused.code == "malformed_credential"
    assert network.dialled == []
    assert everything(world) == before


def test_a_name_that_resolves_inside_is_not_dialled(world: World, network: ForeignNetwork) -> None:
    for address in ("127.0.0.1", "::1", "10.1.2.3", "169.254.169.254", "fd00::1", "100.64.0.1", "0.0.0.0"):
        network.addresses = lambda _host, found=address: ["93.184.216.34", found]
        for image in with_address("https://rebound.example/1"):
            assert world.bank.verify(image).verification.code == "document_unavailable"
    assert network.dialled == []


# ── PDF ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

Change = Callable[[pikepdf.Pdf], None]


def changed(change: Change, attached: dict[str, bytes] | None = None, **saving: Any) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf({"a.jwt": TOKEN} if attached is None else attached))) as document:
        change(document)
        document.save(out, **saving)
    return out.getvalue()


def script(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.launchURL('https://evil.example')")


def circle(document: pikepdf.Pdf) -> None:
    node = document.make_indirect(pikepdf.Dictionary())
    node.Kids = pikepdf.Array([node, node])
    document.Root.Names.EmbeddedFiles.Kids = pikepdf.Array([node])


def elsewhere(document: pikepdf.Pdf) -> None:
    """A file specification that names an address, and one that names a file on the reader's disk."""
    spec = pikepdf.Dictionary(Type=pikepdf.Name.Filespec, FS=pikepdf.Name.URL, F="https://evil.example/a.jwt")
    local = pikepdf.Dictionary(Type=pikepdf.Name.Filespec, F="/etc/passwd", UF="file:///etc/passwd")
    document.Root.AF = pikepdf.Array([document.make_indirect(spec), document.make_indirect(local)])


def second_in_an_annotation(document: pikepdf.Pdf) -> None:
    stream = document.make_stream(OTHER_TOKEN)
    spec = pikepdf.Dictionary(Type=pikepdf.Name.Filespec, F="b", EF=pikepdf.Dictionary(F=stream))
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, FS=spec, Rect=[0, 0, 9, 9])
    document.pages[0].Annots = document.make_indirect(pikepdf.Array([note]))


def second_for_another_system(document: pikepdf.Pdf) -> None:
    """One specification with two embedded files: readers of one system see this, those of another that."""
    document.attachments["a.jwt"].obj.EF.UF = document.make_stream(OTHER_TOKEN)


def nothing(_: pikepdf.Pdf) -> None:
    """As it was."""


DOCUMENTS: dict[str, tuple[bytes, str | None]] = {
    "as it is": (changed(nothing), None),
    "with a script, which nobody runs": (changed(script), None),
    "with specifications of files elsewhere": (changed(elsewhere), None),
    "files elsewhere and none here": (changed(elsewhere, {}), "no_badge"),
    "a circle of names": (changed(circle), "too_complex"),
    "two credentials": (pdf({"a": TOKEN, "b": OTHER_TOKEN}), "duplicate_badge"),
    "another in an annotation": (changed(second_in_an_annotation), "duplicate_badge"),
    "another for another system": (changed(second_for_another_system), "duplicate_badge"),
    "the same one twice": (pdf({"a": TOKEN, "b": TOKEN}), None),
    "encrypted": (changed(nothing, encryption=pikepdf.Encryption(owner="a", user="b")), "encrypted_pdf"),
    "encrypted and open": (changed(nothing, encryption=pikepdf.Encryption(owner="a", user="")), "encrypted_pdf"),
    "cut off": (changed(nothing)[:-40], "malformed_pdf"),
    "something before it": (b"GIF89a" + changed(nothing), "malformed_json"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "code"), DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_a_document_holds_one_credential_or_is_refused(data: bytes, code: str | None) -> None:
    if code is None:
        assert read(data).jws is not None
        return
    with pytest.raises(CredentialError) as refused:
        read(data)
    assert refused.value.code == code


# ── learner records ──────────────────────────────────────────────────────────────────────────────────────────────────


def record(school: ForeignSchool, *parts: Any, **facts: Any) -> Posted:
    document = clr(
        parts, issuer_id=school.did, issuer_name={"en": "Far University"}, credential_id="urn:uuid:a-record",
        name="Transcript", valid_from=school.world.now - timedelta(minutes=5),
        subject_id=school.world.wallet.public_key.did_key(),
    )  # fmt: skip
    return Posted(to_vc_jwt({**document, **facts}, school.key, key_id=school.key_id).encode(), None, school.caller)


def part(school: ForeignSchool, *entries: Any, **facts: Any) -> str:
    return to_vc_jwt(school.badge(*entries, **facts), school.key, key_id=school.key_id)


def booked(world: World, posted: Posted) -> list[str]:
    """What becomes of each part: its state, or the code that refuses it."""
    found = []
    for one in world.bank.prepare_parts(posted) or ():
        try:
            found.append(world.bank.deposit(one).state)
        except (BankError, CredentialError) as refused:
            found.append(refused.code)
    return found


def test_each_part_of_a_record_stands_for_itself(world: World, school: ForeignSchool) -> None:
    good = part(school)
    forged = to_vc_jwt(school.badge(), PrivateKey.generate("EdDSA"), key_id=school.key_id)
    school.publish("r", 5)
    revoked = part(school, school.entry("r", 5))
    found = booked(world, record(school, good, forged, revoked, part(school)[:-8] + "AAAAAAAA"))
    assert found == ["credited", "bad_signature", "revoked", "bad_signature"]
    assert world.bank.audit().clean


def test_another_learners_credential_in_a_record_is_booked_to_her_and_pointed_out(
    world: World, school: ForeignSchool
) -> None:
    other = PrivateKey.generate("EdDSA").public_key.did_key()
    posted = record(school, part(school), part(school, subject_id=other))
    assert world.bank.verify(posted.data).verification.check("inner_subjects").code == "subject_differs"
    mine, hers = (world.bank.deposit(one) for one in world.bank.prepare_parts(posted) or ())
    assert mine.book_id != hers.book_id
    assert [held(world, one.book_id) for one in (mine, hers)] == [{"ects": 3}, {"ects": 3}]


def many(school: ForeignSchool) -> Posted:
    """Signed by software that does not count."""
    document = dict(read(record(school, part(school)).data).document)
    tokens = [f"eyJ.{number}.x" for number in range(1500)]
    subject = {**document["credentialSubject"], "verifiableCredential": tokens}
    header = {"typ": "JWT", "kid": school.key_id}
    return Posted(sign_compact({**document, "credentialSubject": subject}, school.key, header).encode(), None, ANNA)


def revoked_record(school: ForeignSchool) -> Posted:
    school.publish("r", 3)
    return record(school, part(school), credentialStatus=school.entry("r", 3).document())


def expired_record(school: ForeignSchool) -> Posted:
    begun, over = (school.world.now - timedelta(days=days) for days in (90, 30))
    return record(school, part(school), validFrom=begun.isoformat(), validUntil=over.isoformat())


def record_in_a_record_in_a_record(school: ForeignSchool) -> Posted:
    inner = record(school, part(school))
    return record(school, record(school, inner.data.decode()).data.decode())


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (many, "too_many_items"),
        (revoked_record, "revoked"),
        (expired_record, "expired"),
    ],
)
def test_a_record_that_does_not_hold_books_nothing(world: World, school: ForeignSchool, make: Any, code: str) -> None:
    before = everything(world)
    with pytest.raises((Refused, CredentialError)) as refused:
        booked(world, make(school))
    assert refused.value.code == code
    assert everything(world) == before


def test_records_within_records_are_not_unpacked_without_end(world: World, school: ForeignSchool) -> None:
    before = everything(world)
    posted = record_in_a_record_in_a_record(school)
    assert "credited" not in booked(world, posted)
    assert everything(world) == before


# ── a newer version ──────────────────────────────────────────────────────────────────────────────────────────────────


def offering(school: ForeignSchool, url: str) -> dict[str, Any]:
    made = school.badge()
    service = {"id": url, "type": "1EdTechCredentialRefresh"}
    return {**made, "@context": [*made["@context"], OPEN_BADGES_EXTENSIONS], "refreshService": service}


def sign(school: ForeignSchool, document: dict[str, Any]) -> bytes:
    return to_vc_jwt(document, school.key, key_id=school.key_id).encode()


def test_what_may_not_take_its_place_does_not(world: World, school: ForeignSchool) -> None:
    old = offering(school, f"https://{school.host}/new")
    newer = {**old, "validFrom": world.now.isoformat().replace("+00:00", "Z")}
    rival = ForeignSchool(world, school.network, host="rival.example", issuer_id="rival").register()
    token = sign(school, old)
    answers = {
        "of another issuer": sign(rival, {**newer, "issuer": {**newer["issuer"], "id": rival.did}}),
        "in the issuer's name by another": to_vc_jwt(newer, rival.key, key_id=school.key_id).encode(),
        "older": sign(school, {**old, "validFrom": "2020-01-01T00:00:00Z"}),
        "the same": token,
        "unsigned": json.dumps(newer).encode(),
        "in a picture": bake_png(png(), sign(school, newer).decode()),
        "a list": b"[]",
    }
    for name, answer in answers.items():
        school.network.pages["/new"] = page(answer, media_type="application/vc+jwt")
        assert world.bank.refreshed(token) == token, name


@pytest.mark.parametrize("url", ["http://school.example/new", "https://127.0.0.1/new", "https://a@school.example/new"])
def test_a_newer_version_is_not_looked_for_inside(world: World, school: ForeignSchool, url: str) -> None:
    token = sign(school, offering(school, url))
    school.network.dialled.clear()
    assert world.bank.refreshed(token) == token
    assert school.network.dialled == []
