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

PEGS = {"D": "pegToMidpoint", "R": "pegToPrimary", "F": "pegOffset"}
PEGGED = {
    "D": "", "R": "", "DF": "", "RF": "", "F": "F", "DR": "R", "DRF": "R",
    "DO": "", "RO": "R", "DOF": "F", "DP": "D", "RP": "R", "DMO": "",
}  # fmt: skip
"""For fields that are given to a `Day` or `GTC` limit order: those that are refused."""
PEG_VALUES: dict[str, Any] = {"D": True, "R": True, "F": "0.02"}
PEG_CASES = [(kind, time_in_force, given) for (kind, time_in_force), given in product(ACCEPTED, PEGGED)]


def refused_of_pegged(kind: str, time_in_force: str, given: str) -> set[str]:
    """The fields that are refused. Other types and times in force refuse the peg, and what they refuse without it."""
    if kind == "Limit" and time_in_force in {"Day", "GTC"}:
        return set(PEGGED[given])
    [row] = [row for row in ROWS if row[:2] == [kind, time_in_force]]
    without = "".join(letter for letter in "MPO" if letter in given)
    lone_offset = "F" in given and ("O" in given or not {"D", "R"} & set(given))
    pegs = {letter for letter in "DR" if letter in given} | ({"F"} if lone_offset else set())
    return pegs | set(row[2 + COLUMNS.index(without)].strip("-"))
