"""`python -m tallystick_cli` is `tallystick`."""

from tallystick_cli.main import main

main(prog_name="tallystick")
