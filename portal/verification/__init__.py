"""The offline verifier: a verdict on signed files from their bytes and the roots alone. No Flask, no database."""
