"""What is kept, for how long, and by which decision it goes."""
