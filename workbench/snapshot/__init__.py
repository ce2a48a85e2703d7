"""The tester's mode: named scenes, rendered the same way every time and compared with a kept set."""
