"""The calls about the system at work, for brokers."""

from trading_client.connection import Connection
from trading_client.schemas import DeadLetters, Reconciliation, Work


class Operations:
    """What waits, what could not be processed, what was reconciled. Each call raises TradingError."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def stages(self) -> Work:
        """What waits for the stages, and what is due today and not settled."""
        work: Work = self._connection.get("/operations/stages")
        return work

    def dead_letters(self) -> DeadLetters:
        """What could not be processed: how much is in each queue, and the newest records of streams."""
        dead_letters: DeadLetters = self._connection.get("/operations/dead-letters")
        return dead_letters

    def reconciliation(self) -> Reconciliation:
        """The last report. Raises NotFound if no day was reconciled yet."""
        report: Reconciliation = self._connection.get("/operations/reconciliation")
        return report
