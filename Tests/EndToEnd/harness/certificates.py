"""Certificates for loopback, made with the openssl command."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Certificate:
    certificate: str
    key: str


def _openssl(*arguments, cwd):
    subprocess.run(["openssl", *arguments], cwd=cwd, check=True, capture_output=True)


class Authority:
    """A certificate authority of the tests' own."""

    def __init__(self, folder, name):
        self.folder = Path(folder)
        self.name = name
        _openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", f"{name}.key", "-out", f"{name}.pem", "-days", "60", "-subj", f"/CN={name}",
            cwd=self.folder)
        self.path = str(self.folder / f"{name}.pem")

    def issue(self, name, alternatives="DNS:localhost,IP:127.0.0.1", days=60):
        """A server's certificate; with negative `days` it has expired, with less than 14 the gateway warns."""
        (self.folder / f"{name}.ext").write_text(f"subjectAltName={alternatives}\n")
        _openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}", cwd=self.folder)
        _openssl(
            "x509", "-req", "-in", f"{name}.csr", "-CA", f"{self.name}.pem", "-CAkey", f"{self.name}.key",
            "-CAcreateserial", "-out", f"{name}.pem", "-days", str(days), "-extfile", f"{name}.ext",
            cwd=self.folder)
        return Certificate(str(self.folder / f"{name}.pem"), str(self.folder / f"{name}.key"))
