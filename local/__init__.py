"""The local cloud: `python -m local` runs the system on this machine.

Nothing here is deployed. It uses the layer's own keys and codecs, so that an item's shape is known in one place. It
calls the API as any broker does, by the client in `client/`.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "layer"), str(ROOT / "client")]
