"""Tests of the sandbox portal."""
