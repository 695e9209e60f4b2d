"""`creditbank verify FILE --check-receipt RECEIPT`: that an earlier verification was made, and was of this file."""

from collections.abc import Sequence
from pathlib import Path

from credentials.errors import CredentialError
from credentials.keys import PublicKey
from credentials.report_certificate import visible
from creditbank.commands.bank_key import StatedKey
from creditbank.commands.terminal import DONE, NO, out
from creditbank.errors import Refused
from creditbank.offline.items import read_file
from creditbank.trust_bundle import read_bundle
from creditbank.verification_receipt import VerificationReceipt, check_receipt, read_receipt

_LONGEST = 131_072


def check_receipt_file(path: Path, files: Sequence[str], bundle: bytes | None, stated: StatedKey | None) -> int:
    """Whether the receipt holds and is about the one file. The exit code: 0 it is, 1 it is not.

    Raises Refused `one_file_needed`; `bank_key_needed` without the bank's key as a JWK or a trust bundle; OSError.
    """
    if len(files) != 1:
        raise Refused("one_file_needed", "A receipt is about one file; name that one.")
    key = _key(bundle, stated)
    with path.open(encoding="utf-8") as file:
        token = file.read(_LONGEST)
    data = read_file(Path(files[0]))
    try:
        receipt = read_receipt(token, key)
        check_receipt(receipt, data)
    except (CredentialError, Refused) as refused:
        out.print(f"✗ {refused.message} [{refused.code}]", style="bold red", markup=False)
        return NO
    _tell(receipt, key)
    return DONE


def _tell(receipt: VerificationReceipt, key: PublicKey) -> None:
    code = f" [{visible(receipt.code)}]" if receipt.code else ""
    out.print(f"✓ The receipt holds: {visible(receipt.iss)} verified this file.", style="green", markup=False)
    for line in (
        f"verdict: {receipt.verdict}{code}",
        f"verified at: {visible(receipt.verified_at)}",
        f"report: sha-256 {visible(receipt.report_sha256)}",
        *(f"signed with: {visible(thumbprint)}" for thumbprint in receipt.material.keys),
        *(f"status list: {visible(used.url)} sha-256 {visible(used.sha256)}" for used in receipt.material.status_lists),
        f"receipt signed with: {key.thumbprint()}",
    ):
        out.print(f"  {line}", markup=False, soft_wrap=True)


def _key(bundle: bytes | None, stated: StatedKey | None) -> PublicKey:
    """The bank's key as it was given; else that of the bundle, which is as good as the bundle is."""
    if stated and stated.key:
        return stated.key
    if bundle is None:
        raise Refused("bank_key_needed", "Give the bank's key for statements as a JWK, or a trust bundle.")
    return read_bundle(bundle, stated.thumbprint if stated else None).key
