"""A link to the page that signs its reader in, once: it has a code, and no secret."""

from trading.aws import clients, clock
from trading.aws.store import dynamodb, sign_ins

MINUTES = int(sign_ins.CODE_LASTS.total_seconds() // 60)


def new_link(table: str, api_url: str, customer_id: str | None = None) -> str:
    """Draws a code and stores its digest. The code stands behind a # in the link, which no browser sends: no log of a
    server has it. It is a broker's link, or a customer's own.
    """
    code = sign_ins.new_code()
    item = sign_ins.item(code, customer_id, clock.now())
    clients.dynamodb().put_item(TableName=table, Item=dynamodb.to_item(item))
    return f"{api_url}/ui#code={code}"
