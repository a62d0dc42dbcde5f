"""What the commands of `local` and of `ops` have in common: how one is run, and what its user is told."""

import os
import signal
import sys

import click
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

from local.processes import STOPPING
from ops import arguments
from ops.console import Failure
from trading_client import NoAnswer, TradingError

INTERRUPTED = 130


def run(commands: click.Group, name: str) -> int:
    """Runs a command and returns its exit code. SIGTERM and a closed terminal end it as Ctrl-C does: with all that it
    started.
    """
    for number in STOPPING:
        signal.signal(number, signal.default_int_handler)
    try:
        return int(commands.main(prog_name=name, standalone_mode=False) or 0)
    except click.ClickException as error:
        click.echo(f"Error: {_words(error)}", err=True)
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains at its end
        return 1
    except click.exceptions.Abort:
        click.echo("Stopped.")
        return INTERRUPTED
    except (ClientError, BotoCoreError, TradingError) as error:
        click.echo(f"Error: {_words(error)}", err=True)
        return 1


def _words(error: Exception) -> str:
    match error:
        case click.BadParameter(param=click.Parameter() as parameter):
            return f"{arguments.name_of(parameter)}: {error.message}"
        case click.ClickException():
            return error.format_message()
        case NoAnswer():
            return Failure(f"{error}. See `make status` and `make logs`.").format_message()
        case TradingError():
            return Failure(f"The API says: {error}").format_message()
        case NoRegionError() | NoCredentialsError():
            return f"{str(error).rstrip('.')}: set a region and credentials, as for the AWS CLI."
        case _:
            return f"AWS, or the local cloud, says: {error}"
