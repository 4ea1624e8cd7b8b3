"""Finding persons who stand twice: rules of `domain.pairs` over blocks, with a library's string distances."""
