"""Why the log refused: one root, a stable code for each reason, and the facts."""

from typing import ClassVar

from creditbank.errors import BankError

Fact = str | int


class LogError(BankError):
    """Root of the log's errors: a stable snake_case `code`, a human `message` and the `facts` behind it.

    Facts are sizes, positions, origins and fixed phrases: never personal data, never the input itself. The code
    stands on the class too, as `stable_code`, so that it can be listed without making the error.
    """

    stable_code: ClassVar[str] = "log_error"
    sentence: ClassVar[str] = "The log refused."

    def __init__(self, **facts: Fact) -> None:
        super().__init__(self.stable_code, self.sentence.format(**facts), **facts)


class MalformedLeaf(LogError):
    """A leaf that cannot be committed to: unknown version, or a salt that is not 16 bytes. Facts: `reason`."""

    stable_code = "malformed_leaf"
    sentence = "The leaf is malformed: {reason}."


class MalformedTree(LogError):
    """A frontier, index or size that no tree can have. Facts: `reason`."""

    stable_code = "malformed_tree"
    sentence = "No Merkle tree has this shape: {reason}."


class MissingHash(LogError):
    """A planned proof could not be assembled: the stored hash was not handed in. Facts: `level`, `position`."""

    stable_code = "missing_hash"
    sentence = "The stored hash at level {level}, position {position} is missing."


class InclusionProofInvalid(LogError):
    """The proof does not lead from the leaf to the root. Facts: `index`, `size`, `reason`."""

    stable_code = "inclusion_proof_invalid"
    sentence = "The proof does not show leaf {index} in the tree of size {size}: {reason}."


class ConsistencyProofInvalid(LogError):
    """The proof does not lead from the older root to the newer. Facts: `older`, `newer`, `reason`."""

    stable_code = "consistency_proof_invalid"
    sentence = "The proof does not show that the tree of size {newer} extends that of size {older}: {reason}."


class LogForked(LogError):
    """Two checkpoints of one log that cannot both be true. Facts: `origin`, `older`, `newer`."""

    stable_code = "log_forked"
    sentence = "The log {origin} has forked: its checkpoints of sizes {older} and {newer} are inconsistent."


class MalformedLogKey(LogError):
    """A verifier key that C2SP signed-note does not allow, or of a kind not used here. Facts: `reason`."""

    stable_code = "malformed_log_key"
    sentence = "The log verifier key is malformed: {reason}."


class MalformedNote(LogError):
    """Bytes that are not a signed note (C2SP signed-note, "Format"). Facts: `reason`."""

    stable_code = "malformed_note"
    sentence = "The signed note is malformed: {reason}."


class BadNoteSignature(LogError):
    """A signature line names a known key but does not verify under it. Facts: `name`."""

    stable_code = "bad_note_signature"
    sentence = "The signature by {name} does not verify."


class MalformedCheckpoint(LogError):
    """Bytes that are not a checkpoint (C2SP tlog-checkpoint). Facts: `reason`."""

    stable_code = "malformed_checkpoint"
    sentence = "The checkpoint is malformed: {reason}."


class OriginUnknown(LogError):
    """A checkpoint of a log that the verifier has not pinned. Facts: `expected`, the pinned origin."""

    stable_code = "origin_unknown"
    sentence = "The checkpoint is not of the log {expected}."


class CheckpointNotSigned(LogError):
    """No signature line by the pinned log key. Facts: `origin`."""

    stable_code = "checkpoint_not_signed"
    sentence = "The checkpoint carries no signature by the pinned key of {origin}."


class LogKeyRetired(LogError):
    """A checkpoint beyond the size at which the log's key was retired. Facts: `origin`, `size`, `last_size`."""

    stable_code = "log_key_retired"
    sentence = "The key of {origin} is accepted up to size {last_size} and signed size {size}."


class TooFewWitnesses(LogError):
    """Fewer known witnesses cosigned than the verifier asks for. Facts: `wanted`, `found`."""

    stable_code = "too_few_witnesses"
    sentence = "The checkpoint needs {wanted} witness cosignatures and has {found}."


class MalformedTile(LogError):
    """A tile path or tile content that C2SP tlog-tiles does not allow. Facts: `reason`."""

    stable_code = "malformed_tile"
    sentence = "The tile is malformed: {reason}."


class MalformedReceipt(LogError):
    """Bytes that are not a receipt (C2SP tlog-proof). Facts: `reason`."""

    stable_code = "malformed_receipt"
    sentence = "The receipt is malformed: {reason}."
