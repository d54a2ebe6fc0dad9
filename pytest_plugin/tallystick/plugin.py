"""The pytest plugin: hooks that only delegate."""
