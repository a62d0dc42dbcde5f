"""Which optional fields an order may have, by its type and time in force."""

from itertools import product
from typing import Any

TYPES = ("Limit", "Market", "Stop", "StopLimit")
TIMES_IN_FORCE = ("Day", "GTC", "IOC", "FOK", "OPG", "CLS")
COLUMNS = ("", "M", "P", "O", "MP", "MO", "PO", "MPO")
RULES = """
Limit     Day  -  M  -  -  M   -  P   P
Limit     GTC  -  M  -  -  M   -  P   P
Limit     IOC  -  -  P  -  P   -  P   P
Limit     FOK  -  -  P  -  P   -  P   P
Market    Day  -  -  P  -  P   -  P   P
Market    GTC  -  -  P  -  P   -  P   P
Market    IOC  -  -  P  -  P   -  P   P
Market    FOK  -  -  P  -  P   -  P   P
Stop      Day  -  -  P  O  P   O  PO  PO
Stop      GTC  -  -  P  O  P   O  PO  PO
Stop      IOC  -  -  P  O  P   O  PO  PO
Stop      FOK  -  -  P  O  P   O  PO  PO
StopLimit Day  -  M  P  O  MP  O  PO  PO
StopLimit GTC  -  M  P  O  MP  O  PO  PO
StopLimit IOC  -  -  P  O  P   O  PO  PO
StopLimit FOK  -  -  P  O  P   O  PO  PO
Limit     OPG  -  M  P  O  MP  MO PO  MPO
Limit     CLS  -  M  P  O  MP  MO PO  MPO
Market    OPG  -  M  P  O  MP  MO PO  MPO
Market    CLS  -  M  P  O  MP  MO PO  MPO
Stop      OPG  T  MT PT OT MPT MOT POT MPOT
Stop      CLS  T  MT PT OT MPT MOT POT MPOT
StopLimit OPG  T  MT PT OT MPT MOT POT MPOT
StopLimit CLS  T  MT PT OT MPT MOT POT MPOT
"""
"""By type and time in force, for each of COLUMNS: the fields that are refused, `-` for none."""
NAMES = {"M": "minimumQuantity", "P": "postOnly", "O": "poolOnly", "T": "timeInForce"}
VALUES: dict[str, Any] = {"M": 5, "P": True, "O": True}
ROWS = [line.split() for line in RULES.strip().splitlines()]
CASES = [
    (kind, time_in_force, given, refused.strip("-"), ticker)
    for (kind, time_in_force, *cells), ticker in product(ROWS, ("COIN", "AMD"))
    for given, refused in zip(COLUMNS, cells, strict=True)
]
ACCEPTED = {
    (kind, time_in_force): [given for given, refused in zip(COLUMNS, cells, strict=True) if refused == "-"]
    for kind, time_in_force, *cells in ROWS
}
"""The fields that are taken together, by type and time in force."""
