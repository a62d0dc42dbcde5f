"""The page's files: one digest over all, kept for good by whoever has them, compressed, under a strict policy."""

import base64
import gzip
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support import contract, events
from tests.support.stages import FUNCTIONS, Stage

PAGE = FUNCTIONS / "broker_ui" / "page"


@pytest.fixture(scope="module")
def page() -> Stage:
    return Stage(
        "broker_ui", {"POWERTOOLS_SERVICE_NAME": "broker_ui", "STREAM_ADDRESS": "https://stream.example.com/v1"}
    )


def asked(page: Stage, file: str | None = None, **headers: str) -> dict[str, Any]:
    event = events.page(file, **headers)
    answer = dict(page(event))
    assert contract.faults("GET", event["resource"], answer) == []
    return answer


def text_of(answer: dict[str, Any]) -> str:
    if answer.get("isBase64Encoded"):
        return gzip.decompress(base64.b64decode(answer["body"])).decode()
    return str(answer["body"])


def test_the_page_loads_only_files_that_are_there_all_under_its_digest(page: Stage) -> None:
    names = re.findall(r'(?:href|src)="ui/([^"]+)"', text_of(asked(page)))
    digest = page.module.assets.digest
    assert f"{digest}/main.js" in names
    assert f"{digest}/style.css" in names
    for name in names:
        assert name.startswith(f"{digest}/")
        assert asked(page, name)["statusCode"] == 200


def test_every_module_is_loaded_before_it_is_imported(page: Stage) -> None:
    preloaded = set(re.findall(r'rel="modulepreload" href="ui/[^/]+/([^"]+)"', text_of(asked(page))))
    assert {file.relative_to(PAGE).as_posix() for file in PAGE.rglob("*.js")} <= preloaded


def test_a_file_is_kept_for_good_and_the_page_is_asked_for_each_time(page: Stage) -> None:
    digest = page.module.assets.digest
    file = asked(page, f"{digest}/style.css")
    assert file["headers"]["Cache-Control"] == "public, max-age=31536000, immutable"
    assert asked(page)["headers"]["Cache-Control"] == "no-cache"
    again = asked(page, None, **{"If-None-Match": asked(page)["headers"]["ETag"]})
    assert (again["statusCode"], again["body"]) == (304, "")


def test_a_file_comes_compressed_to_whoever_takes_that(page: Stage) -> None:
    name = f"{page.module.assets.digest}/style.css"
    small, plain = asked(page, name), asked(page, name, **{"Accept-Encoding": "identity"})
    assert (small["headers"]["Content-Encoding"], small["isBase64Encoded"]) == ("gzip", True)
    assert "Content-Encoding" not in plain["headers"]
    assert text_of(small) == text_of(plain) == (PAGE / "style.css").read_text()
    assert "Accept-Encoding" in small["headers"]["Vary"]


@pytest.mark.parametrize(
    "name", ["main.js", "0123456789abcdef0123/main.js", "../app.py", "{digest}/../app.py", "{digest}/types.d.ts"]
)
def test_nothing_else_is_served(page: Stage, name: str) -> None:
    answer = asked(page, name.format(digest=page.module.assets.digest))
    assert (answer["statusCode"], answer["headers"]["Content-Type"]) == (404, "application/problem+json")


def test_the_policy_allows_no_inline_script_or_style_no_other_host_and_no_frame(page: Stage) -> None:
    for answer in (asked(page), asked(page, f"{page.module.assets.digest}/main.js")):
        policy = dict(part.split(" ", 1) for part in answer["headers"]["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert policy["connect-src"] == "'self' wss://stream.example.com"
        assert {policy[name] for name in ("script-src", "style-src", "img-src")} == {"'self'"}
        assert {policy[name] for name in ("base-uri", "form-action", "frame-ancestors")} == {"'none'"}
        assert (policy["require-trusted-types-for"], policy["trusted-types"]) == ("'script'", "lit-html")
        assert answer["headers"]["X-Content-Type-Options"] == "nosniff"
    assert not re.search(r"<script(?![^>]*src=)|<style|style=|\son[a-z]+=", text_of(asked(page)))


def test_another_content_has_another_digest(page: Stage, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("{{digest}}")
    (tmp_path / "a.js").write_text("1")
    before = page.module.Assets(tmp_path).digest
    (tmp_path / "a.js").write_text("2")
    assert page.module.Assets(tmp_path).digest != before
