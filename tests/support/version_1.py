"""What version 1 wrote, frozen: see tests/contract/v1/README.md.

`python -m tests.support.version_1` writes the samples anew: only before the first release.
"""

import base64
import hashlib
import json
from dataclasses import asdict
from typing import Any

from tests.support.cloud import ROOT
from tests.support.new_world import new_session, new_world
from tests.support.orders import entered
from tests.support.samples import KEY_ID, SECRET
from tests.support.world import World
from trading.aws.engine import entry_content
from trading.aws.store import dynamodb

FOLDER = ROOT / "tests" / "contract" / "v1"


def read(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(), object_hook=_bytes)


def _bytes(value: dict[str, Any]) -> dict[str, Any]:
    """Binary values, DynamoDB's and the archive's objects, stand in the files in base64."""
    return {"B": base64.b64decode(value["B"])} if value.keys() == {"B"} else value


def told(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry of the journal with its content read: what packs it may change."""
    return entry | {"content": json.loads(entry_content.unpack(bytes(entry["content"].value)))}


def missing(found: Any, frozen: Any, at: str = "") -> list[str]:
    """Where `found` is not what was frozen. It may have more members; a list has the same entries."""
    if isinstance(frozen, dict) and isinstance(found, dict):
        return [fault for name, part in frozen.items() for fault in missing(found.get(name), part, f"{at}/{name}")]
    if isinstance(frozen, list) and isinstance(found, list) and len(found) == len(frozen):
        pairs = enumerate(zip(found, frozen, strict=True))
        return [fault for number, (one, other) in pairs for fault in missing(one, other, f"{at}/{number}")]
    return [] if found == frozen else [f"{at}: {found!r:.200} instead of {frozen!r:.200}"]


def _text(value: object) -> str:
    """For JSON: bytes in base64."""
    if not isinstance(value, bytes):
        raise TypeError(f"{type(value)} is not for JSON")
    return base64.b64encode(value).decode()


DAY = [
    entered(customerId="000002", quantity=2500),
    entered(customerId="000001", ticker="AMD", quantity=5500, price="114.25", clientOrderId="a-1"),
    entered(customerId="000001", direction="Sell", ticker="AMD", type="Market", quantity=1500, price=None),
    entered(customerId="000002", ticker="IBM", quantity=100, price="100.00", timeInForce="IOC"),
    entered(customerId="000003", quantity=1_000_000, clientOrderId="too-much"),
]
"""A buy that is split, one in a dark and a lit pool, a market sale, one that ends unfilled, one that is refused. Before
them comes a deposit.
"""


def freeze(world: World) -> dict[str, Any]:
    """The files' contents."""
    world.put_credential(KEY_ID, SECRET, role="broker")
    world.put_credential("theirs", "their-secret", role="customer", customerId="000001")
    world.put_customer("000001", "10000000.00", AMD=1500)
    assert world.account("POST", "cash", {"type": "Deposit", "amount": "100.00", "reference": "wire-1"})[0] == 201
    assert world.post(DAY)[0] == 202
    accepted = world.items()
    world.settle()
    return {
        "accepted": _stored(accepted),
        "messages": [asdict(message) for message in world.pipeline.published],
        "journal": _stored(world.items("OrderBooks")),
        "settled": _stored(world.items()),
        "trades": {name: {"B": body} for name, body in world.objects("trades/").items()},
    }


def _stored(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [dynamodb.to_item(item) for item in items]


if __name__ == "__main__":
    with new_world(new_session()) as made:
        files = {name: json.dumps(content, indent=1, default=_text) + "\n" for name, content in freeze(made).items()}
    for name, content in files.items():
        (FOLDER / f"{name}.json").write_text(content)
    sums = [f"{hashlib.sha256(content.encode()).hexdigest()}  {name}.json\n" for name, content in sorted(files.items())]
    (FOLDER / "SHA256SUMS").write_text("".join(sums))
