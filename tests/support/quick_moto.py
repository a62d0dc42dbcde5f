"""Calls of moto in a fraction of their time, for the same result.

Nobody checks a request's signature, so all have the same, but for those of S3. What botocore and moto work out anew for
every request, from names that are always the same, is remembered.

Before each write of a transaction moto (5.x) copies the whole table with all that is in it, to restore it if the
transaction fails. Here a copy shares its items with the table, and an item that is updated is replaced by a copy first.
"""

import copy
from functools import cache
from typing import Any

import pytest
from botocore.awsrequest import AWSRequest
from botocore.signers import RequestSigner
from botocore.useragent import UserAgentComponent
from moto.core import responses, utils
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.sns import models as sns
from moto.sqs import models as sqs

SIGNATURE = "AWS4-HMAC-SHA256 Credential=test/20261122/us-east-1/any/aws4_request, SignedHeaders=host, Signature=any"
sign = RequestSigner.sign
underscored = cache(utils.camelcase_to_underscores)
methods = cache(utils.method_names_from_class)
component = cache(UserAgentComponent.to_string)


def patch(patched: pytest.MonkeyPatch) -> None:
    """For as long as the patches last."""
    update = DynamoDBBackend.update_item

    def update_copy(backend: DynamoDBBackend, table_name: str, key: dict[str, Any], *rest: Any, **fields: Any) -> Any:
        table = backend.get_table(table_name)
        names: Any = (table.hash_key_attr, table.range_key_attr)
        hash_value, range_value = (DynamoType(key[name]) for name in names)
        item = table.get_item(hash_value, range_value)
        if item is not None:
            table.items[hash_value][range_value] = copy.deepcopy(item)
        return update(backend, table_name, key, *rest, **fields)

    patched.setattr(DynamoDBBackend, "update_item", update_copy)
    patched.setattr(Table, "__deepcopy__", _sharing_items, raising=False)
    patched.setattr(RequestSigner, "sign", _signed)
    patched.setattr(UserAgentComponent, "to_string", _component)
    patched.setattr(responses, "method_names_from_class", methods)
    for module in (responses, sns, sqs):
        patched.setattr(module, "camelcase_to_underscores", underscored)


def _signed(signer: RequestSigner, operation: str, request: AWSRequest, *rest: Any, **fields: Any) -> None:
    if signer.signing_name == "s3":  # a part of what is signed, the body's digest, is looked at
        sign(signer, operation, request, *rest, **fields)
    else:
        request.headers["Authorization"] = SIGNATURE


def _sharing_items(table: Table, memo: dict[int, Any]) -> Table:
    other = copy.copy(table)
    other.items = copy.copy(table.items)
    for key, items in table.items.items():
        other.items[key] = copy.copy(items)
    if table.stream_shard:
        other.stream_shard = copy.copy(table.stream_shard)
        other.stream_shard.table = other
        other.stream_shard.items = list(table.stream_shard.items)
    return other


def _component(each: UserAgentComponent) -> str:
    return component(each)
