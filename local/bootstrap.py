"""Makes `.venv`, with exactly what requirements.lock names. Does nothing if that is so already.

Runs under whatever Python the caller has, before anything is installed: standard library only, and old syntax.
"""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

OLDEST, NEWEST = (3, 11), (3, 14)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed"
UV, LOCK = ROOT / "local" / "uv.txt", ROOT / "requirements.lock"


def main() -> None:
    version = sys.version_info[:2]
    if not OLDEST <= version <= NEWEST:
        sys.exit(
            "Python {}.{} to {}.{} is needed, {} is {}.{}. Name one with the variable PYTHON, like"
            " `make run PYTHON=python3.13`.".format(*OLDEST, *NEWEST, sys.executable, *version)
        )
    content = "{}.{}\n".format(*version).encode() + UV.read_bytes() + LOCK.read_bytes()
    wanted = hashlib.sha256(content).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    print("Installing the tools into .venv ...", flush=True)
    try:
        install()
    except subprocess.CalledProcessError as error:
        sys.exit(
            "`{}` failed, see above. If it says ensurepip, this Python lacks its module venv: install it"
            " (Debian: python3-venv) or name another Python with the variable PYTHON.".format(" ".join(error.cmd))
        )
    except KeyboardInterrupt:
        sys.exit("Stopped. The next make target goes on.")
    STAMP.write_text(wanted)


def install() -> None:
    """Raises CalledProcessError if a command fails; its output says why."""
    if Path(sys.prefix) != VENV:
        venv.create(VENV, clear=True, symlinks=True, with_pip=True)
    commands = (
        ["pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(UV)],
        ["uv", "pip", "sync", "--quiet", str(LOCK)],
    )
    for command in commands:
        subprocess.run([str(PYTHON), "-m", *command, "--require-hashes"], check=True)  # noqa: S603 # nobody else's words


if __name__ == "__main__":
    main()
