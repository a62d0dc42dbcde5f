"""What an operator does with any stack, here or on AWS: `python -m ops`.

Nothing here is deployed. It uses the layer's own keys and codecs, so that an item's shape is known in one place.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "layer"), str(ROOT / "client")]
