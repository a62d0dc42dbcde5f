"""What the stages share: `domain` has the trading rules, `aws` reaches AWS."""
