"""What the reference server does for a partner: `behaviour.yaml` as a closed set of effects, and their meaning."""
