"""Commands for the functions alone: call one in a container, serve the API from containers, list sizes."""

from pathlib import Path
from tempfile import NamedTemporaryFile

import click

from local import containers, samples, sizes, system
from local.environment import STACK, use_tools
from local.paths import BUILD
from local.processes import attend
from ops import arguments, stack
from ops.console import console
from trading.aws.parameters import Parameters


@click.command()
@click.argument("stage")
@click.argument("event", type=click.Path(path_type=Path))
def invoke(stage: str, event: Path) -> None:
    """Give EVENT to the function of STAGE, in a container. Its AWS is the system that is up here."""
    samples.check(event, stage)
    containers.connect(system.running())
    [parameter] = stack.resources(STACK, "AWS::SSM::Parameter")
    market = Parameters(parameter).market()
    text = samples.given(event, stage, stack.outputs(STACK)["TradesStoreName"], market)
    with NamedTemporaryFile("w", suffix=".json") as given:
        given.write(text)
        given.flush()
        _require_success(attend(containers.invoke(stage, Path(given.name))))


@click.command()
@click.option("--api-port", envvar="API_PORT", callback=arguments.port, default="3000", show_default=True)
def start_api(api_port: int) -> None:
    """Serve the API from containers until Ctrl-C. Their AWS is the system that is up here."""
    containers.connect(system.running())
    _require_success(attend(containers.start_api(api_port)))


@click.command("sizes")
def show_sizes() -> None:
    """Build the functions and the layer, and list their sizes."""
    use_tools()
    system.build()
    console.print(sizes.table(sizes.artefacts(BUILD)))


def _require_success(code: int) -> None:
    if code:
        raise click.exceptions.Exit(code)
