"""`python -m local.emulator FOLDER` runs MiniStack there. Its `Query` follows the order of keys, and it refuses
pages of other origins.

What replaces MiniStack's own functions is made for one version of it.
"""

import os
import sys
from importlib import import_module
from importlib.metadata import version

from local.key_order import replacements
from local.origins import guarded

VERSION = "1.5.33"


def require_version() -> None:
    """Ends the process with words if another MiniStack is installed than the one that this is made for."""
    if (found := version("ministack")) != VERSION:
        raise SystemExit(
            f"MiniStack {found} is installed; local/key_order.py replaces functions of {VERSION}. Hold them against the"
            " new one, let VERSION in local/emulator.py be it, and run tests/contract/test_key_order.py."
        )


def main(folder: str) -> None:
    """Serves until a signal ends it."""
    require_version()
    os.chdir(folder)
    sys.argv[1:] = []  # MiniStack reads them, too
    ministack, dynamodb = import_module("ministack.app"), import_module("ministack.services.dynamodb")
    vars(dynamodb).update(replacements(dynamodb))
    vars(ministack)["app"] = guarded(ministack.app)
    ministack.main()


if __name__ == "__main__":
    main(sys.argv[1])
