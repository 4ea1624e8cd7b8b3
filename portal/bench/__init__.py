"""The published figures: each beside the bare parts doing the same work in the same run."""
