"""Calls of moto in a fraction of their time, for the same result.

Nobody checks a request's signature, so all have the same, but for those of S3. What botocore and moto work out anew for
every request, from names that are always the same, is remembered: also who answers an address, for which moto (5.x)
tries the patterns of all of AWS's services. It reads a body of JSON also as a form, and looks in every answer for a
member of XML; here neither is done. What a client is made from, which is the same for all clients of a service, is made
once.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from botocore import regions
from botocore.awsrequest import AWSPreparedRequest, AWSRequest
from botocore.client import ClientCreator
from botocore.endpoint_provider import EndpointProvider
from botocore.model import ServiceModel
from botocore.signers import RequestSigner
from botocore.useragent import UserAgentComponent
from moto import backend_index
from moto.backends import get_backend
from moto.core import responses, utils
from moto.core.base_backend import BackendDict
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.request import normalize_request
from moto.sns import models as sns
from moto.sqs import models as sqs
from werkzeug.exceptions import HTTPException

from tests.support import quick_dynamodb, quick_sqs
from tests.support.events import ACCOUNT, REGION

SIGNATURE = "AWS4-HMAC-SHA256 Credential=test/20261122/us-east-1/any/aws4_request, SignedHeaders=host, Signature=any"
sign = RequestSigner.sign
underscored = cache(utils.camelcase_to_underscores)
methods = cache(utils.method_names_from_class)
component = cache(UserAgentComponent.to_string)
process = BotocoreStubber.process_request
creators: Any = ClientCreator
load_model: Callable[..., ServiceModel] = creators._load_service_model
create_class: Callable[..., type] = creators._create_client_class
Answer = Callable[..., tuple[int, Any, Any]]


def patch(patched: pytest.MonkeyPatch) -> None:
    """For as long as the patches last."""
    quick_dynamodb.patch(patched)
    quick_sqs.patch(patched)
    patched.setattr(ClientCreator, "_load_service_model", _model)
    patched.setattr(ClientCreator, "_create_client_class", _client_class)
    patched.setattr(regions, "EndpointProvider", _endpoints)
    patched.setattr(RequestSigner, "sign", _signed)
    patched.setattr(UserAgentComponent, "to_string", _component)
    patched.setattr(responses, "method_names_from_class", methods)
    patched.setattr(responses, "parse_qsl", _form)
    for module in (responses, sns, sqs):
        patched.setattr(module, "camelcase_to_underscores", underscored)


def answered(stubber: BotocoreStubber, request: AWSPreparedRequest) -> Any:
    """moto's answer to a request."""
    address = urlsplit(request.url)
    answer = _answering(f"{address.scheme}://{address.netloc}{address.path}")
    if answer is None:
        return process(stubber, request)
    asked = normalize_request(request)
    try:
        return answer(asked, asked.raw_url, asked.headers)
    except HTTPException as error:
        return error.code, error.get_headers(), error.get_body()


@lru_cache(10_000)
def _answering(address: str) -> Answer | None:
    """As moto finds it."""
    service = next((name for name, pattern in backend_index.backend_url_patterns if pattern.match(address)), None)
    backends: Any = service and get_backend(service)  # type: ignore[call-overload] # its names are literals
    if not isinstance(backends, BackendDict):
        return None
    regions = backends[ACCOUNT]
    backend = regions[REGION if REGION in regions else "aws"]
    return next((answer for pattern, answer in backend.urls.items() if re.match(pattern, address)), None)


def _form(text: Any, **fields: Any) -> Any:
    return [("", "")] if text[:1] in {"{", b"{"} else parse_qsl(text, **fields)


def _signed(signer: RequestSigner, operation: str, request: AWSRequest, *rest: Any, **fields: Any) -> None:
    if signer.signing_name == "s3":  # a part of what is signed, the body's digest, is looked at
        sign(signer, operation, request, *rest, **fields)
    else:
        request.headers["Authorization"] = SIGNATURE


def _component(each: UserAgentComponent) -> str:
    return component(each)


_models: dict[str, ServiceModel] = {}
_classes: dict[str, type] = {}
_providers: dict[int, tuple[Any, EndpointProvider]] = {}


def _model(creator: ClientCreator, service: str, api_version: str | None = None) -> ServiceModel:
    if service not in _models:
        _models[service] = load_model(creator, service, api_version)
    return _models[service]


def _client_class(creator: ClientCreator, service: str, model: ServiceModel) -> type:
    if service not in _classes:
        _classes[service] = create_class(creator, service, model)
    return _classes[service]


def _endpoints(*, ruleset_data: Any, **fields: Any) -> EndpointProvider:
    """The rules are kept, so that their address stays theirs."""
    if id(ruleset_data) not in _providers:
        _providers[id(ruleset_data)] = ruleset_data, EndpointProvider(ruleset_data=ruleset_data, **fields)
    return _providers[id(ruleset_data)][1]
