"""`creditbank serve --vc-api-test-issuer` as a process: over https, without a database, and loud about what it is."""

import json
import os
import signal
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from creditbank.cli import main
from tests.cli.test_serve import PATIENCE, free_port

COMMAND = "import sys; from creditbank.cli import main; sys.exit(main(sys.argv[1:]))"
CREDENTIAL = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential"],
    "issuer": "did:example:whoever",
    "credentialSubject": {"id": "did:example:alice"},
}


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine's loopback address, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
    pem, secret = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    secret.write_bytes(key.private_bytes(*form))
    return pem, secret


def asked(url: str, trust: ssl.SSLContext, body: Any = None) -> Any:
    data = json.dumps(body).encode() if body is not None else None
    with urlopen(Request(url, data, {"Content-Type": "application/json"}), timeout=10, context=trust) as response:
        return json.load(response)


def first_answer(url: str, trust: ssl.SSLContext, process: subprocess.Popen[bytes]) -> Any:
    deadline = monotonic() + PATIENCE
    while monotonic() < deadline and process.poll() is None:
        try:
            return asked(url, trust)
        except (URLError, ConnectionError):
            sleep(0.1)
    raise AssertionError(f"no answer; the process ended with {process.poll()}")


def test_a_run_of_the_suites_is_served_over_https_with_no_bank_behind_it(tmp_path: Path) -> None:
    pem, secret = certificate(tmp_path)
    port, trust = free_port(), ssl.create_default_context(cafile=str(pem))
    arguments = ["serve", "--vc-api-test-issuer", "--port", str(port), "--tls-cert", str(pem), "--tls-key", str(secret)]
    own = {"CREDITBANK_DATA_DIR": str(tmp_path / "data"), "CREDITBANK_KEY_DIR": str(tmp_path / "keys")}
    with (tmp_path / "output").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, *arguments], env=os.environ | own, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            base = f"https://127.0.0.1:{port}"
            issuers = first_answer(f"{base}/issuers", trust, process)
            assert issuers[0]["endpoint"].startswith(f"{base}/issuers/")
            issued = asked(f"{base}/credentials/issue", trust, {"credential": CREDENTIAL})["verifiableCredential"]
            assert issued["credentialStatus"]["statusListCredential"].startswith(f"{base}/status/")
            assert asked(f"{base}/credentials/verify", trust, {"verifiableCredential": issued})["verified"]
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)
    said = (tmp_path / "output").read_text(encoding="utf-8")
    assert "TEST RUN" in said and "Traceback" not in said
    assert not (tmp_path / "data").exists() and not (tmp_path / "keys").exists()


def test_beside_a_database_it_does_not_start(monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setenv("CREDITBANK_DATABASE_URL", "postgresql://bank@db.example/bank")
    assert main(["serve", "--vc-api-test-issuer"]) == 3
    assert "test_run_beside_bank" in capsys.readouterr().err


def test_https_needs_both_the_certificate_and_its_key(monkeypatch: Any, capsys: Any, tmp_path: Path) -> None:
    monkeypatch.delenv("CREDITBANK_DATABASE_URL", raising=False)
    monkeypatch.delenv("CREDITBANK_PUBLIC_URL", raising=False)
    pem, _ = certificate(tmp_path)
    assert main(["serve", "--vc-api-test-issuer", "--tls-cert", str(pem)]) == 3
    assert "tls_key_missing" in capsys.readouterr().err
