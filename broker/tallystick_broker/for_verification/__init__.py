"""What a provider should verify now: contracts selected by where their consumers' versions are."""
