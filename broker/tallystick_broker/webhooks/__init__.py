"""Webhooks: requests that are sent when something happens to contracts."""
