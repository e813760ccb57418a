"""Values of channels: manifests, codes, callbacks, events, routing, health. Pure."""
