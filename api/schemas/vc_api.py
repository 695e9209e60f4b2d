"""Shapes of the VC API (VCALM 1.0). Options that are not known are left unread, as that specification asks."""

from typing import Any

from pydantic import BaseModel, Field

from api.schemas.common import shown

_CREDENTIAL = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential"],
    "issuer": "did:key:z6MktKwz7Ge1Yxzr4JHavN33wiwa8y81QdcMRLXQsrH9T53b",
    "credentialSubject": {"id": "did:example:alice"},
}


class VerifyOptions(BaseModel):
    """How to verify. `returnCredential`: give the credential back; `checks` is not read, every check is always made."""

    return_credential: bool = Field(default=False, alias="returnCredential")


class CredentialToVerify(BaseModel):
    """A credential with its proof, or in an envelope."""

    model_config = shown({"verifiableCredential": {**_CREDENTIAL, "proof": {}}, "options": {}})

    credential: dict[str, Any] = Field(alias="verifiableCredential")
    options: VerifyOptions = VerifyOptions()


class ProblemDetail(BaseModel):
    """One thing that is wrong, or worth knowing."""

    type: str
    title: str
    detail: str
    code: str


class VerifyResult(BaseModel):
    """`verified` only where every check passed."""

    model_config = shown({"verified": True, "problemDetails": []})

    verified: bool
    credential: dict[str, Any] | None = None
    problem_details: list[ProblemDetail] = Field(alias="problemDetails")


class PresentationOptions(BaseModel):
    """What the presentation must have been made for; `returnPresentation`: give it back."""

    challenge: str | None = None
    domain: str | None = None
    return_presentation: bool = Field(default=False, alias="returnPresentation")


class PresentationToVerify(BaseModel):
    """A presentation with its proof, or in an envelope."""

    model_config = shown({
        "verifiablePresentation": {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiablePresentation"],
            "verifiableCredential": [],
            "proof": {},
        },
        "options": {"challenge": "d436f0c8-fbd9-4e48-bbb2-55fc5d0920a8", "domain": "example.com"},
    })  # fmt: skip

    presentation: dict[str, Any] = Field(alias="verifiablePresentation")
    options: PresentationOptions = PresentationOptions()


class IssueOptions(BaseModel):
    """How to secure: by a `cryptosuite`, or `type` `vc+jwt`; what must stay disclosed; the purpose of the status."""

    type: str | None = None
    cryptosuite: str | None = None
    mandatory_pointers: list[str] = Field(default_factory=list, alias="mandatoryPointers")
    status_purpose: str = Field(default="revocation", alias="statusPurpose")
    credential_id: str | None = Field(default=None, alias="credentialId")


class CredentialToIssue(BaseModel):
    """A credential without proof. Whatever issuer it names, it is issued in the local issuer's name."""

    model_config = shown({"credential": _CREDENTIAL, "options": {"cryptosuite": "eddsa-rdfc-2022"}})

    credential: dict[str, Any]
    options: IssueOptions = IssueOptions()


class DeriveOptions(BaseModel):
    """What is to be disclosed, as JSON pointers (RFC 6901)."""

    selective_pointers: list[str] = Field(default_factory=list, alias="selectivePointers")


class CredentialToDerive(BaseModel):
    """A credential with a base proof of `ecdsa-sd-2023`."""

    model_config = shown({
        "verifiableCredential": {**_CREDENTIAL, "proof": {}},
        "options": {"selectivePointers": ["/credentialSubject"]},
    })  # fmt: skip

    credential: dict[str, Any] = Field(alias="verifiableCredential")
    options: DeriveOptions = DeriveOptions()


class IssuedCredential(BaseModel):
    """A secured credential."""

    model_config = shown({"verifiableCredential": {**_CREDENTIAL, "proof": {}}})

    credential: dict[str, Any] = Field(alias="verifiableCredential")


class StatusToSet(BaseModel):
    """Which status."""

    type: str
    purpose: str = Field(alias="statusPurpose")


class StatusUpdate(BaseModel):
    """The new status of a credential that was issued here."""

    model_config = shown({
        "credentialId": "urn:uuid:0fc754bc-fc32-46a0-aec1-a5ef385e7ea0",
        "credentialStatus": {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"},
        "status": True,
    })  # fmt: skip

    credential_id: str = Field(alias="credentialId")
    credential_status: StatusToSet = Field(alias="credentialStatus")
    status: bool = True
