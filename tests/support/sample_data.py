"""What the sample events need to lead to something, in the tables of any stack, loaded by AWS's own API."""

from local.samples import accept
from ops import reference
from tests.support import samples
from trading.aws import clients, clock
from trading.aws.store import credentials, dynamodb, sign_ins


def load(table: str) -> None:
    """The reference data, the samples' credentials, and their orders as if they had been accepted."""
    reference.load(table)
    for key_id in (samples.KEY_ID, samples.KEY_TO_REVOKE):
        credential = credentials.item(key_id, samples.SECRET, None)
        clients.dynamodb().put_item(TableName=table, Item=dynamodb.to_item(credential))
    code = sign_ins.item(samples.CODE, None, clock.now())
    clients.dynamodb().put_item(TableName=table, Item=dynamodb.to_item(code))
    for order in (samples.SEED, samples.DARK, samples.SALE):
        accept(table, order, samples.MARKET)
