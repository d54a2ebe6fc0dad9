"""The `tallystick` command line."""
