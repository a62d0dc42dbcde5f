"""The browser of the page's tests: Chromium, as the machine has it. `python -m local.browser` installs Debian's.

The variable CHROMIUM names another one.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OF_MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
ADVICE = (
    "The tests of the page need Chromium. Install it (Debian, Ubuntu: apt-get install chromium), or name one with the"
    " variable CHROMIUM."
)


def chromium() -> str | None:
    """Where it is, None if there is none."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    return found or (str(OF_MACOS) if OF_MACOS.exists() else None)


def _install() -> bool:
    """Installs Debian's, if this is Debian and the caller is root. Whether it is there then."""
    apt = shutil.which("apt-get")
    if not apt or os.geteuid() != 0:
        return False
    print("Installing Chromium, for the tests of the page ...", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", "chromium", "fonts-dejavu-core"]):
        done = subprocess.run([apt, "--quiet=2", *arguments], env=environment, check=False)  # noqa: S603 # nobody else's words
        if done.returncode:
            return False
    return chromium() is not None


if __name__ == "__main__" and chromium() is None and not _install():
    sys.exit(ADVICE)
