import tallystick

inventory = tallystick.consumes("inventory")
