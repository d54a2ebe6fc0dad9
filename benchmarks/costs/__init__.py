"""What the plugin costs beside pact-python, a module for each kind of cost."""
