"""One public function per user action = one transaction."""
