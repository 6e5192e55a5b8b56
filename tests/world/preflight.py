"""Apache PDFBox's preflight, the validator of PDF/A-1b that Debian carries. `validation/README.md` says what to install."""

import re
import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

FOLDER = Path("/usr/share/java")
PARTS = ("preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "javax.activation", "jaxb-api")


@lru_cache
def is_there() -> bool:
    """Return whether preflight and a Java to run it are installed."""
    return shutil.which("java") is not None and all((FOLDER / f"{part}.jar").exists() for part in PARTS)


def refusals(pdf: bytes) -> list[str]:
    """Return what preflight says against a PDF as PDF/A-1b; none if it calls it valid."""
    path = ":".join(str(FOLDER / f"{part}.jar") for part in PARTS)
    with tempfile.NamedTemporaryFile(suffix=".pdf") as paper:
        paper.write(pdf)
        paper.flush()
        command = [
            "java",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            path,
            "org.apache.pdfbox.preflight.Validator_A1b",
            paper.name,
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    return sorted(set(read(done.stdout, pdf)))


def read(answer: str, pdf: bytes) -> list[str]:
    """Return the errors of an answer. An answer that is neither says so: silence is no consent.

    Preflight does not follow a bookmark's reference to its destination, and calls any such reference an error; the
    specification allows one (ISO 32000-1, 7.3.10). It is passed over where what is referred to is a place on a page.
    """
    if re.search(r"^The file \S+ is a valid PDF/A-1b file", answer, re.M):
        return []
    errors = re.findall(r"^\d+(?:\.\d+)* ?: .+", answer, re.M)
    if not errors:
        return [f"preflight gave no answer: {answer[:200]!r}"]
    return [f"preflight: {each}" for each in errors if not _is_a_place(each, pdf)]


def _is_a_place(error: str, pdf: bytes) -> bool:
    found = re.fullmatch(
        r"1\.2\.3 : Body Syntax error, Error: can't convert to Destination COSObject\{(\d+), 0\}", error.strip()
    )
    place = rb"\n%s 0 obj\s*\[\s*(\d+) 0 R\s*/XYZ [-\d. ]+\]\s*endobj"
    there = re.search(place % found[1].encode(), pdf) if found else None
    return there is not None and re.search(rb"\n%s 0 obj\s*<<\s*/Type\s*/Page\b" % there[1], pdf) is not None


if __name__ == "__main__":
    raise SystemExit(not is_there())
