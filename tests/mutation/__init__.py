"""`make mutate`: changes the domain in every place, and sees that a test fails."""
