"""What moto holds, kept and put back: a system that was made once need not be made again for the next test.

What is put back is a copy of its own, but for what nobody changes: items of tables and records of streams are replaced,
not changed (`quick_dynamodb`), and a stack is only read.
"""

import copy
from collections.abc import Mapping
from threading import Condition
from typing import Any

from moto.backends import get_backend
from moto.s3.models import s3_backends
from moto.ssm.models import ParameterDict

from tests.support.cloud import Cloud
from tests.support.events import ACCOUNT, REGION

STACKS = "cloudformation"
COPIED = ("apigatewayv2", "dynamodb", "s3", "sns", "sqs", "ssm")
EVERYWHERE = "aws"
"""moto's region of a service that has none."""
OF_TABLE = ("items", "stream_shard")
"""What `quick_dynamodb` copies of a table."""

Held = dict[str, Any]
"""What moto holds of each service."""

_systems: dict[frozenset[tuple[str, str]], tuple[Cloud, Held]] = {}


def keep(cloud: Cloud, parameters: Mapping[str, str]) -> None:
    """Remembers what moto holds now as the system with these parameters, and its stack."""
    _systems[frozenset(parameters.items())] = cloud, held()


def put_back(parameters: Mapping[str, str]) -> Cloud | None:
    """The stack of the system with these parameters, if one was kept: moto holds this system, and no other."""
    found = _systems.get(frozenset(parameters.items()))
    if found is None:
        return None
    cloud, held_then = found
    hold(held_then)
    return cloud


def held() -> Held:
    """What moto holds now, for `hold`."""
    return _copied({name: _backends(name)[ACCOUNT] for name in (STACKS, *COPIED)})


def hold(then: Held) -> None:
    """moto holds this, and nothing else of these services."""
    for name, account in _copied(then).items():
        backends = _backends(name)
        backends[ACCOUNT] = account
        backends._create_account_specific_backend(ACCOUNT)  # there is one: moto notes that it is to be reset
    for bucket in then["s3"][EVERYWHERE].buckets.values():
        s3_backends.bucket_accounts[bucket.name] = (bucket.partition, ACCOUNT)


def _backends(service: str) -> Any:
    return get_backend(service)  # type: ignore[call-overload] # its names are literals


def _copied(found: Held) -> Held:
    """What cannot be copied, the locks of queues and the dictionary of parameters, is made anew."""
    known: dict[int, Any] = {id(queue._messages_lock): Condition() for queue in _of(found, "sqs").queues.values()}
    parameters = _of(found, "ssm")._parameters
    known[id(parameters)] = ParameterDict(parameters.account_id, parameters.region_name)
    known[id(parameters)].update(copy.deepcopy(dict(parameters)))
    copied = copy.deepcopy({name: found[name] for name in COPIED}, known)
    for table in _of(copied, "dynamodb").tables.values():
        own = {name: value for name, value in vars(table).items() if name not in OF_TABLE}
        vars(table).update(copy.deepcopy(own))
    return {STACKS: _of_same_stacks(found[STACKS])} | copied


def _of_same_stacks(account: Any) -> Any:
    """A stack has locks, too, but is not changed: a list of stacks of its own is enough."""
    other = copy.copy(account)
    for region, backend in account.items():
        other[region] = copy.copy(backend)
        vars(other[region]).update({name: copy.copy(it) for name, it in vars(backend).items() if isinstance(it, dict)})
    return other


def _of(held: Held, service: str) -> Any:
    return held[service][REGION]
