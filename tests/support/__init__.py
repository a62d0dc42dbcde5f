"""What the tests stand on: the template's resources on moto, the stages as Lambda runs them, the messages between."""
