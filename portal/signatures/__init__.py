"""Keys, certificates, signature fields and PAdES signatures."""
