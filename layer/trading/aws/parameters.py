"""The market's configuration from Parameter Store: read in one call and kept for a while; a stale one is used rather
than none.

Parameter Store answers 40 requests a second for an account, all functions together, unless its higher throughput is
switched on. A starting function needs the configuration, so it keeps asking. A warm one asks once; if that fails, it
asks again after a while.
"""

import time

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from trading.aws import clients, clock
from trading.domain.market import Market, market_from

KEPT_SECONDS = 60.0
"""The longest time that it is kept. Each function keeps it for half to all of this time, so that they do not all ask at
once.
"""

START_SECONDS = 6.0
"""How long a starting function keeps asking: Lambda gives it 10 s to start, of which the imports take one."""
FIRST_PAUSE = 0.2
MAX_PAUSE = 1.0
MAY_PASS = frozenset({"ThrottlingException", "InternalServerError", "ServiceUnavailable", "RequestTimeout"})

logger = Logger(child=True)


class Parameters:
    """`market()` is the configuration in the parameter `name`, at most KEPT_SECONDS old unless it cannot be read."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._market = self._read_at_start()
        self._forget_at = time.monotonic() + clock.jitter(KEPT_SECONDS)

    def market(self) -> Market:
        if time.monotonic() >= self._forget_at:
            self._forget_at = time.monotonic() + clock.jitter(KEPT_SECONDS)
            try:
                self._market = self._read()
            except (ClientError, BotoCoreError, ValueError):
                logger.exception("parameters could not be read, the last ones stay in use")
        return self._market

    def _read_at_start(self) -> Market:
        """Reads the configuration. Asks again, with jitter, while the failure may pass. Raises what the last attempt
        raised.
        """
        deadline, pause = time.monotonic() + START_SECONDS, FIRST_PAUSE
        while True:
            try:
                return self._read()
            except (ClientError, BotoCoreError) as error:
                if not _may_pass(error) or time.monotonic() + pause > deadline:
                    raise
            time.sleep(clock.jitter(pause))
            pause = min(2 * pause, MAX_PAUSE)

    def _read(self) -> Market:
        parameter = clients.ssm().get_parameter(Name=self._name)["Parameter"]
        return market_from(parameter["Value"], parameter["Version"])


def _may_pass(error: ClientError | BotoCoreError) -> bool:
    return not isinstance(error, ClientError) or error.response["Error"]["Code"] in MAY_PASS
