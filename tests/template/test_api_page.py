"""What docs/reference/api.md says of the API's gateway is what is deployed."""

import re

from tests.support.cloud import ROOT
from tests.template.deployed import deployed


def test_the_page_says_for_how_long_credentials_are_remembered() -> None:
    [said] = re.findall(
        r"remembers for up to (\d+) s whether it let credentials in", (ROOT / "docs/reference/api.md").read_text()
    )
    [api] = deployed("prod").of_type("AWS::ApiGateway::RestApi").values()
    [authorizer] = api["Body"]["components"]["securitySchemes"].values()
    assert authorizer["x-amazon-apigateway-authorizer"]["authorizerResultTtlInSeconds"] == int(said)
