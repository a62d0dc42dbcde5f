"""What an operator does with any stack, here or on AWS: `python -m ops`.

- `dead_letters`: what is shown of them. `dead_letter_queues` has messages, `dead_letter_records` records of streams.
  `redrive` gives them to their stage again, `discard` removes them.
- `order_trace`: an order's life. `reconcile` has a day compared, `repair` publishes orders without an answer again.
- `pause` stops what writes. `recovery` puts lost items back, `restore` makes lost data again, `republication` publishes
  again what was executed. `reference` loads customers, quotes and credentials.
- `page_link`: a link that signs in on the page once.
- `stack`, `versions` and `invocation`: a stack, its functions' versions, calls of them. `commands`, `arguments` and
  `command_line`: what make calls. `console`, `shown_text` and `wait`: what commands share.

Nothing here is deployed. It uses the layer's own keys and codecs, so that an item's shape is known in one place.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "layer"), str(ROOT / "client")]
