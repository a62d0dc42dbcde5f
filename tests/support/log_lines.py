"""What a stage logs, line by line, as CloudWatch Logs would get it."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.world import World


def id_of(stage: str) -> str:
    """A stage's logical id."""
    return stage.title().replace("_", "")


@contextmanager
def listening(world: World, stage: str) -> Iterator[io.StringIO]:
    """All that is logged meanwhile, as the stage formats it."""
    world.stage(stage)
    logged = io.StringIO()
    handler = logging.StreamHandler(logged)
    handler.setFormatter(next(each.formatter for each in logging.getLogger(stage).handlers if each.formatter))
    logging.getLogger().addHandler(handler)
    try:
        yield logged
    finally:
        logging.getLogger().removeHandler(handler)
