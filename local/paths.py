"""Where things are. All that a running system leaves behind is in `.local`, which `make down` and `make clean` know."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / os.environ.get("LOCAL_STATE", ".local")
"""Two systems can be up beside each other if each has a folder, as that of the tests has."""

ENV_FILE = STATE / "env"
FINGERPRINT = STATE / "deployed"
LOCK = STATE / "ministack.lock"
INSTALL_LOCK = STATE / "install.lock"
TEMPORARY = STATE / "tmp"
BUILD = STATE / "build"
BUILD_CACHE = STATE / "cache"

MINISTACK_LOG = STATE / "ministack.log"
BUILD_LOG = STATE / "build.log"
DEPLOY_LOG = STATE / "deploy.log"
