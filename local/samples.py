"""Events in files, as `make invoke` gives them to a stage."""

import json
from pathlib import Path

from local.console import Failure
from local.paths import ROOT

SAMPLES = ROOT / "events"


def check(event: Path, stage: str) -> None:
    """Raises Failure for a file that holds no event, or one of the samples of another stage."""
    try:
        content = json.loads(event.read_bytes())
    except OSError as error:
        raise Failure(f"{event} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise Failure(f"{event} is not JSON: {error}.") from error
    if not isinstance(content, dict):
        raise Failure(f"{event} is no event: an event is a JSON object.")
    place = event.resolve()
    if place.is_relative_to(SAMPLES) and (its := place.relative_to(SAMPLES).parts[0]) != stage:
        raise Failure(f"{event} is an event for {its}, not for {stage}.")
