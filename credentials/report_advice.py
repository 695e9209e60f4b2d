"""What a reader of a report should do next: one piece of advice a code, in a few sentences that many codes share."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from credentials.checks import Verdict

_BY_VERDICT: Final[Mapping[Verdict, str]] = {
    "valid": "valid", "invalid": "ask_institution", "indeterminate": "try_again",
}  # fmt: skip
_CODES: Final[Mapping[str, tuple[str, ...]]] = {
    "ask_original": (
        "too_large", "too_deep", "too_long", "too_complex", "malformed_json", "malformed_jws", "malformed_sd_jwt",
        "malformed_png", "malformed_svg", "malformed_pdf", "encrypted_pdf", "no_badge", "no_credential", "no_proof",
        "duplicate_badge", "compressed_chunk", "dtd_forbidden", "malformed_credential", "wrong_type",
        "malformed_presentation",
    ),
    "tampered": (
        "bad_signature", "malformed_proof", "not_canonical_shape", "duplicate_json_key", "claim_mismatch",
        "foreign_disclosure", "disclosure_conflict", "hosted_mismatch", "data_loss_detected",
    ),
    "ask_in_force": ("revoked", "expired", "reversed"),
    "ask_newer": ("superseded",),
    "wait": ("suspended", "not_yet_valid"),
    "check_accreditation": ("untrusted_issuer",),
    "ask_holder": ("not_disclosed", "base_proof"),
    "present_anew": (
        "challenge_missing", "challenge_mismatch", "domain_mismatch", "replayed", "holder_mismatch",
        "key_binding_missing", "key_binding_invalid",
    ),
    "reissue": (
        "key_compromised", "key_retired", "signing_time_unproven", "private_key_published", "weak_key",
        "small_order_key",
    ),
    "look_inside": (
        "inner_credential_invalid", "inner_credential_undecided", "credential_not_valid", "credential_undecided",
    ),
    "other_form": (
        "unsupported_format", "unsupported_cryptosuite", "unsupported_critical", "alg_not_allowed",
        "key_type_not_allowed", "context_not_allowed", "sd_alg_not_allowed", "status_type_unsupported",
    ),
    "newer_reference": ("trust_stale", "status_stale"),
}  # fmt: skip
BY_CODE: Final[Mapping[str, str]] = MappingProxyType({code: key for key, codes in _CODES.items() for code in codes})


def advice_key(verdict: Verdict, code: str | None) -> str:
    """Under which key the sentences (`Sentences.advice`) keep what to do about this verdict."""
    return BY_CODE.get(code or "", _BY_VERDICT[verdict])


ADVICE: Final = frozenset({*_BY_VERDICT.values(), *_CODES})
"""Every key that `advice_key` answers with."""
