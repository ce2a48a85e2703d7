"""Tests of the client on its own, against tiny servers that misbehave."""
