"""The local cloud: `python -m local` runs the system on this machine.

- `bootstrap` makes `.venv`. `commands`: what make calls. `paths`, `environment` and `envfile`: where things are.
- `system` builds and deploys, by `sam` and `parameter`; `targets` is for what goes to AWS. `samples`, `orders`,
  `sessions`, `status`, `logs`, `warm_up` and `sizes` are for the system that is up.
- `ministack` is the local cloud's process, `emulator` what runs in it, mended by `key_order`, `replays`,
  `event_sources`, `message_groups`, `workers`, `hot_paths` and `origins`. `processes` and `locks` start, end and guard
  it. `browser` is the one of the tests of the page.
- `containers` and `gate`: functions in Lambda's own containers. `contract` makes the document that the API serves.

Nothing here is deployed. It uses the layer's own keys and codecs, so that an item's shape is known in one place. It
calls the API as any broker does, by the client in `client/`.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "layer"), str(ROOT / "client")]
