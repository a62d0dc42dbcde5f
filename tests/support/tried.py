"""How many bad inputs the tests of this process have given to what reads them: what was refused, parked or denied."""


class Tried:
    """Counts; `taken` gives what was counted since it was last asked."""

    def __init__(self) -> None:
        self._number = 0

    def count(self, number: int = 1) -> None:
        self._number += number

    def taken(self) -> int:
        number, self._number = self._number, 0
        return number


bad_inputs = Tried()
