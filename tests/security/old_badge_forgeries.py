"""What a forger with a web site of his own makes of a college's Open Badges 2.0."""

import hmac
from collections.abc import Callable
from typing import Any

from credentials.jws import sign_compact
from credentials.keys import PrivateKey
from credentials.open_badges_2_issue import cryptographic_key
from credentials.open_badges_2_keys import pem_of_key
from tests.credential_samples import DAY, NOW
from tests.credentials.old_badges import BADGE_AT, COLLEGE, HOSTED_AT, KEY, SITE, Web
from tests.security.forgeries import token_with

EVIL = "https://evil.example"
FORGER = PrivateKey.from_bytes("ES256", bytes([9]) * 32)
Data = dict[str, Any] | bytes
Attack = Callable[[Web], Data]


def moved(web: Web, place: str, **members: Any) -> Data:
    """The college's badge, word by word, at another address."""
    web.documents[place] = {**web.hosted, "id": place, **members}
    return {**web.hosted, "id": place, **members}


def of_forger(web: Web, **issuer: Any) -> str:
    """The forger's own profile; his badge class says whatever is given about its issuer."""
    place = f"{EVIL}/issuer.json"
    web.documents[place] = {**web.documents[COLLEGE.id], "id": place, **issuer}
    return place


def with_class(web: Web, place: str, issuer: Any, **members: Any) -> str:
    web.documents[place] = {**web.documents[BADGE_AT], "id": place, "issuer": issuer, **members}
    return place


def profile(web: Web, **members: Any) -> None:
    web.documents[COLLEGE.id].update(members)


def scoped(**rules: Any) -> Attack:
    def attack(web: Web) -> Data:
        profile(web, verification=rules)
        return moved(web, f"{EVIL}/badges/1.json")

    return attack


def at_place(place: str) -> Attack:
    def attack(web: Web) -> Data:
        web.documents[COLLEGE.id].pop("verification")
        return moved(web, place)

    return attack


def another_copy(**members: Any) -> Attack:
    return lambda web: {**web.hosted, **members}


def served(**members: Any) -> Attack:
    """The address serves something else than was handed in."""

    def attack(web: Web) -> Data:
        copy = web.hosted
        web.documents[HOSTED_AT] = {**copy, **members}
        return copy

    return attack


def his_class_of_the_college(web: Web) -> Data:
    place = with_class(web, f"{EVIL}/class.json", COLLEGE.id)
    return moved(web, f"{EVIL}/1.json", badge=place)


def his_class_with_an_embedded_profile(web: Web) -> Data:
    issuer = {**web.documents[COLLEGE.id], "verification": {"allowedOrigins": "evil.example"}}
    return moved(web, f"{EVIL}/1.json", badge={**web.documents[BADGE_AT], "issuer": issuer})


def profile_that_says_it_is_the_college(web: Web) -> Data:
    place = of_forger(web, id=COLLEGE.id)
    return moved(web, f"{EVIL}/1.json", badge=with_class(web, f"{EVIL}/class.json", place))


def class_that_says_it_is_the_colleges(web: Web) -> Data:
    with_class(web, f"{EVIL}/class.json", of_forger(web))
    web.documents[f"{EVIL}/class.json"]["id"] = BADGE_AT
    return moved(web, f"{EVIL}/1.json", badge=f"{EVIL}/class.json")


def signed_with_his_key(**how: Any) -> Attack:
    """A signed badge in the college's name under the forger's key, whose document says what is given."""

    def attack(web: Web) -> Data:
        place = how.get("place", f"{EVIL}/key.json")
        web.documents[place] = {**cryptographic_key(COLLEGE, FORGER.public_key), "id": place, **how.get("key", {})}
        return web.token(FORGER, verification={"type": "SignedBadge", "creator": place}, **how.get("members", {}))

    return attack


def profile_of_the_forger_with_his_key(web: Web) -> Data:
    """His profile names his key, but the badge class is the college's."""
    key = {**cryptographic_key(COLLEGE, FORGER.public_key), "id": f"{EVIL}/key", "owner": f"{EVIL}/issuer.json"}
    of_forger(web, publicKey=key)
    return web.token(FORGER, verification={"type": "SignedBadge", "creator": f"{EVIL}/key"})


def key_named_by_both(web: Web) -> Data:
    """The college's profile names a key of the forger, whose document says that it is the forger's."""
    place = f"{EVIL}/key.json"
    web.documents[place] = {**cryptographic_key(COLLEGE, FORGER.public_key), "id": place, "owner": f"{EVIL}/i"}
    profile(web, publicKey=[COLLEGE.key_address, place])
    return web.token(FORGER, verification={"type": "SignedBadge", "creator": place})


def pem_beside_a_named_key(web: Web) -> Data:
    """The college's site has a PEM file of the forger (an upload, say), and its profile names another key."""
    web.documents[f"{SITE}/upload/1.pem"] = pem_of_key(FORGER.public_key)
    return web.token(FORGER, verification={"type": "SignedBadge", "creator": f"{SITE}/upload/1.pem"})


def hmac_under_the_public_key(web: Web) -> Data:
    pem = pem_of_key(KEY.public_key).encode()
    return token_with({"alg": "HS256"}, web.signed, lambda data: hmac.digest(pem, data, "sha256")).encode()


def unsigned(algorithm: str) -> Attack:
    return lambda web: token_with({"alg": algorithm}, web.signed, lambda _: b"").encode()


def key_in_the_header(web: Web) -> Data:
    header = {"jwk": FORGER.public_key.jwk(), "kid": COLLEGE.key_address}
    return sign_compact(web.signed, FORGER, header).encode()


def hosted_in_a_token(web: Web) -> Data:
    """Signed by the forger, and hosted by its own word at the college: then what the college serves counts."""
    document = {**web.hosted, "recipient": {"type": "email", "identity": "eve@evil.example", "hashed": False}}
    return sign_compact(document, FORGER, {}).encode()


def signed_without_a_token(web: Web) -> Data:
    return web.signed


def both_ways(web: Web) -> Data:
    return another_copy(verification={"type": ["HostedBadge", "SignedBadge"]})(web)


def listed(**members: Any) -> Attack:
    def attack(web: Web) -> Data:
        web.documents[COLLEGE.revocation_list] = {**web.documents[COLLEGE.revocation_list], **members}
        return web.token()

    return attack


def list_at(address: Any) -> Attack:
    def attack(web: Web) -> Data:
        profile(web, revocationList=address)
        return web.token()

    return attack


def learner(**recipient: Any) -> Attack:
    def attack(web: Web) -> Data:
        web.documents[HOSTED_AT]["recipient"] = recipient
        return web.hosted

    return attack


HASH = "sha256$" + "0" * 64
HIS_LIST = {"type": "RevocationList", "id": f"{EVIL}/none", "issuer": f"{EVIL}/issuer.json", "revokedAssertions": []}

ATTACKS: dict[str, tuple[Attack, str]] = {
    # where a hosted badge stands
    "the address begins like the issuer's": (at_place(f"{SITE}.evil/badges/1.json"), "hosted_scope"),
    "the issuer's host as a user name": (at_place("https://college.example@evil.example/1"), "malformed_iri"),
    "the issuer's host as a user name and password": (at_place("https://college.example:443@evil.example/1"),
                                                      "malformed_iri"),
    "a backslash before the host": (at_place("https://evil.example\\@college.example/1"), "malformed_iri"),
    "a look-alike host": (at_place("https://c\u043ellege.example/1"), "malformed_iri"),
    "a look-alike host in punycode": (at_place("https://xn--cllege-iyf.example/1"), "hosted_scope"),
    "another port": (at_place("https://college.example:8443/badges/1.json"), "hosted_scope"),
    "a trailing dot": (at_place("https://college.example./badges/1.json"), "hosted_scope"),
    "a subdomain": (at_place("https://evil.college.example/badges/1.json"), "hosted_scope"),
    "no TLS": (at_place("http://college.example/badges/1.json"), "malformed_iri"),
    "an inner address": (at_place("https://127.0.0.1/badges/1.json"), "hosted_scope"),
    "a data address": (at_place("data:application/json,%7B%7D"), "malformed_iri"),
    "a file": (at_place("file:///etc/passwd"), "malformed_iri"),
    "dots in the path": (at_place(f"{SITE}/badges/../1.json"), "malformed_iri"),
    "a prefix without its slash": (scoped(startsWith="https://college.example"), "hosted_scope"),
    "a prefix of a scheme": (scoped(startsWith="https://"), "hosted_scope"),
    "an empty prefix": (scoped(startsWith=""), "hosted_scope"),
    "prefixes, none of them his": (scoped(startsWith=[SITE, "", "https://evil.exampl"]), "hosted_scope"),
    "a prefix of his, and no word of his host": (scoped(startsWith=EVIL), "hosted_scope"),
    "his host under no prefix": (scoped(allowedOrigins="evil.example", startsWith=SITE), "hosted_scope"),
    "any host": (scoped(allowedOrigins="*"), "hosted_scope"),
    "the top level": (scoped(allowedOrigins=["example", ".example", ""]), "hosted_scope"),
    "a rule that is no text": (scoped(allowedOrigins=[{"id": "evil.example"}]), "malformed_credential"),
    "very many rules": (scoped(allowedOrigins=[f"h{n}.example" for n in range(200)]), "malformed_credential"),
    # whose badge class and profile
    "his class of the college": (his_class_of_the_college, "hosted_scope"),
    "his class with the profile inside it": (his_class_with_an_embedded_profile, "hosted_scope"),
    "his profile says that it is the college": (profile_that_says_it_is_the_college, "malformed_credential"),
    "his class says that it is the college's": (class_that_says_it_is_the_colleges, "malformed_credential"),
    # what the address serves
    "another learner in the copy": (another_copy(recipient={"type": "email", "identity": "eve@evil.example"}),
                                    "hosted_mismatch"),
    "another class in the copy": (another_copy(badge=f"{EVIL}/class.json"), "hosted_mismatch"),
    "a later end in the copy": (another_copy(expires="2099-01-01T00:00:00Z"), "hosted_mismatch"),
    "evidence in the copy": (another_copy(evidence=[{"id": f"{EVIL}/e"}]), "hosted_mismatch"),
    "a member nobody knows in the copy": (another_copy(credits=600), "hosted_mismatch"),
    "another learner is served": (served(recipient={"type": "email", "identity": "mina@x.example"}), "hosted_mismatch"),
    "something signed is served": (served(verification={"type": "SignedBadge"}), "hosted_mismatch"),
    "another address is served": (served(id=f"{SITE}/badges/2.json"), "hosted_mismatch"),
    "another type is served": (served(type="BadgeClass"), "malformed_credential"),
    "a withdrawn badge": (served(revoked=True), "revoked"),
    "a withdrawn badge, not quite said so": (served(revoked="yes"), "revoked"),
    "a withdrawn badge, said in a number": (served(revoked=1), "revoked"),
    "issued tomorrow": (served(issuedOn=(NOW + DAY).isoformat()), "hosted_mismatch"),
    "it is both hosted and signed": (both_ways, "malformed_credential"),
    "it is verified in no known way": (another_copy(verification={"type": "TrustMe"}), "malformed_credential"),
    "two ways of verification": (another_copy(verification=[{"type": "HostedBadge"}] * 2), "cardinality"),
    "signed, it says, and nothing signs it": (signed_without_a_token, "no_proof"),
    "hosted, in a token that he signed": (hosted_in_a_token, "hosted_mismatch"),
    "definitions of its own": (another_copy(**{"@context": ["https://w3id.org/openbadges/v2", {"badge": "x:y"}]}),
                               "context_not_allowed"),
    # whose key
    "his key owned by the college": (signed_with_his_key(), "key_issuer_mismatch"),
    "his key owned by himself": (signed_with_his_key(key={"owner": f"{EVIL}/issuer.json"}), "key_issuer_mismatch"),
    "his key says that it is the college's": (signed_with_his_key(key={"id": COLLEGE.key_address}),
                                              "key_issuer_mismatch"),
    "his key at the college's site": (signed_with_his_key(place=f"{SITE}/upload/key.json"), "key_issuer_mismatch"),
    "his key behind a fragment": (signed_with_his_key(place=f"{COLLEGE.key_address}#his"), "key_issuer_mismatch"),
    "his profile names his key": (profile_of_the_forger_with_his_key, "key_issuer_mismatch"),
    "the college names a key of his": (key_named_by_both, "key_issuer_mismatch"),
    "a PEM file at the college's site": (pem_beside_a_named_key, "key_issuer_mismatch"),
    "his signature": (lambda web: web.token(FORGER), "bad_signature"),
    "his key in the header": (key_in_the_header, "bad_signature"),
    "an HMAC under the public key": (hmac_under_the_public_key, "alg_not_allowed"),
    "no algorithm": (unsigned("none"), "alg_not_allowed"),
    "an empty signature": (unsigned("ES256"), "malformed_jws"),
    # the list of what was revoked
    "the list names it": (listed(revokedAssertions=["urn:uuid:1"]), "revoked"),
    "the list names it as an object": (listed(revokedAssertions=[{"id": "urn:uuid:1"}]), "revoked"),
    "the list is somebody else's": (listed(issuer=f"{EVIL}/issuer.json"), "status_unverified"),
    "the list is of another address": (listed(id=f"{SITE}/older.json"), "status_unverified"),
    "the list is his": (listed(**HIS_LIST), "status_unverified"),
    "somebody else's list names it": (listed(issuer=EVIL, revokedAssertions=["urn:uuid:1"]), "status_unverified"),
    "the list is elsewhere and cannot be had": (list_at(f"{EVIL}/none"), "status_unavailable"),
    "the list is at an inner address": (list_at("http://169.254.169.254/latest"), "status_unavailable"),
    # the learner
    "a hash that is none": (learner(type="email", identity="sha256$zz", hashed=True), "malformed_credential"),
    "hashed, in words": (learner(type="email", identity=HASH, hashed="true"), "malformed_credential"),
    "no learner": (learner(type="email", hashed=False), "malformed_credential"),
    "a salt that is a number": (learner(type="email", identity=HASH, hashed=True, salt=7), "malformed_credential"),
}  # fmt: skip
