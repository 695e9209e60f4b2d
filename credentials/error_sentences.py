"""One sentence for each error code of this package; braces name the facts that a sentence is built from."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_LIMITS = {
    "too_large": "The data is larger than the {limit} bytes that are read.",
    "too_deep": "The data is nested deeper than the {limit} levels that are read.",
    "too_long": "A value is longer than the {limit} characters that are read.",
    "too_complex": "The document needs more than the {limit} {unit} that are spent on one document.",
}

_JSON = {
    "malformed_json": "The data is not JSON text in UTF-8 (byte or character {position}: {reason}).",
    "duplicate_json_key": "An object names the same member twice.",
    "malformed_number": "A number is not a finite JSON number.",
    "malformed_date": "A date is not an XML Schema dateTime with its offset.",
    "out_of_range": "A number or date lies outside the range that is read exactly.",
    "malformed_multibase": "A multibase value is not {encoding} in its one canonical form.",
}

_JOSE = {
    "malformed_jws": "The token is not a compact JWS of three unpadded base64url parts ({reason}).",
    "malformed_header": "The header of the JWS is not acceptable: {reason}.",
    "malformed_claim": "A JWT claim has the wrong type or is reserved: {claim}.",
    "claim_mismatch": "The JWT claim {claim} differs from the credential's {member}.",
    "alg_not_allowed": "The algorithm is not one of {allowed}.",
    "alg_key_mismatch": "The proof names another algorithm than {key_algorithm}, its key's own.",
    "unsupported_critical": "The JWS demands an extension that is not supported.",
    "untrusted_key_hint": "The JWS brings its own key or key address ({member}), which is never trusted.",
    "wrong_type": "The token is of another type than a credential.",
}

_SD_JWT = {
    "malformed_sd_jwt": "The selectively disclosed token is not well formed ({reason}).",
    "sd_alg_not_allowed": "The digests of the token are not made with one of {allowed}.",
    "malformed_disclosure": "A disclosure of the token is not well formed ({reason}).",
    "duplicate_disclosure": "The token shows the same disclosure twice.",
    "duplicate_digest": "The token holds the same digest in two places.",
    "foreign_disclosure": "The token shows something that its issuer did not sign.",
    "disclosure_not_allowed": "The token hides and shows {name}, which must always stand in the open.",
    "disclosure_conflict": "A disclosure names a member that is there already.",
    "not_disclosed": "The holder has held back something that is needed here ({member}).",
    "key_binding_missing": "The holder has not shown the key that the credential was issued to.",
    "key_binding_invalid": "The holder's proof of the key that the credential was issued to does not hold ({reason}).",
}

_PRESENTATIONS = {
    "challenge_missing": "Nothing shows that the presentation was made for this occasion: it answers no challenge.",
    "replayed": "The presentation has been shown before.",
    "holder_mismatch": "The presentation is not signed with a key of the holder that it names.",
    "holder_not_subject": "The presentation was made by somebody else than the person that its credentials are about.",
    "no_credential": "The presentation holds no credential.",
    "malformed_presentation": "The presentation does not have the shape of a verifiable presentation ({reason}).",
    "credential_not_valid": "A credential in the presentation is not valid.",
    "credential_undecided": "A credential in the presentation could not be decided.",
}

_KEYS = {
    "malformed_key": "The key is not well formed ({reason}).",
    "key_type_not_allowed": "Keys of this type are not accepted ({reason}).",
    "private_key_published": "The key contains its private part; it must be withdrawn.",
    "weak_key": "The key is too weak ({reason}).",
    "small_order_key": "The key is a point of small order, for which anybody can sign.",
}

_LINKED_DATA = {
    "context_not_allowed": "The @context must list pinned context addresses in order, base first ({reason}).",
    "keyword_not_allowed": "The JSON-LD keyword {keyword} is not used in credentials.",
    "data_loss_detected": "The contexts do not cover the member at {pointer}, so no signature would.",
    "malformed_iri": "The value at {pointer} is not a well-formed IRI.",
    "relative_iri": "The value at {pointer} is a relative IRI; credentials use absolute ones.",
    "malformed_language_tag": "The language tag at {pointer} is not well formed (BCP 47).",
    "cardinality": "The member at {pointer} has more values than it may.",
}

_PROOFS = {
    "no_proof": "The credential carries no proof.",
    "bad_signature": "The signature does not fit the document and the key.",
    "small_order_r": "The signature's first half is a point of small order.",
    "malformed_proof": "The proof's {member} is missing or not well formed.",
    "unsupported_cryptosuite": "The cryptosuite is not one of {supported}.",
    "proof_purpose_mismatch": "The proof is not made for the purpose {expected}.",
    "challenge_mismatch": "The proof answers another challenge than the one that was set.",
    "domain_mismatch": "The proof is made for another recipient (domain).",
    "base_proof": "The proof is the holder's own (a base proof); ask the holder for one derived from it.",
    "unknown_pointer": "The JSON pointer at place {place} names nothing that can be disclosed by itself.",
    "proof_time": "The proof's time is not acceptable ({reason}).",
    "proof_chain": "The proof chain is incomplete or circular.",
    "malformed_did": "The issuer's DID does not follow the grammar of its method, so nobody can be asked for its keys.",
    "address_not_allowed": "The issuer's DID names an address inside a network, where nobody is asked for keys.",
    "unknown_key": "No key is registered under the proof's verification method.",
    "controller_mismatch": "The key of the proof is not one of the issuer's.",
    "key_retired": "The credential was signed after its key was retired.",
    "key_not_yet_active": "The credential was signed before its key became active.",
    "key_compromised": "The credential was signed after its key was compromised.",
    "signing_time_unproven": "Nothing proves that the credential was signed before its key was compromised.",
}

_DOCUMENTS = {
    "unsupported_format": "The format is not one that this bank reads.",
    "not_yet_valid": "The credential is not valid yet.",
    "expired": "The credential is no longer valid.",
    "version_confusion": "The credential mixes versions 1.1 and 2.0 of the data model.",
    "credits_out_of_range": "The credits are not between 0 and 100,000 with at most three decimals.",
    "malformed_credential": "The credential does not have the shape that Open Badges 3.0 asks for.",
    "schema_unavailable": "A JSON Schema that the credential names is not at hand, or is of a kind that is not read.",
    "schema_malformed": "What the credential names as its JSON Schema is not one.",
    "schema_mismatch": "The credential does not fit the JSON Schema that it names ({keyword}).",
    "digest_mismatch": "Something that the credential refers to is not what its issuer saw: the digest differs.",
    "digest_unverified": "The credential gives digests of {count} things that are not at hand to compare.",
    "endorsement_unverified": "Endorsements that could not be verified: {count}. They count for nothing.",
    "endorsement_mismatch": "The endorsement is about something else than what it stands in.",
    "refresh_refused": "The refreshed credential may not take the old one's place ({member}).",
    "not_canonical_shape": "The credential's JSON says more than its signature covers.",
}

_STATUS = {
    "status_unavailable": "The status list could not be had.",
    "status_unverified": "The status list is not secured by a valid proof.",
    "status_purpose_mismatch": "The status list serves another purpose than the entry.",
    "status_list_issuer_mismatch": "The status list was issued by somebody else.",
    "status_type_unsupported": "The status entry is of a type that is not supported.",
    "status_stale": "The status list is no longer current.",
    "status_recursion": "The status list has a status of its own, which is not followed.",
    "range_error": "The status list index is outside the list.",
    "revoked": "The credential has been revoked.",
    "suspended": "The credential is suspended.",
    "status_unsigned": "The issuer's list of revoked credentials does not name this one, but the list is not signed.",
    "status_message": "The issuer has attached a message to this credential (value {status}); it remains valid.",
    "refresh_available": "The issuer offers a newer version of this credential; this one remains valid.",
    "status_tracks_holder": "The address of the status list names this one credential, so the issuer learns who asks.",
    "status_regression": "The issuer's list of revoked credentials has lost a revocation that it held before.",
}

_OPEN_BADGES_2 = {
    "document_unavailable": "A document that the badge leads to, such as its issuer's profile, could not be had.",
    "hosted_scope": "The badge is served from an address at which its issuer does not publish badges.",
    "hosted_mismatch": "The badge differs from the one that its issuer's address serves ({member}).",
    "key_issuer_mismatch": "The issuer's own profile does not name the key that signed the badge.",
    "weak_identity_hash": "The learner is named by a hash (MD5) that anybody can imitate; nobody is recognised by it.",
    "no_revocation_list": "The issuer names no revocation list, so a revoked badge would not be noticed.",
}

_RECORDS = {
    "inner_credential_invalid": "Of the certificates in the record, {count} are not valid.",
    "inner_credential_undecided": "Of the certificates in the record, {count} could not be decided.",
    "subject_differs": "A certificate in the record names somebody else than the record itself.",
}

_IMAGES = {
    "duplicate_badge": "The file holds more than one badge.",
    "no_badge": "The file holds no badge.",
    "malformed_pdf": "The data is not a well-formed PDF document ({reason}).",
    "encrypted_pdf": "The PDF document is encrypted; hand in one that is not.",
    "compressed_chunk": "The badge in the image is compressed, which Open Badges forbids.",
    "malformed_png": "The data is not a well-formed PNG image ({reason}).",
    "malformed_svg": "The data is not a well-formed SVG image ({reason}).",
    "dtd_forbidden": "The image declares a document type or entities, which is forbidden.",
}

SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    _LIMITS
    | _JSON
    | _JOSE
    | _SD_JWT
    | _PRESENTATIONS
    | _KEYS
    | _LINKED_DATA
    | _PROOFS
    | _DOCUMENTS
    | _STATUS
    | _IMAGES
    | _OPEN_BADGES_2
    | _RECORDS
)
