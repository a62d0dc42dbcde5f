"""Events as AWS sends them to a function: API Gateway, its authorizer, SQS, DynamoDB Streams."""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

ACCOUNT = "123456789012"
REGION = "us-east-1"
METHOD_ARN = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:api1/v1"
BROKER = {"role": "broker"}


def customer(customer_id: str) -> dict[str, str]:
    """The authorizer's context for a customer's own credentials."""
    return {"role": "customer", "customerId": customer_id}


def basic(key_id: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{key_id}:{secret}".encode()).decode()


def token(header: str, method: str = "POST", path: str = "orders") -> dict[str, Any]:
    """What API Gateway asks a TOKEN authorizer."""
    return {"type": "TOKEN", "methodArn": f"{METHOD_ARN}/{method}/{path}", "authorizationToken": header}


def framed(frame: object, connection_id: str = "sample") -> dict[str, Any]:
    """A frame of a WebSocket connection; one that is text is sent as it is."""
    text = frame if isinstance(frame, str) else json.dumps(frame)
    return _of_connection("MESSAGE", "$default", connection_id) | {"body": text, "isBase64Encoded": False}


def connected(connection_id: str = "sample") -> dict[str, Any]:
    """A connection that begins, as the local cloud tells of it. AWS does not, without a route for it."""
    return _of_connection("CONNECT", "$default", connection_id) | {"body": "", "isBase64Encoded": False}


def disconnected(connection_id: str = "sample") -> dict[str, Any]:
    """A connection that has ended."""
    return _of_connection("DISCONNECT", "$disconnect", connection_id)


def _of_connection(kind: str, route: str, connection_id: str) -> dict[str, Any]:
    return {"requestContext": {"eventType": kind, "routeKey": route, "connectionId": connection_id, "stage": "v1"}}


def post_orders(body: object, caller: Mapping[str, str] = BROKER) -> dict[str, Any]:
    """`POST /orders`; a body that is not text is sent as its JSON."""
    text = body if isinstance(body, str) or body is None else json.dumps(body)
    return _proxied("POST", "/orders", "/orders", caller) | {"body": text}


def change(
    method: str, path: Mapping[str, str], body: object = None, caller: Mapping[str, str] = BROKER
) -> dict[str, Any]:
    """`DELETE` or `PATCH` of an order."""
    resource = "/customers/{customerId}/orders/{orderId}"
    event = _proxied(method, resource, resource.format(**path), caller)
    return event | {"pathParameters": dict(path), "body": None if body is None else json.dumps(body)}


def cancel_all(
    customer_id: str, query: Mapping[str, str] | None = None, caller: Mapping[str, str] = BROKER
) -> dict[str, Any]:
    """`DELETE` of a customer's orders."""
    event = get("/customers/{customerId}/orders", {"customerId": customer_id}, query, caller)
    return event | {"httpMethod": "DELETE", "body": None}


def account(
    method: str, what: str, customer_id: str, body: object = None, caller: Mapping[str, str] = BROKER
) -> dict[str, Any]:
    """`POST`, `PUT` or `DELETE` of a customer's `cash`, `shares`, `limits` or `halt`, or without one of these of the
    customer itself; a body that is text is sent as it is.
    """
    resource = f"/customers/{{customerId}}/{what}".removesuffix("/")
    event = _proxied(method, resource, resource.format(customerId=customer_id), caller)
    text = body if isinstance(body, str) or body is None else json.dumps(body)
    return event | {"pathParameters": {"customerId": customer_id}, "body": text}


def credentials(
    method: str, key_id: str | None = None, body: object = None, caller: Mapping[str, str] = BROKER
) -> dict[str, Any]:
    """`POST /credentials`, or `DELETE` of the one with this key id; a body that is text is sent as it is."""
    resource = "/credentials" if key_id is None else "/credentials/{keyId}"
    path = None if key_id is None else {"keyId": key_id}
    text = body if isinstance(body, str) or body is None else json.dumps(body)
    return _proxied(method, resource, resource.format(**path or {}), caller) | {"pathParameters": path, "body": text}


def listing(ticker: str, body: object, caller: Mapping[str, str] = BROKER) -> dict[str, Any]:
    """`PUT /tickers/{ticker}`; a body that is text is sent as it is."""
    text = body if isinstance(body, str) or body is None else json.dumps(body)
    event = _proxied("PUT", "/tickers/{ticker}", f"/tickers/{ticker}", caller)
    return event | {"pathParameters": {"ticker": ticker}, "body": text}


def sign_in(code: object) -> dict[str, Any]:
    """`POST /sign-ins`, without credentials; a code that is no text makes a body that is sent as it is."""
    event = _proxied("POST", "/sign-ins", "/sign-ins", {})
    return event | {"body": json.dumps({"code": code}) if isinstance(code, str) else json.dumps(code)}


def previewed(order: object, caller: Mapping[str, str] = BROKER) -> dict[str, Any]:
    """`POST /order-previews`."""
    return _proxied("POST", "/order-previews", "/order-previews", caller) | {"body": json.dumps(order)}


def page(file: str | None = None, **headers: str) -> dict[str, Any]:
    """`GET` of the page, or of a file of it, as a browser asks: without credentials."""
    resource, path = ("/ui", "/ui") if file is None else ("/ui/{proxy+}", f"/ui/{file}")
    event = _proxied("GET", resource, path, {})
    given = event["headers"] | {"Accept": "*/*", "Accept-Encoding": "gzip, deflate"} | headers
    return event | {
        "headers": given,
        "multiValueHeaders": {name: [value] for name, value in given.items()},
        "pathParameters": None if file is None else {"proxy": file},
    }


def put_quote(ticker: str, body: object, caller: Mapping[str, str] = BROKER) -> dict[str, Any]:
    """`PUT /tickers/{ticker}/quote`; a body that is text is sent as it is."""
    resource = "/tickers/{ticker}/quote"
    event = _proxied("PUT", resource, resource.format(ticker=ticker), caller)
    text = body if isinstance(body, str) or body is None else json.dumps(body)
    return event | {"pathParameters": {"ticker": ticker}, "body": text}


def get(
    resource: str, path: Mapping[str, str], query: Mapping[str, str] | None = None, caller: Mapping[str, str] = BROKER
) -> dict[str, Any]:
    """`GET` of a resource like `/trades/{customerId}`."""
    event = _proxied("GET", resource, resource.format(**path), caller)
    multiple = {name: [value] for name, value in query.items()} if query else None
    return event | {
        "pathParameters": dict(path),
        "queryStringParameters": dict(query) if query else None,
        "multiValueQueryStringParameters": multiple,
    }


def _proxied(method: str, resource: str, path: str, caller: Mapping[str, str]) -> dict[str, Any]:
    headers = {"Content-Type": "application/json", "Host": f"api1.execute-api.{REGION}.amazonaws.com"}
    return {
        "resource": resource,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": "api1",
            "authorizer": {"principalId": "key", "integrationLatency": 3, **caller},
            "httpMethod": method,
            "path": f"/v1{path}",
            "protocol": "HTTP/1.1",
            "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
            "resourcePath": resource,
            "stage": "v1",
        },
        "body": None,
        "isBase64Encoded": False,
    }


def scheduled(stage: str, at: str) -> dict[str, Any]:
    """What a stage's rule of EventBridge sends when its schedule strikes."""
    return {
        "version": "0",
        "id": "89d1a02d-5ec7-412e-82f5-13505f849b41",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": at,
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/trading-{stage}"],
        "detail": {},
    }


def sqs(records: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {"Records": list(records)}


def sqs_record(group: str, body: str, number: int = 0, queue_arn: str = "") -> dict[str, Any]:
    """A record of a FIFO queue that no queue has held."""
    message = {
        "MessageId": f"00000000-0000-4000-8000-{number:012}",
        "ReceiptHandle": f"receipt-{number}",
        "Body": body,
        "Attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": "1795357800123",
            "SequenceNumber": f"{18880000000000000000 + number}",
            "MessageGroupId": group,
            "SenderId": "AIDAIT2UOQQY3AUEKVGXU",
            "MessageDeduplicationId": f"deduplication-{number}",
            "ApproximateFirstReceiveTimestamp": "1795357800123",
        },
    }
    return received(message, queue_arn or f"arn:aws:sqs:{REGION}:{ACCOUNT}:trading-stage.fifo")


def received(message: Mapping[str, Any], queue_arn: str) -> dict[str, Any]:
    """The record of a message, as `sqs:ReceiveMessage` gave it."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message["Attributes"]),
        "messageAttributes": {},
        "md5OfBody": message.get("MD5OfBody", ""),
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": REGION,
    }


def inserted(image: Mapping[str, Any], number: int = 1, table: str = "TradesStore") -> dict[str, Any]:
    """A stream's record of an item that was inserted; `image` is in DynamoDB's own JSON, bytes as boto3 has them."""
    image = as_sent(image)
    return {
        "eventID": f"{number:032x}",
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": REGION,
        "dynamodb": {
            "ApproximateCreationDateTime": 1795357800,
            "Keys": {"PK": image["PK"], "SK": image["SK"]},
            "NewImage": image,
            "SequenceNumber": f"{1100000000017454423008 + number}",
            "SizeBytes": len(json.dumps(image)),
            "StreamViewType": "NEW_IMAGE",
        },
        "eventSourceARN": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/trading-{table}/stream/now",
    }


def as_sent(image: Mapping[str, Any]) -> dict[str, Any]:
    """An item as Lambda hands it to a function: in JSON, bytes as Base64."""
    return {name: _as_sent(*value.items()) for name, value in image.items()}


def _as_sent(typed: tuple[str, Any]) -> dict[str, Any]:
    kind, value = typed
    if isinstance(value, bytes):
        return {kind: base64.b64encode(value).decode()}
    return {kind: as_sent(value) if kind == "M" else value}


def reversed_records(event: dict[str, Any]) -> dict[str, Any]:
    """The same records, the last one first."""
    return event | {"Records": event["Records"][::-1]}
