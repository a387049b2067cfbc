"""Words that tell what a name or a text claims to be, in Swedish and English."""
