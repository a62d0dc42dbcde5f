"""Tests; the folder's name says of which kind."""
