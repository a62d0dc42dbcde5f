"""Bad input for everything that reads what others write."""
