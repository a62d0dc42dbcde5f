"""Serves the broker's page: `GET /ui`, and the files that the page is made of under `/ui/<digest>/`.

In: the API, without credentials. Commit: nothing. Out: files, the same for everybody. The page itself calls the public
API with the credentials of who has signed in, so this function may do nothing but log.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assets import Assets
from file_answers import answer_of

from trading.aws.api import http
from trading.aws.logs import Logger
from trading.aws.settings import from_environment
from trading.aws.stream_address import stream_url
from trading.domain.errors import Refusal


@dataclass(frozen=True, slots=True)
class Settings:
    stream_address: str


settings = from_environment(Settings)
assets = Assets(Path(__file__).parent / "page")
logger = Logger()


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    path = (event["pathParameters"] or {}).get("proxy", "")
    asset = assets.find(path) if path else assets.page
    logger.info("page asked for", file=path if asset else None)
    if asset is None:
        return http.refuse(Refusal("not-found", "There is no such file: the page has a new release. Load it again."))
    return answer_of(asset, event, stream_url(settings.stream_address))
