"""A certificate authority in a folder, made with the `openssl` command."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from pathlib import Path

GOOD, WRONG_HOST, EXPIRED, SELF_SIGNED = "good", "wrong-host", "expired", "self-signed"
_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


class CertificateError(Exception):
    pass


class Authority:
    """Keeps `ca.pem` and the servers' certificates; a folder that has an authority keeps it."""

    def __init__(self, folder: Path, hosts: list[str]) -> None:
        if shutil.which("openssl") is None:
            raise CertificateError("the command `openssl` is missing: install the package openssl")
        self.folder = folder
        self.hosts = hosts
        self.ca = folder / "ca.pem"
        self._contexts: dict[str, ssl.SSLContext] = {}
        if not self.ca.exists() or not (folder / "ca.key").exists():
            _openssl("req", "-x509", *_KEY, "-days", "3650", "-subj", "/CN=mock exchange CA",
                     "-addext", "basicConstraints=critical,CA:TRUE",
                     "-addext", "keyUsage=critical,keyCertSign,cRLSign",
                     "-keyout", str(folder / "ca.key"), "-out", str(self.ca))
            (folder / "ca.key").chmod(0o600)

    def context(self, kind: str) -> ssl.SSLContext:
        """TLS settings of a server with such a certificate; made when first asked for."""
        if kind not in self._contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self._make(kind))
            context.set_alpn_protocols(["http/1.1"])
            self._contexts[kind] = context
        return self._contexts[kind]

    def _make(self, kind: str) -> tuple[Path, Path]:
        certificate, key = self.folder / f"{kind}.pem", self.folder / f"{kind}.key"
        request = self.folder / f"{kind}.csr"
        names = ["wrong.invalid"] if kind == WRONG_HOST else [*self.hosts, "localhost"]
        san = "subjectAltName=" + ",".join(f"DNS:{name}" for name in names)
        if kind != WRONG_HOST:
            san += ",IP:127.0.0.1,IP:::1"
        subject = ["-subj", f"/CN=mock exchange ({kind})", "-addext", san]
        if kind == SELF_SIGNED:
            _openssl("req", "-x509", *_KEY, "-days", "30", *subject, "-addext",
                     "basicConstraints=critical,CA:FALSE",
                     "-keyout", str(key), "-out", str(certificate))
            return certificate, key
        _openssl("req", *_KEY, *subject, "-keyout", str(key), "-out", str(request))
        _openssl("x509", "-req", "-in", str(request), "-CA", str(self.ca),
                 "-CAkey", str(self.folder / "ca.key"), "-CAcreateserial",
                 "-copy_extensions", "copy", "-days", "-1" if kind == EXPIRED else "30",
                 "-out", str(certificate))
        key.chmod(0o600)
        return certificate, key


def _openssl(*arguments: str) -> None:
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()
        why = said[-1] if said else "it does not say why"
        raise CertificateError(f"openssl {arguments[0]} failed: {why}")
