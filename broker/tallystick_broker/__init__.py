"""The Tallystick broker: an HTTP API and web pages over one database."""
