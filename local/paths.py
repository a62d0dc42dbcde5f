"""Where things are. All that a running system leaves behind is in `.local`, which `make down` and `make clean` know."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / os.environ.get("LOCAL_STATE", ".local")
"""Two systems can be up beside each other if each has a folder, as that of the tests has."""

ENV_FILE = STATE / "env"
AWS_FILE = STATE / "aws"
FINGERPRINT = STATE / "deployed"
LOCK = STATE / "ministack.lock"
INSTALL_LOCK = STATE / "install.lock"
GATE_LOCK = STATE / "gate.lock"
TEMPORARY = STATE / "tmp"
BUILD = STATE / "build"
BUILD_CACHE = STATE / "cache"
MACHINE = STATE / "machine.toml"
"""The template's parameters that are this machine's. `sam` reads it: samconfig.toml names it."""
VARIABLES = STATE / "variables.json"
"""The functions' variables while a system is up, for `sam local`: samconfig.toml names it, too."""

MINISTACK_LOG = STATE / "ministack.log"
GATE_LOG = STATE / "gate.log"
BUILD_LOG = STATE / "build.log"
DEPLOY_LOG = STATE / "deploy.log"
