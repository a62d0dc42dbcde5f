"""Sends frames to WebSocket connections, by the management API of API Gateway."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from trading.aws import clients
from trading.aws.stream_address import endpoint_of

FRAME_BYTES = 100_000
"""The most bytes of a frame; API Gateway takes 128 KB."""
GONE = "GoneException"

logger = Logger(child=True)


class Sockets:
    """The connections of the WebSocket API at `address`: https://<api>.execute-api.…/<stage>."""

    def __init__(self, address: str) -> None:
        self._endpoint = endpoint_of(address)

    def send(self, connection_id: str, frame: str) -> bool:
        """Sends a frame. False if the connection is gone, or did not take it in time; nothing is tried again."""
        try:
            clients.connections(self._endpoint).post_to_connection(ConnectionId=connection_id, Data=frame.encode())
        except (ClientError, BotoCoreError) as error:
            logger.info("connection takes no frame", connection_id=connection_id, reason=_reason(error))
            return False
        return True

    def close(self, connection_id: str) -> None:
        """Closes a connection, so that its client connects again. It may be gone already. If AWS does not close it, the
        client learns from its next ping that it is not subscribed any more.
        """
        try:
            clients.connections(self._endpoint).delete_connection(ConnectionId=connection_id)
        except (ClientError, BotoCoreError) as error:
            if _reason(error) != GONE:
                logger.warning("connection not closed", connection_id=connection_id, reason=_reason(error))


def frame_of(fields: Mapping[str, Any]) -> str:
    return json.dumps(fields, separators=(",", ":"))


def update_frames(updates: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The frames that carry updates, as many in one as it may have."""
    texts: list[str] = []
    size = 0
    for text in map(frame_of, updates):
        length = len(text.encode())
        if texts and size + length > FRAME_BYTES:
            yield _update_frame(texts)
            texts, size = [], 0
        texts.append(text)
        size += length
    if texts:
        yield _update_frame(texts)


def _update_frame(texts: Iterable[str]) -> str:
    return f'{{"type":"updates","updates":[{",".join(texts)}]}}'


def _reason(error: ClientError | BotoCoreError) -> str:
    return error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
