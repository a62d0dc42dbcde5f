"""What the README and the pages under docs/ say can be followed: links lead somewhere, commands exist, the picture is
the one that its source draws.
"""

import ast
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.cloud import FUNCTION, ROOT, of_type, stage_of
from tests.support.stages import STAGES
from trading.domain.order_status import FIX_CODES

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "client").glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
MAX_README_LINES, MAX_README_LETTERS = 120, 130
PACKAGES = sorted(
    package
    for folder in ("layer/trading/domain", "layer/trading/aws", "functions/reconciler/reconciliation", "ops", "local")
    for package in (ROOT / folder).rglob("__init__.py")
)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_and_headings_that_exist(page: Path) -> None:
    broken = []
    for link in LINK.findall(page.read_text()):
        if link.startswith(("https://", "http://")):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_file_of_python_that_a_page_names_is_there(page: Path) -> None:
    """By its path from the top, from `layer/trading` where it begins with `…/`, or by its name alone."""
    named = re.findall(r"`([\w/…]+\.py)`", page.read_text())
    places = [ROOT / name.replace("…/", "layer/trading/") for name in named]
    assert [place for place in places if not place.exists() and not any(ROOT.glob(f"[a-z]*/**/{place.name}"))] == []


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: str(package.parent.relative_to(ROOT)))
def test_the_docstring_of_a_package_names_each_of_its_modules(package: Path) -> None:
    docstring = ast.get_docstring(ast.parse(package.read_text())) or ""
    named = set(re.findall(r"`([a-z_]+)`", docstring))
    there = {path.stem for path in package.parent.glob("*.py") if not path.stem.startswith("__")}
    rooms = {path.parent.name for path in package.parent.glob("*/__init__.py")}
    assert (there | rooms) - named == set()
    assert named - there - rooms == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_command_in_a_page_is_a_target(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", page.read_text(), re.MULTILINE)) - targets == set()


def test_every_command_of_make_help_is_on_the_page_of_commands_or_of_contributors() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # in PATH
    commands = set(re.findall(r"^make ([a-z-]+)", shown, re.MULTILINE))
    pages = (ROOT / "docs/operating/commands.md").read_text() + (ROOT / "CONTRIBUTING.md").read_text()
    assert commands - set(re.findall(r"`make ([a-z-]+)", pages)) == set()


def test_the_readme_is_a_front_door() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()
    assert len(lines) <= MAX_README_LINES
    assert [line for line in lines if len(line) > MAX_README_LETTERS] == []


def test_every_page_is_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        linked = [(page.parent / link.partition("#")[0]).resolve() for link in LINK.findall(page.read_text())]
        waiting += [target for target in linked if target.suffix == ".md" and target.exists()]
    assert set(PAGES) - reached == set()


def rows(page: str, heading: str) -> list[list[str]]:
    """The cells of the table under a heading of the page, a row each, without the table's head."""
    section = (ROOT / page).read_text().split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_table_of_stages_has_each_stage_once() -> None:
    stages = [row[0].strip("`") for row in rows("docs/architecture.md", "Stages")]
    assert sorted(stages) == STAGES


def test_the_table_of_dead_letters_has_each_stage_that_nobody_waits_for() -> None:
    """What a queue, a stream or a schedule starts. Who calls the API, or holds a connection, has an answer."""
    mapped = {stage_of(each["FunctionName"]["Ref"]) for _, each in of_type("AWS::Lambda::EventSourceMapping")}
    scheduled = {
        stage_of(name)
        for name, each in of_type(FUNCTION)
        if any(event["Type"] == "Schedule" for event in each.get("Events", {}).values())
    }
    table = rows("docs/architecture.md", "Where a stage puts what it cannot process")
    listed = [stage for row in table for stage in re.findall(r"`(\w+)`", row[0])]
    assert sorted(listed) == sorted(mapped | scheduled)


def test_what_is_named_beside_a_file_to_look_at_is_in_that_file() -> None:
    for _, files, _ in rows("docs/architecture.md", "Where to look"):
        for path, name in re.findall(r"\]\(([^)]+\.py)\), `(\w+)`", files):
            assert re.search(rf"\b{name}\b", (ROOT / "docs" / path).read_text()), (path, name)


def test_the_glossary_has_each_term_once_and_in_alphabetical_order() -> None:
    terms = [row.split("|")[1].strip(" `").lower() for row in (ROOT / "docs/glossary.md").read_text().splitlines()[7:]]
    assert terms == sorted(set(terms))


def test_the_picture_has_every_box_and_arrow_label_of_its_source() -> None:
    source = re.sub(r"//.*", "", (ROOT / "docs/flow.dot").read_text())
    picture = ElementTree.parse(ROOT / "docs/flow.svg")  # our own file
    drawn = " ".join("".join(text.itertext()) for text in picture.iter("{http://www.w3.org/2000/svg}text"))
    for label in re.findall(r'label="([^"]+)"', source):
        for line in re.split(r"\\[nl]", label):
            assert line.strip() in drawn
    boxes = {"".join(title.itertext()) for title in picture.iter("{http://www.w3.org/2000/svg}title")}
    arrows = re.findall(r"^\s*(\w+) -> (\w+)(?!.*style=invis)", source, re.MULTILINE)
    assert {f"{start}->{end}" for start, end in arrows} <= boxes
    assert len([box for box in boxes if "->" in box]) == len(arrows)


def test_a_decision_has_a_number_of_its_own_and_the_index_lists_it_on_its_page() -> None:
    folder = ROOT / "docs/decisions"
    decided = {
        page.name: [int(number) for number in re.findall(r"^\*\*(\d+)\. ", page.read_text(), re.MULTILINE)]
        for page in folder.glob("*.md")
        if page.name != "README.md"
    }
    numbers = sorted(number for page in decided.values() for number in page)
    assert numbers == list(range(1, len(numbers) + 1))
    index = dict(re.findall(r"\]\((\w+\.md)\) \| (.+) \|$", (folder / "README.md").read_text(), re.MULTILINE))
    listed = {
        page: [
            number
            for part in line.split(", ")
            for first, _, last in [part.partition(" to ")]
            for number in range(int(first), int(last or first) + 1)
        ]
        for page, line in index.items()
    }
    assert listed == decided


def test_a_decision_has_a_date_and_says_what_was_not_chosen() -> None:
    for page in (ROOT / "docs/decisions").glob("[a-z]*.md"):
        for decision in re.findall(r"^\*\*\d+\. .+?(?=^\*\*\d+\. |\Z)", page.read_text(), re.MULTILINE | re.DOTALL):
            assert re.search(r"\*\*\s2026-\d\d-\d\d[.,]\s", decision), decision
            assert re.search(r"\*Instead\s+of\*", decision), decision


def test_the_page_of_the_api_has_every_state_of_an_order_with_its_code() -> None:
    page = (ROOT / "docs/reference/api.md").read_text()
    assert dict(re.findall(r"^\| `(\w+)` \| (\w) \|", page, re.MULTILINE)) == dict(FIX_CODES)
