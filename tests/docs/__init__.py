"""The pages: links, commands, decisions, the picture."""
