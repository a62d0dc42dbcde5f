"""Rules of the domain and of the commands, without AWS."""
