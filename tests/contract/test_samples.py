"""The sample events are what the system makes, of every stage and route, and valid against the reference data."""

import json
from typing import Any

import pytest

from tests.support import samples, stages
from tests.support.cloud import RESOURCES, of_type

SAMPLES = dict(samples.samples())


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_is_what_the_script_makes(name: str) -> None:
    assert (samples.FOLDER / f"{name}.json").read_text() == samples.text(SAMPLES[name])


def test_there_are_no_other_files_and_none_is_missing() -> None:
    files = {path.relative_to(samples.FOLDER).as_posix() for path in samples.FOLDER.glob("*/*.json")}
    assert {name for name in files if not name.startswith("schemas/")} == {f"{name}.json" for name in SAMPLES}


def test_every_stage_has_a_sample() -> None:
    assert {name.split("/")[0] for name in SAMPLES} == set(stages.STAGES)


def test_every_route_of_the_api_has_a_sample() -> None:
    declared = {
        (event["Properties"]["Method"], event["Properties"]["Path"])
        for _, function in of_type("AWS::Serverless::Function")
        for event in function.get("Events", {}).values()
        if event["Type"] == "Api"
    }
    assert {(event["httpMethod"], event["resource"]) for event in SAMPLES.values() if "resource" in event} == declared


def test_customers_and_tickers_are_those_of_the_reference_data() -> None:
    assert "OrderEntry" in RESOURCES
    for fields in objects(list(SAMPLES.values())):
        if isinstance(fields.get("customerId"), str):
            assert fields["customerId"] in samples.REFERENCE["customers"]
        if isinstance(fields.get("ticker"), str):
            assert fields["ticker"] in samples.REFERENCE["quotes"]


def objects(value: Any) -> list[dict[str, Any]]:
    """Every object in the samples, within messages too."""
    if isinstance(value, str) and value[:1] in "{[" and value[1:]:
        try:
            return objects(json.loads(value))
        except ValueError:
            return []
    if isinstance(value, dict):
        return [value, *objects(list(value.values()))]
    return [found for part in value for found in objects(part)] if isinstance(value, list) else []
