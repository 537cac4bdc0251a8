"""Our side of NATS: tokens, the stream of what devices publish, pulling from it, who may publish."""
