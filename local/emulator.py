"""`python -m local.emulator FOLDER` runs MiniStack there. Its `Query` follows the order of keys, a transaction that is
sent again is answered as it was, each stream is read by itself, FIFO queues give the messages of a group together, a
function's reserved concurrency holds for all of its versions, WebSocket frames reach the version that is deployed,
nobody waits for logs, what each call does again is done once, and it refuses pages of other origins.

What replaces MiniStack's own functions is made for one version of it.
"""

import gc
import os
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.metadata import version
from types import ModuleType
from typing import Any

from local import event_sources, hot_paths, key_order, message_groups, replays, workers
from local.origins import guarded

VERSION = "1.5.33"
COLLECTIONS = (700, 10, 1_000)
"""How often Python looks for unreachable cycles. To look at all objects stops every call; here they are all that is
stored, and more with each order. By default that is done a hundred times as often (decision 191).
"""


def require_version() -> None:
    """Ends the process with words if another MiniStack is installed than the one that this is made for."""
    if (found := version("ministack")) != VERSION:
        raise SystemExit(
            f"MiniStack {found} is installed; local/key_order.py, replays.py, event_sources.py, message_groups.py,"
            f" workers.py and hot_paths.py replace functions of {VERSION}. Compare them with the new one, let VERSION"
            " in local/emulator.py be it, and run the tests of their names in tests/contract."
        )


def reserved_concurrency(functions: ModuleType) -> Callable[[Any, Mapping[str, Any]], int | None]:
    """What to put in the place of MiniStack's function: it looks for the reserved concurrency, which is the function's,
    in the record of the version that is called, and finds none.
    """
    of_record: Callable[[Any, Mapping[str, Any]], int | None] = vars(functions)["_reserved_concurrency"]
    known: Any = vars(functions)["_functions"]

    def of_function(record: Any, configuration: Mapping[str, Any]) -> int | None:
        return of_record(known.get(configuration.get("FunctionName")) or record, configuration)

    return of_function


def worker_of_version(runtime: ModuleType) -> Callable[..., Any]:
    """What to put in the place of MiniStack's function, which gives the WebSocket API a worker. It keeps that under the
    name of the alias, so after a deployment it would give the old version's, with the old layer, for ever.
    """
    of_qualifier: Callable[..., Any] = vars(runtime)["get_or_create_worker"]

    def of_version(name: str, configuration: Mapping[str, Any], code: bytes, qualifier: str) -> Any:
        return of_qualifier(name, configuration, code, configuration.get("Version", qualifier))

    return of_version


def main(folder: str) -> None:
    """Serves until a signal ends it."""
    require_version()
    os.chdir(folder)
    sys.argv[1:] = []  # MiniStack reads them, too
    ministack, dynamodb = import_module("ministack.app"), import_module("ministack.services.dynamodb")
    vars(dynamodb).update(key_order.replacements(dynamodb) | replays.replacements(dynamodb))
    queues = import_module("ministack.services.sqs")
    vars(queues).update(message_groups.replacements(queues))
    functions = import_module("ministack.services.lambda_svc")
    vars(functions)["_reserved_concurrency"] = reserved_concurrency(functions)
    runtime = import_module("ministack.core.lambda_runtime")
    vars(runtime)["get_or_create_worker"] = worker_of_version(runtime)
    vars(runtime)["_PYTHON_WORKER_SCRIPT"] = workers.script(vars(runtime)["_PYTHON_WORKER_SCRIPT"])
    vars(runtime)["Worker"]._drain_stderr_bounded = workers.log_of_call  # noqa: SLF001 # it is replaced
    vars(functions).update(event_sources.replacements(functions, dynamodb))
    vars(import_module("ministack.services.sns"))["_prune_sns_dedup"] = hot_paths.forget_expired
    vars(dynamodb)["_condition_syntax_error"] = hot_paths.syntax_fault_by_text(dynamodb)
    vars(ministack)["app"] = guarded(ministack.app)
    gc.freeze()
    gc.set_threshold(*COLLECTIONS)
    ministack.main()


if __name__ == "__main__":
    main(sys.argv[1])
