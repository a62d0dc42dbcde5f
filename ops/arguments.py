"""Reads what a command is given as a variable of the Makefile, or refuses it in words. Callbacks of click."""

import re
from datetime import UTC, datetime

import click

from ops.console import Failure
from trading.domain.orders import CUSTOMER_ID
from trading.domain.times import checked_date, checked_second, session_date

MAX_PORT = 65535
DIGITS = 5
DURATION = re.compile(r"([0-9]{1,5})(ms|s|m|h)")
MILLISECONDS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000}


def name_of(parameter: click.Parameter) -> str:
    """The variable of the Makefile that a parameter comes from: `api_port` of `--api-port` is API_PORT."""
    return (parameter.metavar or max(parameter.opts, key=len)).strip("-").replace("-", "_").upper()


def date(_context: click.Context, option: click.Parameter, text: str | None) -> str:
    """Today in UTC, if none is given."""
    try:
        return checked_date(text) if text else session_date(datetime.now(UTC))
    except ValueError as error:
        raise Failure(f"{name_of(option)} is a date like 2026-11-24, not {text!r}.") from error


def past_date(context: click.Context, option: click.Parameter, text: str | None) -> str:
    day, today = date(context, option, text), session_date(datetime.now(UTC))
    if day > today:
        raise Failure(f"{name_of(option)} is today, {today} in UTC, or a day before it: {day} is yet to come.")
    return day


def instant(_context: click.Context, option: click.Parameter, text: str | None) -> datetime | None:
    try:
        return None if text is None else datetime.fromisoformat(checked_second(text))
    except ValueError as error:
        raise Failure(f"{name_of(option)} is a time like 2026-11-22T14:30:00Z, not {text!r}.") from error


def port(_context: click.Context, option: click.Parameter, text: str) -> int:
    if not (number := _number(text)) or number > MAX_PORT:
        raise Failure(f"{name_of(option)} is a number from 1 to {MAX_PORT}, not {text!r}.")
    return number


def count(_context: click.Context, option: click.Parameter, text: str) -> int:
    if not (number := _number(text)):
        raise Failure(f"{name_of(option)} is a whole number from 1 to {'9' * DIGITS}, not {text!r}.")
    return number


def count_if_given(context: click.Context, option: click.Parameter, text: str | None) -> int | None:
    """None if none is given."""
    return None if text is None else count(context, option, text)


def duration(_context: click.Context, option: click.Parameter, text: str) -> int:
    """Milliseconds."""
    given = DURATION.fullmatch(text)
    if given is None or not int(given[1]):
        raise Failure(f"{name_of(option)} is a time like 500ms, 10s, 5m or 1h, not {text!r}.")
    return int(given[1]) * MILLISECONDS[given[2]]


def duration_if_given(context: click.Context, option: click.Parameter, text: str | None) -> int | None:
    """Milliseconds; None if none are given."""
    return None if text is None else duration(context, option, text)


def customer(_context: click.Context, option: click.Parameter, text: str | None) -> str | None:
    if text is not None and not CUSTOMER_ID.fullmatch(text):
        raise Failure(f"{name_of(option)} is a customer's id like 000002, not {text!r}.")
    return text


def _number(text: str) -> int:
    """0 for what is no number, or too long a one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else 0
