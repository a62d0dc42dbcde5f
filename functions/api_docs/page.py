"""The contract as one HTML page: the calls by tag, then the schemas. It works without scripts and loads nothing."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")
CODE = re.compile(r"`([^`]+)`")
STYLE = """
:root {
  color-scheme: light dark;
  --line: color-mix(in srgb, currentColor 25%, transparent);
  --back: color-mix(in srgb, currentColor 7%, transparent);
}
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1, h2, h3 { line-height: 1.2; }
h2 { margin-top: 3rem; border-bottom: 1px solid var(--line); }
code, pre { font: .9em ui-monospace, monospace; background: var(--back); border-radius: .2rem; }
code { padding: .1em .3em; overflow-wrap: anywhere; }
pre { padding: .7rem; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .7rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); }
article { margin: 2rem 0; }
nav ul { columns: 2; list-style: none; padding: 0; }
.method { text-transform: uppercase; font-weight: 700; }
@media (max-width: 40rem) { nav ul { columns: 1; } table { display: block; overflow-x: auto; } }
"""
STYLE_SOURCE = f"'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
"""The page's only style sheet, as a content security policy names it."""

Contract = Mapping[str, Any]


def page_of(contract: Contract) -> str:
    """The page. All of the contract's text is escaped."""
    info = contract["info"]
    tags = {tag["name"]: list(_calls(contract, tag["name"])) for tag in contract["tags"]}
    parts = [
        f"<h1>{escape(info['title'])}</h1><p>{_inline(info['summary'])}</p>{_text(info['description'])}",
        '<p>This contract as <a href="openapi.json">OpenAPI 3.1</a>.</p>',
        _navigation(tags),
        "<h2>Credentials</h2>",
        _text(contract["components"]["securitySchemes"]["credentials"]["description"]),
    ]
    for tag in contract["tags"]:
        parts.append(f"<h2>{escape(tag['name'])}</h2>{_text(tag['description'])}")
        parts += [_call(contract, path, method, call) for path, method, call in tags[tag["name"]]]
    parts.append("<h2>Schemas</h2>")
    parts += [_schema_section(name, schema) for name, schema in contract["components"]["schemas"].items()]
    title, body = escape(info["title"]), "".join(parts)
    head = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}: API</title><style>{STYLE}</style></head>'
    )
    return f"{head}<body><main>{body}</main></body></html>"


def _calls(contract: Contract, tag: str) -> Iterator[tuple[str, str, Contract]]:
    for path, item in contract["paths"].items():
        for method in METHODS:
            if method in item and tag in item[method]["tags"]:
                shared = item.get("parameters", [])
                yield path, method, item[method] | {"parameters": [*shared, *item[method].get("parameters", [])]}


def _navigation(tags: Mapping[str, list[tuple[str, str, Contract]]]) -> str:
    named = [(call["operationId"], _name(method, path)) for calls in tags.values() for path, method, call in calls]
    entries = "".join(f'<li><a href="#{its_id}">{name}</a></li>' for its_id, name in named)
    return f'<nav aria-label="Calls"><ul>{entries}</ul></nav>'


def _name(method: str, path: str) -> str:
    return f'<span class="method">{method}</span> <code>{escape(path)}</code>'


def _call(contract: Contract, path: str, method: str, call: Contract) -> str:
    parts = [
        f'<article id="{call["operationId"]}">',
        f"<h3>{_name(method, path)}</h3>",
        f"<p><strong>{_inline(call['summary'])}.</strong></p>{_text(call.get('description', ''))}",
    ]
    if call.get("security") == []:
        parts.append("<p>Without credentials.</p>")
    if parameters := [_resolved(contract, each) for each in call["parameters"]]:
        rows = [
            (
                f"<code>{escape(each['name'])}</code>",
                each["in"],
                _type(each["schema"]),
                _inline(each.get("description", "")),
            )
            for each in parameters
        ]
        parts.append(_table(("parameter", "in", "type", ""), rows))
    if body := call.get("requestBody"):
        [(media, content)] = body["content"].items()
        parts.append(f"<p>Body, <code>{media}</code>: {_type(content['schema'])}</p>")
        examples = [each["value"] for each in content.get("examples", {}).values()]
        examples += [content["example"]] if "example" in content else []
        parts += [f"<pre>{escape(json.dumps(each, indent=2))}</pre>" for each in examples]
    answers = [_response(contract, status, response) for status, response in call["responses"].items()]
    return "".join([*parts, _table(("status", "", "content"), answers), "</article>"])


def _response(contract: Contract, status: str, response: Contract) -> tuple[str, str, str]:
    response = _resolved(contract, response)
    contents = [
        f"<code>{media}</code>: {_type(content['schema'])}" for media, content in response.get("content", {}).items()
    ]
    return f"<code>{status}</code>", _text(response["description"]), "<br>".join(contents)


def _schema_section(name: str, schema: Contract) -> str:
    parts = [f'<article id="schema-{escape(name)}"><h3>{escape(name)}</h3>{_text(schema.get("description", ""))}']
    if "properties" in schema:
        required = schema.get("required", [])
        rows = [
            (
                f"<code>{escape(field)}</code>",
                _type(rule),
                "" if field in required else "optional",
                _inline(rule.get("description", "")),
            )
            for field, rule in schema["properties"].items()
        ]
        if "allOf" in schema:
            parts.append(f"<p>With all of {', '.join(_type(each) for each in schema['allOf'] if '$ref' in each)}:</p>")
        parts.append(_table(("field", "type", "", ""), rows))
    elif "$defs" not in schema:
        parts.append(f"<p>{_type(schema)}</p>")
    parts += [_schema_section(f"{name}.{part}", rule) for part, rule in schema.get("$defs", {}).items()]
    return "".join([*parts, "</article>"])


def _type(schema: Contract) -> str:
    """The values that a schema allows, in one phrase."""
    shown = next((show for member, show in SHOWN.items() if schema.get(member)), _plain)
    return shown(schema)


def _link(schema: Contract) -> str:
    name = schema["$ref"].removeprefix("#/components/schemas/").replace("/$defs/", ".")
    return f'<a href="#schema-{escape(name.split("/")[0])}">{escape(name.replace("/", "."))}</a>'


def _one_of(schema: Contract) -> str:
    return "<br>".join(f"{_type(each)} {_inline(each.get('description', ''))}".strip() for each in schema["oneOf"])


def _fields(schema: Contract) -> str:
    fields = ", ".join(f"<code>{escape(field)}</code>: {_type(rule)}" for field, rule in schema["properties"].items())
    return f"an object with {fields}"


def _plain(schema: Contract) -> str:
    words = [escape(str(schema.get("type", "anything")))]
    words += [f"{word} {schema[bound]}" for bound, word in (("minimum", "from"), ("maximum", "to")) if bound in schema]
    words += [f"matching <code>{escape(schema['pattern'])}</code>"] if "pattern" in schema else []
    return " ".join(words)


SHOWN: Mapping[str, Callable[[Contract], str]] = {
    "$ref": _link,
    "const": lambda schema: _value(schema["const"]),
    "enum": lambda schema: " or ".join(map(_value, schema["enum"])),
    "oneOf": _one_of,
    "items": lambda schema: f"an array of {_type(schema['items'])}",
    "properties": _fields,
    "additionalProperties": lambda schema: f"an object of {_type(schema['additionalProperties'])}",
}
"""How a schema is shown, by the first of these members that it has."""


def _value(value: object) -> str:
    return f"<code>{escape(str(value))}</code>"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{each}</th>" for each in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _text(text: str) -> str:
    """A text as paragraphs, divided at its empty lines."""
    return "".join(f"<p>{_inline(part)}</p>" for part in text.strip().split("\n\n") if part)


def _inline(text: str) -> str:
    return CODE.sub(r"<code>\1</code>", escape(text.strip()))


def _resolved(contract: Contract, part: Contract) -> Contract:
    if "$ref" not in part:
        return part
    found: Any = contract
    for name in part["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    resolved: Contract = found
    return resolved
