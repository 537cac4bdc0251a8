"""Our side of NATS: tokens, the stream of messages, pulling from it, who may publish."""
