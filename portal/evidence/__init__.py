"""Facts that prove a record: canonical bytes, digests, manifests."""
