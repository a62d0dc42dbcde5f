"""One module rounds money."""

from pathlib import Path

from tests.support.cloud import ROOT


def test_no_other_module_rounds() -> None:
    others = [*ROOT.glob("layer/trading/**/*.py"), *ROOT.glob("functions/**/*.py")]
    assert len(others) > 100
    assert [each for each in others if rounds(each)] == [ROOT / "layer/trading/domain/money.py"]


def rounds(module: Path) -> bool:
    text = module.read_text()
    return ".quantize(" in text or "round(" in text
