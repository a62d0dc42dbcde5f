"""The market's configuration from Parameter Store: one call, kept for a while, stale rather than failing."""

import time

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from trading.aws import clients, system
from trading.domain.market import Market, market_from

KEPT_SECONDS = 60.0
"""At the longest; each function forgets after half to all of it, so that they do not all ask at once."""

logger = Logger(child=True)


class Parameters:
    """`market()` is the configuration in the parameter `name`, at most KEPT_SECONDS old unless it cannot be read."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._market = self._read()
        self._forget_at = time.monotonic() + system.jitter(KEPT_SECONDS)

    def market(self) -> Market:
        if time.monotonic() >= self._forget_at:
            self._forget_at = time.monotonic() + system.jitter(KEPT_SECONDS)
            try:
                self._market = self._read()
            except (ClientError, BotoCoreError, ValueError):
                logger.exception("parameters could not be read, the last ones stay in use")
        return self._market

    def _read(self) -> Market:
        parameter = clients.ssm().get_parameter(Name=self._name)["Parameter"]
        return market_from(parameter["Value"], parameter["Version"])
