"""Where the WebSocket API of the live updates is: for whoever sends to its connections, and for clients.

An address is https://<api>.execute-api.…/<stage>, as the template gives it to functions.
"""

import os
from urllib.parse import urlsplit


def stream_url(address: str) -> str:
    """Where clients connect: the address of the API with the scheme of WebSocket."""
    return endpoint_of(address).replace("http", "ws", 1)


def endpoint_of(address: str) -> str:
    """The address itself, or where a local cloud has the API: under a path of its own address."""
    local = os.environ.get("AWS_ENDPOINT_URL")
    if not local:
        return address
    parts = urlsplit(address)
    return f"{local}/_aws/execute-api/{parts.netloc.partition('.')[0]}{parts.path}"
