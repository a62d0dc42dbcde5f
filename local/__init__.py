"""The local cloud: `python -m local` runs the system on this machine.

Nothing here is deployed. It uses the layer's own keys and codecs, so that an item's shape is known in one place.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "layer"))
